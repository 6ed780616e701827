import { randomBytes, randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import t from 'tap'
import type { Login } from '../../src/login/login.ts'
import { createRedisLoginStore } from '../../src/redis/index.ts'
import { newLogin, NO_LIMIT } from '../../src/testing/store-case.ts'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'

const LOGINS = { token: 100_000, cookie: 20_000 }
const LOGINS_PER_USER = 2.5
const BATCH_SIZE = 1000
/**
 * Including the index and the overhead of Redis for a key. The value measured on 64 bits with jemalloc is
 * printed.
 */
const MAX_BYTES = 700

const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'

const random = (bytes: number) => randomBytes(bytes).toString('base64url')

/** A login of a browser, with a cookie, or with a refresh token that was rotated once. */
function typicalLogin(userId: string, carrier: keyof typeof LOGINS): Login {
  const changes: Partial<Login> & { userId: string } = {
    userId,
    username: 'alice@example.com',
    device: { userAgent: USER_AGENT, address: '203.0.113.195' },
    session: { secretHash: random(32), expiresAt: null },
    refresh: null
  }
  if (carrier === 'cookie') return newLogin(changes, Date.now())
  const [familyHash, hash, previousHash, sealed] = [random(16), random(32), random(32), random(44)]
  const refresh = { familyHash, generation: 1, hash, previousHash, sealed, rotatedAt: Date.now() }
  return newLogin({ ...changes, session: null, refresh }, Date.now())
}

t.test('the memory of 100,000 logins', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const redis = new Redis({ port: server.port, host: '127.0.0.1' })
  t.teardown(() => redis.disconnect())
  const store = createRedisLoginStore({ redis, commandTimeoutMs: 20_000 })
  t.teardown(() => store.close())
  for (const carrier of ['token', 'cookie'] as const) {
    await t.test(`with a ${carrier} each`, async (t) => {
      await redis.flushall()
      const logins = LOGINS[carrier]
      const users = Array.from({ length: logins / LOGINS_PER_USER }, () => randomUUID())
      const before = await usedMemory(redis)
      for (let at = 0; at < logins; at += BATCH_SIZE) {
        const batch = Array.from({ length: BATCH_SIZE }, (_, made) =>
          typicalLogin(users[(at + made) % users.length] as string, carrier)
        )
        await Promise.all(batch.map((login) => store.insert(login, NO_LIMIT)))
      }
      const bytes = ((await usedMemory(redis)) - before) / logins
      t.comment(`${Math.round(bytes)} bytes of Redis a login with a ${carrier}`)
      t.ok(bytes <= MAX_BYTES, `${Math.round(bytes)} of at most ${MAX_BYTES} bytes`)
    })
  }
})

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
}
