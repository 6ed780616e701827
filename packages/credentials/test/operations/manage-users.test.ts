import { spy } from '@drawbridge/test-support/spies/spy'
import t from 'tap'
import { createCredentials } from '../../src/create-credentials.ts'
import { createMemoryUserStore } from '../../src/users/memory-user-store.ts'
import { CHEAP_COST, PASSWORD } from '../create-test-dependencies.ts'

const ADDRESS = '192.0.2.1'
const UNKNOWN = { ok: false, reason: 'unknown-user' }

/** Kim and Lee, at a service that asks for a second factor of whom it wants. */
async function setUp({ needsSecondFactor = false } = {}) {
  const store = createMemoryUserStore()
  const users = spy(store)
  const credentials = createCredentials({
    users: users.store,
    throttle: false,
    hashing: { ...CHEAP_COST, concurrency: 2 },
    secondFactor: { isRequired: () => needsSecondFactor, verify: ({ response }) => response === '492039' }
  })
  const { disable, enable, remove, rename, verifySecondFactor } = credentials
  if (!disable || !enable || !remove || !rename || !verifySecondFactor) throw new Error('a method is missing')
  const kim = await credentials.register({ username: 'Kim', password: PASSWORD })
  const lee = await credentials.register({ username: 'Lee', password: PASSWORD })
  if (!kim.ok || !lee.ok) throw new Error('not registered')
  const userId = kim.user.id
  return {
    credentials,
    users,
    userId,
    leeId: lee.user.id,
    passwordStamp: kim.passwordStamp,
    disable: (id = userId) => disable({ userId: id }),
    enable: (id = userId) => enable({ userId: id }),
    remove: (id = userId) => remove({ userId: id }),
    rename: (newUsername: string, id = userId) => rename({ userId: id, newUsername }),
    signIn: (username = 'kim') => credentials.verify({ username, password: PASSWORD, address: ADDRESS }),
    complete: () => verifySecondFactor({ userId, response: '492039', address: ADDRESS }),
    isCurrent: () => credentials.isStampCurrent({ userId, passwordStamp: kim.passwordStamp })
  }
}

t.test('a disabled user is rejected at each step of a sign-in, until enabled again', async (t) => {
  const { credentials, disable, enable, signIn, complete, isCurrent, userId } = await setUp()
  const change = { userId, currentPassword: PASSWORD, newPassword: `${PASSWORD} 2`, address: ADDRESS }
  t.strictSame(await disable(), { ok: true })
  const rejected = { ok: false, reason: 'invalid-credentials', detail: 'disabled' }
  t.strictSame(await signIn(), rejected)
  t.strictSame(await complete(), rejected)
  t.strictSame(await credentials.changePassword(change), rejected)
  t.equal(await isCurrent(), false)
  t.equal(await credentials.stampOf({ userId }), null)
  t.strictSame(await disable(), { ok: true }, 'a second time')
  t.strictSame(await enable(), { ok: true })
  t.ok((await signIn()).ok)
  t.ok((await complete()).ok)
  t.ok(await isCurrent())
  t.ok((await signIn('lee')).ok)
})

t.test('a sign-in in flight finds its stamp outdated once the user is disabled or removed', async (t) => {
  for (const action of ['disable', 'remove'] as const) {
    const context = await setUp()
    context.users.after('findByUsernameKey', async () => t.ok((await context[action]()).ok))
    t.ok((await context.signIn()).ok, 'the user was read before')
    t.equal(await context.isCurrent(), false, action)
  }
})

t.test('a second factor in flight is no way around it either', async (t) => {
  const { users, signIn, complete, disable, isCurrent } = await setUp({ needsSecondFactor: true })
  t.match(await signIn(), { reason: 'second-factor-required' })
  users.after('findById', async () => t.ok((await disable()).ok))
  await complete()
  t.equal(await isCurrent(), false, 'the stamp is what its login is checked by')
  t.match(await complete(), { detail: 'disabled' })
})

