import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { startDemo } from './start-demo.ts'

const SIGN_INS = 300
const MAX_GROWTH_MIB = 200
const MAX_LIVENESS_MS = 3000

t.test(
  'P09 300 sign-ins at once: some succeed, the rest get Retry-After, and the service stays responsive',
  async (t) => {
    const { url, pid } = await startDemo(t, {
      LOG_LEVEL: 'info',
      HASHING_CONCURRENCY: '1',
      HASHING_QUEUE: '8',
      LOGIN_ATTEMPTS_PER_ACCOUNT: '100',
      LOGIN_ATTEMPTS_PER_ADDRESS: '1000000'
    })
    const logIn = (carrier: string) =>
      fetch(`${url}/${carrier}/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'user', password: 'pass' })
      })
    await (await logIn('session')).arrayBuffer()
    const before = await memoryMiB(pid, 'VmRSS')

    let isOver = false
    const live = watchLive(url, () => isOver)
    const responses = await Promise.all(
      Array.from({ length: SIGN_INS }, (_, at) => logIn(at % 2 ? 'session' : 'token'))
    )
    isOver = true

    const inside = responses.filter(({ status }) => status === 200)
    const rejected = responses.filter(({ status }) => status === 503)
    t.equal(inside.length + rejected.length, SIGN_INS, 'there is no other response')
    t.ok(inside.length >= 9, `${inside.length} succeed`)
    t.ok(rejected.length > 0, `${rejected.length} are rejected`)
    t.ok(
      rejected.every(({ headers }) => /^\d+$/.test(headers.get('retry-after') ?? '')),
      'with Retry-After'
    )

    const { answered, slowestMs } = await live
    t.ok(
      answered > 0 && slowestMs < MAX_LIVENESS_MS,
      `/health/live responded ${answered} times, at worst in ${slowestMs} ms`
    )
    const growth = (await memoryMiB(pid, 'VmHWM')) - before
    t.ok(growth < MAX_GROWTH_MIB, `memory grew by ${Math.round(growth)} MiB at most`)
  }
)

/** Polls until stopped. Rejects at the first response that is not 200. */
async function watchLive(url: string, isOver: () => boolean) {
  let [answered, slowestMs] = [0, 0]
  while (!isOver()) {
    const start = performance.now()
    const response = await fetch(`${url}/health/live`)
    await response.arrayBuffer()
    if (response.status !== 200) throw new Error(`/health/live responded ${response.status}`)
    slowestMs = Math.max(slowestMs, Math.round(performance.now() - start))
    answered += 1
  }
  return { answered, slowestMs }
}

/** Memory of another process on Linux: resident now (VmRSS) and its peak (VmHWM). */
async function memoryMiB(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return 0
  const line = new RegExp(`${field}:\\s+(\\d+) kB`).exec(await readFile(file, 'utf8'))
  return Number(line?.[1] ?? 0) / 1024
}
