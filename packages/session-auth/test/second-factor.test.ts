import { createCredentials, createMemoryUserStore, type CredentialsOptions } from '@drawbridge/credentials'
import { createSecondFactorFlow, UnsentLogins } from '@drawbridge/carrier'
import type { LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import { createSigner } from '../src/cookies/session-cookie.ts'
import { cookieFrom, makeApp, PASSWORD, SECRET } from './make-app.ts'

const CODE = '492039'
const HASHING = { memoryKiB: 1024, passes: 1 }

interface SetUpOptions {
  readonly app?: Parameters<typeof makeApp>[0]
  readonly verify?: (response: string) => boolean | Promise<boolean>
  readonly throttle?: CredentialsOptions['throttle']
}

/** Ada needs a code, and Bob does not. */
async function setUp({
  app: options = {},
  verify = (response) => response === CODE,
  throttle
}: SetUpOptions = {}) {
  const users = createMemoryUserStore()
  const credentials = createCredentials({
    users,
    hashing: HASHING,
    ...(throttle !== undefined && { throttle }),
    secondFactor: {
      isRequired: ({ username }) => username === 'ada',
      verify: ({ response }) => verify(response)
    }
  })
  for (const username of ['ada', 'bob']) await credentials.register({ username, password: PASSWORD })
  const test = await makeApp({ ...options, session: { credentials, ...options.session } })
  const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
    test.app.inject({ method: 'POST', url, payload, headers })
  const logIn = (username = 'ada', cookie?: string) =>
    post('/session/login', { username, password: PASSWORD }, cookie === undefined ? {} : { cookie })
  const begin = async () => (await logIn()).json<{ pending: string }>().pending
  const complete = (pending: unknown, response: unknown = CODE, headers: Record<string, string> = {}) =>
    post('/session/login/second-factor', { pending, response }, headers)
  const me = (cookie: string) => test.app.inject({ url: '/me', headers: { cookie } })
  const ada = await users.findByUsernameKey('ada')
  return { ...test, users, userId: ada?.id ?? '', credentials, post, logIn, begin, complete, me }
}

const readLoginId = (ticket: string) =>
  Buffer.from(ticket.slice(5), 'base64url').subarray(0, 21).toString('base64url')

function assertRejected(t: Test, response: LightMyRequestResponse, what: string): void {
  t.equal(response.statusCode, 401, what)
  t.equal(response.headers['set-cookie'], undefined, `${what}: no cookie`)
  t.equal(
    response.body,
    '{"statusCode":401,"code":"DRAWBRIDGE_INVALID_CREDENTIALS","error":"Unauthorized","message":"Invalid credentials"}',
    `${what}: one body`
  )
}

t.test(
  'the response to the password is a ticket and no cookie, that to the code a cookie (6.3.3)',
  async (t) => {
    const { logIn, complete, me, userId } = await setUp()
    const first = await logIn()
    t.equal(first.statusCode, 202)
    t.equal(first.headers['set-cookie'], undefined)
    t.equal(first.headers['cache-control'], 'no-store')
    const { pending } = first.json<{ pending: string }>()
    t.match(pending, /^drbp_[\w-]{76}$/)
    t.equal(first.body, `{"message":"Second factor required","pending":"${pending}","expires_in":300}`)
    const second = await complete(pending)
    t.equal(second.statusCode, 200)
    t.equal(second.headers['cache-control'], 'no-store')
    t.equal(second.body, '{"message":"Login successful"}')
    const { loginId, ...principal } = (await me(cookieFrom(second))).json()
    t.match(principal, { userId, username: 'ada', carrier: 'session' })
    t.not(loginId, readLoginId(pending), 'a new login with a new session cookie (7.2.4)')
  }
)

t.test('a user who needs no second factor signs in at once', async (t) => {
  const { logIn, me } = await setUp()
  const answer = await logIn('bob')
  t.equal(answer.statusCode, 200)
  t.match((await me(cookieFrom(answer))).json(), { username: 'bob' })
})

t.test('where no second factor is configured there is no such route', async (t) => {
  const { app } = await makeApp()
  const answer = await app.inject({
    method: 'POST',
    url: '/session/login/second-factor',
    payload: { pending: 'x', response: CODE }
  })
  t.equal(answer.statusCode, 404)
})

t.test('credentials that require one and cannot verify it sign nobody in', async (t) => {
  const { credentials } = await setUp()
  const { app } = await makeApp({ session: { credentials: { verify: credentials.verify } } })
  const payload = { username: 'ada', password: PASSWORD }
  assertRejected(t, await app.inject({ method: 'POST', url: '/session/login', payload }), 'a right password')
})

t.test('a pending login passes no guard (GHSA-xg6x-h9c9-2m83, CVE-2023-48309)', async (t) => {
  const { begin, app, me, storeSpy } = await setUp()
  const pending = await begin()
  const loginId = readLoginId(pending)
  const signer = createSigner([SECRET], 'session cookie', '__Host-drawbridge')
  const values = {
    'the ticket': pending,
    'the ticket, signed': signer.sign(pending),
    'its loginId, signed': signer.sign(loginId),
    'its loginId with a secret, signed': signer.sign(`${loginId}.${'A'.repeat(43)}`)
  }
  for (const [what, value] of Object.entries(values)) {
    for (const again of ['', ', again']) {
      const answer = await me(`__Host-drawbridge=${encodeURIComponent(value)}`)
      t.equal(answer.statusCode, 401, what + again)
    }
  }
  const bearer = await app.inject({ url: '/me', headers: { authorization: `Bearer ${pending}` } })
  t.equal(bearer.statusCode, 401)
  t.equal(storeSpy.counts.remove, undefined, 'and none of it revoked the pending login')
})

t.test('a wrong code is a 401 like a failed sign-in, and the ticket stays valid', async (t) => {
  const { begin, complete } = await setUp()
  const pending = await begin()
  assertRejected(t, await complete(pending, '000000'), 'a wrong response')
  t.equal((await complete(pending)).statusCode, 200)
})

t.test('an invalid ticket gets the same response as a wrong code', async (t) => {
  const { begin, complete, clock, logins, logIn, storeSpy } = await setUp()
  const used = await begin()
  t.equal((await complete(used)).statusCode, 200)
  const expired = await begin()
  clock.now += 300_000
  const revoked = await begin()
  await logins.revoke(readLoginId(revoked))
  for (const [what, ticket] of Object.entries({ used, expired, revoked }))
    assertRejected(t, await complete(ticket), what)
  const cookie = cookieFrom(await logIn('bob')).split('=')[1] as string
  const asked = storeSpy.counts.find
  const made = {
    'a tampered one': `${revoked.slice(0, -1)}${revoked.endsWith('A') ? 'B' : 'A'}`,
    'a bare loginId': readLoginId(revoked),
    'a session cookie': decodeURIComponent(cookie),
    'a refresh token': `drbr_${'A'.repeat(100)}`
  }
  for (const [what, ticket] of Object.entries(made)) assertRejected(t, await complete(ticket), what)
  t.equal(storeSpy.counts.find, asked, 'what we did not make never reaches the store')
})

t.test('a ticket of token-auth completes no session, though store and secret are the same', async (t) => {
  const { complete, logins, credentials, storeSpy, userId } = await setUp()
  const other = createSecondFactorFlow({
    logins,
    credentials,
    secrets: [SECRET],
    identity: 'a token',
    secondFactorTimeoutSeconds: 300,
    unsent: new UnsentLogins(logins)
  })
  const request = { ip: '127.0.0.1', headers: {} } as never
  const { pending } = await other.start(request, { user: { id: userId, username: 'ada' } })
  assertRejected(t, await complete(pending), 'a ticket of the other carrier')
  t.equal(storeSpy.counts.find, undefined)
  t.match(
    await other.complete(request, { pending, response: CODE }),
    { user: { username: 'ada' } },
    'where it is valid'
  )
})

t.test('of 50 parallel completions one signs in', async (t) => {
  const { begin, complete, logins, userId } = await setUp({ throttle: false })
  const pending = await begin()
  const answers = await Promise.all(Array.from({ length: 50 }, () => complete(pending)))
  t.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 1)
  for (const answer of answers.filter(({ statusCode }) => statusCode !== 200))
    assertRejected(t, answer, 'the others')
  t.equal((await logins.listByUser(userId)).length, 1)
})

