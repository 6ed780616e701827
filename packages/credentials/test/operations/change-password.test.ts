import { hashSync } from '@node-rs/argon2'
import t from 'tap'
import { changePassword } from '../../src/operations/change-password.ts'
import { HashingQueue } from '../../src/passwords/hashing-queue.ts'
import { register } from '../../src/operations/register.ts'
import { isStampCurrent } from '../../src/operations/stamp.ts'
import { verify } from '../../src/operations/verify.ts'
import { type TestDependencies, createTestDependencies, PASSWORD } from '../create-test-dependencies.ts'

const ADDRESS = '192.0.2.1'
const NEXT = 'another phrase of some length'

async function registered(): Promise<TestDependencies & { readonly userId: string }> {
  const context = createTestDependencies()
  const outcome = await register(context.deps, { username: 'Kim', password: PASSWORD })
  if (!outcome.ok) throw new Error(outcome.reason)
  Object.assign(context.work, { compared: 0, made: 0 })
  return { ...context, userId: outcome.user.id }
}

function signIn({ deps }: TestDependencies, password: string, address = ADDRESS) {
  return verify(deps, { username: 'kim', password, address })
}

t.test('the new password is valid from then on, and the old one is not', async (t) => {
  const context = await registered()
  const { deps, userId } = context
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  const changed = await changePassword(deps, change)
  if (!changed.ok) return t.fail('rejected')
  t.strictSame(changed.user, { id: userId, username: 'Kim' })
  t.ok(
    await isStampCurrent(deps, { userId, passwordStamp: changed.passwordStamp }),
    'the stamp is that of the new password'
  )
  t.match(await signIn(context, PASSWORD), { ok: false, detail: 'wrong-password' })
  t.ok((await signIn(context, NEXT)).ok)
})

t.test('without the current password nothing changes', async (t) => {
  const context = await registered()
  const { deps, userId, work } = context
  const change = { userId, currentPassword: 'wrong', newPassword: NEXT, address: ADDRESS }
  t.strictSame(await changePassword(deps, change), {
    ok: false,
    reason: 'invalid-credentials',
    detail: 'wrong-password'
  })
  t.strictSame(work, { compared: 1, made: 0 })
  t.ok((await signIn(context, PASSWORD)).ok)
  t.match(await changePassword(deps, { ...change, currentPassword: '' }), { reason: 'malformed' })
  t.match(await changePassword(deps, { ...change, newPassword: '\uDFFF'.repeat(20) }), {
    reason: 'malformed'
  })
})

t.test('T15 guessing the current password has the same limit as signing in', async (t) => {
  const context = await registered()
  const { deps, userId, work } = context
  const change = { userId, currentPassword: 'wrong', newPassword: NEXT, address: ADDRESS }
  for (let at = 0; at < 3; at += 1)
    t.match(await changePassword(deps, change), { reason: 'invalid-credentials' })
  for (let at = 0; at < 2; at += 1) t.match(await signIn(context, 'wrong'), { reason: 'invalid-credentials' })
  const throttled = { ok: false, reason: 'throttled', retryAfterSeconds: 900 }
  t.strictSame(await changePassword(deps, { ...change, currentPassword: PASSWORD }), throttled)
  t.strictSame(await signIn(context, PASSWORD), throttled)
  t.strictSame(work, { compared: 5, made: 0 })
})

t.test('the policy applies to the new password, and a violation counts as no attempt', async (t) => {
  const context = await registered()
  const { deps, userId, work } = context
  const violations = [
    ['too short', 'too-short'],
    ['passwordpassword', 'common'],
    ['kim drawbridge kim', 'context']
  ] as const
  for (let round = 0; round < 5; round += 1) {
    for (const [newPassword, rule] of violations) {
      const change = { userId, currentPassword: PASSWORD, newPassword, address: ADDRESS }
      t.match(await changePassword(deps, change), { ok: false, reason: 'policy', rule })
    }
  }
  t.strictSame(work, { compared: 0, made: 0 })
  t.ok((await signIn(context, PASSWORD)).ok)
})

