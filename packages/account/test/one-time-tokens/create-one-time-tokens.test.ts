import t from 'tap'
import { createMemorySpentTokens, createOneTimeTokens, type OneTimeTokensOptions } from '../../src/index.ts'

const SECRET = 'a root secret for tests, 0123456789'
const OTHER_SECRET = 'another root secret, 9876543210 abc'
const START = 1_800_000_000_000

function bound(states: Map<string, string>, options: Partial<OneTimeTokensOptions> = {}) {
  return createOneTimeTokens({
    purpose: 'password-reset',
    secret: SECRET,
    now: () => START,
    findState: (userId) => states.get(userId) ?? null,
    ...options
  })
}

function spending(options: Partial<OneTimeTokensOptions> = {}) {
  const now = options.now ?? (() => START)
  return createOneTimeTokens({
    purpose: 'sign-in-link',
    secret: SECRET,
    now,
    spent: createMemorySpentTokens({ now }),
    ...options
  })
}

t.test('a token that is bound to a state is valid until the state changes', async (t) => {
  const states = new Map([['1', 'stamp']])
  const tokens = bound(states)
  const token = tokens.create({ userId: '1', state: 'stamp' })
  for (let at = 0; at < 2; at += 1)
    t.same(await tokens.redeem(token), { ok: true, userId: '1', state: 'stamp' })
  states.set('1', 'another stamp')
  t.same(await tokens.redeem(token), { ok: false, reason: 'stale' })
  states.delete('1')
  t.same(await tokens.redeem(token), { ok: false, reason: 'stale' })
})

t.test('a token of one user is bound to the state of this user', async (t) => {
  const tokens = bound(
    new Map([
      ['1', 'a'],
      ['2', 'b']
    ])
  )
  t.same(await tokens.redeem(tokens.create({ userId: '1', state: 'b' })), { ok: false, reason: 'stale' })
})

t.test('a token without a state is used once, and of uses at once one wins', async (t) => {
  const tokens = spending()
  const token = tokens.create({ userId: '1' })
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => tokens.redeem(token)))
  t.same(
    outcomes.filter(({ ok }) => ok),
    [{ ok: true, userId: '1', state: null }]
  )
  t.same(await tokens.redeem(token), { ok: false, reason: 'spent' })
  t.equal((await tokens.redeem(tokens.create({ userId: '1' }))).ok, true, 'another one of the same user')
})

t.test(
  'with both, a stale token is not spent, and a spent one is not valid though its state is',
  async (t) => {
    const states = new Map([['1', 'now']])
    const tokens = bound(states, { spent: createMemorySpentTokens({ now: () => START }) })
    const token = tokens.create({ userId: '1', state: 'later' })
    t.match(await tokens.redeem(token), { ok: false, reason: 'stale' })
    states.set('1', 'later')
    t.match(await tokens.redeem(token), { ok: true })
    t.match(await tokens.redeem(token), { ok: false, reason: 'spent' })
  }
)

t.test('a token is valid for fifteen minutes by default, and for as long as the option says', async (t) => {
  const clock = { now: START }
  const now = () => clock.now
  for (const [options, seconds] of [
    [{}, 900],
    [{ ttlSeconds: 60 }, 60]
  ] as const) {
    clock.now = START
    const tokens = spending({ ...options, now })
    const [early, late] = [tokens.create({ userId: '1' }), tokens.create({ userId: '1' })]
    clock.now = START + seconds * 1000 - 1
    t.match(await tokens.redeem(early), { ok: true })
    clock.now = START + seconds * 1000
    t.same(await tokens.redeem(late), { ok: false, reason: 'expired' })
  }
})

t.test(
  'a lifetime that is made shorter is for tokens on their way too, and a clock that went back accepts none',
  async (t) => {
    const token = spending({ ttlSeconds: 900 }).create({ userId: '1' })
    t.same(await spending({ ttlSeconds: 60 }).redeem(token), { ok: false, reason: 'expired' })
    t.same(await spending({ now: () => START - 1 }).redeem(token), { ok: false, reason: 'expired' })
  }
)

t.test('a token of one purpose or one service is worthless for another', async (t) => {
  const token = spending().create({ userId: '1' })
  t.same(await spending({ purpose: 'invitation' }).redeem(token), { ok: false, reason: 'invalid' })
  t.same(await spending({ secret: OTHER_SECRET }).redeem(token), { ok: false, reason: 'invalid' })
  t.match(await spending().redeem(token), { ok: true })
})

