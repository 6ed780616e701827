import { createHash } from 'node:crypto'
import { createCredentials, createMemoryUserStore, type CredentialsOptions } from '@drawbridge/credentials'
import { createMemoryFeed } from '@drawbridge/logins'
import { createSecondFactorFlow, UnsentLogins } from '@drawbridge/carrier'
import { createTicketSecret, TicketCodec } from '../../../carrier/src/second-factor/ticket.ts'
import type { LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import { signJws } from '@drawbridge/test-support/forge'
import { type AppOptions, bearer, decodeClaims, decodeHeader, makeApp, PASSWORD } from '../make-app.ts'
import { type TestStore, STORES } from '../stores.ts'
import type { TokenResponse } from '../../src/index.ts'

const CODE = '492039'
const SECRET = 'a root secret for tests, 0123456789'
const INSTANCE = createHash('sha256').update('["drawbridge","drawbridge"]').digest('base64url')

interface SetUpOptions extends AppOptions {
  readonly verify?: (response: string) => boolean | Promise<boolean>
  readonly throttle?: CredentialsOptions['throttle']
}

/** Ada needs a code, and Bob does not. */
async function setUp({ verify = (response) => response === CODE, throttle, ...options }: SetUpOptions = {}) {
  const users = createMemoryUserStore()
  const credentials = createCredentials({
    users,
    hashing: { memoryKiB: 1024, passes: 1 },
    ...(throttle !== undefined && { throttle }),
    secondFactor: {
      isRequired: ({ username }) => username === 'ada',
      verify: ({ response }) => verify(response)
    }
  })
  for (const username of ['ada', 'bob']) await credentials.register({ username, password: PASSWORD })
  const test = await makeApp({ ...options, tokens: { credentials, secret: SECRET, ...options.tokens } })
  const post = (url: string, payload: object) => test.app.inject({ method: 'POST', url, payload })
  const begin = async () => {
    const answer = await post('/token/login', { username: 'ada', password: PASSWORD })
    return answer.json<{ pending: string }>().pending
  }
  const complete = (pending: string, response = CODE) =>
    post('/token/login/second-factor', { pending, response })
  const ada = await users.findByUsernameKey('ada')
  return { ...test, credentials, userId: ada?.id ?? '', post, begin, complete }
}

const onStore = ({ clock, storeSpy }: TestStore): SetUpOptions => ({ clock, storeSpy })
const readLoginId = (ticket: string) =>
  Buffer.from(ticket.slice(5), 'base64url').subarray(0, 21).toString('base64url')

function assertRejected(t: Test, response: LightMyRequestResponse, what: string): void {
  t.equal(response.statusCode, 401, what)
  t.equal(response.headers['www-authenticate'], 'Bearer realm="drawbridge"', `${what}: the challenge`)
  t.equal(
    response.body,
    '{"statusCode":401,"code":"DRAWBRIDGE_INVALID_CREDENTIALS","error":"Unauthorized","message":"Invalid credentials"}',
    `${what}: one body`
  )
}

for (const [name, open] of Object.entries(STORES)) {
  t.test(`${name}: the response to the password is a ticket, that to the code tokens (6.3.3)`, async (t) => {
    const { post, complete, read, userId } = await setUp(onStore(open(t)))
    const first = await post('/token/login', { username: 'ada', password: PASSWORD })
    t.equal(first.statusCode, 202)
    t.equal(first.headers['cache-control'], 'no-store')
    t.strictSame(Object.keys(first.json()), ['message', 'pending', 'expires_in'])
    const { pending } = first.json<{ pending: string }>()
    t.match(first.json(), {
      message: 'Second factor required',
      pending: /^drbp_[\w-]{76}$/,
      expires_in: 300
    })
    const second = await complete(pending)
    t.equal(second.statusCode, 200)
    t.equal(second.headers['cache-control'], 'no-store')
    const answer = second.json<TokenResponse>()
    t.strictSame(Object.keys(answer), ['token', 'access_token', 'token_type', 'expires_in', 'refresh_token'])
    t.match((await read(answer.token)).json(), { userId, username: 'ada', carrier: 'token' })
    t.not(decodeClaims(answer.token).sid, readLoginId(pending), 'a new login (7.2.4)')
  })

  t.test(`${name}: of 50 parallel completions one gets tokens (GHSA-7w99-5wm4-3g79)`, async (t) => {
    const { begin, complete, logins, userId } = await setUp({ ...onStore(open(t)), throttle: false })
    const pending = await begin()
    const answers = await Promise.all(Array.from({ length: 50 }, () => complete(pending)))
    t.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 1)
    for (const answer of answers) if (answer.statusCode !== 200) assertRejected(t, answer, 'the others')
    t.equal((await logins.listByUser(userId)).length, 1)
  })

  t.test(
    `${name}: a ticket that was used, has expired or was revoked is a 401 like a wrong code`,
    async (t) => {
      const { begin, complete, clock, logins, userId } = await setUp(onStore(open(t)))
      const used = await begin()
      t.equal((await complete(used)).statusCode, 200)
      const expired = await begin()
      clock.now += 300_000
      const revoked = await begin()
      await logins.revokeUser(userId)
      const wrong = await complete(await begin(), '000000')
      assertRejected(t, wrong, 'a wrong response')
      for (const [what, ticket] of Object.entries({ used, expired, revoked }))
        assertRejected(t, await complete(ticket), what)
    }
  )

  t.test(`${name}: what the store has of a pending login completes nothing`, async (t) => {
    const backing = open(t)
    const { begin, complete } = await setUp(onStore(backing))
    const pending = await begin()
    const [[record]] = JSON.parse(await backing.dump())
    t.equal(record.id, readLoginId(pending))
    t.notOk((await backing.dump()).includes(pending.slice(-24)), 'the MAC is not in it')
    assertRejected(t, await complete(record.id), 'a stolen loginId')
  })

  t.test(`R27 M1 ${name}: a stolen root secret and what the store has make no ticket`, async (t) => {
    const backing = open(t)
    const { begin, complete } = await setUp(onStore(backing))
    const pending = await begin()
    const [[record]] = JSON.parse(await backing.dump())
    const stolen = new TicketCodec([SECRET], `a token ${INSTANCE}`)
    t.equal(stolen.decode(pending)?.loginId, record.id, 'the thief knows the format and the key')
    const guesses = [createTicketSecret(), Buffer.from(record.data.ticketHash, 'base64url').subarray(0, 18)]
    for (const secret of guesses)
      assertRejected(t, await complete(stolen.encode({ loginId: record.id, secret })), 'a forged ticket')
    t.equal((await complete(pending)).statusCode, 200)
  })
}

