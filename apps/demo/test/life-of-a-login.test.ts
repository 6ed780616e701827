import type { LoginEvent } from '@drawbridge/logins'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { until } from '@drawbridge/test-support/until'
import t, { type Test } from 'tap'
import { Canaries } from './attacks/canaries.ts'
import { type Answer, type EventNode, PASSWORD, signOld, startEventNodes } from './event-nodes.ts'

const bearer = (token: unknown) => ({ authorization: `Bearer ${String(token)}` })

/** What is expected of an event: the node is that of the request. */
type Expected = Readonly<Record<string, unknown>>

/** Two nodes, and a script of requests after each of which exactly the expected events have happened. */
async function setUp(t: Test) {
  const service = await startEventNodes(t)
  const { nodes, events } = service
  const canaries = new Canaries()
  canaries.add('password', PASSWORD)
  const published: unknown[] = []
  /** The events of logins since the last call: exactly these, on this node. */
  const happened = (t: Test, node: EventNode | null, expected: readonly Expected[]) => {
    const since = events.logins.splice(0)
    published.push(...since)
    t.match(
      since,
      expected.map((event) => ({ ...event, node: node?.name ?? String }))
    )
    t.equal(since.length, expected.length, since.map(({ type }) => type).join(', '))
    return since
  }
  const happenedToCredentials = (t: Test, expected: readonly Expected[]) => {
    const since = events.credentials.splice(0)
    published.push(...since)
    t.match(since, expected)
    t.equal(since.length, expected.length, since.map(({ type }) => type).join(', '))
  }
  const signIn = async (t: Test, node: EventNode, carrier: 'session' | 'token', password = PASSWORD) => {
    const answer = await node.send('POST', `/${carrier}/login`, {}, { username: 'ada', password })
    t.equal(answer.status, 200, `sign-in by ${carrier}`)
    addCanaries(canaries, answer)
    return answer
  }
  return {
    ...service,
    a: nodes[0],
    b: nodes[1],
    canaries,
    published,
    happened,
    happenedToCredentials,
    signIn
  }
}

let responses = 0

/** What clients got: none of it may be in an event. */
function addCanaries(canaries: Canaries, { cookie, body }: Answer): void {
  responses += 1
  const value = /(?:^|; )drawbridge=([^;]+)/.exec(cookie)?.[1]
  if (value !== undefined) canaries.addSessionCookie(`cookie ${responses}`, decodeURIComponent(value))
  if (typeof body['token'] === 'string') addToken(canaries, body['token'])
  if (typeof body['refresh_token'] === 'string')
    canaries.addRefreshToken(`refresh token ${responses}`, body['refresh_token'])
}

function addToken(canaries: Canaries, token: string): void {
  if (token.startsWith('drbk_')) canaries.add(`key ${responses}`, token)
  else canaries.addAccessToken(`access token ${responses}`, token)
}

const loginIdOf = (events: readonly LoginEvent[]) => events.at(-1)?.loginId ?? ''

/** A request whose response has 200 and credentials that no event may have. */
async function ok(t: Test, canaries: Canaries, answer: Promise<Answer>): Promise<Answer> {
  const read = await answer
  t.equal(read.status, 200)
  addCanaries(canaries, read)
  return read
}

/** Resolves when a node knows that a login is revoked. */
const heard = ({ logins }: EventNode, loginId: string) =>
  until(() => logins.localStatus(loginId, Infinity) === 'revoked')

