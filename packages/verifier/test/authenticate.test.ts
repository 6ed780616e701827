import { loginsChannel, type Principal } from '@drawbridge/logins'
import { createHeader, encodeSegment, signJws } from '@drawbridge/test-support/forge'
import { generateSigningKey } from '@drawbridge/token-auth'
import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto'
import t from 'tap'
import { makeHouse } from './make-house.ts'

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as Record<string, unknown>

t.test('a service gets the principal that the issuer itself gets', async (t) => {
  const { issuer, read, signIn } = await makeHouse(t, {
    logins: { getClaims: () => ({ scopes: ['orders', 'read'], tenant: 'north' }) as { scopes: string[] } }
  })
  const { access_token: token } = await signIn()
  const own = await issuer.inject({ url: '/me', headers: { authorization: `Bearer ${token}` } })
  for (const visit of ['cold', 'warm']) {
    const response = await read(token)
    t.equal(response.statusCode, 200, visit)
    t.equal(response.headers['cache-control'], 'no-store')
    t.strictSame(response.json(), own.json())
  }
  t.match(own.json(), { username: 'ada', carrier: 'token', scopes: ['orders', 'read'], tenant: 'north' })
  t.equal((await read(token, '/orders')).statusCode, 200)
})

t.test('a warm token is verified without a promise', async (t) => {
  const { service, read, signIn } = await makeHouse(t)
  const { access_token: token } = await signIn()
  await read(token)
  const outcome = service.verifier.verify(token)
  t.notOk(outcome instanceof Promise)
  t.match(outcome, { ok: true, principal: { username: 'ada' } })
})

t.test('V01 V02 what is no valid token gets the response that the issuer itself gives', async (t) => {
  const { issuer, service, keys, signIn, clock } = await makeHouse(t)
  const [key] = keys as [(typeof keys)[0]]
  const { access_token: token } = await signIn()
  const claims = claimsOf(token)
  const make = (changes: object, header: object = {}) =>
    signJws(key, { ...createHeader(key), ...header }, { ...claims, ...changes })
  const now = clock.now / 1000
  const stranger = generateSigningKey()
  const publicPem = createPublicKey({ key: key as JsonWebKey, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem'
  })
  const hmac = (secret: string | Buffer, header: object) => {
    const input = `${encodeSegment(header)}.${encodeSegment(claims)}`
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  }
  const attacks: Readonly<Record<string, string>> = {
    'no JWT': 'abc',
    'a changed signature': token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA'),
    'another payload': [
      token.split('.')[0],
      encodeSegment({ ...claims, sub: 'u2' }),
      token.split('.')[2]
    ].join('.'),
    'by a stranger under our kid': signJws({ ...stranger, kid: key.kid }, createHeader(key), claims),
    'by a stranger': signJws(stranger, createHeader(stranger), claims),
    'without a signature': `${encodeSegment({ alg: 'none', kid: key.kid, typ: 'at+jwt' })}.${encodeSegment(claims)}.`,
    'the public key as a secret': hmac(publicPem, { alg: 'HS256', kid: key.kid, typ: 'at+jwt' }),
    'the public member as a secret': hmac(Buffer.from(key.x ?? '', 'base64url'), {
      alg: 'HS256',
      kid: key.kid,
      typ: 'at+jwt'
    }),
    'another algorithm than that of the key': make({}, { alg: 'ES256' }),
    'typed as an id token': make({}, { typ: 'JWT' }),
    'a critical extension': make({}, { crit: ['b64'], b64: true }),
    'a key in the header': make({}, { jwk: { kty: 'OKP', crv: 'Ed25519', x: stranger.x } }),
    'for another audience': make({ aud: 'https://other.example' }),
    'for several audiences': make({ aud: [claims.aud] }),
    'of another issuer': make({ iss: 'https://login.example/' }),
    expired: make({ exp: now }),
    'issued in the future': make({ iat: now + 60, exp: now + 120 }),
    'valid for too long': make({ exp: now + 90_000 }),
    'without a login': make({ sid: undefined }),
    'twice the same member': signJws(key, createHeader(key), `{"sub":"u1",${JSON.stringify(claims).slice(1)}`)
  }
  const responses = async (headers: Record<string, string | string[]>) => {
    const [theirs, ours] = await Promise.all(
      [service, issuer].map((app) => app.inject({ url: '/me', headers }))
    )
    const view = ({
      statusCode,
      body,
      headers: { 'www-authenticate': challenge }
    }: NonNullable<typeof ours>) => ({ statusCode, body, challenge })
    return [view(theirs!), view(ours!)] as const
  }
  for (const [name, attack] of Object.entries(attacks)) {
    const [theirs, ours] = await responses({ authorization: `Bearer ${attack}` })
    t.strictSame(theirs, ours, name)
    t.match(theirs, { statusCode: 401, challenge: 'Bearer realm="drawbridge", error="invalid_token"' }, name)
  }
  for (const headers of [
    {},
    { authorization: 'Basic YTpi' },
    { authorization: 'Bearer' },
    { authorization: 'Bearer a b' }
  ]) {
    const [theirs, ours] = await responses(headers)
    t.strictSame(theirs, ours, JSON.stringify(headers))
    t.equal(theirs.statusCode, 401)
  }
  const valid = await service.inject({ url: '/me', headers: { authorization: `bearer ${token}` } })
  t.equal(valid.statusCode, 200, 'the control')
})