t.test(
  'a pending login passes no guard, by ticket or by token (GHSA-xg6x-h9c9-2m83, CVE-2023-48309)',
  async (t) => {
    const state = { isFresh: true }
    const feed = Object.assign(createMemoryFeed(), {
      isFresh: () => state.isFresh,
      renew: async () => state.isFresh
    })
    const { begin, read, refresh, complete, keys, userId, app, post } = await setUp({ logins: { feed } })
    const pending = await begin()
    const loginId = readLoginId(pending)
    for (const shown of [pending, loginId]) {
      t.equal((await read(shown)).statusCode, 401)
      t.equal((await refresh(shown)).statusCode, 401)
      t.equal((await refresh(`drbr_${shown.slice(5)}`)).statusCode, 401)
      const headers = bearer(shown)
      t.equal((await app.inject({ method: 'POST', url: '/token/logout', headers })).statusCode, 401)
    }
    const own = (await post('/token/login', { username: 'bob', password: PASSWORD })).json<TokenResponse>()
    const claims = { ...decodeClaims(own.token), sub: userId, preferred_username: 'ada', sid: loginId }
    const token = signJws(keys[0]!, decodeHeader(own.token), claims)
    // No key of ours ever signs this. If one did, a node that asks the store would find no such login.
    state.isFresh = false
    for (let at = 0; at < 2; at += 1) t.equal((await read(token)).statusCode, 401)
    t.equal((await read(own.token)).statusCode, 200, 'where that of a login passes')
    state.isFresh = true
    t.equal((await complete(pending)).statusCode, 200, 'and nothing of it revoked the pending login')
  }
)

