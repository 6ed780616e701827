import t from 'tap'
import { HashingQueue } from '../../src/passwords/hashing-queue.ts'
import { register } from '../../src/operations/register.ts'
import { verify } from '../../src/operations/verify.ts'
import { createTestDependencies, PASSWORD } from '../create-test-dependencies.ts'

const ADDRESS = '192.0.2.1'

t.test('a registered user can sign in, and the name is displayed as entered', async (t) => {
  const { deps } = createTestDependencies()
  const outcome = await register(deps, { username: 'Zoë'.normalize('NFD'), password: PASSWORD })
  if (!outcome.ok) return t.fail('rejected')
  t.equal(outcome.user.username, 'Zoë'.normalize('NFC'))
  const login = await verify(deps, { username: 'ZOË', password: PASSWORD, address: ADDRESS })
  t.strictSame(login, { ok: true, user: outcome.user, passwordStamp: outcome.passwordStamp })
})

t.test('E04 U01 a name that is taken, in any spelling, is an outcome', async (t) => {
  const { deps } = createTestDependencies()
  t.ok((await register(deps, { username: 'Alice', password: PASSWORD })).ok)
  for (const username of [
    'Alice',
    'alice',
    'ALICE',
    'ａｌｉｃｅ',
    'alice ',
    'alice\t',
    '\u00A0alice\u200B'
  ]) {
    t.strictSame(
      await register(deps, { username, password: PASSWORD }),
      { ok: false, reason: 'username-taken' },
      username
    )
  }
  for (const username of ['al  ice', 'al\tice', 'al\u200Bice']) {
    t.strictSame(await register(deps, { username, password: PASSWORD }), {
      ok: false,
      reason: 'malformed',
      field: 'username'
    })
  }
})

t.test('a name that only looks the same is another account', async (t) => {
  const { deps } = createTestDependencies()
  const latin = await register(deps, { username: 'alice', password: PASSWORD })
  const cyrillic = await register(deps, { username: 'аlice', password: PASSWORD })
  if (!latin.ok || !cyrillic.ok) return t.fail('rejected')
  t.not(latin.user.id, cyrillic.user.id)
})

t.test('of many registrations of one name at the same moment, one succeeds', async (t) => {
  const { deps } = createTestDependencies()
  const spellings = ['kim', 'Kim', 'KIM', 'kIm', 'kiM']
  const outcomes = await Promise.all(
    spellings.map((username) => register(deps, { username, password: PASSWORD }))
  )
  t.equal(outcomes.filter(({ ok }) => ok).length, 1)
  t.equal(outcomes.filter((outcome) => !outcome.ok && outcome.reason === 'username-taken').length, 4)
})

t.test('two users with one password have different hashes', async (t) => {
  const { deps } = createTestDependencies()
  await register(deps, { username: 'kim', password: PASSWORD })
  await register(deps, { username: 'lee', password: PASSWORD })
  const hashes = await Promise.all(
    ['kim', 'lee'].map(async (key) => (await deps.users.findByUsernameKey(key))?.passwordHash)
  )
  t.equal(new Set(hashes).size, 2)
})

t.test(
  'a password that violates the policy is rejected with the rule and a sentence, and nothing is computed',
  async (t) => {
    const { deps, work } = createTestDependencies()
    const violations = [
      ['only fourteen!', 'too-short'],
      ['x'.repeat(1025), 'too-long'],
      ['1qaz2wsx3edc4rfv', 'common'],
      ['drawbridge-2026-pass', 'context'],
      ['kimberly-kimberly', 'context']
    ] as const
    for (const [password, rule] of violations) {
      const outcome = await register(deps, { username: 'kimberly', password })
      t.match(outcome, { ok: false, reason: 'policy', rule, message: /^The .*\.$/ }, rule)
    }
    t.strictSame(work, { compared: 0, made: 0 })
    t.equal(await deps.users.findByUsernameKey('kimberly'), null)
  }
)

t.test('a user who is registered as disabled is stored as disabled, and any other is not', async (t) => {
  const { deps } = createTestDependencies()
  for (const [username, disabled, stored] of [
    ['kim', true, true],
    ['lee', false, false],
    ['ola', undefined, false]
  ] as const) {
    const outcome = await register(deps, {
      username,
      password: PASSWORD,
      ...(disabled !== undefined && { disabled })
    })
    t.equal(outcome.ok, true)
    t.equal((await deps.users.findByUsernameKey(username))?.disabled, stored)
  }
})

t.test('ill-formed text is malformed', async (t) => {
  const { deps } = createTestDependencies()
  const malformed = { ok: false, reason: 'malformed', field: 'password' }
  t.strictSame(await register(deps, { username: 'kim', password: `${PASSWORD}\uD800` }), malformed)
  t.strictSame(await register(deps, { username: 'ki\u200Bm', password: PASSWORD }), {
    ...malformed,
    field: 'username'
  })
  t.strictSame(await register(deps, { username: 'kim', password: 5 as unknown as string }), malformed)
})

t.test('if the queue is full, the outcome is busy, before any hash is computed', async (t) => {
  const { deps, work } = createTestDependencies({ hashingQueue: new HashingQueue(0, 0) })
  const outcome = await register(deps, { username: 'kim', password: PASSWORD })
  t.match(outcome, { ok: false, reason: 'busy', retryAfterSeconds: Number })
  t.strictSame(work, { compared: 0, made: 0 })
})

t.test('a broken store rejects as unavailable', async (t) => {
  const { deps } = createTestDependencies()
  deps.users.insert = () => Promise.reject(new Error('disk full'))
  await t.rejects(register(deps, { username: 'kim', password: PASSWORD }), {
    code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE',
    cause: { message: 'disk full' }
  })
})
