import { channel } from 'node:diagnostics_channel'
import t, { type Test } from 'tap'
import { type LoginEvent, loginsChannel, type LoginsOptions } from '../src/index.ts'
import { addedRefresh, presentedToken, sha256 } from '../src/testing/store-case.ts'
import {
  authenticate,
  createCarrierLogins,
  newLoginInput,
  setUp as setUpLogins
} from './logins-under-test.ts'

const DEVICE = { userAgent: 'curl/8.5.0', address: '192.0.2.1' }

/** Logins, and their events from then on. */
function setUp(options: Partial<LoginsOptions> = {}) {
  const events: LoginEvent[] = []
  const test = setUpLogins({ onEvent: (event) => void events.push(event), ...options })
  const take = () => events.splice(0)
  const create = async (changes: Parameters<typeof newLoginInput>[0] = {}) => {
    const login = await test.logins.create(newLoginInput(changes))
    take()
    return login
  }
  return { ...test, take, create }
}

/** Matches them, and there are no others. */
function exactly(t: Test, events: readonly LoginEvent[], expected: readonly object[]): void {
  t.match(events, expected)
  t.equal(events.length, expected.length, events.map(({ type }) => type).join(', '))
}

/** The messages of the channel from then on. */
function subscribe(t: Test): LoginEvent[] {
  const events: LoginEvent[] = []
  const listen = (message: unknown) => void events.push(message as LoginEvent)
  loginsChannel.subscribe(listen)
  t.teardown(() => loginsChannel.unsubscribe(listen))
  return events
}

t.test('login-created: with the node, the time and the device, frozen and without a secret', async (t) => {
  const { logins, clock, take } = setUp({ nodeName: 'node 1' })
  const { id: loginId } = await logins.create(newLoginInput())
  const events = take()
  t.strictSame(events, [
    {
      type: 'login-created',
      loginId,
      userId: 'user-1',
      carrier: 'session',
      device: DEVICE,
      node: 'node 1',
      at: clock.now()
    }
  ])
  t.ok(Object.isFrozen(events[0]) && Object.isFrozen(events[0]?.device))
})

t.test('a login has the carrier that the user signed in with, whatever was added to it', async (t) => {
  const { logins, take, create } = setUp()
  const carrierOf = async (loginId: string) => {
    await logins.revoke(loginId)
    return take().map(({ carrier }) => carrier)
  }
  const { session, refresh, ...bare } = newLoginInput()
  const bySession = await logins.create({ ...bare, session: session ?? { secretHash: '' } })
  const byToken = await logins.create({ ...bare, refresh: refresh ?? { familyHash: '', hash: '' } })
  exactly(t, take(), [{ carrier: 'session' }, { carrier: 'token' }])
  await logins.carry(bySession.id, addedRefresh())
  t.same(await carrierOf(bySession.id), ['session'])
  t.same(await carrierOf(byToken.id), ['token'])
  t.same(await carrierOf((await create()).id), ['session'])
})

t.test('a key is created and revoked like a login', async (t) => {
  const { logins, clock, take } = setUp()
  const key = { secretHash: sha256('key'), name: 'nightly' }
  const input = { user: { id: 'user-1', username: 'user' }, device: DEVICE, key, scopes: [] }
  const login = await logins.createKey({ ...input, expiresAt: clock.now() + 60_000 })
  await logins.revoke(login?.id ?? '', { by: 'user', reason: 'key-revoked' })
  exactly(t, take(), [
    { type: 'login-created', carrier: 'key', loginId: login?.id },
    { type: 'login-revoked', carrier: 'key', loginId: login?.id, by: 'user', reason: 'key-revoked' }
  ])
})

t.test(
  'login-refreshed, refresh-repeated and refresh-token-reused: what became of a refresh token',
  async (t) => {
    const { logins, clock, take, create } = setUp()
    const { id } = await create()
    await logins.rotate(id, presentedToken(0))
    await logins.rotate(id, presentedToken(0))
    clock.advance(60_000)
    await logins.rotate(id, presentedToken(0))
    await logins.rotate(id, presentedToken(0))
    exactly(t, take(), [
      { type: 'login-refreshed', carrier: 'token' },
      { type: 'refresh-repeated', carrier: 'token' },
      { type: 'refresh-token-reused', carrier: 'token' },
      { type: 'login-revoked', by: 'reuse', reason: 'refresh-token-reused' }
    ])
  }
)