t.test(
  'a ticket that was not made here never reaches the store, nor does a ticket of a session',
  async (t) => {
    const { begin, complete, logins, credentials, userId, storeSpy } = await setUp()
    const options = { logins, credentials, secrets: [SECRET], secondFactorTimeoutSeconds: 300 }
    const session = createSecondFactorFlow({
      ...options,
      identity: 'a session',
      unsent: new UnsentLogins(options.logins)
    })
    const request = { ip: '127.0.0.1', headers: {} } as never
    const other = await session.start(request, { user: { id: userId, username: 'ada' } })
    const pending = await begin()
    storeSpy.calls.length = 0
    const tampered = `${pending.slice(0, -1)}${pending.endsWith('A') ? 'B' : 'A'}`
    for (const ticket of [other.pending, tampered, readLoginId(pending), 'drbp_', `drbr_${'A'.repeat(100)}`])
      assertRejected(t, await complete(ticket), ticket)
    t.strictSame(storeSpy.calls, [])
    t.match(await session.complete(request, { pending: other.pending, response: CODE }), {
      user: { username: 'ada' }
    })
  }
)

t.test('a ticket is valid on every node, and under an older secret of the list', async (t) => {
  const one = await setUp()
  const { clock, keys, storeSpy, credentials } = one
  const newer = `${SECRET}, and newer`
  const two = await makeApp({ clock, keys, storeSpy, tokens: { credentials, secret: [newer, SECRET] } })
  const payload = { pending: await one.begin(), response: CODE }
  const url = '/token/login/second-factor'
  t.equal((await two.app.inject({ method: 'POST', url, payload })).statusCode, 200)
})

t.test('wrong codes are throttled, and right passwords do not reset it', async (t) => {
  const { begin, complete } = await setUp()
  for (let at = 0; at < 5; at += 1) assertRejected(t, await complete(await begin(), '000000'), `try ${at}`)
  t.equal(
    await begin(),
    undefined,
    'by then there were too many attempts at the password too, so that no ticket is issued'
  )
})

t.test('a service whose verify rejects is a 503, and the ticket stays valid', async (t) => {
  let isDown = true
  const { begin, complete } = await setUp({
    verify: (response) => (isDown ? Promise.reject(new Error('no connection')) : response === CODE)
  })
  const pending = await begin()
  const answer = await complete(pending)
  t.equal(answer.statusCode, 503)
  t.equal(answer.headers['retry-after'], '1')
  isDown = false
  t.equal((await complete(pending)).statusCode, 200)
})

t.test(
  'a user who needs no second factor gets tokens at once, and without the option there is no route',
  async (t) => {
    const { post } = await setUp()
    t.equal((await post('/token/login', { username: 'bob', password: PASSWORD })).statusCode, 200)
    const { app } = await makeApp()
    const payload = { pending: 'x', response: CODE }
    const answer = await app.inject({ method: 'POST', url: '/token/login/second-factor', payload })
    t.equal(answer.statusCode, 404)
  }
)

t.test('how long a sign-in waits is an option', async (t) => {
  const { begin, complete, clock } = await setUp({ tokens: { secondFactorTimeoutSeconds: 60 } })
  const pending = await begin()
  clock.now += 60_000
  assertRejected(t, await complete(pending), 'a minute later')
  await t.rejects(
    makeApp({ tokens: { secondFactorTimeoutSeconds: 4000 } }),
    /tokenAuth\.secondFactorTimeoutSeconds must be/
  )
})

t.test('scopes are those of a sign-in', async (t) => {
  const { begin, complete } = await setUp({
    logins: { getClaims: ({ username }) => ({ scopes: [`of:${username}`] }) }
  })
  const { token } = (await complete(await begin())).json<TokenResponse>()
  t.equal(decodeClaims(token).scope, 'of:ada')
})

t.test('M10: the user of a ticket gets no tokens before the second factor', async (t) => {
  const { begin, app, logins, userId } = await setUp()
  const user = await app.tokenAuth.pendingLogins.findUser(await begin())
  if (user === null) throw new Error('no such ticket')
  const request = { ip: '127.0.0.1', headers: {} } as never
  // @ts-expect-error a user who awaits a second factor is not authenticated
  await t.rejects(app.tokenAuth.issueTokens(request, { user }), /awaits a second factor/)
  t.same(await logins.listByUser(userId), [])
})
