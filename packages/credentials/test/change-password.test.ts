import { hashSync } from '@node-rs/argon2'
import t from 'tap'
import { changePassword } from '../src/change-password.ts'
import { HashingQueue } from '../src/passwords/hashing-queue.ts'
import { register } from '../src/register.ts'
import { stillHolds } from '../src/still-holds.ts'
import { verify } from '../src/verify.ts'
import { type Counted, countedParts, PASSWORD } from './counted-parts.ts'

const ADDRESS = '192.0.2.1'
const NEXT = 'another phrase of some length'

async function registered(): Promise<Counted & { readonly userId: string }> {
  const counted = countedParts()
  const outcome = await register(counted.parts, { username: 'Kim', password: PASSWORD })
  if (!outcome.ok) throw new Error(outcome.reason)
  Object.assign(counted.work, { compared: 0, made: 0 })
  return { ...counted, userId: outcome.user.id }
}

function logIn({ parts }: Counted, password: string, address = ADDRESS) {
  return verify(parts, { username: 'kim', password, address })
}

t.test('the new password holds from then on, and the old one no more', async (t) => {
  const counted = await registered()
  const { parts, userId } = counted
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  const changed = await changePassword(parts, change)
  if (!changed.ok) return t.fail('refused')
  t.strictSame(changed.user, { id: userId, username: 'Kim' })
  t.ok(await stillHolds(parts, { userId, proof: changed.proof }), 'the proof is of the new password')
  t.match(await logIn(counted, PASSWORD), { ok: false, detail: 'wrong-password' })
  t.ok((await logIn(counted, NEXT)).ok)
})

t.test('without the current password nothing changes', async (t) => {
  const counted = await registered()
  const { parts, userId, work } = counted
  const change = { userId, currentPassword: 'wrong', newPassword: NEXT, address: ADDRESS }
  t.strictSame(await changePassword(parts, change), {
    ok: false,
    reason: 'rejected',
    detail: 'wrong-password'
  })
  t.strictSame(work, { compared: 1, made: 0 })
  t.ok((await logIn(counted, PASSWORD)).ok)
  t.match(await changePassword(parts, { ...change, currentPassword: '' }), { reason: 'malformed' })
  t.match(await changePassword(parts, { ...change, newPassword: '\uDFFF'.repeat(20) }), {
    reason: 'malformed'
  })
})

t.test('T15 guessing the current password runs into the same limit as logging in', async (t) => {
  const counted = await registered()
  const { parts, userId, work } = counted
  const change = { userId, currentPassword: 'wrong', newPassword: NEXT, address: ADDRESS }
  for (let at = 0; at < 3; at += 1) t.match(await changePassword(parts, change), { reason: 'rejected' })
  for (let at = 0; at < 2; at += 1) t.match(await logIn(counted, 'wrong'), { reason: 'rejected' })
  const throttled = { ok: false, reason: 'throttled', retryAfterSeconds: 900 }
  t.strictSame(await changePassword(parts, { ...change, currentPassword: PASSWORD }), throttled)
  t.strictSame(await logIn(counted, PASSWORD), throttled)
  t.strictSame(work, { compared: 5, made: 0 })
})

t.test('the policy holds for the new password, and a refusal is no attempt', async (t) => {
  const counted = await registered()
  const { parts, userId, work } = counted
  const refused = [
    ['too short', 'too-short'],
    ['passwordpassword', 'common'],
    ['kim drawbridge kim', 'context']
  ] as const
  for (let round = 0; round < 5; round += 1) {
    for (const [newPassword, rule] of refused) {
      const change = { userId, currentPassword: PASSWORD, newPassword, address: ADDRESS }
      t.match(await changePassword(parts, change), { ok: false, reason: 'policy', rule })
    }
  }
  t.strictSame(work, { compared: 0, made: 0 })
  t.ok((await logIn(counted, PASSWORD)).ok)
})

