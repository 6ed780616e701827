import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { noRedis, type RedisProcess, startRedis } from '../../../logins/test/redis/start-redis.ts'
import { createMemoryUserStore } from '../../src/index.ts'
import { changePassword } from '../../src/change-password.ts'
import { redisLimiters } from '../../src/redis/redis-limiters.ts'
import { seedUser } from '../../src/seed-user.ts'
import type { CreateLimiter } from '../../src/throttle/limiter.ts'
import { memoryLimiters } from '../../src/throttle/memory-limiter.ts'
import { createThrottle } from '../../src/throttle/throttle.ts'
import type { UserStore } from '../../src/users/user-store.ts'
import { verify } from '../../src/verify.ts'
import { CHEAP, countedParts, PASSWORD } from '../counted-parts.ts'
import { eventsOf } from '../events-of.ts'
import { watchFailures } from '../readme/watch-failures.ts'
import { PATIENT_MS, untilCounted } from '../redis/until-counted.ts'

const LIMITS = { attemptsPerAccount: 5, attemptsPerAddress: 100, windowSeconds: 900 }
const HOME = '192.0.2.1'

/** Users kim and lee behind a throttle with the default limits. */
async function behind(createLimiter: CreateLimiter, limits = LIMITS) {
  const found: string[] = []
  const users = createMemoryUserStore()
  const watched: UserStore = {
    findByUsernameKey: (key) => {
      found.push(key)
      return users.findByUsernameKey(key)
    },
    findById: (id) => users.findById(id),
    insert: (user) => users.insert(user),
    replacePasswordHash: (...input) => users.replacePasswordHash(...input),
    ping: () => users.ping()
  }
  for (const username of ['kim', 'lee']) await seedUser(users, { username, password: PASSWORD }, CHEAP)
  const counted = countedParts({ users: watched, throttle: createThrottle(limits, createLimiter) })
  const logIn = async (username: string, password: string, address = HOME) => {
    const outcome = await verify(counted.parts, { username, password, address })
    return outcome.ok ? 'accepted' : outcome.reason
  }
  return {
    ...counted,
    found,
    logIn,
    guess: (username: string, address = HOME) => logIn(username, 'wrong', address)
  }
}

type Attacked = Awaited<ReturnType<typeof behind>>

async function times<T>(count: number, act: (at: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let at = 0; at < count; at += 1) results.push(await act(at))
  return results
}

const isOnly = (outcomes: readonly string[], expected: string) =>
  outcomes.every((outcome) => outcome === expected)

