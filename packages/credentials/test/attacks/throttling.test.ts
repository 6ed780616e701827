import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { skipWithoutRedis, type RedisProcess, startRedis } from '@drawbridge/test-support/servers/redis'
import { createMemoryUserStore } from '../../src/index.ts'
import { changePassword } from '../../src/operations/change-password.ts'
import { createRedisLimiters } from '../../src/redis/redis-limiters.ts'
import { seedUser } from '../../src/operations/seed-user.ts'
import type { CreateLimiter } from '../../src/throttle/limiter.ts'
import { createMemoryLimiters } from '../../src/throttle/memory-limiter.ts'
import { createThrottle } from '../../src/throttle/throttle.ts'
import type { UserStore } from '../../src/users/user-store.ts'
import { verify } from '../../src/operations/verify.ts'
import { CHEAP_COST, createTestDependencies, PASSWORD } from '../create-test-dependencies.ts'
import { recordEvents } from '../record-events.ts'
import { watchFailures } from '../readme/watch-failures.ts'
import { GENEROUS_TIMEOUT_MS, waitForRedisCounting } from '../redis/wait-for-redis-counting.ts'

const LIMITS = { attemptsPerAccount: 5, attemptsPerAddress: 100, windowSeconds: 900 }
const HOME = '192.0.2.1'

/** Users kim and lee, and a throttle with the default limits. */
async function setUp(createLimiter: CreateLimiter, limits = LIMITS) {
  const lookedUp: string[] = []
  const users = createMemoryUserStore()
  const spiedStore: UserStore = {
    findByUsernameKey: (key) => {
      lookedUp.push(key)
      return users.findByUsernameKey(key)
    },
    findById: (id) => users.findById(id),
    insert: (user) => users.insert(user),
    replacePasswordHash: (...input) => users.replacePasswordHash(...input),
    ping: () => users.ping()
  }
  for (const username of ['kim', 'lee']) await seedUser(users, { username, password: PASSWORD }, CHEAP_COST)
  const context = createTestDependencies({
    users: spiedStore,
    throttle: createThrottle(limits, createLimiter)
  })
  const signIn = async (username: string, password: string, address = HOME) => {
    const outcome = await verify(context.deps, { username, password, address })
    return outcome.ok ? 'accepted' : outcome.reason
  }
  return {
    ...context,
    lookedUp,
    signIn,
    guess: (username: string, address = HOME) => signIn(username, 'wrong', address)
  }
}

type Attacked = Awaited<ReturnType<typeof setUp>>

async function times<T>(count: number, act: (at: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let at = 0; at < count; at += 1) results.push(await act(at))
  return results
}

const isOnly = (outcomes: readonly string[], expected: string) =>
  outcomes.every((outcome) => outcome === expected)