t.test('wrong codes are throttled, and the right one after them too', async (t) => {
  const { begin, complete } = await setUp()
  const tickets = [await begin(), await begin()]
  for (let at = 0; at < 5; at += 1) assertRejected(t, await complete(tickets[at % 2], '000000'), `try ${at}`)
  const answer = await complete(tickets[0])
  t.equal(answer.statusCode, 429)
  t.match(answer.headers['retry-after'], /^[1-9]\d*$/)
  t.match(answer.json(), { code: 'DRAWBRIDGE_TOO_MANY_ATTEMPTS' })
})

t.test('what revokes the logins of a user revokes a pending login', async (t) => {
  await t.test('a change of password', async (t) => {
    const { begin, complete, credentials, logins, userId } = await setUp()
    const pending = await begin()
    const newPassword = 'another correct horse battery'
    const change = { userId, currentPassword: PASSWORD, newPassword, address: '192.0.2.9' }
    t.match(await credentials.changePassword(change), { ok: true })
    await logins.revokeUser(userId)
    assertRejected(t, await complete(pending), 'after it')
  })
  await t.test('revokeOthers', async (t) => {
    const test = await setUp({
      app: {
        routes: (app) =>
          void app.post('/others', async (request, reply) => app.sessionAuth.revokeOthers(request, reply))
      }
    })
    const cookie = cookieFrom(await test.complete(await test.begin()))
    const thief = await test.begin()
    await test.post('/others', {}, { cookie })
    assertRejected(t, await test.complete(thief), 'after it')
    t.equal((await test.me(cookie)).statusCode, 200)
  })
  await t.test('disabling', async (t) => {
    const { begin, complete, users } = await setUp()
    const pending = await begin()
    const find = users.findById.bind(users)
    users.findById = async (id) => ({ ...(await find(id))!, disabled: true })
    assertRejected(t, await complete(pending), 'after it, even where nothing was revoked')
  })
})

