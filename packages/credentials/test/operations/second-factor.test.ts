import t from 'tap'
import { createCredentials, createMemoryUserStore, type CredentialsOptions } from '../../src/index.ts'
import { createPasswordHasher } from '../../src/passwords/password-hasher.ts'
import type { SecondFactorVerification } from '../../src/operations/second-factor-provider.ts'
import { CHEAP_COST, PASSWORD } from '../create-test-dependencies.ts'

const ADDRESS = '192.0.2.1'
const CODE = '492039'

interface ServiceOptions {
  readonly isRequired?: () => unknown
  readonly verify?: () => unknown
  readonly throttle?: CredentialsOptions['throttle']
}

/** Kim needs a code, and Lee does not; records what the provider receives. */
async function service({ isRequired, verify, throttle }: ServiceOptions = {}) {
  const clock = { now: 1_700_000_000_000 }
  const received: SecondFactorVerification[] = []
  const users = createMemoryUserStore()
  const credentials = createCredentials({
    users,
    hashing: CHEAP_COST,
    now: () => clock.now,
    ...(throttle !== undefined && { throttle }),
    secondFactor: {
      isRequired: (user) => (isRequired === undefined ? user.username === 'kim' : (isRequired() as boolean)),
      verify: async (input) => {
        received.push(input)
        return verify === undefined ? input.response === CODE : (verify() as boolean)
      }
    }
  })
  for (const username of ['kim', 'lee']) await credentials.register({ username, password: PASSWORD })
  const kim = await users.findByUsernameKey('kim')
  const userId = kim?.id ?? ''
  return {
    credentials,
    users,
    clock,
    received,
    userId,
    password: (password = PASSWORD, address = ADDRESS, username = 'kim') =>
      credentials.verify({ username, password, address }),
    code: (response = CODE, address = ADDRESS) =>
      credentials.verifySecondFactor!({ userId, response, address })
  }
}

const throttled = { ok: false, reason: 'throttled' }
const secondFactorRequired = { ok: false, reason: 'second-factor-required' }
const wrongCode = { ok: false, reason: 'invalid-credentials', detail: 'wrong-second-factor' }

t.test('a correct password alone is not ok (6.3.3)', async (t) => {
  const { password, code, users, userId } = await service()
  t.strictSame(await password(), {
    ok: false,
    reason: 'second-factor-required',
    user: { id: userId, username: 'kim' },
    passwordStamp: createPasswordHasher(CHEAP_COST).stampOf((await users.findById(userId))!)
  })
  t.match(await password('a wrong password'), { reason: 'invalid-credentials', detail: 'wrong-password' })
  t.strictSame(await code('000000'), wrongCode)
  t.strictSame(await code(), { ok: true, user: { id: userId, username: 'kim' } })
})

t.test('a user who needs no second factor signs in without one', async (t) => {
  const { password, received } = await service()
  t.match(await password(PASSWORD, ADDRESS, 'lee'), { ok: true, user: { username: 'lee' } })
  t.strictSame(received, [])
})

t.test('a password that was enough is no longer, once the user needs a second factor', async (t) => {
  let isRequired = false
  const { credentials, password, userId } = await service({ isRequired: () => isRequired })
  const stampOf = async () => {
    const outcome = await password()
    if (!('passwordStamp' in outcome)) throw new Error('no stamp')
    return outcome.passwordStamp
  }
  const isCurrent = (passwordStamp: string) => credentials.isStampCurrent({ userId, passwordStamp })
  const alone = await stampOf()
  t.equal(await isCurrent(alone), true)
  isRequired = true
  t.equal(await isCurrent(alone), false)
  const found = await credentials.stampOf({ userId })
  t.equal(await stampOf(), found?.passwordStamp, 'the stamp of a sign-in that needs one is that of the user')
  t.equal(await isCurrent(await stampOf()), true, 'as one that has it is not by the password alone')
  isRequired = false
  t.equal(await isCurrent(alone), true)
  for (const forged of [`password-only.${alone}`, 'password-only.', `password-only.${'A'.repeat(22)}`])
    t.equal(await isCurrent(forged), false, forged)
  const newPassword = 'another phrase of some length'
  t.match(await credentials.setPassword({ userId, newPassword, passwordStamp: alone }), { ok: true })
  t.equal(await isCurrent(alone), false, 'and it dies with the password as any other')
})