t.test(
  'a token that lacks a scope, or is of an old sign-in, gets the challenge that the issuer gives',
  async (t) => {
    const { issuer, read, signIn, clock } = await makeHouse(t)
    const { access_token: token } = await signIn()
    clock.now += 61_000
    for (const [url, statusCode] of [
      ['/orders', 403],
      ['/recent', 401]
    ] as const) {
      const [theirs, ours] = [
        await read(token, url),
        await issuer.inject({ url, headers: { authorization: `Bearer ${token}` } })
      ]
      t.equal(theirs.statusCode, statusCode)
      t.equal(theirs.body, ours.body)
      t.equal(theirs.headers['www-authenticate'], ours.headers['www-authenticate'])
    }
  }
)

t.test('a login that is revoked is rejected, warm and cold', async (t) => {
  const { issuer, read, signIn, signOut } = await makeHouse(t)
  const [one, other, third] = [await signIn(), await signIn(), await signIn('bob')]
  t.equal((await read(one.access_token)).statusCode, 200)
  await signOut(one.access_token)
  t.equal((await read(one.access_token)).statusCode, 401)
  await signOut(other.access_token)
  t.equal((await read(other.access_token)).statusCode, 401, 'never presented before')
  t.equal((await read(third.access_token)).statusCode, 200)
  t.equal((await issuer.inject('/me')).statusCode, 401)
})

t.test('all logins of a user that are revoked are rejected', async (t) => {
  const { logins, read, signIn } = await makeHouse(t)
  const tokens = [await signIn(), await signIn()].map(({ access_token: token }) => token)
  const { userId } = (await read(tokens[0]!)).json<Principal>()
  await logins.revokeUser(userId)
  for (const token of tokens) t.equal((await read(token)).statusCode, 401)
})

t.test('a token is served until it expires, and no longer', async (t) => {
  const { clock, read, signIn } = await makeHouse(t)
  const { access_token: token } = await signIn()
  t.equal((await read(token)).statusCode, 200)
  clock.now += 599_000
  t.equal((await read(token)).statusCode, 200)
  clock.now += 1000
  t.equal((await read(token)).statusCode, 401)
})

t.test('authenticate says who is signed in, and sends nothing', async (t) => {
  const { service, signIn } = await makeHouse(t)
  service.get('/hello', async (request) => {
    const outcome = await service.verifier.authenticate(request)
    return outcome.ok ? outcome.principal.username : outcome.reason
  })
  const { access_token: token } = await signIn()
  const hello = (authorization?: string) =>
    service.inject({ url: '/hello', headers: authorization === undefined ? {} : { authorization } })
  t.equal((await hello(`Bearer ${token}`)).body, 'ada')
  t.equal((await hello()).body, 'none')
  t.equal((await hello('Bearer abc')).body, 'invalid')
})

t.test('a rejected token is an event of logins, with the login where it is one of ours', async (t) => {
  const { read, signIn, signOut } = await makeHouse(t)
  const { access_token: token } = await signIn()
  const { loginId } = (await read(token)).json<Principal>()
  const events: unknown[] = []
  const listener = (event: unknown) => void events.push(event)
  await signOut(token)
  loginsChannel.subscribe(listener)
  t.teardown(() => loginsChannel.unsubscribe(listener))
  await read(token)
  await read('abc')
  t.match(events, [
    { type: 'credential-rejected', reason: 'invalid', carrier: 'token', loginId },
    { type: 'credential-rejected', reason: 'invalid', carrier: 'token', loginId: null }
  ])
})