t.test(
  'the login of the request stays active until the second factor, and is then revoked (7.2.4)',
  async (t) => {
    const { logIn, complete, me } = await setUp()
    const planted = cookieFrom(await logIn('bob'))
    const { pending } = (await logIn('ada', planted)).json<{ pending: string }>()
    t.equal((await me(planted)).statusCode, 200)
    t.equal((await complete(pending, '000000', { cookie: planted })).statusCode, 401)
    t.equal((await me(planted)).statusCode, 200)
    const answer = await complete(pending, CODE, { cookie: planted })
    t.equal(answer.statusCode, 200)
    t.equal((await me(planted)).statusCode, 401)
    t.match((await me(cookieFrom(answer))).json(), { username: 'ada' })
  }
)

t.test('an outage of the service or of the store is a 503, and the ticket stays valid', async (t) => {
  let isDown = true
  const test = await setUp({
    verify: (response) => (isDown ? Promise.reject(new Error('no connection')) : response === CODE)
  })
  const pending = await test.begin()
  const isUnavailable = (answer: LightMyRequestResponse) => {
    t.equal(answer.statusCode, 503)
    t.equal(answer.headers['retry-after'], '1')
    t.equal(answer.headers['set-cookie'], undefined)
    t.match(answer.json(), { code: /^DRAWBRIDGE_(CREDENTIALS|LOGINS)_UNAVAILABLE$/ })
  }
  for (let at = 0; at < 6; at += 1) isUnavailable(await test.complete(pending))
  isDown = false
  test.storeSpy.outage = new Error('connection refused')
  isUnavailable(await test.complete(pending))
  isUnavailable(await test.logIn())
  test.storeSpy.outage = null
  t.equal((await test.complete(pending)).statusCode, 200)
})

