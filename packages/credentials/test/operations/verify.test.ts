import { hashSync } from '@node-rs/argon2'
import fc from 'fast-check'
import t from 'tap'
import { CredentialsUnavailableError } from '../../src/errors.ts'
import { HashingQueue } from '../../src/passwords/hashing-queue.ts'
import { seedUser } from '../../src/operations/seed-user.ts'
import type { UserStore } from '../../src/users/user-store.ts'
import { verify } from '../../src/operations/verify.ts'
import {
  CHEAP_COST,
  type TestDependencies,
  createTestDependencies,
  createCountingHasher,
  PASSWORD
} from '../create-test-dependencies.ts'

const ADDRESS = '192.0.2.1'

async function withUser(given: Parameters<typeof createTestDependencies>[0] = {}): Promise<TestDependencies> {
  const context = createTestDependencies(given)
  await seedUser(context.deps.users, { username: 'Kim', password: PASSWORD }, CHEAP_COST)
  return context
}

function insertWithHash({ deps }: TestDependencies, username: string, passwordHash: string) {
  return deps.users.insert({ username, usernameKey: username, passwordHash, disabled: false })
}

t.test('the correct password is accepted, and the outcome has only id and username', async (t) => {
  const { deps, work } = await withUser()
  const outcome = await verify(deps, { username: 'Kim', password: PASSWORD, address: ADDRESS })
  if (!outcome.ok) return t.fail('rejected')
  t.strictSame(Object.keys(outcome.user), ['id', 'username'])
  t.equal(outcome.user.username, 'Kim')
  t.strictSame(work, { compared: 1, made: 0 })
})

t.test('all spellings of a username with one canonical form are the same user', async (t) => {
  const { deps } = await withUser()
  for (const username of ['kim', 'KIM', 'ｋim', 'Kim']) {
    t.equal((await verify(deps, { username, password: PASSWORD, address: ADDRESS })).ok, true, username)
  }
})

t.test('P06 every character of a password counts, with case and spaces', async (t) => {
  const { deps } = await withUser()
  const wrong = [
    `${PASSWORD}x`,
    PASSWORD.slice(0, -1),
    PASSWORD.toUpperCase(),
    `${PASSWORD} `,
    ` ${PASSWORD}`
  ]
  for (const [at, password] of wrong.entries()) {
    const outcome = await verify(deps, { username: 'kim', password, address: `192.0.2.${at}` })
    t.match(outcome, { ok: false, reason: 'invalid-credentials', detail: 'wrong-password' }, password)
  }
})

t.test(
  'P01 P02 passwords that share their first 72 bytes, or differ after a NUL, are different',
  async (t) => {
    const { deps } = createTestDependencies()
    const prefix = 'p'.repeat(72)
    const passwords = [
      prefix,
      `${prefix}a`,
      prefix + 'b'.repeat(900),
      'short\0one',
      'short\0two',
      'short',
      'short\0'
    ]
    for (const [at, password] of passwords.entries()) {
      await seedUser(deps.users, { username: `user${at}`, password }, CHEAP_COST)
      for (const [other, tried] of passwords.entries()) {
        const { ok } = await verify(deps, {
          username: `user${at}`,
          password: tried,
          address: `198.51.100.${other}`
        })
        t.equal(ok, at === other, `${at} tried with ${other}`)
      }
    }
  }
)

t.test('P04 the composed and the decomposed form of a password are the same', async (t) => {
  const { deps } = createTestDependencies()
  await seedUser(deps.users, { username: 'zoe', password: 'Zoë über Straße'.normalize('NFD') }, CHEAP_COST)
  const password = 'Zoë über Straße'.normalize('NFC')
  t.ok((await verify(deps, { username: 'zoe', password, address: ADDRESS })).ok)
})

t.test(
  'P03 P05 E06 anything that is no username or password is malformed, and nothing is computed or counted',
  async (t) => {
    const { deps, work } = await withUser()
    const attempts = [
      { username: 'kim', password: '' },
      { username: 'kim', password: 'x'.repeat(1025) },
      { username: 'kim', password: 'x'.repeat(100_000) },
      { username: 'kim', password: 'half a pair \uD800' },
      { username: 'kim', password: 'half a pair \uDFFF' },
      { username: '', password: PASSWORD },
      { username: 'kim\0', password: PASSWORD },
      { username: 'ki  m', password: PASSWORD },
      { username: 'k'.repeat(256), password: PASSWORD },
      { username: 7 as unknown as string, password: PASSWORD },
      { username: 'kim', password: ['a'] as unknown as string }
    ]
    for (let round = 0; round < 20; round += 1) {
      for (const attempt of attempts) {
        t.strictSame(await verify(deps, { ...attempt, address: ADDRESS }), {
          ok: false,
          reason: 'malformed',
          field: attempt.username === 'kim' ? 'password' : 'username'
        })
      }
    }
    t.strictSame(work, { compared: 0, made: 0 })
    t.ok(
      (await verify(deps, { username: 'kim', password: PASSWORD, address: ADDRESS })).ok,
      'no attempt was counted'
    )
  }
)

