import t, { type Test } from 'tap'
import { noRedis, startRedis } from '../../../packages/logins/test/redis/start-redis.ts'
import { type Mint, openMint } from './mint.ts'
import { type Known, Oracle, percentiles, untilRefused } from './oracle.ts'
import { demoFolder } from './start-demo.ts'
import { type Environment, isReady, sharedBy } from './start-nodes.ts'
import { startProcess } from './start-process.ts'
import { until } from './until.ts'

if (noRedis) {
  t.plan(0, noRedis)
  process.exit(0)
}

const BOUND_MS = 1000
const PROCESSES = 2
const NODES_OF_A_PROCESS = 4
const SECONDS = 10
const REVOCATIONS = 200 * SECONDS
const REQUESTS = 500 * SECONDS
const LIVING = 100
/** Every so many-th log-out is looked for on all nodes, the others on one. */
const EVERYWHERE = 5
const TICK_MS = 10
const MAX_UNDER_WAY = 100

const redis = await startRedis()
t.teardown(() => redis.stop())
const env = await sharedBy(t, `redis://127.0.0.1:${redis.port}`, {
  LOG_LEVEL: 'error',
  REDIS_TIMEOUT_MS: '5000'
})

t.test('200 log-outs and 500 requests a second on 8 nodes: none is served past the bound', async (t) => {
  const mint = await openMint(t, env)
  const oracle = new Oracle(BOUND_MS)
  const living = await logInMany(mint, oracle, LIVING)
  const leaving = await logInMany(mint, oracle, REVOCATIONS)
  const urls = (await Promise.all(Array.from({ length: PROCESSES }, () => startNodesProcess(t, env)))).flat()
  for (const url of urls) await until(() => isReady(url))
  t.equal(urls.length, PROCESSES * NODES_OF_A_PROCESS)
  const nodeFor = (turn: number) => urls[turn % urls.length] as string

  const lags: number[] = []
  const end = async (turn: number) => {
    const login = leaving[turn] as Known
    if (!(await oracle.logOut(nodeFor(turn), login))) return
    const asked = turn % EVERYWHERE === 0 ? urls : [nodeFor(turn * 5 + 3)]
    lags.push(...(await Promise.all(asked.map((url) => untilRefused(oracle, url, login)))))
  }
  const request = (turn: number) => oracle.guarded(nodeFor(turn), living[turn % LIVING] as Known)
  const startedAt = performance.now()
  await Promise.all([atRate(REVOCATIONS, end), atRate(REQUESTS, request)])
  const tookMs = performance.now() - startedAt

  const ended = leaving.filter(({ state }) => state === 'out')
  for (const url of urls) {
    for (const login of ended.filter((_, at) => at % 50 === 0)) {
      if ((await oracle.guarded(url, login)) === 200) t.fail('served at the end')
    }
  }
  t.same(oracle.faults.slice(0, 10), [])
  t.ok(ended.length > REVOCATIONS * 0.5, `${ended.length} of ${REVOCATIONS} log-outs were answered`)
  t.comment(`served on after the log-out's answer: ${percentiles(lags)}`)
  t.comment(
    `${REVOCATIONS} log-outs and ${REQUESTS} requests took ${(tookMs / 1000).toFixed(1)} s; ` +
      `answers: ${JSON.stringify(Object.fromEntries(oracle.statuses))}`
  )
})

async function logInMany(mint: Mint, oracle: Oracle, count: number): Promise<Known[]> {
  const known: Known[] = []
  while (known.length < count) {
    const some = Array.from({ length: Math.min(50, count - known.length) }, async (_, at) =>
      oracle.know(await mint.logIn(at % 2 === 0 ? 'session' : 'token'))
    )
    known.push(...(await Promise.all(some)))
  }
  return known
}

async function startNodesProcess(test: Test, shared: Environment): Promise<string[]> {
  const { url } = await startProcess(test, {
    command: process.execPath,
    args: ['--import', 'tsx', 'test/nodes-process.ts', String(NODES_OF_A_PROCESS)],
    cwd: demoFolder,
    env: shared,
    ready: /nodes at (\S+) and no more/
  })
  return url.split(',')
}

/** Begins each when it is due, whatever became of those before. A machine that cannot keep up falls behind, evenly. */
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