t.test('pages of another origin complete nothing', async (t) => {
  const { begin, complete } = await setUp()
  const pending = await begin()
  t.equal((await complete(pending, CODE, { 'sec-fetch-site': 'cross-site' })).statusCode, 403)
  t.equal((await complete(pending, CODE, { 'sec-fetch-site': 'same-origin' })).statusCode, 200)
})

t.test('a malformed body is a 400', async (t) => {
  const { begin, complete, post } = await setUp()
  const pending = await begin()
  for (const response of ['', 7, null, 'x'.repeat(8193)])
    t.equal((await complete(pending, response)).statusCode, 400, JSON.stringify(response)?.slice(0, 20))
  for (const body of [{ pending }, { response: CODE }, { pending, response: CODE, more: 1 }, {}])
    t.equal((await post('/session/login/second-factor', body)).statusCode, 400, JSON.stringify(body))
  t.equal((await complete(pending)).statusCode, 200)
})

t.test('how long a sign-in waits is an option', async (t) => {
  const { logIn, complete, clock } = await setUp({ app: { session: { secondFactorTimeoutSeconds: 60 } } })
  const { pending, expires_in: expiresIn } = (await logIn()).json<{ pending: string; expires_in: number }>()
  t.equal(expiresIn, 60)
  clock.now += 59_999
  t.equal((await complete(pending, '000000')).statusCode, 401)
  clock.now += 1
  assertRejected(t, await complete(pending), 'a minute later')
  await t.rejects(
    makeApp({ session: { secondFactorTimeoutSeconds: 10 } }),
    /sessionAuth\.secondFactorTimeoutSeconds must be a whole number/
  )
})

t.test('a route of the application can find the user of a ticket, and complete it', async (t) => {
  const sent: string[] = []
  const { post, begin } = await setUp({
    app: {
      session: { routes: true },
      routes: (app) => {
        app.post<{ Body: { pending: string } }>('/send-code', async (request) => {
          const user = await app.sessionAuth.pendingLogins.findUser(request.body.pending)
          if (user !== null) sent.push(user.username)
          return {}
        })
        app.post<{ Body: { pending: string; response: string } }>('/own', async (request, reply) => {
          const signIn = await app.sessionAuth.pendingLogins.complete(request, request.body)
          return app.sessionAuth.startSession(request, reply, signIn)
        })
      }
    }
  })
  const pending = await begin()
  await post('/send-code', { pending })
  await post('/send-code', { pending: 'drbp_made-up' })
  t.same(sent, ['ada'])
  t.match((await post('/own', { pending, response: CODE })).json(), { username: 'ada' })
  await post('/send-code', { pending })
  t.same(sent, ['ada'])
})

t.test(
  'M10: the user of a ticket cannot be signed in before the second factor, by any method or as a copy',
  async (t) => {
    const { post, begin, logins, userId } = await setUp({
      app: {
        routes: (app) => {
          app.post<{ Body: { pending: string; how: string } }>('/skip', async (request, reply) => {
            const user = await app.sessionAuth.pendingLogins.findUser(request.body.pending)
            if (user === null) throw new Error('no such ticket')
            if (request.body.how === 'as it is') {
              // @ts-expect-error a user who awaits a second factor is not authenticated
              return app.sessionAuth.startSession(request, reply, { user })
            }
            if (request.body.how === 'pending again') {
              // @ts-expect-error nor may the wait begin again without the password
              return app.sessionAuth.pendingLogins.start(request, { user })
            }
            const copy = JSON.parse(JSON.stringify(user)) as { id: string; username: string }
            return app.sessionAuth.startSession(request, reply, { user: copy, passwordStamp: 'x' })
          })
        }
      }
    })
    const pending = await begin()
    for (const how of ['as it is', 'pending again', 'as a copy']) {
      const answer = await post('/skip', { pending, how })
      t.equal(answer.statusCode, 500, how)
      t.match(
        answer.json().message,
        /awaits a second factor: sign in the one that pendingLogins\.complete gives/
      )
      t.notOk('set-cookie' in answer.headers)
    }
    t.same(await logins.listByUser(userId), [])
  }
)
