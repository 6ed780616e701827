import t from 'tap'
import type { Claims } from '../src/login/claims.ts'
import { defaultCacheEntries } from '../src/create-logins.ts'
import { createMemoryFeed } from '../src/revocation/memory-feed.ts'
import { isLoginId, newLoginId } from '../src/login/login.ts'
import { toLoginView } from '../src/login/login-view.ts'
import { createMemoryLoginStore } from '../src/stores/memory-login-store.ts'
import { sha256, presentedToken } from '../src/testing/store-case.ts'
import { createCarrierLogins, newLoginInput, authenticate, setUp } from './logins-under-test.ts'

t.test('a created login has all members, and can be found', async (t) => {
  const { logins, clock } = setUp()
  const at = clock.now()
  const login = await logins.create(newLoginInput())
  t.ok(isLoginId(login.id))
  t.same(login, {
    id: login.id,
    userId: 'user-1',
    username: 'user',
    createdAt: at,
    authenticatedAt: at,
    expiresAt: at + 43_200_000,
    idleTimeoutSeconds: 1800 + 60,
    lastSeenAt: at,
    device: { userAgent: 'curl/8.5.0', address: '192.0.2.1' },
    session: { secretHash: sha256('cookie'), expiresAt: null },
    refresh: {
      familyHash: sha256('family'),
      generation: 0,
      hash: sha256('token 0'),
      previousHash: null,
      sealed: null,
      rotatedAt: at
    },
    key: null,
    scopes: ['read'],
    data: {}
  })
  t.same(await logins.resolve(login.id), login)
  t.same(await logins.listByUser('user-1'), [toLoginView(login, at)])
})

t.test('omitted members of a login are null', async (t) => {
  const { logins } = setUp()
  const { user, device, absoluteTimeoutSeconds } = newLoginInput()
  const login = await logins.create({ user, device, absoluteTimeoutSeconds, idleTimeoutSeconds: 0 })
  t.match(login, { session: null, refresh: null, scopes: null, idleTimeoutSeconds: 0 })
})

t.test('a principal names the user of its login, and cannot be changed', async (t) => {
  const { logins, clock } = setUp()
  const login = await logins.create(newLoginInput())
  const principal = logins.toPrincipal(
    await logins.withClaims((await logins.resolve(login.id)) as typeof login),
    'token'
  )
  t.same(principal, {
    userId: 'user-1',
    username: 'user',
    loginId: login.id,
    carrier: 'token',
    authenticatedAt: clock.now(),
    expiresAt: login.expiresAt,
    scopes: ['read']
  })
  t.throws(() => Object.assign(principal, { userId: 'admin' }), TypeError)
  t.throws(() => (principal.scopes as string[]).push('admin'), TypeError)
})

t.test('a service adds members to a principal, and cannot replace the standard ones', async (t) => {
  const given = { tenant: 'acme', userId: 'admin', carrier: 'none' }
  const { logins } = setUp({ getClaims: () => given as Claims })
  const login = await logins.create(newLoginInput())
  t.match(logins.toPrincipal(await logins.withClaims(login), 'session'), {
    tenant: 'acme',
    userId: 'user-1',
    carrier: 'session',
    scopes: ['read']
  })
  t.same((await logins.withClaims(login)).claims.extension, given)
  t.same((await setUp().logins.withClaims(login)).claims.extension, {})
})

t.test(
  'a revocation is in the store before it is on the feed, and this node knows of it at once',
  async (t) => {
    const { logins, spy } = setUp()
    const login = await logins.create(newLoginInput())
    spy.calls.length = 0
    t.equal(await logins.revoke(login.id), true)
    t.same(spy.calls, ['remove', 'publish'])
    t.equal(await logins.resolve(login.id), null)
    t.equal(logins.localStatus(login.id, login.createdAt), 'revoked')
    t.equal(await logins.revoke(login.id), false)
  }
)

t.test('all logins of a user are revoked, except one', async (t) => {
  const { logins, spy } = setUp()
  const [spared, a, b] = [
    await logins.create(newLoginInput()),
    await logins.create(newLoginInput()),
    await logins.create(newLoginInput())
  ]
  spy.calls.length = 0
  t.match(await logins.revokeUser('user-1', { except: spared.id }), { revokedCount: 2 })
  t.same(spy.calls, ['listByUser', 'removeByUser', 'publish'])
  t.equal(logins.localStatus(spared.id, spared.createdAt), 'active')
  for (const { id, createdAt } of [a, b]) t.equal(logins.localStatus(id, createdAt), 'revoked')
  t.match(await logins.revokeUser('user-1'), { revokedCount: 1 })
  t.match(await logins.revokeUser('user-1'), { revokedCount: 0 })
})

