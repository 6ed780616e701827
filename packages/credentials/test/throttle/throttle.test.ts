import { mock } from 'node:test'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import t from 'tap'
import { createCredentials } from '../../src/create-credentials.ts'
import { createMemoryUserStore } from '../../src/users/memory-user-store.ts'
import type { CreateLimiter, LimiterOptions } from '../../src/throttle/limiter.ts'
import { FixedWindowLimiter } from '../../src/throttle/fixed-window-limiter.ts'
import { createMemoryLimiters } from '../../src/throttle/memory-limiter.ts'
import {
  createThrottle,
  type Throttle,
  type TwoFactorThrottle,
  unthrottled
} from '../../src/throttle/throttle.ts'
import type { Admitted } from '../../src/throttle/admission.ts'

const LIMITS = { attemptsPerAccount: 5, attemptsPerAddress: 100, windowSeconds: 900 }
const HOME = '192.0.2.1'

function throttleAt(clock: { now: number }, limits = LIMITS): TwoFactorThrottle {
  return createThrottle(
    limits,
    createMemoryLimiters(10_000, () => clock.now)
  )
}

/** An attempt that fails, if it is admitted. */
async function fail(throttle: Throttle, account: string, address: string): Promise<boolean> {
  return (await throttle.reserve(account, address)).admitted
}

async function reserve(throttle: Throttle, account: string, address: string): Promise<Admitted> {
  const admission = await throttle.reserve(account, address)
  if (!admission.admitted) throw new Error(`rejected for ${admission.retryAfterSeconds} s`)
  return admission
}

/** Fails from enough addresses that the account counts as under attack. */
async function attack(throttle: Throttle, account: string): Promise<void> {
  for (let at = 0; at < 10; at += 1) {
    for (let time = 0; time < 5; time += 1) await fail(throttle, account, `198.51.100.${at}`)
  }
}

t.test('an address has a limit of attempts on an account per window', async (t) => {
  const clock = { now: 1000 }
  const throttle = throttleAt(clock)
  for (let at = 0; at < 5; at += 1) t.ok(await fail(throttle, 'kim', HOME))
  t.strictSame(await throttle.reserve('kim', HOME), {
    admitted: false,
    limit: 'account',
    retryAfterSeconds: 900
  })
  clock.now += 899_001
  t.strictSame(await throttle.reserve('kim', HOME), {
    admitted: false,
    limit: 'account',
    retryAfterSeconds: 1
  })
  clock.now += 999
  t.ok(await fail(throttle, 'kim', HOME))
})

t.test('attempts while locked out do not prolong it', async (t) => {
  const clock = { now: 1000 }
  const throttle = throttleAt(clock)
  for (let at = 0; at < 90; at += 1) {
    await fail(throttle, 'kim', HOME)
    clock.now += 10_000
  }
  t.equal(clock.now, 901_000)
  t.ok(await fail(throttle, 'kim', HOME))
})

t.test('another account and another address have their own counts', async (t) => {
  const throttle = throttleAt({ now: 1000 })
  for (let at = 0; at < 6; at += 1) await fail(throttle, 'kim', HOME)
  t.ok(await fail(throttle, 'lee', HOME))
  t.ok(await fail(throttle, 'kim', '192.0.2.2'))
})

t.test('an address has a limit of attempts on all accounts together', async (t) => {
  const throttle = throttleAt({ now: 1000 })
  for (let at = 0; at < 100; at += 1) t.ok(await fail(throttle, `user ${at}`, HOME))
  t.strictSame(await throttle.reserve('kim', HOME), {
    admitted: false,
    limit: 'address',
    retryAfterSeconds: 900
  })
  t.ok(await fail(throttle, 'kim', '192.0.2.2'))
})

t.test('the addresses of an IPv6 network, and all garbage, share one count', async (t) => {
  const throttle = throttleAt({ now: 1000 })
  for (let at = 0; at < 5; at += 1) t.ok(await fail(throttle, 'kim', `2001:db8::${at}`))
  t.notOk(await fail(throttle, 'kim', '2001:db8:0:0:abcd::9'))
  t.ok(await fail(throttle, 'kim', '2001:db8:0:1::1'))
  for (const garbage of ['', 'a', 'b', 'unknown', '999.1.1.1']) t.ok(await fail(throttle, 'kim', garbage))
  t.notOk(await fail(throttle, 'kim', 'something else'))
})