const attacks: Readonly<Record<string, (t: Test, attacked: Attacked) => Promise<void>>> = {
  'T01 T16 five attempts of one address on one account are checked, and none after that is looked up or hashed':
    async (t, { deps, guess, signIn, work, lookedUp }) => {
      t.ok(isOnly(await times(5, () => guess('kim')), 'invalid-credentials'))
      t.strictSame([work.compared, lookedUp.length], [5, 5])
      const outcome = await verify(deps, { username: 'kim', password: PASSWORD, address: HOME })
      t.match(outcome, { ok: false, reason: 'throttled', retryAfterSeconds: Number })
      const { retryAfterSeconds } = outcome as { retryAfterSeconds: number }
      t.ok(retryAfterSeconds > 800 && retryAfterSeconds <= 900, `${retryAfterSeconds} s`)
      t.ok(
        isOnly(await times(20, () => signIn('kim', PASSWORD)), 'throttled'),
        'with the correct password too'
      )
      t.strictSame([work.compared, lookedUp.length], [5, 5])
      t.equal(await guess('lee'), 'invalid-credentials', 'another account is still checked')
    },

  "T02 attempts from many addresses do not lock the user out at the user's own address": async (
    t,
    { guess, signIn }
  ) => {
    const first = await times(50, (at) => guess('kim', `198.51.100.${at % 10}`))
    t.ok(isOnly(first, 'invalid-credentials'))
    for (const address of elsewhere) {
      t.equal(await guess('kim', address), 'invalid-credentials', 'one attempt')
      t.equal(
        await signIn('kim', PASSWORD, address),
        'throttled',
        'and no second, even with the correct password'
      )
    }
    t.equal(await signIn('kim', PASSWORD), 'accepted', 'the user, from home')
    t.equal(await signIn('kim', PASSWORD, '192.0.2.2'), 'accepted', 'and from a new device elsewhere')
  },

  'T03 one password on many accounts exceeds the limit of the address': async (t, { signIn, work }) => {
    const outcomes = await times(150, (at) => signIn(`user ${at}`, 'Summer2026!'))
    t.ok(isOnly(outcomes.slice(0, 100), 'invalid-credentials'))
    t.ok(isOnly(outcomes.slice(100), 'throttled'))
    t.equal(work.compared, 100)
    t.equal(await signIn('kim', PASSWORD, '192.0.2.2'), 'accepted', 'from another address')
  },

  'T04 a spray over many addresses and accounts exceeds no limit, and each guess is published': async (
    t,
    { signIn }
  ) => {
    const events = recordEvents(t)
    await times(120, (at) => signIn(at % 10 === 0 ? 'kim' : `user ${at}`, 'Summer2026!', `198.51.100.${at}`))
    t.equal(events.length, 120)
    t.ok(events.every(({ type }) => type === 'invalid-credentials'))
    const unknown = events.filter(
      (event) => event.type === 'invalid-credentials' && event.detail === 'unknown'
    )
    t.equal(unknown.length, 108)
  },

  'T06 a success resets the counts of its account, and not those of the address on other accounts': async (
    t,
    { guess, signIn }
  ) => {
    for (let round = 0; round < 3; round += 1) {
      t.ok(isOnly(await times(4, () => guess('kim')), 'invalid-credentials'))
      t.equal(await signIn('kim', PASSWORD), 'accepted')
    }
    const tried = await times(88, async (at) => {
      await signIn('lee', PASSWORD)
      return guess(`user ${at}`)
    })
    t.ok(isOnly(tried, 'invalid-credentials'))
    t.equal(await guess('one more'), 'throttled', '12 and 88 failures of the address, whatever lee did')
  },

  'T07 of a burst of a hundred attempts after four, one is verified': async (t, { guess, work }) => {
    await times(4, () => guess('kim'))
    const burst = await Promise.all(Array.from({ length: 100 }, () => guess('kim')))
    t.equal(burst.filter((outcome) => outcome === 'invalid-credentials').length, 1)
    t.equal(burst.filter((outcome) => outcome === 'throttled').length, 99)
    t.equal(work.compared, 5)
  },

  'M8 parallel correct sign-ins are no failures: all succeed, though four attempts have failed': async (
    t,
    { guess, signIn, work }
  ) => {
    const burst = (address: string) =>
      Promise.all(Array.from({ length: 20 }, () => signIn('kim', PASSWORD, address)))
    t.ok(isOnly(await burst(HOME), 'accepted'))
    await times(4, () => guess('kim', '192.0.2.2'))
    t.ok(isOnly(await burst('192.0.2.2'), 'accepted'))
    t.equal(work.compared, 44)
  },

  'M8 of parallel wrong and correct attempts no more wrong ones than the limit are checked': async (
    t,
    { guess, signIn }
  ) => {
    const outcomes = await Promise.all([
      ...Array.from({ length: 20 }, () => guess('kim')),
      ...Array.from({ length: 5 }, () => signIn('kim', PASSWORD))
    ])
    t.equal(outcomes.filter((outcome) => outcome === 'invalid-credentials').length, 5)
    t.equal(
      outcomes.filter((outcome) => outcome === 'throttled').length,
      20,
      'the correct ones came too late'
    )
  },

  'M6 a /48 guesses slowly, and the user can sign in from a known address': async (
    t,
    { guess, signIn, work }
  ) => {
    t.equal(await signIn('kim', PASSWORD), 'accepted')
    const guesses = await times(250, (at) => guess('kim', `2001:db8:ffff:${at.toString(16)}::1`))
    t.equal(guesses.filter((outcome) => outcome === 'invalid-credentials').length, 200)
    t.equal(work.compared, 201)
    t.equal(
      await signIn('kim', PASSWORD, '192.0.2.77'),
      'throttled',
      'from somewhere new, in the next window'
    )
    t.equal(await signIn('kim', PASSWORD), 'accepted')
  },

  'T08 the spellings of an address, and the addresses of a /64, share one count': async (t, { guess }) => {
    const spellings = [
      '::ffff:192.0.2.1',
      '::FFFF:c000:201',
      '0:0:0:0:0:ffff:192.0.2.1',
      '192.0.2.1',
      '::ffff:c000:0201',
      '::ffff:192.0.2.1%eth0'
    ]
    t.strictSame(await times(6, (at) => guess('kim', spellings[at])), [...fiveRejected, 'throttled'])
    const rotated = [
      '2001:db8:1:2::1',
      '2001:DB8:1:2::2',
      '2001:db8:1:2:ffff::',
      '2001:0db8:0001:0002::9',
      '2001:db8:1:2:a:b:c:d',
      '2001:db8:1:2::1%1'
    ]
    t.strictSame(await times(6, (at) => guess('kim', rotated[at])), [...fiveRejected, 'throttled'])
    t.equal(await guess('kim', '2001:db8:1:3::1'), 'invalid-credentials', 'another network')
  },

  'T10 the spellings of a username share one count': async (t, { guess }) => {
    const spellings = ['kim', 'KIM', 'Kim', '\u212Aim', 'ｋｉｍ', 'kIM']
    t.strictSame(await times(6, (at) => guess(spellings[at] ?? '')), [...fiveRejected, 'throttled'])
  },

  'T11 an unknown username is throttled like a known one': async (t, { guess, work, deps }) => {
    const [known, unknown] = [await times(6, () => guess('kim')), await times(6, () => guess('nobody'))]
    t.strictSame(known, [...fiveRejected, 'throttled'])
    t.strictSame(unknown, known)
    t.equal(work.compared, 10, 'with the same work')
    const assertThrottled = async (username: string) =>
      Object.keys(await verify(deps, { username, password: 'x', address: HOME }))
    t.strictSame(await assertThrottled('nobody'), await assertThrottled('kim'))
  },

  'T15 a change of password is counted together with the sign-ins': async (
    t,
    { deps, guess, signIn, work }
  ) => {
    const kim = await deps.users.findByUsernameKey('kim')
    const change = (currentPassword: string) =>
      changePassword(deps, {
        userId: kim?.id ?? '',
        currentPassword,
        newPassword: `${PASSWORD} 2`,
        address: HOME
      })
    await times(3, () => change('wrong'))
    await times(2, () => guess('kim'))
    t.match(await change(PASSWORD), { ok: false, reason: 'throttled' })
    t.equal(await signIn('kim', PASSWORD), 'throttled')
    t.strictSame(work, { compared: 5, made: 0 })
  },

  'U05 names that could collide in a key are counted separately': async (t, { guess }) => {
    const names = ['a', 'a:192.0.2.1', '__proto__', 'constructor', '*', 'a:b', 'drawbridge-account', '😀']
    for (const name of names)
      t.strictSame(await times(6, () => guess(name)), [...fiveRejected, 'throttled'], name)
    t.equal(await guess('kim'), 'invalid-credentials')
  }
}