const attacks: Readonly<Record<string, (t: Test, attacked: Attacked) => Promise<void>>> = {
  'T01 T16 of one address on one account five are tried, and no more is looked up or hashed': async (
    t,
    { parts, guess, logIn, work, found }
  ) => {
    t.ok(isOnly(await times(5, () => guess('kim')), 'rejected'))
    t.strictSame([work.compared, found.length], [5, 5])
    const outcome = await verify(parts, { username: 'kim', password: PASSWORD, address: HOME })
    t.match(outcome, { ok: false, reason: 'throttled', retryAfterSeconds: Number })
    const { retryAfterSeconds } = outcome as { retryAfterSeconds: number }
    t.ok(retryAfterSeconds > 800 && retryAfterSeconds <= 900, `${retryAfterSeconds} s`)
    t.ok(isOnly(await times(20, () => logIn('kim', PASSWORD)), 'throttled'), 'with the right password too')
    t.strictSame([work.compared, found.length], [5, 5])
    t.equal(await guess('lee'), 'rejected', 'another account is tried all the same')
  },

  'T02 from many addresses nobody locks a user out of the address of their own': async (
    t,
    { guess, logIn }
  ) => {
    const first = await times(50, (at) => guess('kim', `198.51.100.${at % 10}`))
    t.ok(isOnly(first, 'rejected'))
    for (const address of elsewhere) {
      t.equal(await guess('kim', address), 'rejected', 'one attempt')
      t.equal(
        await logIn('kim', PASSWORD, address),
        'throttled',
        'and no second, not even with the right password'
      )
    }
    t.equal(await logIn('kim', PASSWORD), 'accepted', 'the user, from home')
    t.equal(await logIn('kim', PASSWORD, '192.0.2.2'), 'accepted', 'and from a new device elsewhere')
  },

  'T03 one password on many accounts runs into the limit of the address': async (t, { logIn, work }) => {
    const outcomes = await times(150, (at) => logIn(`user ${at}`, 'Summer2026!'))
    t.ok(isOnly(outcomes.slice(0, 100), 'rejected'))
    t.ok(isOnly(outcomes.slice(100), 'throttled'))
    t.equal(work.compared, 100)
    t.equal(await logIn('kim', PASSWORD, '192.0.2.2'), 'accepted', 'from elsewhere all is well')
  },

  'T04 a spray over many addresses and accounts trips no limit and is told, guess by guess': async (
    t,
    { logIn }
  ) => {
    const events = eventsOf(t)
    await times(120, (at) => logIn(at % 10 === 0 ? 'kim' : `user ${at}`, 'Summer2026!', `198.51.100.${at}`))
    t.equal(events.length, 120)
    t.ok(events.every(({ type }) => type === 'rejected'))
    const unknown = events.filter((event) => event.type === 'rejected' && event.detail === 'unknown')
    t.equal(unknown.length, 108)
  },

  'T06 a success forgets the own count, and an own account is no reset for the address': async (
    t,
    { guess, logIn }
  ) => {
    for (let round = 0; round < 3; round += 1) {
      t.ok(isOnly(await times(4, () => guess('kim')), 'rejected'))
      t.equal(await logIn('kim', PASSWORD), 'accepted')
    }
    const tried = await times(88, async (at) => {
      await logIn('lee', PASSWORD)
      return guess(`user ${at}`)
    })
    t.ok(isOnly(tried, 'rejected'))
    t.equal(await guess('one more'), 'throttled', '12 and 88 failures of the address, whatever lee did')
  },

  'T07 of a burst of a hundred after four, one is verified': async (t, { guess, work }) => {
    await times(4, () => guess('kim'))
    const burst = await Promise.all(Array.from({ length: 100 }, () => guess('kim')))
    t.equal(burst.filter((outcome) => outcome === 'rejected').length, 1)
    t.equal(burst.filter((outcome) => outcome === 'throttled').length, 99)
    t.equal(work.compared, 5)
  },

  'M8 right log-ins at once are no failures: all are heard, though four have failed': async (
    t,
    { guess, logIn, work }
  ) => {
    const burst = (address: string) =>
      Promise.all(Array.from({ length: 20 }, () => logIn('kim', PASSWORD, address)))
    t.ok(isOnly(await burst(HOME), 'accepted'))
    await times(4, () => guess('kim', '192.0.2.2'))
    t.ok(isOnly(await burst('192.0.2.2'), 'accepted'))
    t.equal(work.compared, 44)
  },

  'M8 of wrong ones and right ones at once no more wrong ones are heard than may be': async (
    t,
    { guess, logIn }
  ) => {
    const outcomes = await Promise.all([
      ...Array.from({ length: 20 }, () => guess('kim')),
      ...Array.from({ length: 5 }, () => logIn('kim', PASSWORD))
    ])
    t.equal(outcomes.filter((outcome) => outcome === 'rejected').length, 5)
    t.equal(outcomes.filter((outcome) => outcome === 'throttled').length, 20, 'the right ones were too late')
  },

  'M6 from a /48 an account is guessed at slowly, and its user gets in from where they were before': async (
    t,
    { guess, logIn, work }
  ) => {
    t.equal(await logIn('kim', PASSWORD), 'accepted')
    const guesses = await times(250, (at) => guess('kim', `2001:db8:ffff:${at.toString(16)}::1`))
    t.equal(guesses.filter((outcome) => outcome === 'rejected').length, 200)
    t.equal(work.compared, 201)
    t.equal(await logIn('kim', PASSWORD, '192.0.2.77'), 'throttled', 'from somewhere new, in the next window')
    t.equal(await logIn('kim', PASSWORD), 'accepted')
  },

  'T08 the spellings of an address, and the addresses of a /64, are one': async (t, { guess }) => {
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
    t.equal(await guess('kim', '2001:db8:1:3::1'), 'rejected', 'a network of somebody else')
  },

  'T10 the spellings of a username are one': async (t, { guess }) => {
    const spellings = ['kim', 'KIM', 'Kim', '\u212Aim', 'ｋｉｍ', 'kIM']
    t.strictSame(await times(6, (at) => guess(spellings[at] ?? '')), [...fiveRejected, 'throttled'])
  },

  'T11 an unknown username is throttled as a known one': async (t, { guess, work, parts }) => {
    const [known, unknown] = [await times(6, () => guess('kim')), await times(6, () => guess('nobody'))]
    t.strictSame(known, [...fiveRejected, 'throttled'])
    t.strictSame(unknown, known)
    t.equal(work.compared, 10, 'and at the same cost')
    const refused = async (username: string) =>
      Object.keys(await verify(parts, { username, password: 'x', address: HOME }))
    t.strictSame(await refused('nobody'), await refused('kim'))
  },

  'T15 a change of password is counted with the log-ins': async (t, { parts, guess, logIn, work }) => {
    const kim = await parts.users.findByUsernameKey('kim')
    const change = (currentPassword: string) =>
      changePassword(parts, {
        userId: kim?.id ?? '',
        currentPassword,
        newPassword: `${PASSWORD} 2`,
        address: HOME
      })
    await times(3, () => change('wrong'))
    await times(2, () => guess('kim'))
    t.match(await change(PASSWORD), { ok: false, reason: 'throttled' })
    t.equal(await logIn('kim', PASSWORD), 'throttled')
    t.strictSame(work, { compared: 5, made: 0 })
  },

  'U05 names that would run into one another in a key are counted apart': async (t, { guess }) => {
    const names = ['a', 'a:192.0.2.1', '__proto__', 'constructor', '*', 'a:b', 'drawbridge-account', '😀']
    for (const name of names)
      t.strictSame(await times(6, () => guess(name)), [...fiveRejected, 'throttled'], name)
    t.equal(await guess('kim'), 'rejected')
  }
}

