import t from 'tap'
import { maxHashingConcurrency } from '../src/passwords/max-hashing-concurrency.ts'
import * as index from '../src/index.ts'
import { createCredentials } from '../src/create-credentials.ts'
import { type CredentialsOptions, credentialsDefaults } from '../src/options.ts'
import { seedUser } from '../src/operations/seed-user.ts'
import { FixedWindowLimiter } from '../src/throttle/fixed-window-limiter.ts'
import { createMemoryUserStore } from '../src/users/memory-user-store.ts'
import { CHEAP_COST, PASSWORD } from './create-test-dependencies.ts'

const ADDRESS = '192.0.2.1'

t.test(
  'with only the option users it registers, verifies and changes passwords, with the defaults',
  async (t) => {
    const users = createMemoryUserStore()
    const credentials = createCredentials({ users })
    const registered = await credentials.register({ username: 'kim', password: PASSWORD })
    if (!registered.ok) return t.fail(registered.reason)
    t.match((await users.findByUsernameKey('kim'))?.passwordHash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const attempt = { username: 'kim', password: PASSWORD, address: ADDRESS }
    t.strictSame(await credentials.verify(attempt), registered)
    const change = {
      userId: registered.user.id,
      currentPassword: PASSWORD,
      newPassword: `${PASSWORD} 2`,
      address: ADDRESS
    }
    const changed = await credentials.changePassword(change)
    if (!changed.ok) return t.fail(changed.reason)
    t.strictSame(changed.user, registered.user)
    const { passwordStamp } = registered
    t.notOk(await credentials.isStampCurrent({ userId: changed.user.id, passwordStamp }))
    t.ok(await credentials.isStampCurrent({ userId: changed.user.id, passwordStamp: changed.passwordStamp }))
    t.match(await credentials.verify(attempt), { ok: false, reason: 'invalid-credentials' })
  }
)

t.test(
  'too many attempts are throttled, with the same outcome for known and unknown usernames',
  async (t) => {
    const users = createMemoryUserStore()
    await seedUser(users, { username: 'kim', password: PASSWORD }, CHEAP_COST)
    const credentials = createCredentials({ users, hashing: CHEAP_COST, now: () => 5000 })
    const outcomes = []
    for (const username of ['kim', 'nobody']) {
      for (let at = 0; at < 5; at += 1)
        await credentials.verify({ username, password: 'wrong', address: ADDRESS })
      outcomes.push(await credentials.verify({ username, password: PASSWORD, address: ADDRESS }))
    }
    t.strictSame(outcomes[0], { ok: false, reason: 'throttled', retryAfterSeconds: 900 })
    t.strictSame(outcomes[0], outcomes[1])
    const elsewhere = { username: 'kim', password: PASSWORD, address: '192.0.2.2' }
    t.ok((await credentials.verify(elsewhere)).ok, 'the user, from the own address')
  }
)

t.test('all spellings of a username share one count', async (t) => {
  const users = createMemoryUserStore()
  const credentials = createCredentials({ users, hashing: CHEAP_COST, now: () => 5000 })
  for (const username of ['zoë', 'ZOË', 'zoe\u0308', 'ｚｏë', 'Zoë']) {
    t.match(await credentials.verify({ username, password: 'wrong', address: ADDRESS }), {
      reason: 'invalid-credentials'
    })
  }
  t.match(await credentials.verify({ username: 'zOë', password: 'wrong', address: ADDRESS }), {
    reason: 'throttled'
  })
})

t.test('requests that are no attempts to sign in are counted where these are', async (t) => {
  const clock = { now: 0 }
  const prefixes: string[] = []
  const createLimiter = ({ keyPrefix }: { keyPrefix: string }) => {
    prefixes.push(keyPrefix)
    return new FixedWindowLimiter({ duration: 60 }, 1000, () => clock.now)
  }
  const users = createMemoryUserStore()
  const limits = { name: 'adoption', requestsPerAddress: 1, windowSeconds: 60 }
  const create = (options: Partial<CredentialsOptions> = {}) =>
    createCredentials({ users, now: () => clock.now, ...options }).createAddressThrottle(limits)
  for (const throttle of [create(), create({ throttle: { limiters: { createLimiter } } })]) {
    clock.now = 0
    t.equal((await throttle.admit({ address: ADDRESS })).ok, true)
    t.match(await throttle.admit({ address: ADDRESS }), { ok: false, retryAfterSeconds: 60 })
    clock.now = 60_000
    t.equal((await throttle.admit({ address: ADDRESS })).ok, true)
    await throttle.refund({ address: ADDRESS })
    t.equal((await throttle.admit({ address: ADDRESS })).ok, true)
  }
  t.ok(prefixes.includes('drawbridge-adoption-address'))
  const unlimited = create({ throttle: false })
  for (let at = 0; at < 3; at++) t.equal((await unlimited.admit({ address: ADDRESS })).ok, true)
  await t.resolves(unlimited.refund({ address: ADDRESS }))
  const { createAddressThrottle } = createCredentials({ users })
  t.throws(() => createAddressThrottle({ ...limits, windowSeconds: 0 }), /windowSeconds must be/)
})

t.test('the window uses the clock of the options', async (t) => {
  let now = 5000
  const throttle = { attemptsPerAccount: 1, windowSeconds: 60 }
  const users = createMemoryUserStore()
  const credentials = createCredentials({ users, hashing: CHEAP_COST, throttle, now: () => now })
  const attempt = { username: 'kim', password: 'wrong', address: ADDRESS }
  await credentials.verify(attempt)
  now += 59_500
  t.match(await credentials.verify(attempt), { reason: 'throttled', retryAfterSeconds: 1 })
  now += 500
  t.match(await credentials.verify(attempt), { reason: 'invalid-credentials' })
})

t.test('the throttle can be switched off', async (t) => {
  const users = createMemoryUserStore()
  const credentials = createCredentials({ users, hashing: CHEAP_COST, throttle: false })
  for (let at = 0; at < 200; at += 1) {
    const outcome = await credentials.verify({ username: 'kim', password: 'wrong', address: ADDRESS })
    t.match(outcome, { reason: 'invalid-credentials' })
  }
})

t.test('passwords do not expire', async (t) => {
  let now = Date.UTC(2026, 0)
  const credentials = createCredentials({
    users: createMemoryUserStore(),
    hashing: CHEAP_COST,
    now: () => now
  })
  await credentials.register({ username: 'kim', password: PASSWORD })
  now = Date.UTC(2036, 0)
  t.ok((await credentials.verify({ username: 'kim', password: PASSWORD, address: ADDRESS })).ok)
})

t.test(
  'E03 P07b P08 with a foreign hash the user signs in and the hash is replaced, and a NUL at the end is rejected',
  async (t) => {
    // This bcrypt hash differs after a NUL; HMAC ignores a NUL at the end.
    const foreign = [
      ['wrong-password', '$2b$04$abcdefghijklmnopqrstuufznL8bkzdtHwLhca4To/v9Lo9bA7fR6'],
      [
        'password-truncated',
        'pbkdf2_sha256$1000$seasalt2seasalt2seasal$TRXVTd4BI86XE6RMm+vECVptp+MMDdbqB0oqU7w/++U='
      ],
      [
        'password-truncated',
        '$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$5YFGS9VWhSJESTaAreNVXHmBVoGphZG9GpFa6lhmUUgarMmfN9oe9x/gcibqRLlGXua1eKQmAuBbGX1VBgdCNw'
      ]
    ] as const
    for (const [detail, passwordHash] of foreign) {
      const users = createMemoryUserStore()
      const credentials = createCredentials({ users, hashing: CHEAP_COST })
      await users.insert({ username: 'kim', usernameKey: 'kim', passwordHash, disabled: false })
      const rejected = await credentials.verify({ username: 'kim', password: 'pass\0', address: ADDRESS })
      t.match(rejected, { ok: false, detail })
      t.equal((await users.findByUsernameKey('kim'))?.passwordHash, passwordHash)
      const attempt = { username: 'kim', password: 'pass', address: ADDRESS }
      t.ok((await credentials.verify(attempt)).ok)
      t.match((await users.findByUsernameKey('kim'))?.passwordHash, /^\$argon2id\$/)
      t.ok((await credentials.verify(attempt)).ok)
      t.notOk((await credentials.verify({ ...attempt, password: 'pass\0' })).ok)
    }
  }
)

t.test('a wrong option throws an error with its name and the value', async (t) => {
  const users = createMemoryUserStore()
  const wrong: readonly (readonly [options: unknown, message: string | RegExp])[] = [
    [undefined, 'credentials is missing'],
    [{}, 'credentials.users is missing'],
    [{ users: {} }, 'credentials.users must be a UserStore, got an object'],
    [{ users, user: 1 }, 'credentials.user is not an option'],
    [{ users, throttle: true }, 'credentials.throttle must be an object, got true'],
    [
      { users, throttle: { attemptsPerAccount: 0 } },
      'credentials.throttle.attemptsPerAccount must be a whole number from 1 to 100, got 0'
    ],
    [
      { users, throttle: { windowSeconds: '15m' } },
      'credentials.throttle.windowSeconds must be a whole number from 1 to 86400, got "15m"'
    ],
    [{ users, throttle: { window: 5 } }, 'credentials.throttle.window is not an option'],
    [
      { users, throttle: { limiters: 5 } },
      'credentials.throttle.limiters must be { createLimiter }, a function, got 5'
    ],
    [
      { users, hashing: { memoryKiB: 19 } },
      'credentials.hashing.memoryKiB must be a whole number from 1024 to 262144, got 19'
    ],
    [
      { users, hashing: { memoryKiB: 262_144, passes: 5 } },
      'credentials.hashing.memoryKiB × passes must not be above 1048576, got 1310720'
    ],
    [{ users, hashing: { verifiers: {} } }, /hashing\.verifiers must be a list/],
    [
      { users, hashing: { verifiers: [{ matches: () => true }] } },
      /hashing\.verifiers\.0 must be \{ matches, verify \}, two functions, got an object/
    ],
    [{ users, hashing: { concurrency: 1.5 } }, /concurrency must be a whole number from 1 to 1023, got 1.5/],
    [{ users, passwords: { minLength: 7 } }, /minLength must be a whole number from 8 to 64, got 7/],
    [{ users, passwords: { maxLength: 63 } }, /maxLength must be a whole number from 64 to 4096, got 63/],
    [
      { users, passwords: { contextWords: ['ab'] } },
      /contextWords.0 must be a text of 3 code points or more, got "ab"/
    ],
    [
      { users, passwords: { contextWords: 'acme' } },
      'credentials.passwords.contextWords must be a list of texts, got "acme"'
    ],
    [
      { users, passwords: { breachCheckTimeoutMs: 5 } },
      'credentials.passwords.breachCheckTimeoutMs must be a whole number from 10 to 60000, got 5'
    ],
    [
      { users, passwords: { onBreachCheckFailure: 'ignore' } },
      'credentials.passwords.onBreachCheckFailure must be fail-open or fail-closed, got "ignore"'
    ],
    [{ users, now: 5 }, 'credentials.now must be a function that returns milliseconds, got 5']
  ]
  for (const [options, message] of wrong) {
    t.throws(() => createCredentials(options as CredentialsOptions), {
      name: 'OptionError',
      code: 'DRAWBRIDGE_OPTION',
      message: typeof message === 'string' ? `DRAWBRIDGE_OPTION: ${message}` : message
    })
  }
})

t.test('an onError that throws changes no outcome', async (t) => {
  const errors: unknown[] = []
  const down = new Error('down')
  const credentials = createCredentials({
    users: createMemoryUserStore(),
    hashing: CHEAP_COST,
    passwords: { isBreached: () => Promise.reject(down) },
    onError: (error) => {
      errors.push(error)
      throw new Error('of the listener')
    }
  })
  t.ok((await credentials.register({ username: 'kim', password: PASSWORD })).ok)
  t.strictSame(errors, [down])
})

t.test(
  'a breached new password is rejected by register and changePassword, and no other password is looked up',
  async (t) => {
    const checked: string[] = []
    const isBreached = async (password: string) => checked.push(password) > 0 && password.endsWith('breached')
    const users = createMemoryUserStore()
    const credentials = createCredentials({ users, hashing: CHEAP_COST, passwords: { isBreached } })
    const breached = { ok: false, reason: 'policy', rule: 'breached', message: String }
    t.match(await credentials.register({ username: 'kim', password: `${PASSWORD} breached` }), breached)
    t.equal(await users.findByUsernameKey('kim'), null)
    const registered = await credentials.register({ username: 'kim', password: PASSWORD })
    if (!registered.ok) return t.fail(registered.reason)
    const change = { userId: registered.user.id, currentPassword: PASSWORD, address: ADDRESS }
    t.match(await credentials.changePassword({ ...change, newPassword: 'and this is breached' }), breached)
    t.ok(
      (await credentials.verify({ username: 'kim', password: PASSWORD, address: ADDRESS })).ok,
      'unchanged'
    )
    t.strictSame(checked, [`${PASSWORD} breached`, PASSWORD, 'and this is breached'])
  }
)

t.test('with fail-closed, an outage of the list of breached passwords is unavailability', async (t) => {
  const down = new Error('down')
  let isUp = true
  const isBreached = async () => {
    if (isUp) return false
    throw down
  }
  const passwords = { isBreached, onBreachCheckFailure: 'fail-closed' } as const
  const credentials = createCredentials({ users: createMemoryUserStore(), hashing: CHEAP_COST, passwords })
  const registered = await credentials.register({ username: 'kim', password: PASSWORD })
  if (!registered.ok) return t.fail(registered.reason)
  isUp = false
  const unavailable = { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE', cause: down }
  await t.rejects(credentials.register({ username: 'lee', password: PASSWORD }), unavailable)
  const change = {
    userId: registered.user.id,
    currentPassword: PASSWORD,
    newPassword: `${PASSWORD} 2`,
    address: ADDRESS
  }
  await t.rejects(credentials.changePassword(change), unavailable)
  t.ok(
    (await credentials.verify({ username: 'kim', password: PASSWORD, address: ADDRESS })).ok,
    'a sign-in looks nothing up'
  )
})

t.test('a store that throws instead of rejecting is a broken store', async (t) => {
  const users = createMemoryUserStore()
  const thrown = (): never => {
    throw new Error('not even a promise')
  }
  Object.assign(users, { findByUsernameKey: thrown, findById: thrown, insert: thrown })
  const credentials = createCredentials({ users, hashing: CHEAP_COST })
  const unavailable = { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE', cause: { message: 'not even a promise' } }
  await t.rejects(credentials.verify({ username: 'kim', password: PASSWORD, address: ADDRESS }), unavailable)
  await t.rejects(credentials.register({ username: 'kim', password: PASSWORD }), unavailable)
  const change = { userId: '1', currentPassword: PASSWORD, newPassword: `${PASSWORD} 2`, address: ADDRESS }
  await t.rejects(credentials.changePassword(change), unavailable)
})

t.test('the passed options are not modified', async (t) => {
  const users = createMemoryUserStore()
  const options = Object.freeze({
    users,
    hashing: Object.freeze({ maxQueued: 3 }),
    throttle: Object.freeze({})
  })
  t.doesNotThrow(() => createCredentials(options))
})

t.test('T41: hashes never occupy the last of the threads that DNS and file access need', async (t) => {
  const users = createMemoryUserStore()
  const size = process.env['UV_THREADPOOL_SIZE']
  t.teardown(() => {
    if (size === undefined) delete process.env['UV_THREADPOOL_SIZE']
    else process.env['UV_THREADPOOL_SIZE'] = size
  })
  const create = (concurrency: number) => () => createCredentials({ users, hashing: { concurrency } })
  delete process.env['UV_THREADPOOL_SIZE']
  t.doesNotThrow(create(3))
  t.throws(create(4), {
    code: 'DRAWBRIDGE_OPTION',
    message: /credentials\.hashing\.concurrency must not be above 3, .*UV_THREADPOOL_SIZE, got 4/
  })
  process.env['UV_THREADPOOL_SIZE'] = '16'
  t.doesNotThrow(create(15))
  t.throws(create(16), { message: /must not be above 15/ })
  // As libuv parses them.
  for (const [given, most] of [
    ['0', 1],
    ['1', 1],
    ['2', 1],
    ['8 threads', 7],
    ['many', 1],
    ['4096', 1023]
  ] as const) {
    t.equal(maxHashingConcurrency({ UV_THREADPOOL_SIZE: given }), most, given)
  }
  t.ok(
    credentialsDefaults.hashing.concurrency <=
      maxHashingConcurrency(size === undefined ? {} : { UV_THREADPOOL_SIZE: size }),
    'by default too'
  )
})

t.test('the defaults are as documented', async (t) => {
  t.match(credentialsDefaults, {
    throttle: { attemptsPerAccount: 5, attemptsPerAddress: 100, windowSeconds: 900 },
    hashing: { memoryKiB: 19_456, passes: 2, maxQueued: 64 },
    passwords: { minLength: 15, maxLength: 1024 }
  })
  t.ok(credentialsDefaults.hashing.concurrency >= 1)
})

t.test('the exports of the package', async (t) => {
  t.strictSame(Object.keys(index).sort(), [
    'CredentialsUnavailableError',
    'OptionError',
    'canonicalizeUsername',
    'createCredentials',
    'createKyselyUserStore',
    'createMemoryUserStore',
    'createRequestThrottle',
    'createUsersTable',
    'credentialsChannel',
    'credentialsDefaults',
    'identifyHash',
    'seedUser'
  ])
})