const fiveRejected = Array.from({ length: 5 }, () => 'invalid-credentials')

const elsewhere = Array.from({ length: 30 }, (_, at) => `203.0.113.${at}`)

t.test('M8 attempts that exceed the queue are busy at once', async (t) => {
  const limits = { ...LIMITS, attemptsPerAddress: 1000 }
  const { deps, work } = await setUp(
    createMemoryLimiters(10_000, () => 5000),
    limits
  )
  const attempt = { username: 'kim', password: 'wrong', address: HOME }
  const outcomes = await Promise.all(Array.from({ length: 140 }, () => verify(deps, attempt)))
  const busy = outcomes.filter((outcome) => !outcome.ok && outcome.reason === 'busy')
  t.strictSame(
    busy,
    Array.from({ length: 140 - 5 - 128 }, () => ({ ok: false, reason: 'busy', retryAfterSeconds: 1 }))
  )
  t.equal(work.compared, 5)
})

t.test('counted in memory', async (t) => {
  for (const [name, attack] of Object.entries(attacks)) {
    t.test(name, async (t) => attack(t, await setUp(createMemoryLimiters(10_000, () => 5000))))
  }
})

t.test('counted in Redis', { skip: skipWithoutRedis }, async (t) => {
  const server: RedisProcess = await startRedis()
  const redis = new Redis({ port: server.port, host: '127.0.0.1' })
  t.teardown(async () => {
    redis.disconnect()
    await server.stop()
  })
  const limiters = async (t: Test, prefix: string) => {
    const { createLimiter, close } = createRedisLimiters({ redis, prefix, timeoutMs: GENEROUS_TIMEOUT_MS })
    t.teardown(close)
    await waitForRedisCounting(redis, createLimiter, prefix)
    return createLimiter
  }
  for (const [at, [name, attack]] of Object.entries(attacks).entries()) {
    t.test(name, async (t) => {
      await attack(t, await setUp(await limiters(t, `test ${at}`)))
      t.not((await redis.keys(`test ${at}:*`)).length, 0, 'it was Redis that counted')
    })
  }

  t.test(
    'T12 T14 made-up usernames create no more keys than an address has attempts, and each key expires',
    async (t) => {
      const { guess } = await setUp(await limiters(t, 'made up'))
      await times(300, (at) => guess(`made up ${at}`))
      const keys = await redis.keys('made up:*')
      t.ok(keys.length > 100 && keys.length <= 201, `${keys.length} keys`)
      const ttls = await Promise.all(keys.map((key) => redis.pttl(key)))
      t.ok(
        ttls.every((ttl) => ttl > 0 && ttl <= 900_000),
        'by the clock of Redis, not that of a node'
      )
      t.notMatch(keys.join(' '), 'made up 1', 'none contains a name')
    }
  )
})

