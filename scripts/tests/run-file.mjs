import { spawn } from 'node:child_process'

const KINDS = ['total', 'pass', 'fail', 'skip', 'todo']
/** At its timeout the library in the file's own process says which test hangs; after this it is stopped from here. */
const STOP_AFTER_MS = 5000
/** A file that ignores SIGTERM is killed after this. */
const KILL_AFTER_MS = 5000
/** For output that a process left behind still holds open. */
const CLOSE_AFTER_MS = 2000

/**
 * Runs a compiled test file in a process of its own, without loaders.
 * @param script the JavaScript.
 * @param timeoutMs after which it is stopped, and has failed.
 * @param env its environment.
 * @returns `counts` of its tests, with at least one failure if anything went wrong; `why`, if that was no test;
 * all of its `output` and its `seconds`.
 */
export async function runFile(script, { timeoutMs, env }) {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['--enable-source-maps', script], {
    env: { ...env, TAP: '1', TAP_TIMEOUT: String(Math.ceil(timeoutMs / 1000)) },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const end = await untilEnd(child, timeoutMs)
  return { ...judge(end), output: end.output, seconds: (performance.now() - startedAt) / 1000 }
}

const running = new Set()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    for (const child of running) child.kill(signal)
    process.kill(process.pid, signal)
  })
}

function untilEnd(child, timeoutMs) {
  return new Promise((resolve) => {
    const chunks = []
    const tap = []
    let isTimedOut = false
    running.add(child)
    child.stdout.on('data', (chunk) => void (chunks.push(chunk), tap.push(chunk)))
    child.stderr.on('data', (chunk) => void chunks.push(chunk))
    const stop = setTimeout(() => {
      isTimedOut = true
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref()
    }, timeoutMs + STOP_AFTER_MS)
    const finish = (code, signal) => {
      clearTimeout(stop)
      running.delete(child)
      const text = (parts) => Buffer.concat(parts).toString()
      resolve({ code, signal, isTimedOut, output: text(chunks), tap: text(tap) })
    }
    child.once('error', (error) => {
      chunks.push(Buffer.from(`${error.stack}\n`))
      finish(null, null)
    })
    child.once('exit', () => {
      setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, CLOSE_AFTER_MS).unref()
    })
    child.once('close', finish)
  })
}

/** Believes a file only if its plan, its results, its own count and its exit code agree. */
function judge({ code, signal, isTimedOut, tap }) {
  const counts = readCounts(tap)
  const why = findFault({ code, signal, isTimedOut, tap, counts })
  const total = Math.max(counts?.total ?? 0, 1)
  if (why === null) return { counts, why }
  return {
    counts: { pass: 0, skip: 0, todo: 0, ...counts, total, fail: Math.max(counts?.fail ?? 0, 1) },
    why
  }
}

/** The last line of the library: `# { total: 9, pass: 8, fail: 1 }`; null where there is none. */
function readCounts(tap) {
  const line = [...tap.matchAll(/^# \{ (total: .*) \}$/gm)].at(-1)?.[1]
  if (line === undefined) return null
  const count = (kind) => Number(new RegExp(`\\b${kind}: (\\d+)`).exec(line)?.[1] ?? 0)
  return Object.fromEntries(KINDS.map((kind) => [kind, count(kind)]))
}

function findFault({ code, signal, isTimedOut, tap, counts }) {
  if (isTimedOut) return 'timed out'
  if (signal !== null) return `ended by ${signal}`
  if (counts === null) return `no result, exit code ${code}`
  if (counts.total === 0) return 'no test'
  const results = tap.match(/^(?:not )?ok\b/gm)?.length ?? 0
  const planned = /^1\.\.(\d+)/m.exec(tap)?.[1]
  if (Number(planned) !== results) return `${results} results for a plan of ${planned}`
  if (/^Bail out!/m.test(tap)) return 'bailed out'
  const isFailed = counts.fail > 0 || /^not ok\b(?!.*# (?:TODO|SKIP))/im.test(tap)
  if (isFailed !== (code !== 0)) return `exit code ${code} with ${counts.fail} failures`
  return null
}