t.test('login-reauthenticated: by the carrier of the credential that was presented', async (t) => {
  const { logins, take, create } = setUp()
  const { id } = await create()
  const session = { secretHash: sha256('next'), replaces: sha256('cookie') }
  await logins.reauthenticate(id, { session })
  await logins.reauthenticate(id, {})
  await logins.reauthenticate(id, {
    session: { ...session, replaces: sha256('another'), secretHash: sha256('x') }
  })
  exactly(t, take(), [
    { type: 'login-reauthenticated', loginId: id, carrier: 'session', device: DEVICE },
    { type: 'login-reauthenticated', loginId: id, carrier: 'token' }
  ])
})

t.test('login-revoked: once, by whom and why', async (t) => {
  const { logins, take, create } = setUp()
  const [one, two, three] = [await create(), await create(), await create()]
  await logins.revoke(one.id, { userId: 'user-1', by: 'user', reason: 'log-out' })
  await logins.revoke(one.id, { userId: 'user-1', by: 'user', reason: 'log-out' })
  await logins.revokeUser('user-1', { except: three.id, by: 'password' })
  await logins.revoke(three.id)
  await logins.revoke(three.id, { userId: 'user-2', by: 'user' })
  exactly(t, take(), [
    { type: 'login-revoked', loginId: one.id, by: 'user', reason: 'log-out', device: DEVICE },
    { type: 'login-revoked', loginId: two.id, by: 'password', reason: null, device: DEVICE },
    { type: 'login-revoked', loginId: three.id, by: 'service', reason: null, device: DEVICE }
  ])
})

t.test('a login that has to make room is revoked by the limit', async (t) => {
  const { logins, clock, take, create } = setUp({ maxLoginsPerUser: 1 })
  const first = await create()
  clock.advance(1)
  const second = await logins.create(newLoginInput())
  exactly(t, take(), [
    { type: 'login-revoked', loginId: first.id, by: 'limit', userId: 'user-1', carrier: null, device: null },
    { type: 'login-created', loginId: second.id }
  ])
})

t.test('a sign-in that still needs a second factor has no events', async (t) => {
  const { logins, clock, take } = setUp({ maxLoginsPerUser: 1 })
  const { session: _session, refresh: _refresh, ...pending } = newLoginInput()
  const first = await logins.create(pending)
  clock.advance(1)
  await logins.create(pending)
  await logins.consumePending(first.id)
  await logins.revokeUser('user-1')
  t.same(take(), [])
})

