import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { generateSigningKey } from '@drawbridge/token-auth'
import t from 'tap'
import { type MoveName, MOVES, type Service } from './node.ts'
import { FORBIDDEN } from './oracle.ts'
import { startNodes } from './servers.ts'
import type { Load } from './create-world.ts'
import { runMove } from './run-move.ts'

/** Minutes of steps back and forth; the default takes each step once or twice. */
const MINUTES = Number(process.env['MIGRATION_MINUTES'] ?? 0)
const PEOPLE = Number(process.env['MIGRATION_PEOPLE'] ?? 1)
const SELECTED = (process.env['MIGRATION_MOVES'] ?? MOVES.join(',')).split(',') as MoveName[]

const load: Load = {
  people: {
    browser: 2 * PEOPLE,
    visitor: PEOPLE,
    leaver: 2 * PEOPLE,
    changer: PEOPLE,
    sharer: PEOPLE,
    keeper: PEOPLE,
    newcomer: PEOPLE,
    'hasty newcomer': PEOPLE
  },
  pauseMs: 200,
  turns: 5,
  rounds: 1,
  repeatForMs: MINUTES * 60_000,
  network: { holdMs: 300, lossRate: 0.15 }
}

t.test('nobody is logged out by any of the five moves', { skip: skipWithoutRedis }, async (t) => {
  const [redis, oldRedis] = await Promise.all([
    startRedis(),
    startRedis('--appendonly', 'yes', '--appendfsync', 'always')
  ])
  t.teardown(() => Promise.all([redis.stop(), oldRedis.stop()]))
  const keys = [generateSigningKey()]
  const services = SELECTED.map((move): Service => ({
    name: move,
    move,
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    oldRedisUrl: `redis://127.0.0.1:${oldRedis.port}`,
    keys
  }))
  const nodes = await startNodes(t, services, 4)
  let isOver = false
  const killing = (async () => {
    while (!isOver) {
      await new Promise((resolve) => setTimeout(resolve, 5000))
      if (!isOver) await nodes.replaceOne()
    }
  })()
  const restartOldStore = async () => {
    await oldRedis.kill()
    await oldRedis.restart()
  }
  const results = await Promise.all(
    services.map((service) =>
      runMove(t, service, nodes, load, service.move === 'express' ? restartOldStore : undefined)
    )
  )
  isOver = true
  await killing
  for (const result of results) {
    t.comment(JSON.stringify(result))
    for (const verdict of FORBIDDEN) t.equal(result.verdicts[verdict], 0, `${result.name}: ${verdict}`)
    t.equal(result.surplus, 0, `${result.name}: logins that nobody has`)
    t.ok(result.replayed > 0, `${result.name}: credentials were presented again`)
    t.equal(result.revived, 0, `${result.name}: credentials of ended logins that are served`)
  }
})