t.test('the whole life of a login on two nodes: each event once, where it happened', async (t) => {
  if (skipWithoutRedis !== false) return t.pass(skipWithoutRedis)
  const life = await setUp(t)
  const { a, b, canaries, published, happened, happenedToCredentials, signIn } = life
  const first = await signIn(t, a, 'session')
  const device = { userAgent: String, address: '127.0.0.1' }
  const created = happened(t, a, [{ type: 'login-created', carrier: 'session', device, at: Number }])
  const loginId = loginIdOf(created)
  happenedToCredentials(t, [{ type: 'sign-in-succeeded', address: '127.0.0.1' }])
  const { cookie } = first
  const ofLogin = { loginId, userId: created[0]?.userId, device }

  await t.test('a request that is let through has no event, cold or warm, on either node', async (t) => {
    for (const node of [a, b, b, a]) t.equal((await node.send('GET', '/me', { cookie })).status, 200)
    happened(t, null, [])
  })

  const refreshTokens: unknown[] = []
  await t.test('exchanged, and the exchange repeated', async (t) => {
    const exchange = () =>
      ok(t, canaries, b.send('POST', '/exchange/session-for-token', { cookie }, { refresh_token: true }))
    const { body } = await exchange()
    const exchanged = { type: 'login-exchanged', ...ofLogin, carrier: 'session', to: 'token' }
    happened(t, b, [{ ...exchanged, isRepeated: false }])
    await exchange()
    happened(t, b, [{ ...exchanged, isRepeated: true }])
    refreshTokens.push(body['refresh_token'])
  })

  const refresh = (t: Test, node: EventNode, refresh_token: unknown) =>
    ok(t, canaries, node.send('POST', '/token/refresh', {}, { refresh_token }))
  await t.test('refreshed, and the refresh repeated on the other node', async (t) => {
    const [token] = refreshTokens
    const { body } = await refresh(t, a, token)
    happened(t, a, [{ type: 'login-refreshed', ...ofLogin, carrier: 'token' }])
    const again = await refresh(t, b, token)
    happened(t, b, [{ type: 'refresh-repeated', ...ofLogin, carrier: 'token' }])
    t.equal(again.body['refresh_token'], body['refresh_token'])
    refreshTokens.push(body['refresh_token'])
  })

  let current = cookie
  await t.test('authenticated again', async (t) => {
    const answer = await ok(
      t,
      canaries,
      a.send('POST', '/account/reauthenticate', { cookie: current }, { password: PASSWORD })
    )
    current = answer.cookie
    happened(t, a, [{ type: 'login-reauthenticated', ...ofLogin, carrier: 'session' }])
    happenedToCredentials(t, [{ type: 'sign-in-succeeded' }])
  })

  await t.test('a change of the password revokes the others, and rejects their tokens', async (t) => {
    const { body } = await signIn(t, a, 'token')
    const other = loginIdOf(happened(t, a, [{ type: 'login-created', carrier: 'token' }]))
    const newPassword = `${PASSWORD} 2`
    const answer = await ok(
      t,
      canaries,
      b.send('POST', '/account/password', { cookie: current }, { currentPassword: PASSWORD, newPassword })
    )
    current = answer.cookie
    happened(t, b, [
      { type: 'login-revoked', loginId: other, by: 'password', reason: 'password-change', carrier: 'token' },
      { type: 'login-reauthenticated', ...ofLogin, carrier: 'session' }
    ])
    happenedToCredentials(t, [{ type: 'sign-in-succeeded' }, { type: 'password-changed' }])
    await heard(a, other)
    t.equal((await a.send('GET', '/me', bearer(body['token']))).status, 401)
    happened(t, a, [{ type: 'credential-rejected', reason: 'invalid', loginId: other, carrier: 'token' }])
    await ok(
      t,
      canaries,
      b.send(
        'POST',
        '/account/password',
        { cookie: current },
        { currentPassword: newPassword, newPassword: PASSWORD }
      )
    ).then(({ cookie: next }) => (current = next))
    happened(t, b, [{ type: 'login-reauthenticated' }])
    happenedToCredentials(t, [{ type: 'password-changed' }])
  })

  await t.test('a replaced refresh token that is used again ends the login', async (t) => {
    // The change of the password has ended the tokens of before.
    const { body } = await ok(
      t,
      canaries,
      a.send('POST', '/exchange/session-for-token', { cookie: current }, { refresh_token: true })
    )
    happened(t, a, [{ type: 'login-exchanged', ...ofLogin, carrier: 'session', to: 'token' }])
    const oldest = body['refresh_token']
    const { body: second } = await refresh(t, b, oldest)
    happened(t, b, [{ type: 'login-refreshed', ...ofLogin }])
    await refresh(t, b, second['refresh_token'])
    happened(t, b, [{ type: 'login-refreshed', ...ofLogin }])
    const answer = await a.send('POST', '/token/refresh', {}, { refresh_token: oldest })
    t.equal(answer.status, 401)
    happened(t, a, [
      { type: 'refresh-token-reused', ...ofLogin, carrier: 'token' },
      { type: 'login-revoked', ...ofLogin, by: 'reuse', reason: 'refresh-token-reused', carrier: 'session' }
    ])
  })

  await t.test('exchanged the other way, and logged out: a repeated log-out has no event', async (t) => {
    const { body } = await signIn(t, a, 'token')
    const id = loginIdOf(happened(t, a, [{ type: 'login-created', carrier: 'token' }]))
    const { refresh_token } = body
    const carried = await ok(
      t,
      canaries,
      b.send('POST', '/exchange/token-for-session', {}, { refresh_token })
    )
    happened(t, b, [
      { type: 'login-exchanged', loginId: id, carrier: 'token', to: 'session', isRepeated: false }
    ])
    for (const node of [a, b]) await ok(t, canaries, node.send('POST', '/logout', { cookie: carried.cookie }))
    happened(t, a, [{ type: 'login-revoked', loginId: id, by: 'user', reason: 'log-out', carrier: 'token' }])
    happenedToCredentials(t, [{ type: 'sign-in-succeeded' }])
  })

  await t.test('one login too many revokes the oldest; the user revokes others', async (t) => {
    const cookies: string[] = []
    const ids: string[] = []
    for (let at = 0; at < 3; at += 1) {
      life.clock.aheadMs += 1000
      cookies.push((await signIn(t, a, 'session')).cookie)
      ids.push(
        loginIdOf(
          happened(t, a, [
            ...(at < 2
              ? []
              : [{ type: 'login-revoked', loginId: ids[0], by: 'limit', reason: 'max-logins-per-user' }]),
            { type: 'login-created' }
          ])
        )
      )
    }
    const [, second = '', third = ''] = cookies
    const answer = await b.send('DELETE', `/account/logins/${ids[1]}`, { cookie: third })
    t.equal(answer.status, 204)
    happened(t, b, [{ type: 'login-revoked', loginId: ids[1], by: 'user', reason: 'revoke-login' }])
    await heard(a, ids[1] ?? '')
    t.equal((await a.send('GET', '/me', { cookie: second })).status, 401)
    happened(t, a, [{ type: 'credential-rejected', reason: 'invalid', carrier: 'session', loginId: ids[1] }])
    await signIn(t, b, 'token')
    const last = loginIdOf(happened(t, b, [{ type: 'login-created' }]))
    await ok(t, canaries, a.send('POST', '/account/logins/revoke-others', { cookie: third }))
    happened(t, a, [{ type: 'login-revoked', loginId: last, by: 'user', reason: 'revoke-others' }])
    current = third
    life.events.credentials.length = 0
  })

  await t.test('a personal access token', async (t) => {
    const { body } = await ok(t, canaries, a.send('POST', '/keys', { cookie: current }))
    const id = String(body['id'])
    happened(t, a, [{ type: 'login-created', loginId: id, carrier: 'key' }])
    t.equal((await b.send('POST', '/logout', bearer(body['token']))).status, 200)
    happened(t, b, [{ type: 'login-revoked', loginId: id, carrier: 'key', by: 'user', reason: 'log-out' }])
    const next = (await ok(t, canaries, a.send('POST', '/keys', { cookie: current }))).body
    happened(t, a, [{ type: 'login-created', carrier: 'key' }])
    t.equal((await b.send('POST', '/exchange/session-for-token', bearer(next['token']))).status, 403)
    happened(t, b, [
      { type: 'credential-rejected', reason: 'key-not-allowed', carrier: 'key', loginId: next['id'] }
    ])
    await ok(t, canaries, b.send('DELETE', `/keys/${String(next['id'])}`, { cookie: current }))
    happened(t, b, [{ type: 'login-revoked', carrier: 'key', by: 'user', reason: 'key-revoked' }])
  })

  await t.test('what is rejected, by its class, and nothing where nothing is presented', async (t) => {
    const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const { token } = (
      await ok(t, canaries, a.send('POST', '/exchange/session-for-token', { cookie: current }))
    ).body
    happened(t, a, [{ type: 'login-exchanged', to: 'token', isRepeated: false }])
    const rejections = [
      ['GET', '/admin', { cookie: current }, 403, { reason: 'insufficient-scope', carrier: 'session' }],
      ['GET', '/admin', bearer(token), 403, { reason: 'insufficient-scope', carrier: 'token' }],
      ['POST', '/me', { cookie: current, ...evil }, 403, { reason: 'cross-origin', carrier: 'session' }],
      [
        'GET',
        '/me',
        bearer('forged'),
        401,
        { reason: 'invalid', carrier: 'token', loginId: null, userId: null }
      ],
      [
        'GET',
        '/me',
        { cookie: `${current.split('=')[0]}=forged` },
        401,
        { reason: 'invalid', carrier: 'session' }
      ],
      ['POST', '/logout', bearer('forged'), 401, { reason: 'invalid', carrier: 'token' }]
    ] as const
    for (const [method, path, headers, status, expected] of rejections) {
      t.equal((await b.send(method, path, headers)).status, status, path)
      happened(t, b, [{ type: 'credential-rejected', device: null, ...expected }])
    }
    const forged = { refresh_token: 'drbr_forged' }
    t.equal((await b.send('POST', '/token/refresh', {}, forged)).status, 401)
    happened(t, b, [{ type: 'credential-rejected', reason: 'invalid', carrier: 'token' }])
    for (const [method, path, headers] of [
      ['GET', '/me', {}],
      ['POST', '/me', evil],
      ['POST', '/session/logout', {}],
      ['GET', '/nowhere', {}]
    ] as const)
      await b.send(method, path, headers)
    happened(t, null, [])
    const wrong = await b.send(
      'POST',
      '/session/login',
      {},
      { username: 'ada', password: 'a wrong password' }
    )
    t.equal(wrong.status, 401)
    happened(t, null, [])
    happenedToCredentials(t, [{ type: 'invalid-credentials', detail: 'wrong-password' }])
  })

  await t.test('a reset of the password', async (t) => {
    canaries.add('the new password', 'a bicycle made of rain')
    t.equal((await a.send('POST', '/account/password/forgot', {}, { username: 'ada' })).status, 202)
    await until(() => life.resetTokens.length > 0)
    const token = life.resetTokens[0] ?? ''
    canaries.add('the token of the reset', token)
    happenedToCredentials(t, [{ type: 'password-reset-requested', userId: created[0]?.userId }])
    const body = { token, newPassword: 'a bicycle made of rain' }
    t.equal((await b.send('POST', '/account/password/reset', {}, body)).status, 200)
    happened(t, b, [{ type: 'login-revoked', by: 'password', reason: 'password-reset' }])
    happenedToCredentials(t, [
      { type: 'password-set', by: 'user', reason: 'password-reset', address: '127.0.0.1' }
    ])
    t.equal((await a.send('POST', '/account/password/forgot', {}, { username: 'nobody at all' })).status, 202)
    await until(() => life.events.credentials.length > 0)
    happenedToCredentials(t, [{ type: 'password-reset-requested', userId: null }])
  })

  await t.test('adopted from another system, and revoked by an operator', async (t) => {
    life.clock.aheadMs += 60_000
    for (const { app } of [a, b]) await app.migrations.refresh()
    await a.app.migrations.move('before', 'both', { by: 'an operator' })
    for (const { app } of [a, b]) await app.migrations.refresh()
    const now = Math.floor(life.clock.now() / 1000)
    const old = signOld({ sub: 'bob', jti: 'device 1', iat: now - 10, exp: now + 86_400 })
    addToken(canaries, old)
    for (const node of [b, a]) await ok(t, canaries, node.send('POST', '/exchange/old', bearer(old)))
    const [adopted] = happened(t, b, [
      { type: 'login-adopted', userId: 'bob', carrier: 'token', migration: 'before', device }
    ])
    await a.app.migrations.revokeAdopted('before', { since: new Date(0) })
    happened(t, a, [
      {
        type: 'login-revoked',
        loginId: adopted?.loginId,
        userId: 'bob',
        by: 'admin',
        reason: 'adoption-revoked'
      }
    ])
  })

  await t.test('expired: once, on the node that sees it, by the limit', async (t) => {
    for (const [limit, passes] of [
      ['idle', [700]],
      ['absolute', [540, 540, 130]]
    ] as const) {
      const { cookie: mine } = await signIn(t, a, 'session', 'a bicycle made of rain')
      const id = loginIdOf(happened(t, a, [{ type: 'login-created' }]))
      let headers = { cookie: mine }
      for (const [at, seconds] of passes.entries()) {
        const answer = await b.send('GET', '/me', headers)
        t.equal(answer.status, 200, `${limit}: request ${at}`)
        addCanaries(canaries, answer)
        // As a browser does: the session cookie stays, and a new snapshot replaces the one before.
        headers = { cookie: mergeCookies(headers.cookie, answer.cookie) }
        await b.logins.flushTouches()
        life.clock.aheadMs += seconds * 1000
      }
      for (let repeated = 0; repeated < 2; repeated += 1)
        t.equal((await b.send('GET', '/me', headers)).status, 401)
      const rejected = { type: 'credential-rejected', reason: 'invalid', loginId: id }
      happened(t, b, [{ type: 'login-expired', loginId: id, limit, carrier: 'session' }, rejected, rejected])
    }
    life.events.credentials.length = 0
  })

  await t.test('the account is deleted', async (t) => {
    for (const { app } of [a, b]) await app.migrations.refresh()
    await signIn(t, b, 'token', 'a bicycle made of rain')
    const { cookie: mine } = await signIn(t, a, 'session', 'a bicycle made of rain')
    happened(t, null, [{ type: 'login-created' }, { type: 'login-created' }])
    life.events.credentials.length = 0
    t.equal((await a.send('DELETE', '/account', { cookie: mine })).status, 204)
    happened(t, a, [
      { type: 'login-revoked', by: 'user', reason: 'log-out', carrier: 'session' },
      { type: 'login-revoked', by: 'user', reason: 'account-deleted', carrier: 'token' }
    ])
    happenedToCredentials(t, [{ type: 'user-removed', by: 'user', reason: 'account-deleted' }])
  })

  const text = JSON.stringify(published)
  t.ok(canaries.names.length > 30, 'there are secrets to search for')
  t.same(canaries.findIn(text), [], 'no event has a secret')
})

/** The cookies of a browser after a response. */
function mergeCookies(before: string, after: string): string {
  const jar = new Map<string, string>()
  for (const pair of `${before}; ${after}`.split('; ').filter((each) => each !== '')) {
    const at = pair.indexOf('=')
    jar.set(pair.slice(0, at), pair)
  }
  return [...jar.values()].join('; ')
}
