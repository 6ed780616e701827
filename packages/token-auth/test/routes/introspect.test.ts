import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { createHeader, signJws } from '@drawbridge/test-support/forge'
import { decodeClaims, makeApp } from '../make-app.ts'
import { AUTHORIZATION, basic, CLIENT, makeIssuer } from './for-services.ts'

const ask = { authorization: AUTHORIZATION }
const INACTIVE = { active: false }

t.test('the response for a valid access token has what is true now', async (t) => {
  let scopes = ['read', 'write']
  const { logins, post, signIn } = await makeIssuer({
    logins: { getClaims: () => ({ scopes, tenant: 'north' }) as { scopes: string[] } }
  })
  const { access_token: token } = await signIn()
  const response = await post('/token/introspect', { token, token_type_hint: 'access_token' }, ask)
  t.equal(response.statusCode, 200)
  t.equal(response.headers['cache-control'], 'no-store')
  t.match(response.headers['content-type'], /^application\/json/)
  t.strictSame(response.json(), {
    active: true,
    token_type: 'Bearer',
    username: 'ada',
    ...decodeClaims(token)
  })
  scopes = ['read']
  t.match((await post('/token/introspect', { token }, ask)).json(), { active: true, scope: 'read' })
  scopes = []
  t.notOk('scope' in (await post('/token/introspect', { token }, ask)).json())
  await logins.renameUser(decodeClaims(token).sub as string, 'kim')
  const renamed = { active: true, username: 'kim', preferred_username: 'kim' }
  t.match((await post('/token/introspect', { token }, ask)).json(), renamed)
  await logins.revokeUser(decodeClaims(token).sub as string)
  t.strictSame((await post('/token/introspect', { token }, ask)).json(), INACTIVE)
})

t.test('a text that is no valid access token is not active, and nothing more is said', async (t) => {
  const { clock, keys, post, signIn, signOut } = await makeIssuer()
  const [key] = keys as [(typeof keys)[0]]
  const [one, loggedOut, old] = [await signIn(), await signIn(), await signIn()]
  await signOut({ token: loggedOut.access_token })
  const claims = decodeClaims(one.access_token)
  const stranger = generateSigningKey()
  const inactive = {
    'of a login that is logged out': loggedOut.access_token,
    'a refresh token': one.refresh_token,
    'of another audience': signJws(key, createHeader(key), { ...claims, aud: 'other' }),
    'of another user than its login': signJws(key, createHeader(key), { ...claims, sub: 'u9' }),
    'by a stranger': signJws(stranger, createHeader(stranger), claims),
    'an id token': signJws(key, { ...createHeader(key), typ: 'JWT' }, claims),
    nothing: 'x'
  }
  for (const [name, token] of Object.entries(inactive)) {
    const response = await post('/token/introspect', { token }, ask)
    t.equal(response.statusCode, 200, name)
    t.strictSame(response.json(), INACTIVE, name)
  }
  t.match((await post('/token/introspect', { token: one.access_token }, ask)).json(), { active: true })
  clock.now += 600_000
  t.strictSame(
    (await post('/token/introspect', { token: old.access_token }, ask)).json(),
    INACTIVE,
    'expired'
  )
})

t.test('V07 a request without the credentials of a client learns nothing', async (t) => {
  const { post, signIn, storeSpy } = await makeIssuer()
  const { access_token: token } = await signIn()
  const calls = storeSpy.calls.length
  const { clientId, clientSecret } = CLIENT
  const attempts: Readonly<Record<string, Record<string, string>>> = {
    none: {},
    'a wrong secret': { authorization: basic(clientId, `${clientSecret}x`) },
    'the secret but its last character': { authorization: basic(clientId, clientSecret.slice(0, -1)) },
    'an unknown client': { authorization: basic('other', clientSecret) },
    'no secret': { authorization: basic(clientId, '') },
    'no colon': { authorization: `Basic ${Buffer.from(clientId).toString('base64')}` },
    'broken percent signs': { authorization: basic('%', '%zz') },
    'not base64': { authorization: 'Basic *' },
    'a token of a user': { authorization: `Bearer ${token}` },
    'a name that every object has': { authorization: basic('__proto__', clientSecret) }
  }
  for (const [name, headers] of Object.entries(attempts)) {
    const response = await post('/token/introspect', { token }, headers)
    t.equal(response.statusCode, 401, name)
    t.strictSame(response.json(), {
      statusCode: 401,
      code: 'DRAWBRIDGE_INVALID_CLIENT',
      error: 'invalid_client',
      message: 'Client authentication failed'
    })
    t.equal(response.headers['www-authenticate'], 'Basic realm="drawbridge"', name)
    t.equal(response.headers['cache-control'], 'no-store', name)
  }
  const inBody = await post('/token/introspect', { token, client_id: clientId, client_secret: clientSecret })
  t.equal(inBody.statusCode, 401, 'a secret in the body is not read')
  t.equal(storeSpy.calls.length, calls, 'and the store was not asked')
})