t.test('of a parallel burst no more attempts than the limit are admitted', async (t) => {
  const throttle = throttleAt({ now: 1000 })
  for (let at = 0; at < 4; at += 1) await fail(throttle, 'kim', HOME)
  const burst = await Promise.all(Array.from({ length: 100 }, () => fail(throttle, 'kim', HOME)))
  t.equal(burst.filter(Boolean).length, 1)
  const spread = await Promise.all(
    Array.from({ length: 1000 }, (_, at) => fail(throttle, 'lee', `203.0.${at % 100}.1`))
  )
  t.ok(spread.filter(Boolean).length <= 50 + 100, '50, and one of each address')
})

t.test('a success resets the counts of the account', async (t) => {
  const throttle = throttleAt({ now: 1000 })
  for (let round = 0; round < 10; round += 1) {
    for (let at = 0; at < 4; at += 1) t.ok(await fail(throttle, 'kim', HOME))
    await (await reserve(throttle, 'kim', HOME)).recordSuccess()
  }
})

t.test(
  "a success returns only its own point to the address, so that an attacker's own account resets nothing",
  async (t) => {
    const throttle = throttleAt({ now: 1000 })
    for (let at = 0; at < 99; at += 1) {
      await fail(throttle, `user ${at}`, HOME)
      await (await reserve(throttle, 'own', HOME)).recordSuccess()
    }
    t.ok(await fail(throttle, 'kim', HOME))
    t.notOk(await fail(throttle, 'lee', HOME))
  }
)

t.test('an account under attack', async (t) => {
  t.test('can be signed in to from another address', async (t) => {
    const throttle = throttleAt({ now: 1000 })
    await attack(throttle, 'kim')
    for (let at = 0; at < 100; at += 1) await fail(throttle, 'kim', `203.0.113.${at}`)
    await (await reserve(throttle, 'kim', HOME)).recordSuccess()
    t.ok(await fail(throttle, 'kim', HOME), 'and again')
  })

  t.test('is no longer so once its user has signed in', async (t) => {
    const throttle = throttleAt({ now: 1000 })
    await attack(throttle, 'kim')
    await (await reserve(throttle, 'kim', HOME)).recordSuccess()
    for (let at = 0; at < 5; at += 1) t.ok(await fail(throttle, 'kim', HOME))
    t.notOk(await fail(throttle, 'kim', HOME))
  })

  t.test('gives each address one attempt per window', async (t) => {
    const clock = { now: 1000 }
    const throttle = throttleAt(clock)
    await attack(throttle, 'kim')
    for (let at = 0; at < 50; at += 1) {
      t.ok(await fail(throttle, 'kim', `203.0.113.${at}`))
      t.strictSame(await throttle.reserve('kim', `203.0.113.${at}`), {
        admitted: false,
        limit: 'attack',
        retryAfterSeconds: 900
      })
    }
    t.notOk(await fail(throttle, 'kim', '198.51.100.1'), 'an address that had five before has none')
  })

  t.test('has all attempts again when its window ends, though that of the address continues', async (t) => {
    const clock = { now: 1000 }
    const throttle = throttleAt(clock)
    await attack(throttle, 'kim')
    clock.now += 600_000
    t.ok(await fail(throttle, 'kim', HOME))
    t.strictSame(await throttle.reserve('kim', HOME), {
      admitted: false,
      limit: 'attack',
      retryAfterSeconds: 300
    })
    clock.now += 300_000
    for (let at = 0; at < 4; at += 1) t.ok(await fail(throttle, 'kim', HOME))
    t.notOk(await fail(throttle, 'kim', HOME))
  })

  t.test('does not affect other accounts', async (t) => {
    const throttle = throttleAt({ now: 1000 })
    await attack(throttle, 'kim')
    for (let at = 0; at < 5; at += 1) t.ok(await fail(throttle, 'lee', HOME))
  })
})