t.test('a removed user is unknown, and another may take the name', async (t) => {
  const { credentials, remove, signIn, complete, isCurrent, userId } = await setUp()
  t.strictSame(await remove(), { ok: true })
  const rejected = { ok: false, reason: 'invalid-credentials', detail: 'unknown' }
  t.strictSame(await signIn(), rejected)
  t.strictSame(await complete(), rejected)
  t.equal(await isCurrent(), false)
  t.equal(await credentials.stampOf({ username: 'kim' }), null)
  t.strictSame(await remove(), UNKNOWN, 'a second time')
  const next = await credentials.register({ username: 'KIM', password: PASSWORD })
  t.ok(next.ok && next.user.id !== userId)
  t.equal(await isCurrent(), false, 'whose password is not that of the first')
})

t.test('a renamed user keeps id, password and stamp, and signs in by the new name alone', async (t) => {
  const { rename, signIn, isCurrent, userId } = await setUp()
  const user = { id: userId, username: 'Zoë' }
  t.strictSame(await rename(' Zoë '), { ok: true, user }, 'without what surrounds it')
  t.match(await signIn('ZOË'), { ok: true, user })
  t.strictSame(await signIn(), { ok: false, reason: 'invalid-credentials', detail: 'unknown' })
  t.ok(await isCurrent())
  t.match(await rename('zoë'), { ok: true }, 'another spelling of the own name')
  t.match(await rename('Kim'), { ok: true }, 'and back')
})

t.test('the rules for a new name are those of a registration', async (t) => {
  const { rename, signIn, disable, leeId } = await setUp()
  const malformed = { ok: false, reason: 'malformed', field: 'newUsername' }
  for (const name of ['', ' ', 'a\0b', 'a\u200Bb', 'x'.repeat(256), 7 as unknown as string])
    t.strictSame(await rename(name), malformed, JSON.stringify(name))
  const taken = { ok: false, reason: 'username-taken' }
  for (const name of ['lee', 'LEE', '\uFF4Cee']) t.strictSame(await rename(name), taken, name)
  await disable(leeId)
  t.strictSame(await rename('lee'), taken, 'the name of a disabled user')
  t.ok((await signIn()).ok, 'and the old name stays')
})

t.test('of a registration and a renaming to one name at the same moment one succeeds', async (t) => {
  const { users, credentials, rename, signIn } = await setUp()
  users.before('rename', () => credentials.register({ username: 'Sam', password: PASSWORD }))
  t.strictSame(await rename('sam'), { ok: false, reason: 'username-taken' })
  users.before('insert', () => rename('Max'))
  t.strictSame(await credentials.register({ username: 'max', password: PASSWORD }), {
    ok: false,
    reason: 'username-taken'
  })
  t.ok((await signIn('max')).ok)
})

t.test('an unknown user is an outcome of each', async (t) => {
  const { disable, enable, remove, rename } = await setUp()
  for (const id of ['nobody', '', 'a\0b'])
    for (const outcome of [await disable(id), await enable(id), await remove(id), await rename('Sam', id)])
      t.strictSame(outcome, UNKNOWN)
})

t.test('a store that is down rejects each as unavailable', async (t) => {
  const { users, disable, enable, remove, rename } = await setUp()
  users.outage = new Error('down')
  const calls: readonly (() => Promise<unknown>)[] = [disable, enable, remove, () => rename('Sam')]
  for (const call of calls)
    await t.rejects(call(), { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE', cause: { message: 'down' } })
})

t.test('without a method of the store there is none of the credentials', async (t) => {
  const store = createMemoryUserStore()
  const needs = { setDisabled: ['disable', 'enable'], remove: ['remove'], rename: ['rename'] } as const
  const all = Object.values(needs).flat()
  for (const [method, missing] of Object.entries(needs)) {
    const users = new Proxy(store, {
      get: (target, name) => {
        const member: unknown = name === method ? undefined : Reflect.get(target, name)
        return typeof member === 'function' ? member.bind(target) : member
      }
    })
    const credentials = createCredentials({ users })
    t.strictSame(
      all.filter((name) => credentials[name] === undefined),
      [...missing],
      method
    )
    t.type(credentials.setPassword, 'function')
  }
})
