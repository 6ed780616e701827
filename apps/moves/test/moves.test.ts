import { setTimeout as sleep } from 'node:timers/promises'
import { type RedisProcess, skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { generateSigningKey } from '@drawbridge/token-auth'
import t from 'tap'
import { createEdges } from './edges.ts'
import { type MoveName, MOVES, type Service } from './node.ts'
import { FORBIDDEN } from './oracle.ts'
import { startNodes } from './servers.ts'
import type { Load } from './create-world.ts'
import { runMove } from './run-move.ts'

/** Minutes of steps back and forth; the default takes each step once or twice. */
const MINUTES = Number(process.env['MIGRATION_MINUTES'] ?? 0)
const PEOPLE = Number(process.env['MIGRATION_PEOPLE'] ?? 1)
/** Services of each move, at once: a step lasts for seconds, so that one service alone takes few of them. */
const SERVICES = Number(process.env['MIGRATION_SERVICES'] ?? (MINUTES > 0 ? 5 : 1))
/** How often each step is taken at least, by all services. */
const EDGE_COUNT = Number(process.env['MIGRATION_EDGES'] ?? (MINUTES >= 10 ? 100 : 1))
const SELECTED = (process.env['MIGRATION_MOVES'] ?? MOVES.join(',')).split(',') as MoveName[]

/** About 500 requests/s by all, where the machine can. */
const PAUSE_MS = 200 * PEOPLE * SERVICES

/** A process starts with a node of each service, which takes a while. */
const KILL_INTERVAL_MS = SERVICES === 1 ? 5000 : 60_000

const people: Load['people'] = {
  browser: 2 * PEOPLE,
  visitor: PEOPLE,
  leaver: 2 * PEOPLE,
  changer: PEOPLE,
  sharer: PEOPLE,
  keeper: PEOPLE,
  newcomer: PEOPLE,
  'hasty newcomer': PEOPLE,
  spa: PEOPLE,
  mobile: PEOPLE
}

t.test('nobody is logged out by any of the five moves', { skip: skipWithoutRedis }, async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const keys = [generateSigningKey()]
  const names = SELECTED.flatMap((move) =>
    Array.from({ length: SERVICES }, (_, at) => ({ move, name: SERVICES === 1 ? move : `${move}-${at}` }))
  )
  const oldStores = new Map<string, RedisProcess>()
  for (const { name } of names.filter(({ move }) => move === 'express')) {
    const oldStore = await startRedis('--appendonly', 'yes', '--appendfsync', 'always')
    t.teardown(() => oldStore.stop())
    oldStores.set(name, oldStore)
  }
  const services = names.map(({ move, name }): Service => {
    const { port } = oldStores.get(name) ?? redis
    const oldRedisUrl = `redis://127.0.0.1:${port}`
    const redisUrl = `redis://127.0.0.1:${redis.port}`
    return { name, move, redisUrl, oldRedisUrl, keys, requestTimeoutSeconds: 2 }
  })
  const nodes = await startNodes(t, services, 4)
  let isOver = false
  const killing = (async () => {
    while (!isOver) {
      await sleep(KILL_INTERVAL_MS)
      if (!isOver) await nodes.replaceOne()
    }
  })()
  const restartOldStore = async ({ name }: Service) => {
    await oldStores.get(name)?.kill()
    await oldStores.get(name)?.restart()
  }
  const edges = createEdges()
  const startedAt = performance.now()
  const isLong = () => performance.now() - startedAt >= MINUTES * 60_000 && edges.least() >= EDGE_COUNT
  const load: Load = {
    people,
    pauseMs: PAUSE_MS,
    turns: SERVICES === 1 ? 5 : 2,
    // The last steps are taken by each service on its own.
    goesOn: () => MINUTES > 0 && !isLong(),
    onStep: edges.add,
    network: { holdMs: 300, lossRate: 0.15 }
  }
  const reporting = setInterval(() => {
    const minutes = Math.round((performance.now() - startedAt) / 60_000)
    t.comment(`after ${minutes} min: ${JSON.stringify(edges.counts())}`)
  }, 60_000)
  t.teardown(() => clearInterval(reporting))
  const results = await Promise.all(
    services.map((service) => runMove(t, service, nodes, load, () => restartOldStore(service)))
  )
  const seconds = (performance.now() - startedAt) / 1000
  clearInterval(reporting)
  isOver = true
  await killing
  const requests = results.reduce((sum, result) => sum + result.requests, 0)
  t.comment(
    `${requests} requests in ${Math.round(seconds)} s: ${Math.round(requests / seconds)} per second, by ` +
      `${results.reduce((sum, result) => sum + result.people, 0)} people`
  )
  t.comment(JSON.stringify(edges.counts()))
  t.ok(edges.least() >= EDGE_COUNT, `each step was taken ${EDGE_COUNT} times or more`)
  for (const result of results) {
    t.comment(JSON.stringify(result))
    for (const verdict of FORBIDDEN) t.equal(result.verdicts[verdict], 0, `${result.name}: ${verdict}`)
    t.equal(result.surplus, 0, `${result.name}: logins that nobody has`)
    t.ok(result.replayed > 0, `${result.name}: credentials were presented again`)
    t.equal(result.revived, 0, `${result.name}: credentials of ended logins that are served`)
  }
})
