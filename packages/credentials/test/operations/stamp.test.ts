import t from 'tap'
import { spy } from '@drawbridge/test-support/spies/spy'
import { changePassword } from '../../src/operations/change-password.ts'
import { createCredentials } from '../../src/create-credentials.ts'
import { register } from '../../src/operations/register.ts'
import { isStampCurrent, stampOf } from '../../src/operations/stamp.ts'
import { createMemoryUserStore } from '../../src/users/memory-user-store.ts'
import { verify } from '../../src/operations/verify.ts'
import { HashingQueue } from '../../src/passwords/hashing-queue.ts'
import { CHEAP_COST, createTestDependencies, PASSWORD } from '../create-test-dependencies.ts'

const ADDRESS = '192.0.2.1'
const NEXT = 'another phrase of some length'
const FOREIGN = '$2b$04$abcdefghijklmnopqrstuufznL8bkzdtHwLhca4To/v9Lo9bA7fR6'

/** Kim, whose password is that of all tests, or `pass` if the hash is foreign. */
async function setUp({ isForeign = false } = {}) {
  const store = createMemoryUserStore()
  const users = spy(store)
  const context = createTestDependencies({ users: users.store })
  const { deps } = context
  const registered = await register(deps, { username: 'kim', password: PASSWORD })
  if (!registered.ok) throw new Error(registered.reason)
  const userId = registered.user.id
  const stored = (await store.findById(userId))!
  if (isForeign) await store.replacePasswordHash(userId, stored.passwordHash, FOREIGN)
  const signIn = (password = isForeign ? 'pass' : PASSWORD) =>
    verify(deps, { username: 'kim', password, address: ADDRESS })
  const signInForStamp = async () => {
    const outcome = await signIn()
    if (!outcome.ok) throw new Error(outcome.reason)
    return outcome.passwordStamp
  }
  const isCurrent = (passwordStamp: string, id = userId) =>
    isStampCurrent(deps, { userId: id, passwordStamp })
  return { ...context, store, users, userId, stored, registered, signIn, signInForStamp, isCurrent }
}

t.test('a stamp is current until the password is changed', async (t) => {
  const { deps, userId, stored, registered, signInForStamp, isCurrent } = await setUp()
  const passwordStamp = await signInForStamp()
  t.match(passwordStamp, /^[\w-]{22}$/)
  t.notOk(stored.passwordHash.includes(passwordStamp))
  t.equal(registered.passwordStamp, passwordStamp, 'a registration returns the same stamp')
  t.ok(await isCurrent(passwordStamp))
  t.notOk(await isCurrent(passwordStamp, 'nobody'))
  t.notOk(await isCurrent(''))
  await changePassword(deps, { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS })
  t.notOk(await isCurrent(passwordStamp))
})

t.test('setting the same password again makes a new stamp', async (t) => {
  const { deps, userId, signInForStamp, isCurrent } = await setUp()
  const passwordStamp = await signInForStamp()
  const samePassword = { userId, currentPassword: PASSWORD, newPassword: PASSWORD, address: ADDRESS }
  t.ok((await changePassword(deps, samePassword)).ok)
  t.notOk(await isCurrent(passwordStamp))
})

t.test('no stamp is current for a user who is disabled, removed or without a password', async (t) => {
  const { store, stored, signInForStamp, isCurrent } = await setUp()
  const passwordStamp = await signInForStamp()
  for (const found of [{ ...stored, disabled: true }, null, { ...stored, passwordHash: null as never }]) {
    store.findById = async () => found
    t.equal(await isCurrent(passwordStamp), false)
  }
})

