import t from 'tap'
import type { Login } from '../src/login/login.ts'
import { addedRefresh, addedSession, presentedToken } from '../src/testing/store-case.ts'
import { createCarrierLogins, newLoginInput, setUp } from './logins-under-test.ts'

/** A login by token, and the input that adds a session secret for it. */
async function byToken(test: ReturnType<typeof setUp>, { spy, logins, clock } = test) {
  const { session: _, ...input } = newLoginInput()
  const login = await logins.create(input)
  spy.calls.length = 0
  return { ...test, login, input: addedSession(0, clock.now() + 60_000) }
}

/** A login by cookie. */
async function bySession(test: ReturnType<typeof setUp>) {
  const { refresh: _, ...input } = newLoginInput()
  return { ...test, login: await test.logins.create(input) }
}

t.test('a second credential is added by one call of the store, and nothing is published', async (t) => {
  const { logins, spy, login, input } = await byToken(setUp())
  const outcome = await logins.carry(login.id, input)
  t.same(outcome, { kind: 'added', login: { ...login, session: input.session } })
  t.same(spy.calls, ['carry'])
  t.same(await logins.carry(login.id, input), { ...outcome, kind: 'kept' })
  t.same(await logins.resolve(login.id), (outcome as { login: Login }).login)
})

t.test('a login has both carriers until the session secret expires', async (t) => {
  const { logins, clock, login, input } = await byToken(setUp())
  const carriers = async () => (await logins.listByUser(login.userId)).map((view) => view.carriers)
  t.same(await carriers(), [['token']])
  await logins.carry(login.id, input)
  t.same(await carriers(), [['session', 'token']])
  clock.advance(59_999)
  t.same(await carriers(), [['session', 'token']])
  clock.advance(1)
  t.same(await carriers(), [['token']])
  const other = await bySession(setUp())
  await other.logins.carry(other.login.id, addedRefresh())
  t.match(await other.logins.listByUser(other.login.userId), [{ carriers: ['session', 'token'] }])
})

t.test('a replaced token ends the login on every node, as at a refresh', async (t) => {
  const { logins, store, feed, clock, login } = await byToken(setUp())
  const other = createCarrierLogins({ store, feed, now: clock.now })
  await logins.rotate(login.id, presentedToken(0, { graceSeconds: 0 }))
  const reuse = addedSession(0, clock.now() + 60_000, { graceSeconds: 0 })
  t.match(await logins.carry(login.id, reuse), { kind: 'reused', login: { id: login.id } })
  for (const node of [logins, other]) t.equal(node.localStatus(login.id, login.createdAt), 'revoked')
  t.equal(await logins.resolve(login.id), null)
  t.same(await logins.carry(login.id, reuse), { kind: 'unknown' })
})

t.test('a login that this node knows to be revoked is unknown, whatever the store has', async (t) => {
  for (const { logins, store, login, input } of [
    await byToken(setUp()),
    { ...(await bySession(setUp())), input: addedRefresh() }
  ]) {
    await logins.revoke(login.id)
    await store.insert(login, 100)
    t.same(await logins.carry(login.id, input), { kind: 'unknown' })
    t.equal(await logins.resolve(login.id), null)
  }
})

t.test('a store that is down is an outage, and no unknown credential', async (t) => {
  const { logins, store, login, input } = await byToken(setUp())
  const carry = store.carry.bind(store)
  store.carry = () => Promise.reject(new Error('unreachable'))
  await t.rejects(logins.carry(login.id, input), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  store.carry = carry
  t.match(await logins.carry(login.id, input), { kind: 'added' })
})

t.test('a pending login gets no credential', async (t) => {
  const { logins, clock } = setUp()
  const { refresh: _refresh, session: _session, ...input } = newLoginInput()
  const { id } = await logins.create(input)
  t.same(await logins.carry(id, addedSession(0, clock.now() + 60_000)), { kind: 'unknown' })
  t.same(await logins.carry(id, addedRefresh()), { kind: 'unknown' })
  t.match(await logins.resolvePending(id), { session: null, refresh: null })
})