t.test('whether a second factor is needed by now cannot be told: the stamp is not current', async (t) => {
  const results: unknown[] = [false]
  const isRequired = () => {
    const result = results.shift()
    if (result instanceof Error) throw result
    return result
  }
  const { credentials, password, userId } = await service({ isRequired })
  const outcome = await password()
  if (!outcome.ok) throw new Error(outcome.reason)
  const { passwordStamp } = outcome
  t.equal(await credentials.isStampCurrent({ userId, passwordStamp }), false, 'no answer is no `false`')
  results.push(new Error('down'))
  await t.rejects(credentials.isStampCurrent({ userId, passwordStamp }), {
    code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE'
  })
})

t.test('the provider gets the user, the response and the address', async (t) => {
  const { code, received, userId } = await service()
  await code('123456', '198.51.100.7')
  t.strictSame(received, [
    { user: { id: userId, username: 'kim' }, response: '123456', address: '198.51.100.7' }
  ])
})

t.test(
  'a provider that returns neither true nor false accepts neither a password alone nor a response',
  async (t) => {
    for (const nothing of [undefined, null, 0, '']) {
      const { password } = await service({ isRequired: () => nothing })
      t.match(await password(), secondFactorRequired, `isRequired gives ${String(nothing)}`)
    }
    for (const something of [undefined, 1, 'true', {}]) {
      const { code } = await service({ verify: () => something })
      t.strictSame(await code(), wrongCode, `verify gives ${JSON.stringify(something)}`)
    }
  }
)

t.test('a correct password alone does not reset the counts of the account', async (t) => {
  const { password, code } = await service()
  for (let at = 0; at < 4; at += 1)
    t.match(await password('a wrong password'), { reason: 'invalid-credentials' })
  t.match(await password(), secondFactorRequired)
  t.match(await password(), throttled, 'the sixth attempt')
  t.match(await code(), { ok: true })
  for (let at = 0; at < 5; at += 1)
    t.match(
      await password('a wrong password'),
      { reason: 'invalid-credentials' },
      'after the second factor they are reset'
    )
})

t.test('responses are counted before they are checked, so that six digits cannot be guessed', async (t) => {
  const { code, received } = await service()
  const guesses = Array.from({ length: 50 }, (_, at) => code(String(100_000 + at), `198.51.100.${at}`))
  const outcomes = await Promise.all(guesses)
  t.equal(received.length, 5, 'of a parallel burst from 50 addresses')
  t.equal(outcomes.filter((outcome) => !outcome.ok && outcome.reason === 'throttled').length, 45)
  t.match(await code(), throttled, 'the correct one too')
  t.match(await code(CODE, '203.0.113.1'), throttled, 'from any address')
})

t.test('a response may be presented again in the next window', async (t) => {
  const { code, clock } = await service()
  for (let at = 0; at < 5; at += 1) t.strictSame(await code('000000'), wrongCode)
  t.match(await code(), { ...throttled, retryAfterSeconds: 900 })
  clock.now += 900_000
  t.match(await code(), { ok: true })
})

t.test('a correct response resets the count of the wrong ones', async (t) => {
  const { code } = await service()
  for (let round = 0; round < 3; round += 1) {
    for (let at = 0; at < 4; at += 1) t.strictSame(await code('000000'), wrongCode)
    t.match(await code(), { ok: true })
  }
})

t.test(
  "strangers who guess passwords from many addresses do not prevent the user's second factor",
  async (t) => {
    const { password, code } = await service()
    for (let at = 0; at < 60; at += 1) await password('a wrong password', `198.51.100.${at}`)
    t.match(await password('a wrong password', '198.51.100.1'), throttled, 'the account is under attack')
    t.match(await password(), secondFactorRequired)
    t.strictSame(await code('000000'), wrongCode)
    t.match(await code(), { ok: true })
  }
)