t.test('T05 in eight days one address has 480 attempts per day, and they lock nobody out', async (t) => {
  const clock = { now: 0 }
  const { guess, signIn, work } = await setUp(createMemoryLimiters(10_000, () => clock.now))
  const quarterHours = 8 * 96
  for (let at = 0; at < quarterHours; at += 1) {
    await times(7, () => guess('kim', '198.51.100.1'))
    clock.now += 900_000
  }
  t.equal(work.compared, 8 * 480)
  t.equal(await signIn('kim', PASSWORD), 'accepted', 'the user, from home, after 3840 failures in a row')
  t.equal(
    await signIn('kim', PASSWORD, '198.51.100.1'),
    'accepted',
    'and from the address of the attacker, in the next window'
  )
})

t.test('T05 the hundredth failure in a row is reported, over days', async (t) => {
  const clock = { now: 0 }
  const { guess, signIn, deps } = await setUp(createMemoryLimiters(10_000, () => clock.now))
  const reported: string[] = []
  watchFailures((userId) => reported.push(userId))
  const idOf = async (key: string) => (await deps.users.findByUsernameKey(key))?.id
  const fail = async (count: number, username: string) => {
    for (let at = 0; at < count; at += 1) {
      t.equal(await guess(username), 'invalid-credentials')
      clock.now += 3_600_000
    }
  }
  await fail(99, 'kim')
  t.equal(await signIn('kim', PASSWORD), 'accepted', 'a success resets the count')
  await fail(99, 'kim')
  await fail(150, 'nobody')
  t.strictSame(reported, [])
  await fail(1, 'kim')
  t.strictSame(reported, [await idOf('kim')])
  await fail(20, 'kim')
  t.equal(reported.length, 1, 'reported once')
})
