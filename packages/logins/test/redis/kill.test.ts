import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createRedisLoginStore, type RedisLoginStore } from '../../src/redis/index.ts'
import { newLogin, NO_LIMIT, shown } from '../../src/testing/store-case.ts'
import { noRedis, startRedis, within } from './start-redis.ts'

const ROUNDS = 3
const WRITERS = 8
const ENOUGH = 300

/** What a writer was told of a login: it is meant to stay or to be removed from its start. */
interface Acknowledged {
  readonly kept: string[]
  readonly removed: string[]
}

/** A disk may take long for one fsync, and each writer ends with the first verb that rejects. */
const PATIENT_MS = 30_000

/** By default (`everysec`) Redis answers before it writes where the fsync of the last second is not done yet. */
const AOF = ['--appendonly', 'yes', '--appendfsync', 'always']

t.test('what was acknowledged before a kill -9 holds after it, with an AOF', { skip: noRedis }, async (t) => {
  const server = await startRedis(...AOF)
  t.teardown(() => server.stop())
  const redis = new Redis({ port: server.port, host: '127.0.0.1', lazyConnect: true })
  const store = createRedisLoginStore({ redis, commandTimeoutMs: PATIENT_MS })
  t.teardown(() => store.close())
  const acknowledged: Acknowledged = { kept: [], removed: [] }
  for (let round = 1; round <= ROUNDS; round++) {
    let isOver = false
    const writers = Array.from({ length: WRITERS }, () => writeUntil(store, () => isOver, acknowledged))
    const enough = async () => acknowledged.kept.length + acknowledged.removed.length >= round * ENOUGH
    await within(20_000, 'enough writes', enough)
    await server.kill()
    isOver = true
    await server.restart()
    // Whoever was about to be sent at the kill is sent now.
    await Promise.all(writers)
    await within(20_000, 'the store', () =>
      store.ping().then(
        () => true,
        () => false
      )
    )
    await holds(t, store, acknowledged)
  }
  t.comment(`${acknowledged.kept.length} kept, ${acknowledged.removed.length} removed`)
})

/** Ends with the first verb that rejects: what became of that login, nobody was told. */
async function writeUntil(store: RedisLoginStore, isOver: () => boolean, told: Acknowledged): Promise<void> {
  try {
    for (let made = 0; !isOver(); made++) {
      const login = newLogin({ userId: `user ${made % 5}` }, Date.now())
      await store.insert(login, NO_LIMIT)
      await store.rotate(login.id, shown(0))
      if (made % 2 === 0) {
        told.kept.push(login.id)
      } else {
        await store.remove(login.id)
        told.removed.push(login.id)
      }
    }
  } catch {}
}

async function holds(t: Test, store: RedisLoginStore, { kept, removed }: Acknowledged): Promise<void> {
  const [lost, revived]: [string[], string[]] = [[], []]
  for (const id of kept) if ((await store.find(id))?.refresh?.generation !== 1) lost.push(id)
  for (const id of removed) if ((await store.find(id)) !== null) revived.push(id)
  t.same({ lost, revived }, { lost: [], revived: [] })
  t.ok(kept.length > 0 && removed.length > 0)
}