t.test('a removed or disabled user is rejected with the same work', async (t) => {
  const { deps, work } = await registered()
  const gone = { userId: 'gone', currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  t.match(await changePassword(deps, gone), { ok: false, reason: 'invalid-credentials', detail: 'unknown' })
  const passwordHash = hashSync(PASSWORD, { memoryCost: 1024, timeCost: 1 })
  const off = await deps.users.insert({ username: 'off', usernameKey: 'off', passwordHash, disabled: true })
  const disabled = { ...gone, userId: off?.id ?? '' }
  t.match(await changePassword(deps, disabled), {
    ok: false,
    reason: 'invalid-credentials',
    detail: 'disabled'
  })
  t.strictSame(work, { compared: 2, made: 0 })
})

/** A user whose hash has a lower cost, so that the next sign-in replaces it. */
async function withOldHash(): Promise<TestDependencies & { readonly userId: string }> {
  const context = createTestDependencies()
  const passwordHash = hashSync(PASSWORD, { memoryCost: 512, timeCost: 1 })
  const user = { username: 'Kim', usernameKey: 'kim', passwordHash, disabled: false }
  return { ...context, userId: (await context.deps.users.insert(user))?.id ?? '' }
}

/** Runs an action to its end just before the next hash is replaced. */
function beforeNextReplacement({ deps: { users } }: TestDependencies, action: () => Promise<unknown>): void {
  const original = users.replacePasswordHash
  users.replacePasswordHash = async (...change) => {
    users.replacePasswordHash = original
    await action()
    return original.apply(users, change)
  }
}

t.test('a sign-in that upgrades the hash in between does not undo a change', async (t) => {
  const context = await withOldHash()
  const { deps, userId } = context
  beforeNextReplacement(context, async () => t.ok((await signIn(context, PASSWORD)).ok, 'upgrades'))
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  t.ok((await changePassword(deps, change)).ok)
  t.ok((await signIn(context, NEXT)).ok)
  t.match(await signIn(context, PASSWORD), { detail: 'wrong-password' })
})

t.test('the upgrade of the hash at a sign-in does not undo a change in between', async (t) => {
  const context = await withOldHash()
  const { deps, userId } = context
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  beforeNextReplacement(context, async () => t.ok((await changePassword(deps, change)).ok, 'changes'))
  t.match(await signIn(context, PASSWORD), { ok: false, detail: 'wrong-password' })
  t.ok((await signIn(context, NEXT)).ok)
})

t.test('of two changes at the same moment one succeeds, and the other is rejected', async (t) => {
  const context = await registered()
  const { deps, userId } = context
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  const outcomes = await Promise.all([
    changePassword(deps, change),
    changePassword(deps, { ...change, newPassword: `${NEXT} 2` })
  ])
  const [won, lost] = outcomes[0].ok ? [NEXT, `${NEXT} 2`] : [`${NEXT} 2`, NEXT]
  t.equal(outcomes.filter(({ ok }) => ok).length, 1)
  t.match(
    outcomes.find(({ ok }) => !ok),
    { reason: 'invalid-credentials', detail: 'wrong-password' }
  )
  t.ok((await signIn(context, won)).ok)
  t.notOk((await signIn(context, lost)).ok)
})

t.test('if the hash changes again and again, the outcome is busy', async (t) => {
  const { deps, userId } = await registered()
  deps.users.replacePasswordHash = async () => false
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  t.match(await changePassword(deps, change), { ok: false, reason: 'busy' })
})

t.test('if the queue is full, the outcome is busy and no attempt is counted', async (t) => {
  const context = await registered()
  const { deps, userId, work } = context
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  const full = { ...deps, hashingQueue: new HashingQueue(0, 0) }
  for (let at = 0; at < 10; at += 1) t.match(await changePassword(full, change), { reason: 'busy' })
  t.strictSame(work, { compared: 0, made: 0 })
  t.ok((await changePassword(deps, change)).ok)
})

t.test('a broken store rejects as unavailable', async (t) => {
  const { deps, userId } = await registered()
  deps.users.findById = () => Promise.reject(new Error('down'))
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  await t.rejects(changePassword(deps, change), { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE' })
})
