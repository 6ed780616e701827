import t from 'tap'
import { commonPasswords } from '../../src/passwords/common-passwords.ts'
import { createPasswordPolicy, type IsBreached, type PolicyLimits } from '../../src/passwords/policy.ts'
import { POLICY as LIMITS } from '../create-test-dependencies.ts'

async function ruleFor(
  password: string,
  limits: Partial<PolicyLimits> = {},
  username = 'kim'
): Promise<string | null> {
  const errors: unknown[] = []
  const policy = createPasswordPolicy({ ...LIMITS, ...limits }, (error) => errors.push(error))
  return (await policy.check(password, username))?.rule ?? null
}

t.test('the length is counted in code points, from the minimum to the maximum', async (t) => {
  t.equal(await ruleFor('q7 rattle moon!'), null)
  t.equal(await ruleFor('q7 rattle moon'), 'too-short')
  t.equal(await ruleFor('😀🎈🌵🍕🚲🎻📎🧊🦉🪁🥁🌽🧭🧦🪴'), null, '15, of two code units each')
  t.equal(await ruleFor('😀🎈🌵🍕🚲🎻📎'), 'too-short', '7 are not 14')
  t.equal(await ruleFor('z y'.repeat(21) + 'x'), null, '64')
  t.equal(await ruleFor('z y'.repeat(341) + 'x'), null, '1024')
  t.equal(await ruleFor('z y'.repeat(341) + 'xw'), 'too-long', '1025')
  t.equal(await ruleFor('7 chars', { minLength: 8 }), 'too-short')
  t.equal(await ruleFor('8 charss', { minLength: 8 }), null)
})

t.test('the message contains the limit', async (t) => {
  const policy = createPasswordPolicy(LIMITS, () => {})
  t.match((await policy.check('short', 'kim'))?.message, '15')
  t.match((await policy.check('x'.repeat(1025), 'kim'))?.message, '1024')
})

t.test('any kinds of characters are allowed, together or alone', async (t) => {
  const accepted = [
    'a b'.repeat(15),
    '830571926405718',
    'correct horse battery',
    'ΕΝΑΣΜΥΣΤΙΚΟΣΚΗΠΟΣ',
    ' lead and trail '
  ]
  for (const password of [
    ...accepted,
    '!@#$%^&*()_+{}|',
    '\0\t\n\x1b\u200B and some more',
    'ａｂｃｄｅｆｇｈｉｊｋｌｍｎｐ'
  ]) {
    t.equal(await ruleFor(password), null, password)
  }
})

t.test('the list contains enough common passwords of each length that may be required', async (t) => {
  const lengths = [...commonPasswords].map((password) => password.length)
  t.ok(lengths.filter((length) => length >= 8).length >= 3000)
  t.ok(lengths.filter((length) => length >= 15).length >= 3000)
  for (const password of commonPasswords) if (password !== password.toLowerCase()) t.fail(password)
})

t.test('a common password is rejected, in capitals too', async (t) => {
  const long = [...commonPasswords].filter((password) => password.length >= 15)
  for (const password of long.filter((_, at) => at % 100 === 0)) {
    t.equal(await ruleFor(password), 'common', password)
    t.equal(await ruleFor(password.toUpperCase()), 'common', password)
  }
  for (const password of ['password', 'Passw0rd', 'iloveyou', 'SUNSHINE', '12345678']) {
    t.equal(await ruleFor(password, { minLength: 8 }), 'common', password)
  }
})

t.test('a repeated common password is rejected', async (t) => {
  for (const password of [
    'passwordpassword',
    'qwertyQWERTYqwerty',
    '123123123123123',
    'dragondragondragon'
  ]) {
    t.equal(await ruleFor(password), 'common', password)
  }
})

t.test('a password that only contains a common one is allowed', async (t) => {
  t.equal(await ruleFor('my password is a secret'), null)
})

