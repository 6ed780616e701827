import t from 'tap'
import { createRequestThrottle, type RequestThrottleOptions } from '../../src/throttle/request-throttle.ts'

function throttleAt(clock: { now: number }, options: Partial<RequestThrottleOptions> = {}) {
  return createRequestThrottle({ name: 'password-reset', now: () => clock.now, ...options })
}

const HOME = '192.0.2.1'

t.test('an account is limited over all addresses, until its window ends', async (t) => {
  const clock = { now: 0 }
  const throttle = throttleAt(clock, { requestsPerAccount: 3, windowSeconds: 60 })
  for (let at = 0; at < 3; at += 1)
    t.same(await throttle.admit({ account: 'ada', address: `192.0.2.${at}` }), { ok: true })
  clock.now = 20_000
  t.same(await throttle.admit({ account: 'ada', address: HOME }), {
    ok: false,
    reason: 'throttled',
    retryAfterSeconds: 40
  })
  t.same(await throttle.admit({ account: 'bob', address: HOME }), { ok: true })
  clock.now = 60_000
  t.same(await throttle.admit({ account: 'ada', address: HOME }), { ok: true })
})

t.test('an address is limited over all accounts, and all addresses of an IPv6 network are one', async (t) => {
  const throttle = throttleAt({ now: 0 }, { requestsPerAddress: 2 })
  t.equal((await throttle.admit({ account: 'a', address: '2001:db8::1' })).ok, true)
  t.equal((await throttle.admit({ address: '2001:db8::2' })).ok, true)
  t.equal((await throttle.admit({ account: 'c', address: '2001:db8::3' })).ok, false)
  t.equal((await throttle.admit({ account: 'c', address: HOME })).ok, true)
})

t.test('a request that its address has no more of is not counted against an account', async (t) => {
  const throttle = throttleAt({ now: 0 }, { requestsPerAddress: 1, requestsPerAccount: 1 })
  await throttle.admit({ account: 'bob', address: HOME })
  t.equal((await throttle.admit({ account: 'ada', address: HOME })).ok, false)
  t.equal((await throttle.admit({ account: 'ada', address: '192.0.2.2' })).ok, true)
})

t.test(
  'requests without an address are limited by account alone, and those without an account by address',
  async (t) => {
    const throttle = throttleAt({ now: 0 }, { requestsPerAddress: 2, requestsPerAccount: 1 })
    for (const account of ['a', 'b', 'c'])
      t.equal((await throttle.admit({ account, address: undefined })).ok, true)
    t.equal((await throttle.admit({ account: 'a', address: undefined })).ok, false)
    for (let at = 0; at < 2; at += 1) t.equal((await throttle.admit({ address: HOME })).ok, true)
    t.equal((await throttle.admit({ address: HOME })).ok, false)
  }
)

t.test('two of one name and one store count together, and another name apart', async (t) => {
  const counts = new Map<string, number>()
  const limiters = {
    createLimiter: ({ keyPrefix }: { keyPrefix: string }) => ({
      penalty: async (key: string) => {
        const consumedPoints = (counts.get(keyPrefix + key) ?? 0) + 1
        counts.set(keyPrefix + key, consumedPoints)
        return { consumedPoints, msBeforeNext: 1000 }
      },
      reward: async () => {},
      delete: async () => {},
      get: async () => null
    })
  }
  const [one, other] = [throttleAt({ now: 0 }, { limiters }), throttleAt({ now: 0 }, { limiters })]
  for (let at = 0; at < 5; at += 1) await one.admit({ account: 'ada', address: HOME })
  t.equal((await other.admit({ account: 'ada', address: HOME })).ok, false)
  const verification = throttleAt({ now: 0 }, { limiters, name: 'verification' })
  t.equal((await verification.admit({ account: 'ada', address: HOME })).ok, true)
  t.notOk(
    [...counts.keys()].some((key) => key.includes('ada')),
    'a name is in no key'
  )
})

t.test('where the counts are down, the outage is an error of its own', async (t) => {
  const fail = async () => Promise.reject(new Error('down'))
  const limiters = { createLimiter: () => ({ penalty: fail, reward: fail, delete: fail, get: fail }) }
  await t.rejects(throttleAt({ now: 0 }, { limiters }).admit({ address: HOME }), {
    code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE',
    statusCode: 503
  })
})

t.test('a wrong option is an error that names it', async (t) => {
  t.throws(() => createRequestThrottle({ name: 'Not a name' }), /requestThrottle\.name must be a name/)
  t.throws(() => throttleAt({ now: 0 }, { requestsPerAccount: 0 }), /requestThrottle\.requestsPerAccount/)
})

t.test('a request that is taken back leaves its place to another one', async (t) => {
  const throttle = throttleAt({ now: 0 }, { requestsPerAddress: 1, requestsPerAccount: 1 })
  const request = { account: 'ada', address: HOME }
  t.equal((await throttle.admit(request)).ok, true)
  await throttle.refund(request)
  t.equal((await throttle.admit(request)).ok, true)
  t.equal((await throttle.admit({ address: HOME })).ok, false)
  await throttle.refund({ address: undefined })
  t.equal((await throttle.admit({ address: HOME })).ok, false)
  await throttle.refund({ address: HOME })
  t.equal((await throttle.admit({ address: HOME })).ok, true)
})
