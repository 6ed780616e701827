import t from 'tap'
import type { LoginEvent } from '../../src/index.ts'
import type { LoginStore } from '../../src/stores/login-store.ts'
import { createMemoryLoginStore } from '../../src/stores/memory-login-store.ts'
import { createCarrierLogins, newLoginInput } from '../logins-under-test.ts'
import { setUp, UNAVAILABLE } from './adoptions-under-test.ts'

t.test('an adopted login has the limits of the old credential, and never more than its own', async (t) => {
  const { adopt, clock, logins } = setUp()
  const now = clock.now()
  const short = await adopt({ expiresAt: now + 1000.5, authenticatedAt: 0 })
  t.match(short.login, { createdAt: now, authenticatedAt: 0, expiresAt: now + 1000 })
  const long = await adopt({ expiresAt: Infinity, authenticatedAt: now + 60_000, absoluteTimeoutSeconds: 60 })
  t.match(long.login, { authenticatedAt: now, expiresAt: now + 60_000 })
  t.match(await logins.resolve(long.login.id), { id: long.login.id, expiresAt: now + 60_000 })
})

t.test('an adoption gives the claims, which were read before anything was written', async (t) => {
  const refusal = Object.assign(new Error('disabled'), { statusCode: 403 })
  let isDisabled = true
  const { adoptions, oldCredential, input, store } = setUp({
    getClaims: () => {
      if (isDisabled) throw refusal
      return { scopes: ['read', 'admin'] }
    }
  })
  const old = oldCredential()
  await t.rejects(adoptions.adopt(input(old), old), refusal)
  t.same(await store.listByUser('user-1'), [])
  t.same(await adoptions.findClaim('user-1', old, old.issuedAt), { kind: 'unclaimed' })
  isDisabled = false
  for (const kind of ['adopted', 'existing']) {
    t.match(await adoptions.adopt(input(old), old), { kind, login: { claims: { scopes: ['read'] } } })
  }
  isDisabled = true
  await t.rejects(adoptions.adopt(input(old), old), refusal, 'of the login that is there')
})

t.test('a member that no store could give back is an error', async (t) => {
  const { adoptions, oldCredential, input, spy } = setUp()
  const old = oldCredential()
  const wrong = [
    [{ id: 'x' }, /^id of an adopted login/],
    [{ user: { id: 'user-2', username: 'user' } }, /^id of an adopted login/],
    [{ authenticatedAt: NaN }, /^authenticatedAt/],
    [{ authenticatedAt: -1 }, /^authenticatedAt/],
    [{ expiresAt: NaN }, /^expiresAt/],
    [{ idleTimeoutSeconds: 0.5 }, /^idleTimeoutSeconds/]
  ] as const
  for (const [changes, message] of wrong)
    await t.rejects(adoptions.adopt(input(old, changes), old), { name: 'TypeError', message })
  t.equal(spy.counts['adoptions.adopt'], undefined)
})

t.test(
  'login-adopted: once, with the name of the migration; what has to make room is revoked by the limit',
  async (t) => {
    const events: LoginEvent[] = []
    const { logins, adoptions, input, adopt, clock } = setUp({
      maxLoginsPerUser: 1,
      onEvent: (event) => void events.push(event)
    })
    const first = await logins.create(newLoginInput())
    clock.advance(1)
    const { login, old } = await adopt()
    t.match(await adoptions.adopt(input(old), old), { kind: 'existing' })
    t.match(events, [
      { type: 'login-created', loginId: first.id },
      { type: 'login-revoked', loginId: first.id, by: 'limit' },
      { type: 'login-adopted', loginId: login.id, carrier: 'session', migration: 'express' }
    ])
    t.equal(events.length, 3)
  }
)

t.test('what has to make room for an adopted login is revoked on every node', async (t) => {
  const { logins, adopt, clock } = setUp({ maxLoginsPerUser: 1 })
  const first = await logins.create(newLoginInput())
  clock.advance(1)
  const { login } = await adopt()
  t.equal(logins.localStatus(first.id, Infinity), 'revoked')
  t.match(await logins.listByUser('user-1'), [{ id: login.id }])
})