t.test('a password of the maximum length is accepted', async (t) => {
  const { deps } = createTestDependencies()
  const password = '😀'.repeat(1024)
  await seedUser(deps.users, { username: 'kim', password }, CHEAP_COST)
  t.ok((await verify(deps, { username: 'kim', password, address: ADDRESS })).ok)
})

t.test('E02 the same work and the same outcome, whatever the reason', async (t) => {
  const context = await withUser()
  const { deps, work } = context
  const users: UserStore = deps.users
  await users.insert({
    username: 'off',
    usernameKey: 'off',
    passwordHash: hashSync(PASSWORD),
    disabled: true
  })
  await insertWithHash(context, 'nohash', '')
  await insertWithHash(context, 'broken', '$argon2id$v=19$m=1024,t=1,p=1$broken')
  const expected = [
    ['kim', 'wrong-password'],
    ['nobody', 'unknown'],
    ['off', 'disabled'],
    ['nohash', 'unusable-hash'],
    ['broken', 'unusable-hash']
  ] as const
  for (const [username, detail] of expected) {
    Object.assign(work, { compared: 0, made: 0 })
    const outcome = await verify(deps, { username, password: `not ${PASSWORD}`, address: ADDRESS })
    t.strictSame(outcome, { ok: false, reason: 'invalid-credentials', detail })
    t.strictSame(work, { compared: 1, made: 0 }, `work for ${detail}`)
  }
  const disabled = await verify(deps, { username: 'off', password: PASSWORD, address: ADDRESS })
  t.match(disabled, { ok: false, detail: 'disabled' }, 'though the password is correct')
})

t.test(
  "a disabled user's hash is not compared, since its cost may differ from the current one",
  async (t) => {
    const comparedHashes: (string | null)[] = []
    const real = createCountingHasher({ compared: 0, made: 0 })
    const compare: typeof real.compare = (stored, password) => {
      comparedHashes.push(stored)
      return real.compare(stored, password)
    }
    const { deps } = createTestDependencies({ hasher: { ...real, compare } })
    await deps.users.insert({
      username: 'off',
      usernameKey: 'off',
      passwordHash: '$2b$14$…',
      disabled: true
    })
    t.match(await verify(deps, { username: 'off', password: PASSWORD, address: ADDRESS }), {
      detail: 'disabled'
    })
    t.strictSame(comparedHashes, [null])
  }
)

t.test('a user without a hash is no error', async (t) => {
  const context = createTestDependencies()
  await insertWithHash(context, 'kim', null as unknown as string)
  const outcome = await verify(context.deps, { username: 'kim', password: PASSWORD, address: ADDRESS })
  t.match(outcome, { ok: false, detail: 'unusable-hash' })
})

t.test(
  'usernames with a special meaning in a Map, a key or a pattern are names like any other',
  async (t) => {
    const { deps } = createTestDependencies()
    const names = ['__proto__', 'constructor', '*', 'a:b', 'a', 'b', '😀', 'n'.repeat(255)]
    for (const username of names) {
      t.match(await verify(deps, { username, password: PASSWORD, address: ADDRESS }), { detail: 'unknown' })
      t.ok(await seedUser(deps.users, { username, password: `${PASSWORD} ${username}` }, CHEAP_COST))
    }
    for (const username of names) {
      const attempt = { username, password: `${PASSWORD} ${username}`, address: ADDRESS }
      t.ok((await verify(deps, attempt)).ok, username)
    }
  }
)

t.test('no text makes it reject', async (t) => {
  const { deps } = await withUser()
  const text = fc.string({ unit: 'binary', maxLength: 40 })
  const username = fc.oneof(text, fc.constantFrom('kim', 'KIM', '__proto__', 'toString'))
  await fc.assert(
    fc.asyncProperty(username, text, text, async (name, password, address) => {
      const outcome = await verify(deps, { username: name, password, address })
      return !outcome.ok && ['malformed', 'invalid-credentials', 'throttled'].includes(outcome.reason)
    }),
    { numRuns: 300 }
  )
  t.ok((await verify(deps, { username: 'kim', password: PASSWORD, address: ADDRESS })).ok)
})