t.test('a token without a state is not valid where one is asked for, nor the other way round', async (t) => {
  const purpose = 'invitation'
  const states = new Map([['1', '']])
  const unbound = spending({ purpose }).create({ userId: '1' })
  t.same(await bound(states, { purpose }).redeem(unbound), { ok: false, reason: 'stale' })
  const withState = bound(states, { purpose }).create({ userId: '1', state: '' })
  t.same(await spending({ purpose }).redeem(withState), { ok: false, reason: 'stale' })
  t.match(await bound(states, { purpose }).redeem(withState), { ok: true })
})

t.test('while a secret is replaced, tokens by the old one are valid', async (t) => {
  const token = spending().create({ userId: '1' })
  const both = spending({ secret: [OTHER_SECRET, SECRET] })
  t.match(await both.redeem(token), { ok: true })
  t.match(await spending({ secret: OTHER_SECRET }).redeem(both.create({ userId: '1' })), { ok: true })
})

t.test('a token reveals nothing of its user, and every other text is invalid', async (t) => {
  const tokens = bound(new Map([['user-4711', 'ada@example.com']]))
  const token = tokens.create({ userId: 'user-4711', state: 'ada@example.com' })
  t.match(token, /^drbo_[A-Za-z0-9_-]+$/)
  const bytes = Buffer.from(token.slice(5), 'base64url')
  t.notOk(bytes.includes('4711') || bytes.includes('ada'))
  const invalid: unknown[] = [
    '',
    'drbo_',
    token.slice(5),
    `${token}=`,
    `${token}!`,
    ` ${token}`,
    [token],
    null,
    undefined,
    1,
    {}
  ]
  for (let at = 0; at < bytes.length; at += 1) {
    const flipped = Buffer.from(bytes)
    flipped[at] = (flipped[at] as number) ^ 1
    invalid.push(`drbo_${flipped.toString('base64url')}`)
    invalid.push(`drbo_${bytes.subarray(0, at).toString('base64url')}`)
  }
  invalid.push(`drbo_${'A'.repeat(100_000)}`)
  for (const each of invalid) t.same(await tokens.redeem(each), { ok: false, reason: 'invalid' })
  t.match(await tokens.redeem(token), { ok: true })
})

t.test('an outage of what is asked is a 503, and an error with a status of its own stays', async (t) => {
  const down = async () => Promise.reject(new Error('down'))
  const unavailable = { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE', statusCode: 503 }
  const spentDown = spending({ spent: { spend: down } })
  await t.rejects(spentDown.redeem(spentDown.create({ userId: '1' })), unavailable)
  const stateDown = bound(new Map(), { findState: down })
  await t.rejects(stateDown.redeem(stateDown.create({ userId: '1', state: 'a' })), unavailable)
  const own = Object.assign(new Error('busy'), { statusCode: 429 })
  const busy = bound(new Map(), { findState: async () => Promise.reject(own) })
  await t.rejects(busy.redeem(busy.create({ userId: '1', state: 'a' })), own)
  t.same(await spentDown.redeem('drbo_forged'), { ok: false, reason: 'invalid' }, 'which is not asked about')
})

t.test(
  'tokens that could be used twice cannot be made, and a wrong option is an error that names it',
  async (t) => {
    const options = { purpose: 'a', secret: SECRET }
    t.throws(() => createOneTimeTokens(options), /needs findState or spent/)
    t.throws(() => spending({ secret: 'short' }), /oneTimeTokens\.secret must be .*\(value omitted\)/)
    t.throws(() => spending({ purpose: '' }), /oneTimeTokens\.purpose/)
    t.throws(() => spending({ ttlSeconds: 0 }), /oneTimeTokens\.ttlSeconds/)
    t.throws(() => spending({ spent: {} as never }), /oneTimeTokens\.spent must be a store of spent tokens/)
    t.throws(() => spending().create({ userId: '1', state: 'a' }), /needs state where/)
    t.throws(() => bound(new Map()).create({ userId: '1' }), /needs state where/)
    t.throws(() => spending().create({ userId: '' }), /create\.userId must be the id of a user/)
  }
)