t.test('a login that this node knows to be revoked has no adoption, whatever the store says', async (t) => {
  const { logins, feed, adoptions, adopt, input } = setUp()
  const { login, old } = await adopt()
  const owner = { loginId: login.id, ledBy: 'old' } as const
  t.match(await adoptions.claim('user-1', { ...old, key: 'other', owner }), { loginId: login.id })
  // By a node whose store has lost its newest writes since.
  await feed.publish([{ loginId: login.id }])
  t.equal(await logins.resolve(login.id), null)
  t.equal(await adoptions.find(login.id), null)
  t.equal(await adoptions.lead(login.id, { ...old, ledBy: 'new' }), null)
  t.equal(await adoptions.claim('user-1', { ...old, owner }), null)
  t.same(await adoptions.adopt(input(old), old), { kind: 'revoked' })
})

t.test('a store that is down is no answer', async (t) => {
  const { spy, adoptions, adopt, oldCredential, input } = setUp()
  const { login } = await adopt()
  const old = oldCredential()
  spy.outage = new Error('down')
  const calls: ReadonlyArray<() => Promise<unknown>> = [
    () => adoptions.adopt(input(old), old),
    () => adoptions.claim('user-1', { ...old, owner: null }),
    () => adoptions.findClaim('user-1', old, null),
    () => adoptions.find(login.id),
    () => adoptions.lead(login.id, old),
    () => adoptions.bar(null, 0, 1),
    () => adoptions.readPhase('express'),
    () => adoptions.movePhase('express', { from: null, to: 'both', by: 'ada', minIntervalMs: 0 }),
    () => adoptions.countByLead('express', 0),
    () => adoptions.list('express', null),
    () => adoptions.addCounts('express', 'old', {}),
    () => adoptions.readCounts('express')
  ]
  for (const call of calls) await t.rejects(call(), UNAVAILABLE)
})

t.test('what the store stores is passed on', async (t) => {
  const { adoptions, adopt } = setUp()
  const { login, adoption } = await adopt()
  t.same(await adoptions.find(login.id), adoption)
  t.same(await adoptions.list('express', null), { adopted: [{ loginId: login.id, adoption }], cursor: null })
  t.same(await adoptions.countByLead('express', 0), {
    old: 1,
    new: 0,
    returned: 0,
    mostOfOneUser: { count: 1, loginId: login.id }
  })
  await adoptions.addCounts('express', 'old', { add: { passed: 2 } })
  t.same(await adoptions.readCounts('express'), { old: { passed: 2 } })
  const step = { from: null, to: 'both', by: 'ada', minIntervalMs: 35_000 } as const
  t.match(await adoptions.movePhase('express', step), { kind: 'moved' })
  t.match(await adoptions.readPhase('express'), { phase: 'both', version: 1 })
})

t.test('bars are used from boot on, and are raised before logins are removed', async (t) => {
  const { logins, adoptions, spy, clock, oldCredential, input } = setUp()
  const order = () => spy.calls.filter((name) => name === 'adoptions.bar' || name === 'removeByUser')
  await logins.revokeUser('user-1')
  t.same(order(), ['removeByUser'], 'nobody migrates')
  const until = clock.now() + 60_000
  adoptions.useBars(until)
  adoptions.useBars(until - 30_000)
  spy.calls.length = 0
  await logins.revokeUser('user-1')
  t.same(order(), ['adoptions.bar', 'removeByUser'])
  clock.advance(40_000)
  const old = oldCredential({ issuedAt: clock.now() - 40_000 })
  t.same(await adoptions.adopt(input(old), old), { kind: 'barred' }, 'as long as the latest of them')
  spy.down.add('adoptions.bar')
  spy.calls.length = 0
  await t.rejects(logins.revokeUser('user-1'), UNAVAILABLE)
  t.same(order(), ['adoptions.bar'])
  clock.advance(20_000)
  await logins.revokeUser('user-1')
  t.same(order(), ['adoptions.bar', 'removeByUser'], 'no old credential is accepted any more')
})

t.test('a store without adoptions has none', async (t) => {
  const memory = createMemoryLoginStore()
  const store = new Proxy(memory, {
    get: (target, name) => {
      if (name === 'adoptions') return undefined
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    }
  }) as LoginStore
  const logins = createCarrierLogins({ store })
  t.equal(logins.adoptions, undefined)
  const { id } = await logins.create(newLoginInput())
  t.equal(await logins.revoke(id), true)
  t.match(await logins.revokeUser('user-1'), { revokedCount: 0 })
})
