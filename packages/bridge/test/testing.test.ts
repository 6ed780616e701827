import * as bridged from '@drawbridge/bridge/testing'
import { createTestLogins } from '@drawbridge/logins/testing'
import { sessionAuth } from '@drawbridge/session-auth'
import * as sessions from '@drawbridge/session-auth/testing'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import * as tokens from '@drawbridge/token-auth/testing'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { bridge } from '../src/index.ts'

const secret = 'a root secret for tests, 0123456789'
const ada = { id: '1', username: 'ada' }

/** A service, and logins that can be disturbed. No password is ever hashed: its verifier is never called. */
async function buildService(t: Test) {
  const test = createTestLogins({ startsAt: 1_800_000_000_000 })
  const credentials = { verify: () => Promise.reject(new Error('a password was asked for')) }
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(sessionAuth, { credentials, logins: test.logins, secret })
  await app.register(tokenAuth, { credentials, logins: test.logins, secret, keys: [generateSigningKey()] })
  await app.register(bridge)
  app.get('/me', { onRequest: app.bridge.guard }, async (request) => request.principal)
  app.get('/admin', { onRequest: app.bridge.guard({ scopes: ['admin'] }) }, async () => 'ok')
  const get = (headers: Record<string, string>, url = '/me') => app.inject({ url, headers })
  return { app, get, ...test }
}

t.test('asUser gives the headers of a signed-in user, by each carrier', async (t) => {
  const { app, get } = await buildService(t)
  const cases = [
    [await sessions.asUser(app, ada), 'session'],
    [await tokens.asUser(app, ada), 'token'],
    [await bridged.asUser(app, ada), 'session'],
    [await bridged.asUser(app, ada, { carrier: 'token' }), 'token']
  ] as const
  for (const [headers, carrier] of cases)
    t.match((await get(headers)).json(), { userId: '1', username: 'ada', carrier })
})

t.test('the user has the scopes that the test gives', async (t) => {
  const { app, get } = await buildService(t)
  for (const carrier of ['session', 'token'] as const) {
    t.equal((await get(await bridged.asUser(app, ada, { carrier }), '/admin')).statusCode, 403)
    const headers = await bridged.asUser(app, ada, { carrier, scopes: ['admin'] })
    t.equal((await get(headers, '/admin')).statusCode, 200)
  }
})

t.test('endEverywhere ends every login of the user, and no other', async (t) => {
  const { app, get } = await buildService(t)
  const mine = [await bridged.asUser(app, ada), await bridged.asUser(app, ada, { carrier: 'token' })]
  const other = await bridged.asUser(app, { id: '2', username: 'bob' })
  for (const headers of mine) t.equal((await get(headers)).statusCode, 200)
  t.equal(await bridged.endEverywhere(app, '1'), 2)
  t.equal(await tokens.endEverywhere(app, '1'), 0)
  for (const headers of mine) t.equal((await get(headers)).statusCode, 401)
  t.equal((await get(other)).statusCode, 200)
})

t.test(
  'a service rehearses an outage: what it has cached goes on while it is fresh, then it is a 503',
  async (t) => {
    const { app, get, makeFresh, makeStale, storeDown, storeUp } = await buildService(t)
    for (const carrier of ['session', 'token'] as const) {
      const headers = await bridged.asUser(app, ada, { carrier })
      t.equal((await get(headers)).statusCode, 200)
      storeDown()
      t.equal((await get(headers)).statusCode, 200, 'from the cache')
      makeStale()
      const response = await get(headers)
      t.equal(response.statusCode, 503)
      t.ok(response.headers['retry-after'])
      storeUp()
      t.equal((await get(headers)).statusCode, 200, 'asks the store')
      makeFresh()
      t.equal((await get(headers)).statusCode, 200)
    }
  }
)

t.test('the clock is that of the whole service', async (t) => {
  const { app, clock, get } = await buildService(t)
  const [byCookie, byToken] = [
    await bridged.asUser(app, ada),
    await bridged.asUser(app, ada, { carrier: 'token' })
  ]
  t.equal(clock.now(), 1_800_000_000_000)
  clock.advance(599)
  t.equal((await get(byToken)).statusCode, 200)
  clock.advance(1)
  t.equal((await get(byToken)).statusCode, 401, 'an access token lasts for ten minutes')
  t.equal((await get(byCookie)).statusCode, 200)
  clock.advance(12 * 3600)
  t.equal((await get(byCookie)).statusCode, 401)
})

t.test('an application without the plugin is an error that says what to do', async (t) => {
  const app = Fastify()
  for (const { asUser } of [sessions, tokens, bridged])
    await t.rejects(
      asUser(app, ada),
      /the application has no (session|token)-auth: register it, and `await app\.ready\(\)`/
    )
  const { app: service } = await buildService(t)
  await t.rejects(sessions.asUser(service, { id: '', username: 'ada' }), /asUser could not sign the user in/)
})