const fiveRejected = Array.from({ length: 5 }, () => 'rejected')

const elsewhere = Array.from({ length: 30 }, (_, at) => `203.0.113.${at}`)

t.test('M8 of more than can wait some are told to come again at once', async (t) => {
  const limits = { ...LIMITS, attemptsPerAddress: 1000 }
  const { parts, work } = await behind(
    memoryLimiters(10_000, () => 5000),
    limits
  )
  const attempt = { username: 'kim', password: 'wrong', address: HOME }
  const outcomes = await Promise.all(Array.from({ length: 140 }, () => verify(parts, attempt)))
  const busy = outcomes.filter((outcome) => !outcome.ok && outcome.reason === 'busy')
  t.strictSame(
    busy,
    Array.from({ length: 140 - 5 - 128 }, () => ({ ok: false, reason: 'busy', retryAfterSeconds: 1 }))
  )
  t.equal(work.compared, 5)
})

t.test('counted in memory', async (t) => {
  for (const [name, attack] of Object.entries(attacks)) {
    t.test(name, async (t) => attack(t, await behind(memoryLimiters(10_000, () => 5000))))
  }
})

t.test('counted in Redis', { skip: noRedis }, async (t) => {
  const server: RedisProcess = await startRedis()
  const redis = new Redis({ port: server.port, host: '127.0.0.1' })
  t.teardown(async () => {
    redis.disconnect()
    await server.stop()
  })
  const limiters = async (t: Test, prefix: string) => {
    const { createLimiter, close } = redisLimiters({ redis, prefix, timeoutMs: PATIENT_MS })
    t.teardown(close)
    await untilCounted(redis, createLimiter, prefix)
    return createLimiter
  }
  for (const [at, [name, attack]] of Object.entries(attacks).entries()) {
    t.test(name, async (t) => {
      await attack(t, await behind(await limiters(t, `test ${at}`)))
      t.not((await redis.keys(`test ${at}:*`)).length, 0, 'it was Redis that counted')
    })
  }

  t.test(
    'T12 T14 made-up usernames make no more keys than an address has attempts, and each goes by itself',
    async (t) => {
      const { guess } = await behind(await limiters(t, 'made up'))
      await times(300, (at) => guess(`made up ${at}`))
      const keys = await redis.keys('made up:*')
      t.ok(keys.length > 100 && keys.length <= 201, `${keys.length} keys`)
      const ttls = await Promise.all(keys.map((key) => redis.pttl(key)))
      t.ok(
        ttls.every((ttl) => ttl > 0 && ttl <= 900_000),
        'by the clock of Redis, whatever that of a node says'
      )
      t.notMatch(keys.join(' '), 'made up 1', 'and none has a name in it')
    }
  )
})

t.test(
  'T05 in eight days one address has 480 attempts a day, and nobody is locked out by them',
  async (t) => {
    const clock = { now: 0 }
    const { guess, logIn, work } = await behind(memoryLimiters(10_000, () => clock.now))
    const quarterHours = 8 * 96
    for (let at = 0; at < quarterHours; at += 1) {
      await times(7, () => guess('kim', '198.51.100.1'))
      clock.now += 900_000
    }
    t.equal(work.compared, 8 * 480)
    t.equal(await logIn('kim', PASSWORD), 'accepted', 'the user, from home, after 3840 failures in a row')
    t.equal(
      await logIn('kim', PASSWORD, '198.51.100.1'),
      'accepted',
      'and where the attacker sat, in the next window'
    )
  }
)

t.test('T05 whoever must keep to 100 failures in a row is told of the hundredth, over days', async (t) => {
  const clock = { now: 0 }
  const { guess, logIn, parts } = await behind(memoryLimiters(10_000, () => clock.now))
  const told: string[] = []
  watchFailures((userId) => told.push(userId))
  const idOf = async (key: string) => (await parts.users.findByUsernameKey(key))?.id
  const fail = async (count: number, username: string) => {
    for (let at = 0; at < count; at += 1) {
      t.equal(await guess(username), 'rejected')
      clock.now += 3_600_000
    }
  }
  await fail(99, 'kim')
  t.equal(await logIn('kim', PASSWORD), 'accepted', 'a success begins anew')
  await fail(99, 'kim')
  await fail(150, 'nobody')
  t.strictSame(told, [])
  await fail(1, 'kim')
  t.strictSame(told, [await idOf('kim')])
  await fail(20, 'kim')
  t.equal(told.length, 1, 'told once')
})
