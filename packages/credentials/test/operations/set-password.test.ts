import { hashSync } from '@node-rs/argon2'
import { spy } from '@drawbridge/test-support/spies/spy'
import t from 'tap'
import { changePassword } from '../../src/operations/change-password.ts'
import { register } from '../../src/operations/register.ts'
import { setPassword } from '../../src/operations/set-password.ts'
import { isStampCurrent, stampOf } from '../../src/operations/stamp.ts'
import { verify } from '../../src/operations/verify.ts'
import { HashingQueue } from '../../src/passwords/hashing-queue.ts'
import { createMemoryUserStore } from '../../src/users/memory-user-store.ts'
import { createTestDependencies, PASSWORD } from '../create-test-dependencies.ts'

const ADDRESS = '192.0.2.1'
const NEXT = 'another phrase of some length'
const OTHER = 'a third phrase of some length'

/** Kim, and what a service does with her. */
async function setUp() {
  const store = createMemoryUserStore()
  const users = spy(store)
  const context = createTestDependencies({ users: users.store })
  const { deps, work } = context
  const registered = await register(deps, { username: 'Kim', password: PASSWORD })
  if (!registered.ok) throw new Error(registered.reason)
  const { user, passwordStamp } = registered
  Object.assign(work, { compared: 0, made: 0 })
  users.calls.length = 0
  return {
    ...context,
    store,
    users,
    userId: user.id,
    passwordStamp,
    set: (newPassword = NEXT, stamp?: string) =>
      setPassword(deps, { userId: user.id, newPassword, passwordStamp: stamp }),
    change: (newPassword = OTHER) =>
      changePassword(deps, { userId: user.id, currentPassword: PASSWORD, newPassword, address: ADDRESS }),
    signIn: (password: string) => verify(deps, { username: 'kim', password, address: ADDRESS }),
    isCurrent: (stamp: string) => isStampCurrent(deps, { userId: user.id, passwordStamp: stamp })
  }
}

t.test('the new password is valid from then on, without the old one, and the stamp moves', async (t) => {
  const { set, signIn, isCurrent, userId, passwordStamp, work } = await setUp()
  const outcome = await set()
  if (!outcome.ok) return t.fail(outcome.reason)
  t.strictSame(outcome.user, { id: userId, username: 'Kim' })
  t.strictSame(work, { compared: 0, made: 1 })
  t.notOk(await isCurrent(passwordStamp), 'what was bound to the old one is void')
  t.ok(await isCurrent(outcome.passwordStamp))
  t.match(await signIn(PASSWORD), { ok: false, detail: 'wrong-password' })
  t.ok((await signIn(NEXT)).ok)
})

t.test('the policy applies, with the words of the service and the username', async (t) => {
  const { set, signIn, work } = await setUp()
  const violations = [
    ['too short', 'too-short'],
    ['passwordpassword', 'common'],
    ['kim drawbridge kim', 'context']
  ] as const
  for (const [newPassword, rule] of violations)
    t.match(await set(newPassword), { ok: false, reason: 'policy', rule, message: String })
  t.strictSame(await set('\uDFFF'.repeat(20)), { ok: false, reason: 'malformed', field: 'newPassword' })
  t.strictSame(work, { compared: 0, made: 0 })
  t.ok((await signIn(PASSWORD)).ok)
})

t.test('an unknown user is an outcome, and nothing is computed', async (t) => {
  const { deps, work } = await setUp()
  const unknown = { ok: false, reason: 'unknown-user' }
  t.strictSame(await setPassword(deps, { userId: 'nobody', newPassword: NEXT }), unknown)
  t.strictSame(work, { compared: 0, made: 0 })
})

t.test('a user who is removed meanwhile is unknown', async (t) => {
  const { users, store, userId, set } = await setUp()
  users.before('replacePasswordHash', () => store.remove?.(userId))
  t.strictSame(await set(), { ok: false, reason: 'unknown-user' })
})

t.test('no attempt is counted, and none is needed', async (t) => {
  const { set, signIn, work } = await setUp()
  for (let at = 0; at < 5; at += 1) await signIn('wrong')
  t.match(await signIn(PASSWORD), { reason: 'throttled' })
  t.ok((await set()).ok)
  t.equal(work.made, 1)
})

t.test('with a stamp it is set once: the second use of the same stamp is outdated', async (t) => {
  const { set, signIn, passwordStamp } = await setUp()
  t.ok((await set(NEXT, passwordStamp)).ok)
  const outdated = { ok: false, reason: 'stamp-outdated' }
  t.strictSame(await set(OTHER, passwordStamp), outdated)
  t.strictSame(await set(OTHER, ''), outdated, 'an empty stamp is no absent one')
  t.ok((await signIn(NEXT)).ok)
})

t.test('the stamp of a disabled user is outdated; an operator may still set the password', async (t) => {
  const { set, store, userId, passwordStamp, signIn } = await setUp()
  await store.setDisabled?.(userId, true)
  t.strictSame(await set(NEXT, passwordStamp), { ok: false, reason: 'stamp-outdated' })
  t.ok((await set(NEXT)).ok)
  t.match(await signIn(NEXT), { detail: 'disabled' })
})

