import t, { type Test } from 'tap'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { type LoginIssuer, openLoginIssuer } from './login-issuer.ts'
import { type TrackedLogin, Oracle, percentiles, untilRefused } from './oracle.ts'
import { demoFolder } from './start-demo.ts'
import { type Environment, isReady, sharedEnvironment } from './start-nodes.ts'
import { loaderArgs, ownScript } from '@drawbridge/test-support/processes/own-script'
import { startProcess } from '@drawbridge/test-support/processes/start-process'
import { until } from '@drawbridge/test-support/until'

if (skipWithoutRedis) {
  t.plan(0, skipWithoutRedis)
  process.exit(0)
}

const BOUND_MS = 1000
const PROCESSES = 2
const NODES_OF_A_PROCESS = 4
const SECONDS = 10
const REVOCATIONS = 200 * SECONDS
const REQUESTS = 500 * SECONDS
const ACTIVE_LOGINS = 100
/** One log-out in so many is checked on all nodes, the others on one. */
const EVERYWHERE = 5
const TICK_MS = 10
const MAX_UNDER_WAY = 100

const redis = await startRedis()
t.teardown(() => redis.stop())
const env = await sharedEnvironment(t, `redis://127.0.0.1:${redis.port}`, {
  LOG_LEVEL: 'error',
  REDIS_TIMEOUT_MS: '5000'
})

t.test(
  '200 log-outs and 500 requests per second on 8 nodes: no revoked login is served beyond the bound',
  async (t) => {
    const mint = await openLoginIssuer(t, env)
    const oracle = new Oracle(BOUND_MS)
    const active = await logInMany(mint, oracle, ACTIVE_LOGINS)
    const leaving = await logInMany(mint, oracle, REVOCATIONS)
    const urls = (
      await Promise.all(Array.from({ length: PROCESSES }, () => startNodesProcess(t, env)))
    ).flat()
    for (const url of urls) await until(() => isReady(url))
    t.equal(urls.length, PROCESSES * NODES_OF_A_PROCESS)
    const nodeFor = (turn: number) => urls[turn % urls.length] as string

    const lags: number[] = []
    const end = async (turn: number) => {
      const login = leaving[turn] as TrackedLogin
      if (!(await oracle.signOut(nodeFor(turn), login))) return
      const asked = turn % EVERYWHERE === 0 ? urls : [nodeFor(turn * 5 + 3)]
      lags.push(...(await Promise.all(asked.map((url) => untilRefused(oracle, url, login)))))
    }
    const request = (turn: number) =>
      oracle.guarded(nodeFor(turn), active[turn % ACTIVE_LOGINS] as TrackedLogin)
    const startedAt = performance.now()
    await Promise.all([atRate(REVOCATIONS, end), atRate(REQUESTS, request)])
    const tookMs = performance.now() - startedAt

    const revoked = leaving.filter(({ state }) => state === 'out')
    for (const url of urls) {
      for (const login of revoked.filter((_, at) => at % 50 === 0)) {
        if ((await oracle.guarded(url, login)) === 200) t.fail('served at the end')
      }
    }
    t.same(oracle.faults.slice(0, 10), [])
    t.ok(revoked.length > REVOCATIONS * 0.5, `${revoked.length} of ${REVOCATIONS} log-outs succeeded`)
    t.comment(`still served after the log-out's response: ${percentiles(lags)}`)
    t.comment(
      `${REVOCATIONS} log-outs and ${REQUESTS} requests took ${(tookMs / 1000).toFixed(1)} s; ` +
        `responses: ${JSON.stringify(Object.fromEntries(oracle.statuses))}`
    )
  }
)

async function logInMany(mint: LoginIssuer, oracle: Oracle, count: number): Promise<TrackedLogin[]> {
  const known: TrackedLogin[] = []
  while (known.length < count) {
    const some = Array.from({ length: Math.min(50, count - known.length) }, async (_, at) =>
      oracle.track(await mint.signIn(at % 2 === 0 ? 'session' : 'token'))
    )
    known.push(...(await Promise.all(some)))
  }
  return known
}

async function startNodesProcess(test: Test, shared: Environment): Promise<string[]> {
  const { url } = await startProcess(test, {
    command: process.execPath,
    args: [...loaderArgs, ownScript('test/nodes-process.ts'), String(NODES_OF_A_PROCESS)],
    cwd: demoFolder,
    env: shared,
    ready: /nodes at (\S+) and no more/
  })
  return url.split(',')
}

/**
 * Starts each one when it is due, without waiting for those before. A machine that cannot keep up falls behind
 * evenly.
 */
async function atRate(count: number, work: (turn: number) => Promise<unknown>): Promise<void> {
  const startedAt = performance.now()
  const perMs = count / (SECONDS * 1000)
  const underWay = new Set<Promise<unknown>>()
  const failures: unknown[] = []
  let begun = 0
  while (begun < count) {
    const due = Math.min(count, Math.ceil((performance.now() - startedAt) * perMs))
    while (begun < due && underWay.size < MAX_UNDER_WAY) {
      const one = work(begun++).catch((error: unknown) => failures.push(error))
      underWay.add(one)
      void one.then(() => underWay.delete(one))
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  await Promise.all(underWay)
  if (failures.length > 0) throw failures[0]
}