t.test('the names of the service and of the user do not count towards the minimum length', async (t) => {
  t.equal(await ruleFor('drawbridge-2026-pass'), 'context')
  t.equal(await ruleFor('DrawBridgeDrawbridge1'), 'context')
  t.equal(await ruleFor('kimberly kimberly', {}, 'lee'), null, 'no context for another user')
  t.equal(await ruleFor('kimberly kimberly', {}, 'kimberly'), 'context')
  t.equal(
    await ruleFor('KIMBERLY-1990-secret', {}, 'kimberly@example.com'),
    'context',
    'the part before the @'
  )
  t.equal(await ruleFor('kimberly@example.com1', {}, 'kimberly@example.com'), 'context', 'the whole address')
  t.equal(await ruleFor('acme-acme-acme-1', { contextWords: ['Acme'] }), 'context')
  t.equal(await ruleFor('drawbridge-2026-pass', { contextWords: [] }), null)
})

t.test('a password that is long enough without them may contain them', async (t) => {
  t.equal(await ruleFor('the drawbridge creaks at night'), null)
  t.equal(await ruleFor('q7 rattle moon!', {}, 'q7'), null, 'a username too short to be a word')
})

t.test('isBreached is called last, with the password as it will be hashed', async (t) => {
  const checked: string[] = []
  const isBreached = async (password: string): Promise<boolean> => checked.push(password) > 0
  t.equal(await ruleFor('short', { isBreached }), 'too-short')
  t.strictSame(checked, [])
  t.equal(await ruleFor('Correct horse battery', { isBreached }), 'breached')
  t.strictSame(checked, ['Correct horse battery'])
  t.equal(await ruleFor('correct horse battery', { isBreached: async () => false }), null)
})

t.test('if isBreached fails, the other rules decide and onError is called', async (t) => {
  const down = new Error('down')
  const fails: readonly (readonly [name: string, isBreached: IsBreached])[] = [
    ['rejects', () => Promise.reject(down)],
    [
      'throws',
      () => {
        throw down
      }
    ]
  ]
  for (const [name, isBreached] of fails) {
    const errors: unknown[] = []
    const policy = createPasswordPolicy({ ...LIMITS, isBreached }, (error) => errors.push(error))
    t.equal(await policy.check('correct horse battery', 'kim'), null, name)
    t.equal((await policy.check('short', 'kim'))?.rule, 'too-short', name)
    t.strictSame(errors, [down], name)
  }
})

t.test('if isBreached does not resolve, the signal is aborted at the timeout', async (t) => {
  const errors: unknown[] = []
  const signals: AbortSignal[] = []
  const isBreached: IsBreached = (_password, signal) => {
    signals.push(signal)
    return new Promise(() => {})
  }
  const policy = createPasswordPolicy({ ...LIMITS, isBreached, breachCheckTimeoutMs: 20 }, (error) =>
    errors.push(error)
  )
  t.equal(await policy.check('correct horse battery', 'kim'), null)
  t.match(errors, [{ message: 'isBreached did not resolve within 20 ms' }])
  t.strictSame(
    signals.map(({ reason }) => reason),
    errors
  )
})

t.test('if isBreached resolves in time, no timer and no abort are left', async (t) => {
  const signals: AbortSignal[] = []
  const isBreached: IsBreached = async (_password, signal) => signals.push(signal) === 0
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  t.equal(await ruleFor('correct horse battery', { isBreached, breachCheckTimeoutMs: 60_000 }), null)
  t.equal(timers(), before)
  t.equal(signals[0]?.aborted, false)
})

t.test('with fail-closed, a failure of isBreached rejects', async (t) => {
  const closed = { ...LIMITS, onBreachCheckFailure: 'fail-closed', breachCheckTimeoutMs: 20 } as const
  const judge = (isBreached: IsBreached, password: string) =>
    createPasswordPolicy({ ...closed, isBreached }, () => t.fail('reported twice')).check(password, 'kim')
  const down = new Error('down')
  await t.rejects(
    judge(() => Promise.reject(down), 'correct horse battery'),
    down
  )
  await t.rejects(
    judge(() => new Promise(() => {}), 'correct horse battery'),
    { message: /did not resolve/ }
  )
  t.match(await judge(() => Promise.reject(down), 'short'), { rule: 'too-short' }, 'isBreached is not called')
})