t.test('a user that is gone or disabled is refused with the same work', async (t) => {
  const { parts, work } = await registered()
  const gone = { userId: 'gone', currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  t.match(await changePassword(parts, gone), { ok: false, reason: 'rejected', detail: 'unknown' })
  const passwordHash = hashSync(PASSWORD, { memoryCost: 1024, timeCost: 1 })
  const off = await parts.users.insert({ username: 'off', usernameKey: 'off', passwordHash, disabled: true })
  const disabled = { ...gone, userId: off?.id ?? '' }
  t.match(await changePassword(parts, disabled), { ok: false, reason: 'rejected', detail: 'disabled' })
  t.strictSame(work, { compared: 2, made: 0 })
})

/** A user whose hash is of an older cost, so that the next log-in makes a new one. */
async function withOldHash(): Promise<Counted & { readonly userId: string }> {
  const counted = countedParts()
  const passwordHash = hashSync(PASSWORD, { memoryCost: 512, timeCost: 1 })
  const user = { username: 'Kim', usernameKey: 'kim', passwordHash, disabled: false }
  return { ...counted, userId: (await counted.parts.users.insert(user))?.id ?? '' }
}

/** Something else happens, whole, just before the next hash is replaced. */
function beforeNextReplacement({ parts: { users } }: Counted, happens: () => Promise<unknown>): void {
  const original = users.replacePasswordHash
  users.replacePasswordHash = async (...change) => {
    users.replacePasswordHash = original
    await happens()
    return original.apply(users, change)
  }
}

t.test("a change is not lost to a log-in's upgrade of the hash in between", async (t) => {
  const counted = await withOldHash()
  const { parts, userId } = counted
  beforeNextReplacement(counted, async () => t.ok((await logIn(counted, PASSWORD)).ok, 'upgrades'))
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  t.ok((await changePassword(parts, change)).ok)
  t.ok((await logIn(counted, NEXT)).ok)
  t.match(await logIn(counted, PASSWORD), { detail: 'wrong-password' })
})

t.test("a log-in's upgrade of the hash does not undo a change in between", async (t) => {
  const counted = await withOldHash()
  const { parts, userId } = counted
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  beforeNextReplacement(counted, async () => t.ok((await changePassword(parts, change)).ok, 'changes'))
  t.match(await logIn(counted, PASSWORD), { ok: false, detail: 'wrong-password' })
  t.ok((await logIn(counted, NEXT)).ok)
})

t.test('of two changes at the same moment one holds, and the other is refused', async (t) => {
  const counted = await registered()
  const { parts, userId } = counted
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  const outcomes = await Promise.all([
    changePassword(parts, change),
    changePassword(parts, { ...change, newPassword: `${NEXT} 2` })
  ])
  const [won, lost] = outcomes[0].ok ? [NEXT, `${NEXT} 2`] : [`${NEXT} 2`, NEXT]
  t.equal(outcomes.filter(({ ok }) => ok).length, 1)
  t.match(
    outcomes.find(({ ok }) => !ok),
    { reason: 'rejected', detail: 'wrong-password' }
  )
  t.ok((await logIn(counted, won)).ok)
  t.notOk((await logIn(counted, lost)).ok)
})

t.test('a hash that changes again and again is given up as busy', async (t) => {
  const { parts, userId } = await registered()
  parts.users.replacePasswordHash = async () => false
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  t.match(await changePassword(parts, change), { ok: false, reason: 'busy' })
})

t.test('with a full queue it is busy, and no attempt', async (t) => {
  const counted = await registered()
  const { parts, userId, work } = counted
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  const full = { ...parts, queue: new HashingQueue(0, 0) }
  for (let at = 0; at < 10; at += 1) t.match(await changePassword(full, change), { reason: 'busy' })
  t.strictSame(work, { compared: 0, made: 0 })
  t.ok((await changePassword(parts, change)).ok)
})

t.test('a broken store rejects as unavailable', async (t) => {
  const { parts, userId } = await registered()
  parts.users.findById = () => Promise.reject(new Error('down'))
  const change = { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS }
  await t.rejects(changePassword(parts, change), { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE' })
})