t.test('an address has a limit of attempts at the second factors of all accounts', async (t) => {
  const { code, password } = await service({ throttle: { attemptsPerAddress: 3, attemptsPerAccount: 100 } })
  for (let at = 0; at < 3; at += 1) t.strictSame(await code('000000'), wrongCode)
  t.match(await code(), throttled)
  t.match(await password(PASSWORD, ADDRESS, 'lee'), throttled, 'together with those at passwords')
  t.match(await code(CODE, '198.51.100.7'), { ok: true })
})

t.test(
  'a sign-in with two factors takes no point from its address, like one with a password alone',
  async (t) => {
    const { code, password } = await service({ throttle: { attemptsPerAddress: 2 } })
    for (let at = 0; at < 6; at += 1) {
      t.match(await password(), secondFactorRequired)
      t.match(await code(), { ok: true })
    }
  }
)

t.test('if the provider fails, nobody is signed in and nothing is counted', async (t) => {
  const broken = new Error('no connection')
  const fail = () => Promise.reject(broken)
  const throwing = () => {
    throw broken
  }
  const unavailable = { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE', cause: broken }
  for (const isRequired of [fail, throwing]) {
    const { password } = await service({ isRequired })
    for (let at = 0; at < 7; at += 1) await t.rejects(password(), unavailable)
  }
  let fails: () => unknown = fail
  const { code } = await service({ verify: () => fails() })
  for (let at = 0; at < 7; at += 1) await t.rejects(code(), unavailable)
  fails = throwing
  await t.rejects(code(), unavailable)
  fails = () => true
  t.match(await code(), { ok: true })
})

t.test(
  'the response of a user who was disabled or removed after the password was verified is not checked',
  async (t) => {
    for (const [detail, found] of [
      ['disabled', { disabled: true }],
      ['unknown', null]
    ] as const) {
      const { users, code, received, userId } = await service()
      const stored = await users.findById(userId)
      users.findById = async () => found && { ...stored!, ...found }
      t.strictSame(await code(), { ok: false, reason: 'invalid-credentials', detail })
      t.strictSame(received, [])
    }
  }
)

t.test('a malformed response is neither counted nor passed to the provider', async (t) => {
  const { code, received } = await service()
  for (const response of ['', 'x'.repeat(8193), '\ud800', 7 as unknown as string]) {
    for (let at = 0; at < 6; at += 1)
      t.strictSame(await code(response), { ok: false, reason: 'malformed', field: 'response' })
  }
  t.strictSame(received, [])
  t.strictSame(await code('x'.repeat(8192)), wrongCode)
})

t.test('an unknown user id is counted like a known one', async (t) => {
  const { credentials } = await service()
  const attempt = { userId: 'nobody', response: CODE, address: ADDRESS }
  for (let at = 0; at < 5; at += 1)
    t.match(await credentials.verifySecondFactor!(attempt), {
      reason: 'invalid-credentials',
      detail: 'unknown'
    })
  t.match(await credentials.verifySecondFactor!(attempt), throttled)
})

t.test('with the throttle switched off every response is checked', async (t) => {
  const { code, received } = await service({ throttle: false })
  for (let at = 0; at < 20; at += 1) t.strictSame(await code('000000'), wrongCode)
  t.equal(received.length, 20)
})

t.test('without the option there is no such method, and a wrong option throws at boot', async (t) => {
  const users = createMemoryUserStore()
  t.notOk('verifySecondFactor' in createCredentials({ users }))
  for (const secondFactor of [true, {}, { isRequired: () => true }])
    t.throws(() => createCredentials({ users, secondFactor: secondFactor as never }), {
      code: 'DRAWBRIDGE_OPTION',
      message: /credentials\.secondFactor must be \{ isRequired, verify \}/
    })
})
