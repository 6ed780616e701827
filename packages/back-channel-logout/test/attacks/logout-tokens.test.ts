import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { CLIENT_ID, createSigner, EVENT, ISSUER, makeService } from '../make-service.ts'

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

const INVALID = {
  statusCode: 400,
  code: 'DRAWBRIDGE_INVALID_LOGOUT_TOKEN',
  error: 'invalid_request',
  message: 'The logout token is not valid'
}

t.test('the end of a session there ends the login of it, and no other of the user', async (t) => {
  const { signIn, me, logOut } = await makeService(t)
  const [one, other] = [
    await signIn('ada', { iss: ISSUER, sid: 's1' }),
    await signIn('ada', { iss: ISSUER, sid: 's2' })
  ]
  const [byPassword, bob] = [await signIn('ada'), await signIn('bob', { iss: ISSUER, sid: 's3' })]
  const response = await logOut({ sub: 'sub-ada', sid: 's1' })
  t.same([response.statusCode, response.body], [200, ''])
  t.match(response.headers, { 'cache-control': 'no-store', 'drawbridge-effective-within': '0' })
  t.equal(await me(one), 401)
  for (const cookie of [other, byPassword, bob]) t.equal(await me(cookie), 200)
  t.equal((await logOut({ sid: 's2' })).statusCode, 200, 'by sid alone')
  t.equal(await me(other), 401)
  t.equal(await me(byPassword), 200)
})

t.test('without a known session all logins of the user end', async (t) => {
  const { signIn, me, logOut } = await makeService(t)
  for (const claims of [{ sub: 'sub-ada' }, { sub: 'sub-ada', sid: 'never heard of' }]) {
    const cookies = [
      await signIn('ada', { iss: ISSUER, sid: 's1' }),
      await signIn('ada'),
      await signIn('ada', { iss: ISSUER })
    ]
    const bob = await signIn('bob')
    t.equal((await logOut(claims)).statusCode, 200)
    for (const cookie of cookies) t.equal(await me(cookie), 401)
    t.equal(await me(bob), 200)
  }
  t.equal((await logOut({ sub: 'a stranger' })).statusCode, 200, 'nobody here')
})

t.test('O01 O02 what is no logout token for us, now, is refused, and ends nothing', async (t) => {
  const { clock, signIn, me, post, claimsOf, logOut, signer } = await makeService(t)
  const cookie = await signIn('ada', { iss: ISSUER, sid: 's1' })
  const seconds = Math.floor(clock.now / 1000)
  const good = { sub: 'sub-ada', sid: 's1' }
  const stranger = await createSigner('one')
  const refused = async (name: string, response: LightMyRequestResponse) => {
    t.same([response.statusCode, response.json()], [400, INVALID], name)
    t.equal(response.headers['cache-control'], 'no-store')
    t.equal(await me(cookie), 200, name)
  }
  for (const [name, claims] of Object.entries<object>({
    'another audience': { ...good, aud: 'another-client' },
    'no audience': { ...good, aud: undefined },
    'another issuer': { ...good, iss: 'https://evil.example' },
    'no issuer': { ...good, iss: undefined },
    'a nonce': { ...good, nonce: 'n' },
    'a nonce of null': { ...good, nonce: null },
    'no events': { ...good, events: undefined },
    'events of another kind': { ...good, events: { 'http://schemas.openid.net/event/other': {} } },
    'events that are a list': { ...good, events: [EVENT] },
    'an event that is no object': { ...good, events: { [EVENT]: true } },
    'neither sub nor sid': {},
    'a sub that is no text': { sub: 7, sid: 's1' },
    'a sid that is no text': { sub: 'sub-ada', sid: ['s1'] },
    'an empty sid': { sub: 'sub-ada', sid: '' },
    expired: { ...good, iat: seconds - 200, exp: seconds - 6 },
    'no exp': { ...good, exp: undefined },
    'no iat': { ...good, iat: undefined },
    'issued in the future': { ...good, iat: seconds + 6, exp: seconds + 120 },
    'not valid yet': { ...good, nbf: seconds + 6 },
    'valid for too long': { ...good, exp: seconds + 3601 },
    'no jti': { ...good, jti: undefined },
    'an empty jti': { ...good, jti: '' },
    'a jti that is no text': { ...good, jti: 1 },
    'an unknown session alone': { sid: 'never heard of' }
  }))
    await refused(name, await logOut(claims))
  for (const typ of ['at+jwt', 'secevent+jwt', 'logout']) await refused(typ, await logOut(good, { typ }))
  const claims = claimsOf(good)
  const header = { alg: 'RS256', kid: 'one', typ: 'logout+jwt' }
  const token = await signer.sign(claims)
  const [, payload = '', signature = ''] = token.split('.')
  const byPublicKey = `${encode({ ...header, alg: 'HS256' })}.${payload}`
  const mac = createHmac('sha256', JSON.stringify(signer.jwk)).update(byPublicKey).digest('base64url')
  for (const [name, forged] of Object.entries({
    'signed by a stranger': await stranger.sign(claims),
    'an unknown key': await signer.sign(claims, { kid: 'two' }),
    'alg none': `${encode({ ...header, alg: 'none' })}.${payload}.`,
    'HS256 by the public key': `${byPublicKey}.${mac}`,
    'another payload': `${encode(header)}.${encode(claimsOf({ sub: 'sub-bob' }))}.${signature}`,
    garbage: 'garbage',
    'three dots': '...',
    nothing: ''
  }))
    await refused(name, await post(`logout_token=${forged}`))
  await refused('no logout_token', await post('token=x'))
  await refused('an empty form', await post(''))
  t.equal((await logOut(good)).statusCode, 200, 'and what is right is accepted')
  t.equal(await me(cookie), 401)
})

