import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { minimalEnvironment } from '@drawbridge/test-support/processes/start-process'
import { loaderArgs, ownScript } from '@drawbridge/test-support/processes/own-script'
import t from 'tap'
import { buildDemo, signInByToken } from './build-demo.ts'
import { demoFolder, makeDataDir } from './start-demo.ts'

async function runKeys(from: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [...loaderArgs, ownScript('src/keys-command.ts'), ...args], {
    cwd: demoFolder,
    env: { ...minimalEnvironment(), INIT_CWD: from, ...env }
  })
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)]
  const [exitCode] = (await once(child, 'exit')) as [number]
  return { exitCode, stdout: await stdout, stderr: await stderr }
}

t.test('keys makes what a service in production starts with', async (t) => {
  const folder = await makeDataDir(t)
  const { exitCode, stdout, stderr } = await runKeys(folder, [])
  t.strictSame([exitCode, stderr], [0, ''])
  const env = Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2))
  )
  const path = join(folder, 'token-keys.json')
  t.strictSame(Object.keys(env), ['DRAWBRIDGE_SECRET', 'TOKEN_KEYS'])
  t.equal(env.TOKEN_KEYS, path)
  t.equal(statSync(path).mode & 0o777, 0o600)
  const app = await buildDemo(t, env)
  t.ok((await signInByToken(app)).token)
})

t.test('each run makes others, and replaces no file', async (t) => {
  const folder = await makeDataDir(t)
  const first = await runKeys(folder, ['a.json'])
  const kept = readFileSync(join(folder, 'a.json'), 'utf8')
  const again = await runKeys(folder, ['a.json'])
  t.strictSame(again, {
    exitCode: 1,
    stdout: '',
    stderr: 'No keys were made: a.json exists, and is not replaced. Name another file\n'
  })
  t.equal(readFileSync(join(folder, 'a.json'), 'utf8'), kept)
  const other = await runKeys(folder, ['b.json'], { TOKEN_ALGORITHM: 'ES256' })
  t.not(other.stdout.split('\n')[0], first.stdout.split('\n')[0])
  const { keys } = JSON.parse(readFileSync(join(folder, 'b.json'), 'utf8')) as { keys: { alg: string }[] }
  t.equal(keys[0]?.alg, 'ES256')
})

t.test('what is wrong is said, and nothing is made', async (t) => {
  const folder = await makeDataDir(t)
  t.match(await runKeys(folder, ['--help']), { exitCode: 2, stderr: /^Usage: pnpm --filter demo keys/ })
  t.match(await runKeys(folder, ['a', 'b']), { exitCode: 2 })
  t.match(await runKeys(folder, ['a'], { TOKEN_ALGORITHM: 'none' }), {
    exitCode: 1,
    stdout: '',
    stderr: /^No keys were made: TOKEN_ALGORITHM/
  })
  t.match(await runKeys(folder, ['no/such/folder.json']), { exitCode: 1, stderr: /ENOENT/ })
})
