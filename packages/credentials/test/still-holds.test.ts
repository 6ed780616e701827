import t from 'tap'
import { interposed } from '../../logins/test/interposed.ts'
import { changePassword } from '../src/change-password.ts'
import { register } from '../src/register.ts'
import { stillHolds } from '../src/still-holds.ts'
import { createMemoryUserStore } from '../src/users/memory-user-store.ts'
import { verify } from '../src/verify.ts'
import { countedParts, PASSWORD } from './counted-parts.ts'

const ADDRESS = '192.0.2.1'
const NEXT = 'another phrase of some length'
const FOREIGN = '$2b$04$abcdefghijklmnopqrstuufznL8bkzdtHwLhca4To/v9Lo9bA7fR6'

/** Kim, whose password is the one of all tests, or `pass` where the hash is foreign. */
async function setUp({ isForeign = false } = {}) {
  const kept = createMemoryUserStore()
  const users = interposed(kept)
  const counted = countedParts({ users: users.store })
  const { parts } = counted
  const registered = await register(parts, { username: 'kim', password: PASSWORD })
  if (!registered.ok) throw new Error(registered.reason)
  const userId = registered.user.id
  const stored = (await kept.findById(userId))!
  if (isForeign) await kept.replacePasswordHash(userId, stored.passwordHash, FOREIGN)
  const logIn = (password = isForeign ? 'pass' : PASSWORD) =>
    verify(parts, { username: 'kim', password, address: ADDRESS })
  const proofOfLogIn = async () => {
    const outcome = await logIn()
    if (!outcome.ok) throw new Error(outcome.reason)
    return outcome.proof
  }
  const holds = (proof: string, id = userId) => stillHolds(parts, { userId: id, proof })
  return { ...counted, kept, users, userId, stored, registered, logIn, proofOfLogIn, holds }
}

t.test('what was proven holds until the password is another', async (t) => {
  const { parts, userId, stored, registered, proofOfLogIn, holds } = await setUp()
  const proof = await proofOfLogIn()
  t.match(proof, /^[\w-]{22}$/)
  t.notOk(stored.passwordHash.includes(proof))
  t.equal(registered.proof, proof, 'a registration proves the same')
  t.ok(await holds(proof))
  t.notOk(await holds(proof, 'nobody'))
  t.notOk(await holds(''))
  await changePassword(parts, { userId, currentPassword: PASSWORD, newPassword: NEXT, address: ADDRESS })
  t.notOk(await holds(proof))
})

t.test('the same password set anew is another proof', async (t) => {
  const { parts, userId, proofOfLogIn, holds } = await setUp()
  const proof = await proofOfLogIn()
  const same = { userId, currentPassword: PASSWORD, newPassword: PASSWORD, address: ADDRESS }
  t.ok((await changePassword(parts, same)).ok)
  t.notOk(await holds(proof))
})

t.test('it holds for nobody who is disabled, gone, or has no password any more', async (t) => {
  const { kept, stored, proofOfLogIn, holds } = await setUp()
  const proof = await proofOfLogIn()
  for (const found of [{ ...stored, disabled: true }, null, { ...stored, passwordHash: null as never }]) {
    kept.findById = async () => found
    t.equal(await holds(proof), false)
  }
})

t.test('a store that is down is neither yes nor no', async (t) => {
  const { users, proofOfLogIn, holds } = await setUp()
  const proof = await proofOfLogIn()
  users.before('findById', () => Promise.reject(new Error('down')))
  await t.rejects(holds(proof), { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE' })
})

t.test('the proof of a log-in that upgraded a foreign hash is of the new one', async (t) => {
  const { proofOfLogIn, holds } = await setUp({ isForeign: true })
  t.ok(await holds(await proofOfLogIn()))
})

t.test('where the hash could not be upgraded, the proof is of the one that stands', async (t) => {
  const { users, errors, proofOfLogIn, holds } = await setUp({ isForeign: true })
  users.before('replacePasswordHash', () => Promise.reject(new Error('read only')))
  t.ok(await holds(await proofOfLogIn()))
  t.match(errors, [{ message: 'read only' }])
})

t.test('of two first log-ins at once both have the proof of the hash that stands', async (t) => {
  const { users, work, proofOfLogIn, holds } = await setUp({ isForeign: true })
  Object.assign(work, { compared: 0, made: 0 })
  let first = ''
  users.before('replacePasswordHash', async () => {
    first = await proofOfLogIn()
  })
  const second = await proofOfLogIn()
  t.equal(second, first)
  t.ok(await holds(second))
  t.strictSame(work, { compared: 3, made: 2 }, 'only the loser compares once more')
})

t.test('a change of password that overtakes an upgrade refuses the log-in', async (t) => {
  const { parts, users, userId, logIn } = await setUp({ isForeign: true })
  users.before('replacePasswordHash', async () => {
    const change = { userId, currentPassword: 'pass', newPassword: NEXT, address: ADDRESS }
    t.ok((await changePassword(parts, change)).ok)
  })
  t.strictSame(await logIn(), { ok: false, reason: 'rejected', detail: 'wrong-password' })
  t.ok((await logIn(NEXT)).ok)
})