t.test('T37: a system clock that is set forward forgets no attempt', async (t) => {
  const credentials = createCredentials({
    users: createMemoryUserStore(),
    hashing: { memoryKiB: 1024, passes: 1 },
    throttle: { attemptsPerAccount: 1 }
  })
  const attempt = { username: 'ada', password: 'wrong', address: '192.0.2.1' }
  await credentials.verify(attempt)
  t.match(await credentials.verify(attempt), { ok: false, reason: 'throttled' })
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 86_400_000 })
  t.teardown(() => mock.timers.reset())
  t.match(await credentials.verify(attempt), { ok: false, reason: 'throttled' })
})

t.test('M6: one IPv6 /48 against one account', async (t) => {
  const HOMES = ['192.0.2.1', '2001:db8:aaaa:1::1']
  const network = (at: number) => `2001:db8:ffff:${at.toString(16)}::1`
  const clock = { now: 1000 }
  const throttle = throttleAt(clock)
  for (const home of HOMES) await (await reserve(throttle, 'kim', home)).recordSuccess()

  let admitted = 0
  for (let at = 0; at < 2000; at += 1) if (await fail(throttle, 'kim', network(at))) admitted += 1
  t.equal(admitted, 200, 'of 2000 guesses')
  t.strictSame(await throttle.reserve('kim', '203.0.113.1'), {
    admitted: false,
    limit: 'attack',
    retryAfterSeconds: 900
  })
  t.ok(await fail(throttle, 'lee', network(1)), 'another account has a count of its own')

  for (const home of HOMES) {
    for (let at = 0; at < 4; at += 1) t.ok(await fail(throttle, 'kim', home), 'the user, with typing errors')
    await (await reserve(throttle, 'kim', home)).refund()
  }
  for (let at = 0; at < 10; at += 1) await fail(throttle, 'kim', HOMES[0] as string)
  t.strictSame(
    await throttle.reserve('kim', HOMES[0] as string),
    { admitted: false, limit: 'account', retryAfterSeconds: 900 },
    'a known address has no more than the limit'
  )
  t.ok((await throttle.reserve('lee', HOMES[0] as string)).admitted, 'an address is known to one account')

  clock.now += 900_000
  t.ok(await fail(throttle, 'kim', network(5)), 'in the next window')
})

t.test('M6: an address is known for 21 days after the last successful sign-in', async (t) => {
  const clock = { now: 1000 }
  const throttle = throttleAt(clock)
  const DAY = 86_400_000
  const isKnown = async (address: string) => {
    clock.now += 900_000
    for (let at = 0; at < 200; at += 1) await fail(throttle, 'kim', `2001:db8:ffff:${at.toString(16)}::1`)
    const admission = await throttle.reserve('kim', address)
    if (admission.admitted) await admission.refund()
    return admission.admitted
  }
  for (let at = 0; at < 5; at += 1) await fail(throttle, 'kim', HOME)
  t.notOk(await isKnown(HOME), 'failures do not make it known')
  clock.now += 900_000
  await (await reserve(throttle, 'kim', HOME)).recordSuccess()
  clock.now += 20 * DAY
  await (await reserve(throttle, 'kim', HOME)).recordSuccess()
  clock.now += 20 * DAY + 23 * 3_600_000
  t.ok(await isKnown(HOME))
  clock.now += 2 * DAY
  t.notOk(await isKnown(HOME))
  clock.now += 900_000
  await (await reserve(throttle.secondFactor as Throttle, 'kim', HOME)).recordSuccess()
  t.ok(await isKnown(HOME), 'a second factor completes a sign-in')
})

t.test('M5 M6: without an address only accounts are counted', async (t) => {
  const throttle = throttleAt({ now: 1000 })
  const tried = async (account: string, of = throttle as Throttle) =>
    (await of.reserve(account, undefined)).admitted
  for (let at = 0; at < 300; at += 1) t.ok(await tried(`user ${at}`), 'strangers do not share a count')
  for (let at = 0; at < 5; at += 1) t.ok(await tried('kim'))
  t.notOk(await tried('kim'))
  for (let at = 0; at < 5; at += 1) t.ok(await tried('kim', throttle.secondFactor))
  t.notOk(await tried('kim', throttle.secondFactor))
  await ((await throttle.reserve('lee', undefined)) as Admitted).recordSuccess()
  for (let at = 0; at < 100; at += 1) t.ok(await fail(throttle, `guest ${at}`, 'garbage'))
  t.notOk(await fail(throttle, 'guest', 'garbage'), 'a success returns no point that was not counted')
})