t.test('an event is not lost where the feed fails after the store has removed the login', async (t) => {
  const { logins, spy, take, create } = setUp()
  const { id } = await create()
  spy.down.add('publish')
  await t.rejects(logins.revoke(id, { by: 'user' }), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  spy.down.delete('publish')
  await logins.revoke(id, { by: 'user' })
  exactly(t, take(), [{ type: 'login-revoked', loginId: id, by: 'user' }])
})

t.test('a sign-in that fails has no event', async (t) => {
  const { logins, spy, take } = setUp()
  spy.down.add('insert')
  await t.rejects(logins.create(newLoginInput()))
  t.same(take(), [])
})

t.test(
  'login-expired: once on the node that had verified it lately, by the limit that it reached',
  async (t) => {
    for (const [limit, idleTimeoutSeconds, absoluteTimeoutSeconds] of [
      ['idle', 20, 3600],
      ['absolute', 0, 60]
    ] as const) {
      const { logins, clock, take, create } = setUp({ touchIntervalSeconds: 1 })
      const login = await create({ idleTimeoutSeconds, absoluteTimeoutSeconds })
      const caches = [logins.openCache(), logins.openCache()]
      for (const cache of caches) t.ok(await authenticate(logins, cache, login))
      clock.advance(60_000)
      for (const cache of [...caches, ...caches]) t.equal(await authenticate(logins, cache, login), null)
      exactly(t, take(), [
        {
          type: 'login-expired',
          loginId: login.id,
          userId: 'user-1',
          carrier: 'session',
          limit,
          device: null
        }
      ])
    }
  }
)

t.test('a login that is gone before its limit has not expired: its revocation is on its way', async (t) => {
  const { logins, store, clock, take, create } = setUp({ cacheMaxAgeSeconds: 10 })
  const login = await create({ idleTimeoutSeconds: 60 })
  const cache = logins.openCache()
  await authenticate(logins, cache, login)
  await store.remove(login.id)
  clock.advance(11_000)
  t.equal(await authenticate(logins, cache, login), null)
  t.same(take(), [])
})

t.test('a login that was used since on another node has not expired then', async (t) => {
  const { logins, store, clock, take, create } = setUp({ touchIntervalSeconds: 1 })
  const login = await create({ idleTimeoutSeconds: 60 })
  const cache = logins.openCache()
  await authenticate(logins, cache, login)
  clock.advance(40_000)
  await store.touch([{ loginId: login.id, seenAt: clock.now() }])
  clock.advance(40_000)
  t.equal(cache.get(`credential of ${login.id}`), undefined)
  t.ok(await logins.resolve(login.id), 'the store has it')
  await store.remove(login.id)
  t.equal(await logins.resolve(login.id), null)
  t.same(take(), [])
})

t.test('what was revoked has not expired, nor what this node has not verified lately', async (t) => {
  const { logins, store, feed, clock, node, take, create } = setUp()
  const cache = logins.openCache()
  const other = createCarrierLogins({ store, feed, now: clock.now })
  const [revoked, unsure, longAgo] = [await create(), await create(), await create()]
  for (const login of [revoked, unsure, longAgo]) await authenticate(logins, cache, login)
  await other.revoke(revoked.id)
  t.equal(await authenticate(logins, cache, revoked), null)
  clock.advance(600_000)
  node.fresh = false
  await store.remove(unsure.id)
  t.equal(await authenticate(logins, cache, unsure), null)
  node.fresh = true
  clock.advance(86_400_000)
  t.equal(await authenticate(logins, cache, longAgo), null)
  t.same(take(), [])
})

t.test('the channel has the events of all logins of the process, a listener those of its own', async (t) => {
  const events = subscribe(t)
  const one = setUp()
  const two = setUpLogins()
  await one.logins.create(newLoginInput())
  await two.logins.create(newLoginInput())
  t.match(events, [{ type: 'login-created' }, { type: 'login-created' }])
  t.equal(one.take()[0], events[0])
  t.equal(loginsChannel, channel('drawbridge:logins'))
})

t.test('where nobody listens, no event is created', async (t) => {
  const { logins } = setUpLogins()
  let created = 0
  const publish = () =>
    logins.publishEvent(() => {
      created += 1
      return { type: 'login-created', loginId: '', userId: '', carrier: null, device: null }
    })
  publish()
  t.equal(created, 0)
  const events = subscribe(t)
  publish()
  t.equal(created, 1)
  t.equal(events.length, 1)
})

t.test('a listener that throws or rejects changes nothing', async (t) => {
  for (const onEvent of [
    () => {
      throw new Error('a listener that throws')
    },
    () => Promise.reject(new Error('a listener that rejects'))
  ]) {
    const { logins } = setUpLogins({ onEvent })
    const { id } = await logins.create(newLoginInput())
    t.equal(await logins.revoke(id), true)
  }
})

t.test('a wrong cause revokes nothing, nor does a misspelt owner beside a cause', async (t) => {
  const { logins, create, take } = setUp()
  const { id } = await create()
  const wrong: readonly unknown[] = [
    { by: 'nobody' },
    { by: 'user', reason: 7 },
    { by: 'user', reason: 'x'.repeat(201) },
    { by: 'user', userID: 'user-2' },
    { userId: 'user-1', by: 'nobody' }
  ]
  for (const options of wrong)
    await t.rejects(logins.revoke(id, options as never), { code: 'DRAWBRIDGE_OPTION' })
  for (const options of [{}, { reason: 'x' }, { user: 'user-1' }])
    t.equal(await logins.revoke(id, options as never), false, 'the owner of no login')
  await t.rejects(logins.revokeUser('user-1', { by: 'nobody' } as never), { code: 'DRAWBRIDGE_OPTION' })
  t.same(take(), [])
  t.ok(await logins.resolve(id))
})

t.test('a principal may be passed as the owner, with members of the service', async (t) => {
  const { logins, create } = setUp()
  const { id } = await create()
  const principal = { userId: 'user-1', tenant: 'a', role: 'b' }
  t.equal(await logins.revoke(id, principal), true)
})