t.test('O04 what is no form is refused too, as clients of OAuth expect it', async (t) => {
  const { app, signIn, me, post, claimsOf, signer } = await makeService(t)
  const cookie = await signIn('ada')
  const token = await signer.sign(claimsOf({ sub: 'sub-ada' }))
  const json = await post(JSON.stringify({ logout_token: token }), 'application/json')
  t.match([json.statusCode, json.json()], [415, { error: 'invalid_request' }])
  const twice = await post(`logout_token=${token}&logout_token=${token}`)
  t.match([twice.statusCode, twice.json()], [400, { error: 'invalid_request' }])
  const huge = await post(`logout_token=${'x'.repeat(20_000)}`)
  t.match([huge.statusCode, huge.json()], [413, { error: 'invalid_request' }])
  t.equal((await app.inject({ url: `/backchannel-logout?logout_token=${token}` })).statusCode, 404)
  t.equal(await me(cookie), 200)
})

t.test('O03 a token is accepted once', async (t) => {
  const { clock, signIn, me, post, claimsOf, signer } = await makeService(t)
  const body = `logout_token=${await signer.sign(claimsOf({ sub: 'sub-ada' }))}`
  t.equal((await post(body)).statusCode, 200)
  const cookie = await signIn('ada')
  t.same([(await post(body)).statusCode, await me(cookie)], [400, 200])
  clock.now += 119_000
  const [again, beyond] = [
    await post(body),
    `logout_token=${await signer.sign(claimsOf({ sub: 'sub-bob' }))}`
  ]
  t.equal(again.statusCode, 400)
  clock.now += 10_000
  t.equal((await post(beyond)).statusCode, 200, 'another one, which forgets the first')
  t.equal((await post(body)).statusCode, 400, 'it has expired by now')
})

t.test(
  'a token is accepted that comes with another type of before, and at the edges of its time',
  async (t) => {
    const { clock, logOut } = await makeService(t)
    const seconds = Math.floor(clock.now / 1000)
    for (const typ of ['JWT', undefined, 'application/logout+jwt'])
      t.equal((await logOut({ sub: 'sub-ada' }, { typ } as object)).statusCode, 200, String(typ))
    for (const claims of [
      { iat: seconds + 5, exp: seconds + 100 },
      { iat: seconds - 100, exp: seconds - 4 },
      { aud: [CLIENT_ID, 'another-client'] }
    ])
      t.equal((await logOut({ sub: 'sub-ada', ...claims })).statusCode, 200, JSON.stringify(claims))
  }
)