t.test('of two uses of one stamp, both checked before either sets it, one succeeds', async (t) => {
  const { users, set, signIn, passwordStamp } = await setUp()
  let second: Awaited<ReturnType<typeof set>> | undefined
  users.before('replacePasswordHash', async () => {
    second = await set(OTHER, passwordStamp)
  })
  t.strictSame(await set(NEXT, passwordStamp), { ok: false, reason: 'stamp-outdated' })
  t.ok(second?.ok)
  t.ok((await signIn(OTHER)).ok)
})

t.test('also where the second use comes between the look at the stamp and the replacement', async (t) => {
  const { users, set, signIn, passwordStamp } = await setUp()
  const useSecond = async () => t.ok((await set(OTHER, passwordStamp)).ok)
  users.after('findById', () => users.after('findById', useSecond))
  t.strictSame(await set(NEXT, passwordStamp), { ok: false, reason: 'stamp-outdated' })
  t.ok((await signIn(OTHER)).ok)
})

t.test('a change of password meanwhile: without a stamp the set wins, with one the change', async (t) => {
  const { users, set, change, signIn, passwordStamp } = await setUp()
  users.before('replacePasswordHash', async () => t.ok((await change()).ok))
  t.ok((await set()).ok)
  t.ok((await signIn(NEXT)).ok)
  t.match(await signIn(OTHER), { detail: 'wrong-password' })

  const other = await setUp()
  other.users.before('replacePasswordHash', async () => t.ok((await other.change()).ok))
  t.strictSame(await other.set(NEXT, other.passwordStamp), { ok: false, reason: 'stamp-outdated' })
  t.ok((await other.signIn(OTHER)).ok)
  t.equal(other.passwordStamp.length, passwordStamp.length)
})

t.test(
  'a change of password that is overtaken fails, since the old password is no longer valid',
  async (t) => {
    const { users, set, change, signIn } = await setUp()
    users.before('replacePasswordHash', async () => t.ok((await set()).ok))
    t.strictSame(await change(), { ok: false, reason: 'invalid-credentials', detail: 'wrong-password' })
    t.ok((await signIn(NEXT)).ok)
  }
)

t.test('the stamp of a sign-in in flight is outdated once the password is set', async (t) => {
  const { users, set, signIn, isCurrent } = await setUp()
  users.after('findByUsernameKey', async () => t.ok((await set()).ok))
  const outcome = await signIn(PASSWORD)
  if (!outcome.ok) return t.fail('the hash that was read is that of the old password')
  t.notOk(await isCurrent(outcome.passwordStamp))
})

/** Kim with a hash of a lower cost, which the next sign-in replaces. */
async function setUpOldHash() {
  const context = await setUp()
  const { store, userId } = context
  const { passwordHash } = (await store.findById(userId))!
  const old = hashSync(PASSWORD, { memoryCost: 512, timeCost: 1 })
  await store.replacePasswordHash(userId, passwordHash, old)
  const found = await stampOf(context.deps, { userId })
  return { ...context, passwordStamp: found?.passwordStamp ?? '' }
}

t.test('a sign-in that upgrades the hash meanwhile does not outdate the stamp', async (t) => {
  const { users, set, signIn, passwordStamp } = await setUpOldHash()
  users.before('replacePasswordHash', async () => t.ok((await signIn(PASSWORD)).ok, 'upgrades'))
  t.ok((await set(NEXT, passwordStamp)).ok)
  t.ok((await signIn(NEXT)).ok)
})

t.test('an upgrade of the hash in flight does not undo the new password', async (t) => {
  const { users, set, signIn } = await setUpOldHash()
  users.before('replacePasswordHash', async () => t.ok((await set()).ok))
  t.match(await signIn(PASSWORD), { ok: false, detail: 'wrong-password' })
  t.ok((await signIn(NEXT)).ok)
})

t.test('if the hash changes again and again, the outcome is busy', async (t) => {
  const { set, store } = await setUp()
  store.replacePasswordHash = async () => false
  t.strictSame(await set(), { ok: false, reason: 'busy', retryAfterSeconds: 2 })
})

t.test('if the queue is full, the outcome is busy and nothing changes', async (t) => {
  const { deps, userId, signIn, work } = await setUp()
  const full = { ...deps, hashingQueue: new HashingQueue(0, 0) }
  const outcome = await setPassword(full, { userId, newPassword: NEXT })
  t.strictSame(outcome, { ok: false, reason: 'busy', retryAfterSeconds: 2 })
  t.strictSame(work, { compared: 0, made: 0 })
  t.ok((await signIn(PASSWORD)).ok)
})

t.test('a store that is down at any step rejects as unavailable', async (t) => {
  const { users, set } = await setUp()
  const down = () => Promise.reject(new Error('down'))
  const unavailable = { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE', statusCode: 503 }
  users.before('findById', down)
  await t.rejects(set(), unavailable)
  users.before('replacePasswordHash', down)
  await t.rejects(set(), unavailable)
  users.after('findById', () => users.before('findById', down))
  await t.rejects(set(), unavailable, 'when the user is read again')
})