t.test('one login too many revokes the oldest, on every node', async (t) => {
  const { logins, clock, feed } = setUp({ maxLoginsPerUser: 2 })
  const heard: string[] = []
  feed.subscribe(({ loginId }) => heard.push(loginId))
  const first = await logins.create(newLoginInput())
  clock.advance(1)
  await logins.create(newLoginInput())
  clock.advance(1)
  t.same(heard, [])
  await logins.create(newLoginInput())
  t.same(heard, [first.id])
  t.equal(logins.localStatus(first.id, first.createdAt), 'revoked')
  t.equal((await logins.listByUser('user-1')).length, 2)
})

t.test('where the revocation of the oldest cannot be published, the new login is taken back', async (t) => {
  const { logins, feed, store } = setUp({ maxLoginsPerUser: 1 })
  await logins.create(newLoginInput())
  feed.publish = () => Promise.reject(new Error('the feed is down'))
  await t.rejects(logins.create(newLoginInput()), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  t.same(await store.listByUser('user-1'), [], 'the oldest was revoked, and nobody has the new one')
})

t.test('where the reply of the store to a new login is lost, it is taken back', async (t) => {
  const { logins, spy, store } = setUp()
  const removed = new Promise<void>((resolve) => spy.after('remove', resolve))
  spy.after('insert', async () => {
    t.equal((await store.listByUser('user-1')).length, 1)
    throw new Error('the connection was closed')
  })
  await t.rejects(logins.create(newLoginInput()), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  await removed
  t.same(await store.listByUser('user-1'), [])
})

t.test(
  'where it cannot be taken back either, that is reported, and the error is that of the sign-in',
  async (t) => {
    const errors: unknown[] = []
    const { logins, feed, spy } = setUp({ maxLoginsPerUser: 1, onError: (error) => errors.push(error) })
    await logins.create(newLoginInput())
    feed.publish = () => Promise.reject(new Error('the feed is down'))
    spy.down.add('remove')
    await t.rejects(logins.create(newLoginInput()), { cause: { message: 'the feed is down' } })
    t.match(errors, [{ message: 'remove is down' }])
  }
)

t.test('a reused refresh token revokes the login, on every node', async (t) => {
  const { logins, spy } = setUp()
  const login = await logins.create(newLoginInput())
  t.equal((await logins.rotate(login.id, presentedToken(0))).kind, 'rotated')
  t.equal((await logins.rotate(login.id, presentedToken(0))).kind, 'repeated')
  t.notOk(spy.calls.includes('publish'))
  t.equal((await logins.rotate(login.id, presentedToken(0, { graceSeconds: 0 }))).kind, 'reused')
  t.ok(spy.calls.includes('publish'))
  t.equal(logins.localStatus(login.id, login.createdAt), 'revoked')
  t.same(await logins.rotate(login.id, presentedToken(1)), { kind: 'unknown' })
})

t.test('the data of a login can be replaced, but not after a revocation', async (t) => {
  const { logins } = setUp()
  const login = await logins.create(newLoginInput())
  t.same(await logins.update(login.id, { data: { cart: 1 } }), { ...login, data: { cart: 1 } })
  await logins.revoke(login.id)
  t.equal(await logins.update(login.id, { data: { cart: 2 } }), null)
})

t.test('a store or a feed that is down', async (t) => {
  const unavailableError = (cause: string) => ({
    name: 'LoginsUnavailableError',
    code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE',
    cause: { message: cause }
  })
  t.test('every method rejects, and says why', async (t) => {
    const { logins, spy } = setUp()
    const methods: Array<[string, () => Promise<unknown>]> = [
      ['insert', () => logins.create(newLoginInput())],
      ['find', () => logins.resolve('id')],
      ['update', () => logins.update('id', { data: {} })],
      ['rotate', () => logins.rotate('id', presentedToken(0))],
      ['remove', () => logins.revoke(newLoginId('user-1'))],
      ['removeByUser', () => logins.revokeUser('user-1')],
      ['listByUser', () => logins.listByUser('user-1')],
      ['ping', () => logins.ping()]
    ]
    for (const [method, call] of methods) {
      spy.down.add(method)
      await t.rejects(call(), unavailableError(`${method} is down`))
      spy.down.clear()
      await t.resolves(call())
    }
  })

  t.test('a store that throws synchronously is no different', async (t) => {
    const broken = createMemoryLoginStore()
    const find = () => {
      throw new Error('no connection')
    }
    const { logins } = setUp({ store: Object.assign(broken, { find }) })
    await t.rejects(logins.resolve('id'), unavailableError('no connection'))
  })

  t.test('a revocation that fails in the store is on no feed', async (t) => {
    const { logins, spy } = setUp()
    const login = await logins.create(newLoginInput())
    spy.down.add('remove')
    await t.rejects(logins.revoke(login.id), unavailableError('remove is down'))
    t.notOk(spy.calls.includes('publish'))
    t.equal(logins.localStatus(login.id, login.createdAt), 'active')
  })

  t.test(
    'a revocation that fails on the feed is known to this node, and is published when it is repeated',
    async (t) => {
      const { logins, spy, feed } = setUp()
      const login = await logins.create(newLoginInput())
      const heard: string[] = []
      feed.subscribe(({ loginId }) => heard.push(loginId))
      spy.down.add('publish')
      await t.rejects(logins.revoke(login.id), unavailableError('publish is down'))
      t.equal(logins.localStatus(login.id, login.createdAt), 'revoked')
      t.equal(await logins.resolve(login.id), null)
      spy.down.clear()
      t.equal(await logins.revoke(login.id), false)
      t.same(heard, [login.id])
    }
  )
})

t.test('what a node knows without the store', async (t) => {
  t.test('nothing while it is not fresh', async (t) => {
    const { logins, node } = setUp()
    const login = await logins.create(newLoginInput())
    t.equal(logins.localStatus(login.id, login.createdAt), 'active')
    node.fresh = false
    t.equal(logins.localStatus(login.id, login.createdAt), 'unknown')
    await logins.revoke(login.id)
    t.equal(logins.localStatus(login.id, login.createdAt), 'revoked')
  })

  t.test('nothing about a credential that was issued before the node started', async (t) => {
    const { logins, clock, store } = setUp()
    const before = await logins.create(newLoginInput())
    clock.advance(60_000)
    const restarted = createCarrierLogins({ store, now: clock.now })
    t.equal(restarted.localStatus(before.id, before.createdAt), 'unknown')
    t.equal(restarted.localStatus(before.id, clock.now() - 1), 'unknown')
    t.equal(restarted.localStatus(before.id, clock.now()), 'active')
  })
})

t.test('closing writes the last touches and closes the feed', async (t) => {
  const { logins, spy, clock, store } = setUp()
  const login = await logins.create(newLoginInput())
  const cache = logins.openCache()
  clock.advance(60_000)
  logins.remember(cache, 'credential', {
    principal: logins.toPrincipal(await logins.withClaims(login), 'session'),
    validity: login
  })
  await logins.close()
  t.same(spy.calls.slice(-2), ['touch', 'close'])
  t.equal((await store.find(login.id))?.lastSeenAt, clock.now())
})

t.test('a touch that fails is reported, and retried', async (t) => {
  const errors: unknown[] = []
  const { logins, spy, clock, store } = setUp({ onError: (error) => errors.push(error) })
  const login = await logins.create(newLoginInput())
  clock.advance(60_000)
  const verified = {
    principal: logins.toPrincipal(await logins.withClaims(login), 'session'),
    validity: login
  }
  logins.remember(logins.openCache(), 'credential', verified)
  spy.down.add('touch')
  await logins.flushTouches()
  t.match(errors, [{ message: 'touch is down' }])
  spy.down.clear()
  await logins.flushTouches()
  t.equal((await store.find(login.id))?.lastSeenAt, clock.now())
})

t.test('feed, clock and limits have defaults', async (t) => {
  const logins = createCarrierLogins({ store: createMemoryLoginStore() })
  t.equal(logins.retentionSeconds, 900)
  const before = Date.now()
  const login = await logins.create(newLoginInput())
  t.ok(login.createdAt >= before && login.createdAt <= Date.now())
  t.equal(logins.localStatus(login.id, login.createdAt), 'active')
  await logins.revoke(login.id)
  t.equal(logins.localStatus(login.id, login.createdAt), 'revoked')
  await logins.ping()
  await logins.close()
})

t.test('options are checked', (t) => {
  const store = createMemoryLoginStore()
  const rejects = (options: object, message: string) =>
    t.throws(() => createCarrierLogins(options as never), {
      code: 'DRAWBRIDGE_OPTION',
      message: `DRAWBRIDGE_OPTION: logins${message}`
    })
  rejects({}, '.store is missing')
  rejects({ store: {} }, '.store must be a LoginStore, got an object')
  rejects({ store, feed: createMemoryFeed }, '.feed must be a RevocationFeed, got a function')
  rejects({ store, touchInterval: 5 }, '.touchInterval is not an option')
  rejects(
    { store, touchIntervalSeconds: '1m' },
    '.touchIntervalSeconds must be a whole number from 1 to 3600, got "1m"'
  )
  rejects({ store, retentionSeconds: 9 }, '.retentionSeconds must be a whole number from 10 to 86400, got 9')
  rejects({ store, cacheMaxEntries: 1 }, '.cacheMaxEntries must be a whole number from 2 to 10000000, got 1')
  rejects({ store, maxLoginsPerUser: 0 }, '.maxLoginsPerUser must be a whole number from 1 to 10000, got 0')
  rejects({ store, getClaims: {} }, '.getClaims must be a function, got an object')
  rejects({ store, claimsTimeoutMs: 9 }, '.claimsTimeoutMs must be a whole number from 10 to 60000, got 9')
  rejects(
    { store, cacheMaxAgeSeconds: 901 },
    '.cacheMaxAgeSeconds (901) must not be above logins.retentionSeconds (900)'
  )
  t.ok(createCarrierLogins({ store, cacheMaxAgeSeconds: 901, retentionSeconds: 901 }))
  // M2: a revoked login would be served again.
  rejects(
    { store, onStoreDown: { serveStaleForSeconds: 841 } },
    '.onStoreDown.serveStaleForSeconds (841) with 60 for the skew of clocks must not be above logins.retentionSeconds (900)'
  )
  t.ok(createCarrierLogins({ store, onStoreDown: { serveStaleForSeconds: 840 } }))
  t.end()
})

t.test('a feed with a shorter retention than that of the node is rejected', (t) => {
  const feed = Object.assign(createMemoryFeed(), { retentionSeconds: 600 })
  t.throws(() => createCarrierLogins({ store: createMemoryLoginStore(), feed, retentionSeconds: 900 }), {
    message: /logins\.retentionSeconds \(900\) must not be above that of logins\.feed \(600\)/
  })
  t.ok(createCarrierLogins({ store: createMemoryLoginStore(), feed, retentionSeconds: 600 }))
  t.end()
})

t.test('T24: the default size of a cache depends on the heap limit of the process', async (t) => {
  const MiB = 1024 * 1024
  t.equal(defaultCacheEntries(64 * MiB), 4096)
  t.equal(defaultCacheEntries(512 * MiB), 32_768)
  t.equal(defaultCacheEntries(4096 * MiB), 100_000)
  t.equal(defaultCacheEntries(0), 2)
})

t.test('H4: a shared store needs a shared feed', (t) => {
  const shared = Object.assign(createMemoryLoginStore(), { isShared: true })
  const needed =
    'DRAWBRIDGE_OPTION: logins.feed must be shared by all nodes, as logins.store is: createRedisFeed({ redis }) of @drawbridge/logins/redis'
  t.throws(() => createCarrierLogins({ store: shared }), { message: needed })
  t.throws(() => createCarrierLogins({ store: shared, feed: createMemoryFeed() }), { message: needed })
  t.ok(createCarrierLogins({ store: shared, feed: Object.assign(createMemoryFeed(), { isShared: true }) }))
  const own = createMemoryFeed()
  const withFeed = Object.assign(createMemoryLoginStore(), { isShared: true, openFeed: () => own })
  t.ok(createCarrierLogins({ store: withFeed }))
  t.throws(() => createCarrierLogins({ store: withFeed, feed: createMemoryFeed() }), {
    message:
      'DRAWBRIDGE_OPTION: logins.feed must be left out or be shared: the store has a feed of its own, for several processes'
  })
  t.end()
})

t.test('H4: two createLogins over one store are two nodes that share their revocations', async (t) => {
  const store = createMemoryLoginStore()
  const [one, two] = [createCarrierLogins({ store }), createCarrierLogins({ store })]
  const login = await one.create(newLoginInput())
  const cache = two.openCache()
  t.ok(await authenticate(two, cache, login))
  await one.revoke(login.id)
  t.equal(cache.get(`credential of ${login.id}`), undefined)
  t.equal(two.localStatus(login.id, login.createdAt), 'revoked')
  await one.close()
  const next = await two.create(newLoginInput())
  await two.revoke(next.id)
  t.equal(two.localStatus(next.id, next.createdAt), 'revoked')
})

t.test('a repeated log-out is published until the feed has taken it, and not after that', async (t) => {
  const { logins, spy } = setUp()
  const login = await logins.create(newLoginInput())
  spy.down.add('publish')
  await t.rejects(logins.revoke(login.id))
  spy.down.delete('publish')
  spy.calls.length = 0
  t.equal(await logins.revoke(login.id), false)
  t.same(spy.calls, ['remove', 'publish'], 'the first one was not published')
  spy.calls.length = 0
  for (let again = 0; again < 3; again++) t.equal(await logins.revoke(login.id), false)
  t.same(spy.calls, ['remove', 'remove', 'remove'])
})
