import { generateSigningKey, type SigningKey } from '@drawbridge/token-auth'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { ISSUER, makeHouse } from './make-house.ts'

const clientId = 'orders'
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** An issuer that knows the key of a client, and a service that asks by `clientKey`. */
function makeHouseOf(t: Test, issuerHas: SigningKey, clientKey: SigningKey) {
  const { kid, alg, kty, crv, x, y, n, e } = issuerHas
  const publicKey = JSON.parse(JSON.stringify({ kid, alg, kty, crv, x, y, n, e })) as SigningKey
  const clients = [{ clientId, keys: [publicKey] }]
  return makeHouse(t, { tokens: { clients }, introspects: true, client: { clientId, clientKey } })
}

const decode = (segment: string) => JSON.parse(Buffer.from(segment, 'base64url').toString()) as unknown

for (const alg of ['EdDSA', 'ES256', 'RS256', 'PS256'] as const) {
  t.test(`a service asks its issuer as a client that signs by ${alg}`, async (t) => {
    const key = generateSigningKey(alg)
    const { asked, feedState, read, signIn, signOut } = await makeHouseOf(t, key, key)
    const { access_token: token } = await signIn()
    feedState.isStale = true
    for (const visit of ['first', 'second']) t.match((await read(token)).json(), { username: 'ada' }, visit)
    t.equal(asked.count, 2, 'each with an assertion of its own, since one is valid once')
    await signOut(token)
    t.equal((await read(token)).statusCode, 401)
  })
}

t.test('what a client signs is for its issuer alone, valid for a minute, and never the same', async (t) => {
  const clientKey = generateSigningKey()
  const forms: URLSearchParams[] = []
  const authorizations: unknown[] = []
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization)
    void text(request).then((body) => {
      forms.push(new URLSearchParams(body))
      response.end('{"active":false}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { clock, feedState, read, signIn } = await makeHouse(t, {
    verifier: { introspection: { url, clientId, clientKey } }
  })
  const { access_token: token } = await signIn()
  feedState.isStale = true
  for (const visit of ['first', 'second']) t.equal((await read(token)).statusCode, 401, visit)
  const iat = Math.floor(clock.now / 1000)
  const ids = forms.map((form) => {
    t.equal(form.get('client_assertion_type'), ASSERTION_TYPE)
    t.equal(form.get('token'), token)
    const [header, claims] = (form.get('client_assertion') ?? '').split('.').slice(0, 2).map(decode)
    t.strictSame(header, { alg: 'EdDSA', kid: clientKey.kid, typ: 'JWT' })
    const { jti, ...others } = claims as { readonly jti: string }
    t.strictSame(others, { iss: clientId, sub: clientId, aud: ISSUER, iat, exp: iat + 60 })
    return jti
  })
  t.equal(new Set(ids).size, 2)
  t.strictSame(authorizations, [undefined, undefined])
})

t.test('a key that the issuer does not know is an outage, never a 401', async (t) => {
  const { feedState, read, signIn } = await makeHouseOf(t, generateSigningKey(), generateSigningKey())
  const { access_token: token } = await signIn()
  feedState.isStale = true
  t.match((await read(token)).json(), { statusCode: 503, code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
})
