import { sessionAuth } from '@drawbridge/session-auth'
import type { TokenResponse } from '@drawbridge/token-auth'
import t from 'tap'
import { bridge } from '../../src/index.ts'
import { makeTokenMigration, signOld } from './make-token-migration.ts'

t.test('an old token is served as what it is until it is retired, on every node', async (t) => {
  const { send, moveTo, clock, nodes } = await makeTokenMigration(t)
  const old = signOld({ user_id: 'ada', iat: Math.floor(clock.now / 1000) })
  for (const phase of ['old', 'both', 'new'] as const) {
    if (phase !== 'old') await moveTo(phase)
    for (const node of [0, 1] as const) {
      const { statusCode, body } = await send(node, old)
      t.equal(statusCode, 200, phase)
      t.match(JSON.parse(body), {
        userId: 'ada',
        carrier: 'token',
        authenticatedAt: 0
      })
    }
  }
  t.same(await nodes[0].logins.listByUser('ada'), [], 'nothing was made for it')
  clock.now += 3_600_000
  await moveTo('retired')
  t.equal((await send(1, old)).statusCode, 401)
})

t.test(
  'fifty exchanges at once of a token that names its login give one login and one refresh token',
  async (t) => {
    const { exchange, send, moveTo, clock, nodes } = await makeTokenMigration(t)
    const old = signOld({ user_id: 'ada', iat: Math.floor(clock.now / 1000) })
    t.equal((await exchange(0, old)).statusCode, 409, 'not in the first phase')
    await moveTo('both')
    const responses = await Promise.all(
      Array.from({ length: 50 }, (_, at) => exchange(at % 2 === 0 ? 0 : 1, old))
    )
    const tokens = responses.map((response) => response.json<TokenResponse>())
    t.ok(responses.every(({ statusCode }) => statusCode === 200))
    t.equal(new Set(tokens.map(({ refresh_token }) => refresh_token)).size, 1)
    t.equal((await nodes[0].logins.listByUser('ada')).length, 1)
    const [{ access_token: token, refresh_token }] = tokens as [TokenResponse]
    t.equal((await send(1, token)).statusCode, 200)
    t.equal(responses[0]?.headers['cache-control'], 'no-store')
    const refreshed = await nodes[1].app.inject({
      method: 'POST',
      url: '/token/refresh',
      payload: { refresh_token }
    })
    t.equal(refreshed.statusCode, 200)
    t.equal((await exchange(0, old)).statusCode, 409, 'its refresh token was used')
    t.equal((await send(0, old)).statusCode, 200, 'the old one stays what it is')
  }
)

t.test('a node that does not know the phase exchanges nothing, and rejects what is no token', async (t) => {
  const { exchange, moveTo, clock, storeSpy } = await makeTokenMigration(t)
  await moveTo('both')
  storeSpy.down.add('adoptions.readPhase')
  clock.now += 5000
  t.equal((await exchange(0, 'no token')).statusCode, 401)
  t.equal((await exchange(0, signOld({ user_id: 'nobody' }))).statusCode, 401)
  t.equal((await exchange(0, signOld({ user_id: 'ada' }))).statusCode, 503)
})

t.test('a log-out by the new token ends the old one too, where that names its login', async (t) => {
  const { exchange, send, moveTo, clock } = await makeTokenMigration(t)
  const old = signOld({ user_id: 'ada', iat: Math.floor(clock.now / 1000) })
  await moveTo('both')
  const { access_token: token } = (await exchange(0, old)).json<TokenResponse>()
  t.equal((await send(0, token, 'POST', '/token/logout')).statusCode, 200)
  for (const node of [0, 1] as const) {
    t.equal((await send(node, token)).statusCode, 401)
    t.equal((await send(node, old)).statusCode, 401)
    t.equal((await exchange(node, old)).statusCode, 401)
  }
})

t.test('a log-out by the old token ends it', async (t) => {
  const { exchange, send, moveTo, clock } = await makeTokenMigration(t)
  const old = signOld({ user_id: 'ada', iat: Math.floor(clock.now / 1000) })
  await moveTo('both')
  const { access_token: token } = (await exchange(0, old)).json<TokenResponse>()
  t.equal((await send(1, old, 'POST', '/token/logout')).statusCode, 200)
  for (const node of [0, 1] as const) {
    t.equal((await send(node, token)).statusCode, 401)
    t.equal((await send(node, old)).statusCode, 401)
  }
})

t.test('a log-out by an old token that was not exchanged ends it for good', async (t) => {
  const { exchange, send, moveTo, clock } = await makeTokenMigration(t)
  const old = signOld({ user_id: 'ada', iat: Math.floor(clock.now / 1000) })
  t.equal((await send(1, old, 'POST', '/token/logout')).statusCode, 200)
  await moveTo('both')
  for (const node of [0, 1] as const) {
    t.equal((await send(node, old)).statusCode, 401)
    t.equal((await exchange(node, old)).statusCode, 401)
  }
})