t.test('an admission has the number of attempts on the account that have not succeeded', async (t) => {
  const throttle = throttleAt({ now: 1000 })
  const getFailures = async (address: string) => {
    const { failures, isSuspicious } = await reserve(throttle, 'kim', address)
    return [failures, isSuspicious]
  }
  for (let at = 0; at < 5; at += 1) t.strictSame(await getFailures(HOME), [at, false], 'one address alone')
  t.strictSame(await getFailures('192.0.2.2'), [5, true])
  await (await reserve(throttle, 'kim', '192.0.2.3')).recordSuccess()
  t.strictSame(await getFailures('192.0.2.3'), [0, false], 'reset by a success')
  t.strictSame(await getFailures('192.0.2.2'), [1, false])
})

t.test('a refunded attempt is not counted', async (t) => {
  const throttle = throttleAt({ now: 1000 })
  for (let at = 0; at < 300; at += 1) await (await reserve(throttle, 'kim', HOME)).refund()
  for (let at = 0; at < 5; at += 1) t.ok(await fail(throttle, 'kim', HOME))
})

t.test('a rejected attempt is not counted', async (t) => {
  const throttle = throttleAt({ now: 1000 })
  for (let at = 0; at < 500; at += 1) await fail(throttle, 'kim', HOME)
  t.ok(await fail(throttle, 'lee', HOME), 'not against the address')
  for (let at = 0; at < 4; at += 1) t.ok(await fail(throttle, 'kim', '192.0.2.2'), 'not against the account')
})

t.test('T12 made-up usernames do not fill the memory', async (t) => {
  const sizes: (() => number)[] = []
  const createLimiter: CreateLimiter = (options) => {
    const limiter = new FixedWindowLimiter(options, 1000, () => 1000)
    sizes.push(() => limiter.size)
    return limiter
  }
  const throttle = createThrottle(LIMITS, createLimiter)
  for (let at = 0; at < 20_000; at += 1) await fail(throttle, `user ${at}`, HOME)
  t.strictSame(
    sizes.map((size) => size()),
    [1, 100, 100, 0, 0],
    'from one address'
  )
  for (let at = 0; at < 20_000; at += 1) await fail(throttle, `user ${at}`, `10.${at >> 8}.${at & 255}.1`)
  t.strictSame(
    sizes.map((size) => size()),
    [1000, 1000, 1000, 0, 0],
    'from many'
  )
})

t.test('no key contains a name', async (t) => {
  const keys: string[] = []
  const prefixes: string[] = []
  const createLimiter: CreateLimiter = (options) => {
    prefixes.push(options.keyPrefix)
    return {
      penalty: async (key) => {
        keys.push(key)
        return { consumedPoints: 1, msBeforeNext: 1 }
      },
      reward: async () => {},
      delete: async () => {},
      get: async () => null
    }
  }
  const throttle = createThrottle(LIMITS, createLimiter)
  for (const one of [throttle, throttle.secondFactor]) await fail(one, 'kim@example.com', HOME)
  t.equal(keys.length, 5)
  t.notMatch(keys.join(' '), 'kim')
  t.strictSame(prefixes, [
    'drawbridge-address',
    'drawbridge-account-address',
    'drawbridge-account',
    'drawbridge-second-factor',
    'drawbridge-known-address'
  ])
})

t.test('any limiter of rate-limiter-flexible works, such as RateLimiterMemory', async (t) => {
  // It has no clock but the system's.
  mock.timers.enable({ apis: ['Date'], now: 1000 })
  t.teardown(() => mock.timers.reset())
  const throttle = createThrottle(LIMITS, (options: LimiterOptions) => new RateLimiterMemory(options))
  for (let at = 0; at < 5; at += 1) t.ok(await fail(throttle, 'kim', HOME))
  t.match(await throttle.reserve('kim', HOME), { admitted: false, retryAfterSeconds: 900 })
  await (await reserve(throttle, 'lee', HOME)).recordSuccess()
  await (await reserve(throttle, 'lee', HOME)).refund()
})

t.test('without a throttle everything is admitted', async (t) => {
  for (let at = 0; at < 200; at += 1) {
    t.ok(await fail(unthrottled, 'kim', HOME))
  }
  const admission = await reserve(unthrottled, 'kim', HOME)
  await admission.recordSuccess()
  await admission.refund()
})