t.test('a hash of other parameters', async (t) => {
  const old = hashSync(PASSWORD, { memoryCost: 512, timeCost: 1 })

  t.test('P08 is replaced at the first sign-in, and only then', async (t) => {
    const context = createTestDependencies()
    const { deps, work } = context
    const user = await insertWithHash(context, 'kim', old)
    const attempt = { username: 'kim', password: PASSWORD, address: ADDRESS }
    t.notOk((await verify(deps, { ...attempt, password: 'wrong' })).ok)
    t.equal((await deps.users.findById(user?.id ?? ''))?.passwordHash, old, 'not by a wrong password')
    t.ok((await verify(deps, attempt)).ok)
    t.match((await deps.users.findById(user?.id ?? ''))?.passwordHash, /^\$argon2id\$v=19\$m=1024,t=1,p=1\$/)
    t.ok((await verify(deps, attempt)).ok)
    t.strictSame(work, { compared: 3, made: 1 })
  })

  t.test('P08 is replaced once by many parallel sign-ins, which all succeed', async (t) => {
    const context = createTestDependencies()
    await insertWithHash(context, 'kim', old)
    const { deps } = context
    let replaced = 0
    const users: UserStore = {
      ...boundMethods(deps.users),
      replacePasswordHash: async (...input) => {
        const done = await deps.users.replacePasswordHash(...input)
        if (done) replaced += 1
        return done
      }
    }
    const attempts = Array.from({ length: 20 }, (_, at) =>
      verify({ ...deps, users }, { username: 'kim', password: PASSWORD, address: `192.0.2.${at}` })
    )
    t.ok((await Promise.all(attempts)).every(({ ok }) => ok))
    t.equal(replaced, 1)
  })

  t.test('that cannot be replaced does not prevent the sign-in', async (t) => {
    const context = createTestDependencies()
    await insertWithHash(context, 'kim', old)
    const { deps, errors } = context
    const broken = new Error('read-only')
    const users: UserStore = {
      ...boundMethods(deps.users),
      replacePasswordHash: () => Promise.reject(broken)
    }
    const attempt = { username: 'kim', password: PASSWORD, address: ADDRESS }
    t.ok((await verify({ ...deps, users }, attempt)).ok)
    t.strictSame(errors, [broken])
  })
})

t.test(
  'P09 200 parallel sign-ins: the queue is bounded, and the rest is busy before any hash is computed',
  async (t) => {
    const work = { compared: 0, made: 0 }
    const real = createCountingHasher(work)
    let running = 0
    let most = 0
    const hasher = {
      ...real,
      compare: async (...input: Parameters<typeof real.compare>) => {
        running += 1
        most = Math.max(most, running)
        try {
          return await real.compare(...input)
        } finally {
          running -= 1
        }
      }
    }
    const { deps } = await withUser({ hasher, hashingQueue: new HashingQueue(2, 64) })
    const attempts = Array.from({ length: 200 }, (_, at) =>
      verify(deps, { username: 'kim', password: PASSWORD, address: `198.51.100.${at}` })
    )
    const outcomes = await Promise.all(attempts)
    t.equal(outcomes.filter(({ ok }) => ok).length, 66)
    const busy = outcomes.filter((outcome) => !outcome.ok && outcome.reason === 'busy')
    t.equal(busy.length, 134)
    t.ok(busy.every((outcome) => 'retryAfterSeconds' in outcome && outcome.retryAfterSeconds >= 1))
    t.equal(work.compared, 66)
    t.equal(most, 2)
  }
)

t.test('a call that finds the queue full counts as no attempt', async (t) => {
  const { deps } = await withUser()
  const full = { ...deps, hashingQueue: new HashingQueue(0, 0) }
  const attempt = { username: 'kim', password: PASSWORD, address: ADDRESS }
  for (let at = 0; at < 30; at += 1) t.match(await verify(full, attempt), { ok: false, reason: 'busy' })
  t.ok((await verify(deps, attempt)).ok)
})

t.test('a broken store', async (t) => {
  const down = new Error('connection refused')
  const attempt = { username: 'kim', password: PASSWORD, address: ADDRESS }
  const unavailable = { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE', cause: down }

  t.test('of users is unavailability and not a rejection, and no attempt is counted', async (t) => {
    const { deps } = await withUser()
    const users: UserStore = { ...boundMethods(deps.users), findByUsernameKey: () => Promise.reject(down) }
    for (let at = 0; at < 10; at += 1) await t.rejects(verify({ ...deps, users }, attempt), unavailable)
    await t.rejects(verify({ ...deps, users }, attempt), CredentialsUnavailableError)
    t.ok((await verify(deps, attempt)).ok)
  })

  t.test('T13 of counts rejects every attempt, and nothing is computed', async (t) => {
    const { deps, work } = await withUser({ throttle: { reserve: () => Promise.reject(down) } })
    await t.rejects(verify(deps, attempt), unavailable)
    t.strictSame(work, { compared: 0, made: 0 })
  })

  t.test('of counts that fails during the attempt does not change the outcome', async (t) => {
    const admission = {
      admitted: true as const,
      failures: 0,
      isSuspicious: false,
      recordSuccess: () => Promise.reject(down),
      refund: () => Promise.reject(down)
    }
    const { deps, errors } = await withUser({ throttle: { reserve: async () => admission } })
    t.ok((await verify(deps, attempt)).ok)
    t.match(await verify({ ...deps, hashingQueue: new HashingQueue(0, 0) }, attempt), { reason: 'busy' })
    t.strictSame(errors, [down, down])
  })
})

/** The methods of a class are not its own properties, so a spread does not copy them. */
function boundMethods(users: UserStore): UserStore {
  return {
    findByUsernameKey: (key) => users.findByUsernameKey(key),
    findById: (id) => users.findById(id),
    insert: (user) => users.insert(user),
    replacePasswordHash: (...input) => users.replacePasswordHash(...input),
    ping: () => users.ping()
  }
}
