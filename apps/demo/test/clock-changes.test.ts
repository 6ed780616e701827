import { createCredentials, createMemoryUserStore, seedUser } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore, type LoginsOptions } from '@drawbridge/logins'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { TestClock } from '@drawbridge/test-support/clock'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'

const MINUTE = 60_000
const account = { username: 'ada', password: 'correct horse battery staple' }

type LoginStores = Pick<LoginsOptions, 'store' | 'feed'>

/** A service with both plugins. */
async function startService(t: Test, clocks: TestClock, stores: LoginStores) {
  const users = createMemoryUserStore()
  const user = await seedUser(users, account, { memoryKiB: 1024, passes: 1 })
  const { now, monotonicNow } = clocks
  const logins = createLogins({ ...stores, now, monotonicNow })
  const secret = 'a root secret that is long enough to be one'
  const credentials = createCredentials({ users, hashing: { memoryKiB: 1024, passes: 1 } })
  const app = Fastify()
  t.teardown(async () => {
    await app.close()
    await logins.close()
  })
  await app.register(sessionAuth, { credentials, logins, secret, cookie: { secure: false } })
  await app.register(tokenAuth, { credentials, logins, secret, keys: [generateSigningKey()] })
  app.get('/session/me', { onRequest: app.sessionAuth.guard }, async ({ principal }) => principal)
  app.get('/token/me', { onRequest: app.tokenAuth.guard }, async ({ principal }) => principal)

  const signIn = async (carrier: Carrier): Promise<Credential> => {
    const response = await app.inject({ method: 'POST', url: `/${carrier}/login`, payload: account })
    if (carrier === 'token') return { authorization: `Bearer ${response.json<{ token: string }>().token}` }
    return { cookie: response.cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }
  }
  const signOut = async (carrier: Carrier, headers: Credential) =>
    (await app.inject({ method: 'POST', url: `/${carrier}/logout`, headers })).statusCode
  const me = async (carrier: Carrier, headers: Credential) => {
    await stores.feed?.renew(5000)
    return (await app.inject({ url: `/${carrier}/me`, headers })).statusCode
  }
  return { signIn, signOut, me, revokeAll: () => logins.revokeUser(user?.id ?? '') }
}

type Carrier = 'session' | 'token'
type Credential = Record<string, string>

const inMemory = async (_: Test, { now }: TestClock): Promise<LoginStores> => ({
  store: createMemoryLoginStore({ now })
})

async function inRedis(t: Test, { now }: TestClock): Promise<LoginStores> {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const redis = new Redis({ port: server.port, host: '127.0.0.1' })
  t.teardown(() => redis.disconnect())
  const store = createRedisLoginStore({ redis, now, commandTimeoutMs: 5000 })
  t.teardown(() => store.close())
  const feed = createRedisFeed({ redis, now, clockSkewMs: 0, publishTimeoutMs: 5000 })
  await feed.renew(5000)
  return { store, feed }
}

const PLACES = {
  'in this process': { open: inMemory, skip: false },
  'in Redis': { open: inRedis, skip: skipWithoutRedis }
}

for (const [place, { open, skip }] of Object.entries(PLACES)) {
  for (const carrier of ['session', 'token'] as const) {
    t.test(
      `T37: with logins ${place}, a ${carrier} that was logged out stays so while the clock is 20 minutes ahead and set right again`,
      { skip },
      async (t) => {
        const clocks = new TestClock(Date.now())
        const { signIn, signOut, me, revokeAll } = await startService(t, clocks, await open(t, clocks))
        const revoked = await signIn(carrier)
        t.equal(await me(carrier, revoked), 200)
        t.equal(await signOut(carrier, revoked), 200)
        clocks.set(20 * MINUTE)
        const other = await signIn(carrier)
        clocks.advance(3000)
        // Each revocation prunes those beyond their retention.
        t.match(await revokeAll(), { revokedCount: 1 })
        clocks.set(-20 * MINUTE)
        t.equal(await me(carrier, revoked), 401)
        t.equal(await me(carrier, other), 401)
      }
    )
  }
}

// A shared feed uses the clock of its server, so that no login is created by a clock that is ahead.
for (const carrier of ['session', 'token'] as const) {
  t.test(
    `T37: a ${carrier} created by a clock 20 minutes ahead stays logged out when its time comes`,
    async (t) => {
      const clocks = new TestClock(Date.now())
      const { signIn, signOut, me, revokeAll } = await startService(t, clocks, await inMemory(t, clocks))
      clocks.set(20 * MINUTE)
      const ended = await signIn(carrier)
      t.equal(await me(carrier, ended), 200)
      clocks.set(-20 * MINUTE)
      t.match(await revokeAll(), { revokedCount: 1 })
      clocks.advance(20 * MINUTE + 1000)
      t.equal(await signOut(carrier, await signIn(carrier)), 200)
      t.equal(await me(carrier, ended), 401)
      t.equal(await me(carrier, await signIn(carrier)), 200, 'a new sign-in is served')
    }
  )
}