t.test('a token that names no login is many devices: each exchange is a login of its own', async (t) => {
  const { exchange, send, moveTo, nodes } = await makeTokenMigration(t)
  const old = signOld({ user_id: 'ada' })
  await moveTo('both')
  const [one, other] = [await exchange(0, old), await exchange(1, old)].map((each) =>
    each.json<TokenResponse>()
  )
  t.not(one?.refresh_token, other?.refresh_token)
  t.equal((await nodes[0].logins.listByUser('ada')).length, 2)
  t.equal((await send(0, one?.access_token ?? '', 'POST', '/token/logout')).statusCode, 200)
  t.equal((await send(1, one?.access_token ?? '')).statusCode, 401)
  t.equal((await send(1, other?.access_token ?? '')).statusCode, 200)
  t.equal((await send(1, old)).statusCode, 200, 'the text is of other devices too')
  const { authenticatedAt } = (await send(1, other?.access_token ?? '')).json<{ authenticatedAt: number }>()
  t.equal(authenticatedAt, 0, 'when the user authenticated is not known')
})

t.test(
  'once all logins of a user are revoked, a token that names no login is refused on every node',
  async (t) => {
    const { exchange, send, moveTo, nodes } = await makeTokenMigration(t)
    const [old, other] = [signOld({ user_id: 'ada' }), signOld({ user_id: 'bob' })]
    await nodes[0].logins.revokeUser('ada')
    for (const phase of ['old', 'both', 'new'] as const) {
      if (phase !== 'old') await moveTo(phase)
      for (const node of [0, 1] as const) {
        t.equal((await send(node, old)).statusCode, 401, phase)
        t.equal((await send(node, other)).statusCode, 200, `${phase}, of somebody else`)
      }
    }
    t.equal((await exchange(1, old)).statusCode, 401)
  }
)

t.test(
  'where a log-out ends all logins of the user, so does one by a token that names no login',
  async (t) => {
    const { exchange, send, moveTo, nodes } = await makeTokenMigration(t, { logOut: 'user' })
    const old = signOld({ user_id: 'ada' })
    await moveTo('both')
    t.equal((await exchange(0, old)).statusCode, 200)
    t.equal((await send(1, old, 'POST', '/token/logout')).statusCode, 200)
    t.same(await nodes[0].logins.listByUser('ada'), [])
    for (const node of [0, 1] as const) t.equal((await send(node, old)).statusCode, 401)
  }
)

t.test('an old token that is retired is not made good by a valid session beside it', async (t) => {
  const { nodes, moveTo, clock } = await makeTokenMigration(t, {
    extend: async (app, { credentials, logins }) => {
      await app.register(sessionAuth, { credentials, logins, secret: 'a root secret for tests, 0123456789' })
      await app.register(bridge)
      app.post('/enter', async (request, reply) => {
        await app.sessionAuth.startSession(request, reply, { user: { id: 'ada', username: 'ada' } })
        return {}
      })
      app.get('/either', { onRequest: app.bridge.guard }, ({ principal }) => principal)
    }
  })
  const { app } = nodes[0]
  clock.now += 3_600_000
  await moveTo('both', 'new', 'retired')
  const headers = { 'sec-fetch-site': 'same-origin' }
  const signedIn = await app.inject({ method: 'POST', url: '/enter', headers })
  const lines = [signedIn.headers['set-cookie'] ?? []].flat()
  const cookie = lines.map((line) => line.split(';', 1)[0]).join('; ')
  const send = (more: object) => app.inject({ url: '/either', headers: { cookie, ...more } })
  t.match((await send({})).json(), { carrier: 'session' })
  const { statusCode, headers: sent } = await send({
    authorization: `Bearer ${signOld({ user_id: 'ada' })}`
  })
  t.equal(statusCode, 401)
  t.match(sent['www-authenticate'], /error="invalid_token"/)
})

t.test('what is forged, of no user, or expired by date gets 401 and a challenge, never a 5xx', async (t) => {
  const { exchange, send, moveTo, clock } = await makeTokenMigration(t)
  await moveTo('both')
  const forged = `${signOld({ user_id: 'ada' }).slice(0, -4)}AAAA`
  for (const token of [
    forged,
    signOld({ user_id: 'nobody' }),
    signOld({ user_id: { $gt: '' } }),
    'x',
    'a.b.c'
  ]) {
    for (const response of [await send(0, token), await exchange(0, token)]) {
      t.equal(response.statusCode, 401)
      t.match(response.headers['www-authenticate'], /^Bearer/)
    }
  }
  const old = signOld({ user_id: 'ada' })
  t.equal((await send(0, old)).statusCode, 200)
  clock.now += 31 * 86_400_000
  await moveTo('new')
  t.equal((await send(0, old)).statusCode, 401)
  clock.now += 3_600_000
  await moveTo('retired')
  t.equal((await exchange(0, old)).statusCode, 410)
})