t.test('the secret may be encoded as in a form, and any of a list is valid', async (t) => {
  const secrets = ['the-first-secret-of-a-client-0123456789', 'the-second~secret-of-a-client-0123456789']
  const { post, signIn } = await makeIssuer({
    tokens: { clients: [{ clientId: 'a', clientSecret: secrets }] }
  })
  const { access_token: token } = await signIn()
  const encoded = secrets[1]!.replaceAll('-', '%2D').replaceAll('~', '%7e')
  for (const secret of [...secrets, encoded]) {
    const headers = { authorization: basic('a', secret).replace('Basic', 'basic') }
    t.match((await post('/token/introspect', { token }, headers)).json(), { active: true }, secret)
  }
})

t.test('V08 a request that is not one form with one token gets the error of RFC 6749', async (t) => {
  const { app, post, signIn } = await makeIssuer()
  const { access_token: token } = await signIn()
  const forms: ReadonlyArray<readonly [string, number]> = [
    ['', 400],
    ['token=', 400],
    ['other=1', 400],
    [`token=${token}&token=${token}`, 400],
    [`token=%ff`, 400],
    [`token=${'x'.repeat(17 * 1024)}`, 413]
  ]
  for (const [form, statusCode] of forms) {
    const response = await post('/token/introspect', form, ask)
    t.equal(response.statusCode, statusCode, form.slice(0, 40))
    t.match(response.json(), { error: 'invalid_request' })
    t.equal(response.headers['cache-control'], 'no-store')
  }
  const json = await app.inject({
    method: 'POST',
    url: '/token/introspect',
    headers: ask,
    payload: { token }
  })
  t.equal(json.statusCode, 415)
  t.match(json.json(), { error: 'invalid_request' })
  const twice = await post('/token/introspect', { token, client_assertion: 'a.b.c' }, ask)
  t.match(twice.json(), { statusCode: 400, error: 'invalid_request' }, 'two ways to authenticate')
})

t.test('V09 an outage of the store is a 503, never inactive', async (t) => {
  const { post, signIn, storeSpy } = await makeIssuer()
  const { access_token: token } = await signIn()
  storeSpy.down.add('find')
  const response = await post('/token/introspect', { token }, ask)
  t.equal(response.statusCode, 503)
  t.equal(response.headers['retry-after'], '1')
  t.match(response.json(), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
})

t.test('the store is asked each time, whatever is cached', async (t) => {
  const { post, read, signIn, storeSpy } = await makeIssuer()
  const { access_token: token } = await signIn()
  await read(token)
  const before = storeSpy.counts.find ?? 0
  for (let asked = 0; asked < 3; asked += 1) await post('/token/introspect', { token }, ask)
  t.equal((storeSpy.counts.find ?? 0) - before, 3)
})

t.test('the routes for other services are there only where they are named', async (t) => {
  const { app } = await makeApp()
  for (const url of ['/token/introspect', '/token/revoke'])
    t.equal((await app.inject({ method: 'POST', url })).statusCode, 404, url)
  t.equal((await app.inject('/.well-known/oauth-authorization-server')).statusCode, 404)
  await t.rejects(makeApp({ tokens: { routes: { introspect: true } } }), {
    code: 'DRAWBRIDGE_OPTION',
    message: /tokenAuth\.clients must name who may ask/
  })
})
