import t from 'tap'
import type { CarrierLogins } from '../src/carrier-logins.ts'
import type { CredentialCache } from '../src/cache/credential-cache.ts'
import type { Login } from '../src/login/login.ts'
import type { LoginStore } from '../src/stores/login-store.ts'
import { addedRefresh, addedSession, presentedToken, sha256 } from '../src/testing/store-case.ts'
import {
  createCarrierLogins,
  newLoginInput,
  resolveAndCache,
  authenticate,
  setUp
} from './logins-under-test.ts'

interface Scene {
  readonly logins: CarrierLogins
  readonly store: LoginStore
  readonly cache: CredentialCache
  readonly login: Login
}

/** Nothing of the login is left: not in the store, not on this node, and not for a guard. */
async function staysRevoked(t: Test, { logins, store, cache, login }: Scene): Promise<void> {
  t.equal(await store.find(login.id), null)
  t.same(await store.listByUser(login.userId), [])
  t.equal(cache.get(`credential of ${login.id}`), undefined)
  t.equal(await authenticate(logins, cache, login), null)
  t.equal(logins.localStatus(login.id, login.createdAt), 'revoked')
}

type Test = typeof t

/**
 * What a request may have in flight when the login is revoked; the function it returns does the rest
 * afterwards.
 */
const IN_FLIGHT: Record<string, (scene: Scene) => Promise<() => Promise<unknown>>> = {
  'a request that has read the login and is about to cache it': async ({ logins, cache, login }) => {
    const found = (await logins.resolve(login.id)) as Login
    const principal = logins.toPrincipal(await logins.withClaims(found), 'session')
    return async () => logins.remember(cache, `credential of ${login.id}`, { principal, validity: found })
  },
  'a request that was served from the cache': async ({ logins, cache, login }) => {
    await authenticate(logins, cache, login)
    return () => authenticate(logins, cache, login)
  },
  'a late save of session data': async ({ logins, login }) => {
    const { data } = (await logins.resolve(login.id)) as Login
    return () => logins.update(login.id, { data: { ...data, late: true } })
  },
  'an authentication':
    async ({ logins, login }) =>
    () =>
      logins.reauthenticate(login.id, {
        session: { secretHash: sha256('next'), replaces: sha256('cookie') }
      }),
  'a touch that is not written yet': async ({ logins, cache, login }) => {
    await resolveAndCache(logins, cache, { ...login })
    return () => logins.flushTouches()
  },
  'a refresh with the newest token':
    async ({ logins, login }) =>
    () =>
      logins.rotate(login.id, presentedToken(0)),
  'a repeated refresh within the grace window': async ({ logins, login }) => {
    await logins.rotate(login.id, presentedToken(0))
    return () => logins.rotate(login.id, presentedToken(0))
  },
  'a refresh with a token of a later generation':
    async ({ logins, login }) =>
    () =>
      logins.rotate(login.id, presentedToken(9)),
  'a carry of a session secret':
    async ({ logins, login }) =>
    () =>
      logins.carry(login.id, addedSession(0, login.expiresAt)),
  'a carry of a refresh token':
    async ({ logins, login }) =>
    () =>
      logins.carry(login.id, addedRefresh()),
  'another sign-in of the same user':
    async ({ logins, store }) =>
    async () => {
      const other = await logins.create(newLoginInput())
      await store.remove(other.id)
    }
}

const REVOCATIONS: Record<string, (scene: Scene) => Promise<unknown>> = {
  'log-out': ({ logins, login }) => logins.revoke(login.id),
  'log-out everywhere': ({ logins, login }) => logins.revokeUser(login.userId),
  'reuse of a token': ({ logins, login }) => logins.rotate(login.id, presentedToken(0, { hash: 'stolen' })),
  'reuse of a token at a carry': ({ logins, login }) =>
    logins.carry(login.id, addedSession(0, login.expiresAt, { hash: 'stolen' }))
}

for (const [revocation, revoke] of Object.entries(REVOCATIONS)) {
  for (const [flight, start] of Object.entries(IN_FLIGHT)) {
    t.test(`${revocation} wins over ${flight}`, async (t) => {
      const { logins, store, clock } = setUp()
      const scene = { logins, store, cache: logins.openCache(), login: await logins.create(newLoginInput()) }
      clock.advance(120_000)
      const finish = await start(scene)
      await revoke(scene)
      await finish()
      await logins.flushTouches()
      await staysRevoked(t as Test, scene)
    })
  }
}

t.test(
  'a login that was removed without a revocation on the feed is dropped by the next touch',
  async (t) => {
    const { logins, store, clock } = setUp()
    const login = await logins.create(newLoginInput())
    const cache = logins.openCache()
    await authenticate(logins, cache, login)
    await store.remove(login.id)
    t.ok(cache.get(`credential of ${login.id}`), 'nothing was published')
    clock.advance(60_000)
    cache.get(`credential of ${login.id}`)
    await logins.flushTouches()
    t.equal(cache.get(`credential of ${login.id}`), undefined)
    t.equal(logins.localStatus(login.id, login.createdAt), 'revoked')
  }
)

t.test('a login that another node revokes is revoked here', async (t) => {
  const { logins, store, feed, clock } = setUp()
  const other = createCarrierLogins({ store, feed, now: clock.now })
  const login = await logins.create(newLoginInput())
  const cache = other.openCache()
  await authenticate(other, cache, login)
  await logins.revoke(login.id)
  t.equal(cache.get(`credential of ${login.id}`), undefined)
  t.equal(await authenticate(other, cache, login), null)
})

t.test('a revoked login is remembered for longer than any cached credential lasts', async (t) => {
  const { logins, clock, store } = setUp({ cacheMaxAgeSeconds: 900, retentionSeconds: 900 })
  const login = await logins.create(newLoginInput())
  const cache = logins.openCache()
  await authenticate(logins, cache, login)
  await logins.revoke(login.id)
  for (let second = 0; second <= 1800; second += 60) {
    // Others are revoked meanwhile, which is when a node drops old entries.
    await logins.revoke((await logins.create(newLoginInput())).id)
    t.equal(cache.get(`credential of ${login.id}`), undefined)
    clock.advance(60_000)
  }
  t.equal(await store.find(login.id), null)
})