t.test('a store that is down rejects as unavailable', async (t) => {
  const { users, signInForStamp, isCurrent } = await setUp()
  const passwordStamp = await signInForStamp()
  users.before('findById', () => Promise.reject(new Error('down')))
  await t.rejects(isCurrent(passwordStamp), { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE' })
})

t.test('the stamp of a sign-in that upgraded a foreign hash is that of the new hash', async (t) => {
  const { signInForStamp, isCurrent } = await setUp({ isForeign: true })
  t.ok(await isCurrent(await signInForStamp()))
})

t.test('if the hash could not be upgraded, the stamp is that of the stored one', async (t) => {
  const { users, errors, signInForStamp, isCurrent } = await setUp({ isForeign: true })
  users.before('replacePasswordHash', () => Promise.reject(new Error('read only')))
  t.ok(await isCurrent(await signInForStamp()))
  t.match(errors, [{ message: 'read only' }])
})

t.test('two parallel first sign-ins both get the stamp of the stored hash', async (t) => {
  const { users, work, signInForStamp, isCurrent } = await setUp({ isForeign: true })
  Object.assign(work, { compared: 0, made: 0 })
  let first = ''
  users.before('replacePasswordHash', async () => {
    first = await signInForStamp()
  })
  const second = await signInForStamp()
  t.equal(second, first)
  t.ok(await isCurrent(second))
  t.strictSame(work, { compared: 3, made: 2 }, 'only the loser compares once more')
})

t.test('a change of password that overtakes an upgrade rejects the sign-in', async (t) => {
  const { deps, users, userId, signIn } = await setUp({ isForeign: true })
  users.before('replacePasswordHash', async () => {
    const change = { userId, currentPassword: 'pass', newPassword: NEXT, address: ADDRESS }
    t.ok((await changePassword(deps, change)).ok)
  })
  t.strictSame(await signIn(), { ok: false, reason: 'invalid-credentials', detail: 'wrong-password' })
  t.ok((await signIn(NEXT)).ok)
})

t.test('the stamp of a user is found by id and by username, and is that of a sign-in', async (t) => {
  const { deps, userId, signInForStamp } = await setUp()
  const found = { user: { id: userId, username: 'kim' }, passwordStamp: await signInForStamp() }
  t.strictSame(await stampOf(deps, { userId }), found)
  t.strictSame(await stampOf(deps, { username: ' KIM ' }), found)
})

t.test('a user who is unknown or disabled has no stamp to find', async (t) => {
  const { deps, store, stored } = await setUp()
  for (const input of [
    { userId: 'nobody' },
    { username: 'nobody' },
    { username: '\u0000' },
    { username: '' }
  ])
    t.equal(await stampOf(deps, input), null, JSON.stringify(input))
  store.findById = async () => ({ ...stored, disabled: true })
  t.equal(await stampOf(deps, { userId: stored.id }), null)
})

t.test('a store that is down rejects the search for a stamp as unavailable', async (t) => {
  const { deps, users, userId } = await setUp()
  users.outage = new Error('down')
  for (const input of [{ userId }, { username: 'kim' }])
    await t.rejects(stampOf(deps, input), { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE' })
})

/** Two nodes with a hash format of the service's own. */
function createNodes() {
  const users = createMemoryUserStore()
  const verifier = {
    matches: (hash: string) => hash.startsWith('own$'),
    verify: (password: string, hash: string) => hash === `own$${password}`
  }
  const hashing = { ...CHEAP_COST, verifiers: [verifier] }
  const node = () => createCredentials({ users, hashing })
  return { users, one: node(), other: node() }
}

t.test('where the salt is unknown, or there is no hash, all nodes find the same stamp', async (t) => {
  for (const passwordHash of ['own$a password', '!', '', 'unknown$of another system', null as never]) {
    const { users, one, other } = createNodes()
    const stored = await users.insert({ username: 'kim', usernameKey: 'kim', passwordHash, disabled: false })
    const userId = stored?.id ?? ''
    const found = await one.stampOf({ userId })
    const passwordStamp = found?.passwordStamp ?? ''
    t.match(passwordStamp, /^[\w-]{22}$/)
    t.strictSame(await other.stampOf({ username: 'kim' }), found, `hash ${passwordHash}`)
    t.ok(await other.isStampCurrent({ userId, passwordStamp }))
    const set = { userId, passwordStamp, newPassword: NEXT }
    t.match(await other.setPassword(set), { ok: true })
    t.equal(await one.isStampCurrent({ userId, passwordStamp }), false)
    t.match(await one.setPassword(set), { reason: 'stamp-outdated' })
  }
})

t.test('such a stamp differs between users who have the same hash', async (t) => {
  const { users, one } = createNodes()
  for (const name of ['kim', 'lee'])
    await users.insert({ username: name, usernameKey: name, passwordHash: 'own$pass', disabled: false })
  const stamps = await Promise.all(['kim', 'lee'].map((username) => one.stampOf({ username })))
  t.not(stamps[0]?.passwordStamp, stamps[1]?.passwordStamp)
})

t.test(
  'the stamp of an argon2id hash computes nothing, and that of an unknown one waits for its turn',
  async (t) => {
    const { deps, userId, store, stored, work } = await setUp()
    Object.assign(work, { compared: 0, made: 0 })
    const full = { ...deps, hashingQueue: new HashingQueue(0, 0) }
    t.ok(await stampOf(full, { userId }))
    t.strictSame(work, { compared: 0, made: 0 })
    await store.replacePasswordHash(userId, stored.passwordHash, '!')
    await t.rejects(stampOf(full, { userId }), { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE' })
  }
)
