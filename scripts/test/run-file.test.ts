// A runner that overlooks a failure would hide every other one.
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runFile } from '../tests/run-file.mjs'

/** Runs this code as a test file. */
async function runCode(t: Test, code: string, timeoutMs = 60_000) {
  const folder = t.testdir({ 'file.mjs': `import t from 'tap'\n${code}` })
  const { counts, why, output } = await runFile(join(folder, 'file.mjs'), { timeoutMs, env: process.env })
  return { ...counts, why, output }
}

t.test('every test counts, also a skipped one and one that is still to be written', async (t) => {
  const result = await runCode(
    t,
    `t.test('two', async (t) => { t.ok(true); t.ok(true) })
     t.test('skipped', { skip: 'no server' }, async () => {})
     t.test('later', { todo: true }, async () => {})`
  )
  t.match(result, { total: 4, pass: 2, fail: 0, skip: 1, todo: 1, why: null })
})

t.test('a failed test is a failure, and all that the file printed is in the result', async (t) => {
  const result = await runCode(
    t,
    `console.error('to stderr'); t.ok(true); t.test('fails', async (t) => t.equal(1, 2))`
  )
  t.match(result, { total: 2, pass: 1, fail: 1, why: null })
  t.match(result.output, 'to stderr')
  t.match(result.output, 'not ok')
})

t.test('whatever else goes wrong is a failure', async (t) => {
  const wrong = {
    'an error at load': `t.ok(true); throw new Error('at load')`,
    'a rejection that nobody handles': `t.ok(true); void Promise.reject(new Error('unhandled'))`,
    'an import that is not there': `await import(['.', 'not-there.mjs'].join('/'))`,
    'no test': '',
    'success before the end of a test': `t.test('exits', async (t) => { t.ok(true); process.exit(0) })`,
    'an exit code without a failed test': `t.ok(true); process.on('exit', () => { process.exitCode = 3 })`,
    'less results than planned': `t.plan(2); t.ok(true)`,
    'a signal': `t.ok(true); process.kill(process.pid, 'SIGKILL')`
  }
  for (const [name, code] of Object.entries(wrong)) t.ok((await runCode(t, code)).fail > 0, name)
})

t.test('a file that hangs is stopped, and says which of its tests it was', async (t) => {
  const result = await runCode(
    t,
    `t.test('endless', () => new Promise(() => setInterval(() => {}, 9)))`,
    2000
  )
  t.match(result, { pass: 0, fail: 1 })
  t.match(result.output, /not ok.* - endless/)
  t.match(result.output, 'timeout')
})

t.test('a file that does not let itself be stopped is killed', async (t) => {
  const result = await runCode(t, `t.ok(true); process.on('SIGTERM', () => {}); for (;;);`, 1000)
  t.match(result, { fail: 1, why: 'timed out' })
})

t.test('a process that a file leaves behind does not hold up the run', async (t) => {
  const code = `import { spawn } from 'node:child_process'
    spawn('sleep', ['60'], { stdio: 'inherit' }).unref()
    t.ok(true)`
  t.match(await runCode(t, code, 30_000), { total: 1, pass: 1, fail: 0, why: null })
})
