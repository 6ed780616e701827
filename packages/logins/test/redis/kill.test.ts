import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createRedisLoginStore, type RedisLoginStore } from '../../src/redis/index.ts'
import { newLogin, NO_LIMIT, presentedToken } from '../../src/testing/store-case.ts'
import { skipWithoutRedis, startRedis, waitFor } from '@drawbridge/test-support/servers/redis'

const ROUNDS = 3
const WRITERS = 8
const WRITES_PER_ROUND = 300

/** What was acknowledged to a writer. Whether a login will be removed is decided at its start. */
interface Acknowledged {
  readonly inserted: string[]
  readonly removed: string[]
}

/** A disk may take long for one fsync, and each writer stops at the first method that rejects. */
const LONG_TIMEOUT_MS = 30_000

/**
 * By default (`everysec`) Redis replies before the write where the fsync of the last second is not done yet.
 */
const AOF = ['--appendonly', 'yes', '--appendfsync', 'always']

t.test(
  'what was acknowledged before a kill -9 is stored after it, with an AOF',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis(...AOF)
    t.teardown(() => server.stop())
    const redis = new Redis({ port: server.port, host: '127.0.0.1', lazyConnect: true })
    const store = createRedisLoginStore({ redis, commandTimeoutMs: LONG_TIMEOUT_MS })
    t.teardown(() => store.close())
    const acknowledged: Acknowledged = { inserted: [], removed: [] }
    for (let round = 1; round <= ROUNDS; round++) {
      let isOver = false
      const writers = Array.from({ length: WRITERS }, () => writeUntil(store, () => isOver, acknowledged))
      const enough = async () =>
        acknowledged.inserted.length + acknowledged.removed.length >= round * WRITES_PER_ROUND
      await waitFor(20_000, 'enough writes', enough)
      await server.kill()
      isOver = true
      await server.restart()
      // Commands that waited at the kill are sent now.
      await Promise.all(writers)
      await waitFor(20_000, 'the store', () =>
        store.ping().then(
          () => true,
          () => false
        )
      )
      await checkAcknowledged(t, store, acknowledged)
    }
    t.comment(`${acknowledged.inserted.length} stored, ${acknowledged.removed.length} removed`)
  }
)

/** Stops at the first method that rejects: what became of that login is unknown. */
async function writeUntil(
  store: RedisLoginStore,
  isOver: () => boolean,
  acknowledged: Acknowledged
): Promise<void> {
  try {
    for (let made = 0; !isOver(); made++) {
      const login = newLogin({ userId: `user ${made % 5}` }, Date.now())
      await store.insert(login, NO_LIMIT)
      await store.rotate(login.id, presentedToken(0))
      if (made % 2 === 0) {
        acknowledged.inserted.push(login.id)
      } else {
        await store.remove(login.id)
        acknowledged.removed.push(login.id)
      }
    }
  } catch {}
}

async function checkAcknowledged(
  t: Test,
  store: RedisLoginStore,
  { inserted, removed }: Acknowledged
): Promise<void> {
  const [lost, revived]: [string[], string[]] = [[], []]
  for (const id of inserted) if ((await store.find(id))?.refresh?.generation !== 1) lost.push(id)
  for (const id of removed) if ((await store.find(id)) !== null) revived.push(id)
  t.same({ lost, revived }, { lost: [], revived: [] })
  t.ok(inserted.length > 0 && removed.length > 0)
}