t.test('while something is down it is 503, and the same token is accepted afterwards', async (t) => {
  const outage = { isOut: false }
  const break503 = async <T>(value: T): Promise<T> => {
    if (outage.isOut) throw new Error('connection refused')
    return value
  }
  const linked = new Map<string, string[]>()
  const accepted = new Set<string>()
  const { signIn, me, post, claimsOf, signer, down } = await makeService(t, {
    sessions: {
      isShared: false,
      link: async (session, loginId) => void linked.set(session, [loginId]),
      find: async (session) => break503(linked.get(session) ?? []),
      accept: async (token) => void (await break503(accepted.add(token))),
      wasAccepted: async (token) => break503(accepted.has(token))
    }
  })
  const cookie = await signIn('ada', { iss: ISSUER, sid: 's1' })
  const body = `logout_token=${await signer.sign(claimsOf({ sub: 'sub-ada', sid: 's1' }))}`
  outage.isOut = true
  const response = await post(body)
  t.same([response.statusCode, response.json().code], [503, 'DRAWBRIDGE_LOGINS_UNAVAILABLE'])
  t.notOk(response.headers['drawbridge-effective-within'])
  outage.isOut = false
  down.add('remove')
  t.equal((await post(body)).statusCode, 503)
  t.equal(accepted.size, 0)
  down.clear()
  t.equal((await post(body)).statusCode, 200)
  t.equal(await me(cookie), 401)
  t.equal((await post(body)).statusCode, 400)
})

t.test('while the keys or the user cannot be had it is 503', async (t) => {
  const signer = await createSigner()
  const state = { isDown: true }
  const server = createServer((_request, response) => {
    response.statusCode = state.isDown ? 500 : 200
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(state.isDown ? {} : { keys: [signer.jwk] }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const users = { areDown: true }
  const { signIn, me, post, claimsOf } = await makeService(t, {
    providers: [
      {
        issuer: ISSUER,
        clientId: CLIENT_ID,
        keys: `http://127.0.0.1:${port}/jwks`,
        userOf: async (subject) => {
          if (users.areDown) throw new Error('no connection to the database')
          return subject.slice('sub-'.length)
        }
      }
    ]
  })
  const cookie = await signIn('ada')
  const body = `logout_token=${await signer.sign(claimsOf({ sub: 'sub-ada' }))}`
  const ofKeys = await post(body)
  t.equal(ofKeys.statusCode, 503)
  t.notMatch(ofKeys.body, /127\.0\.0\.1/)
  state.isDown = false
  const ofUsers = await post(body)
  t.equal(ofUsers.statusCode, 503)
  t.notMatch(ofUsers.body, /database/)
  users.areDown = false
  t.same([(await post(body)).statusCode, await me(cookie)], [200, 401])
})

t.test('O05 the tokens of one provider end nothing of another', async (t) => {
  const [one, two] = [await createSigner(), await createSigner()]
  const provider = (issuer: string, { jwk }: typeof one) => ({
    issuer,
    clientId: CLIENT_ID,
    keys: { keys: [jwk] },
    userOf: (subject: string) => `${issuer} ${subject}`
  })
  const OTHER = 'https://other.example'
  const { signIn, me, post, claimsOf } = await makeService(t, {
    providers: [provider(ISSUER, one), provider(OTHER, two)]
  })
  const cookie = await signIn(`${ISSUER} ada`, { iss: ISSUER, sid: 's1' })
  const send = async (signer: typeof one, claims: object) =>
    (await post(`logout_token=${await signer.sign(claimsOf(claims))}`)).statusCode
  t.equal(await send(two, { iss: OTHER, sub: 'ada', sid: 's1' }), 200, 'nobody')
  t.equal(await send(two, { iss: ISSUER, sub: 'ada', sid: 's1' }), 400)
  t.equal(await me(cookie), 200)
  t.equal(await send(one, { iss: ISSUER, sub: 'ada', sid: 's1' }), 200)
  t.equal(await me(cookie), 401)
})
