import { createHeader, signJws } from '@drawbridge/test-support/forge'
import { createPublicKey } from 'node:crypto'
import t from 'tap'
import { generateSigningKey, type SigningKey } from '../../src/index.ts'
import { START } from '../make-app.ts'
import { AUTHORIZATION, CLIENT, makeIssuer } from '../routes/for-services.ts'

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const NOW = START / 1000
const issuer = 'https://login.example'

async function open() {
  const key = generateSigningKey()
  const { d: _, ...publicKey } = key
  const other = generateSigningKey()
  const { d: __, ...otherPublic } = other
  const { post, signIn, clock } = await makeIssuer({
    tokens: {
      issuer,
      clients: [
        { clientId: 'mail', keys: [publicKey] },
        { clientId: 'other', keys: { keys: [otherPublic] } }
      ]
    }
  })
  const { access_token: token } = await signIn()
  const claims = { iss: 'mail', sub: 'mail', aud: issuer, exp: NOW + 60, jti: 'one' }
  const sign = (changes: object = {}, by = key) => signJws(by, createHeader(by), { ...claims, ...changes })
  const present = (assertion: string, type = TYPE, more: Readonly<Record<string, string>> = {}) =>
    post('/token/introspect', { token, client_assertion: assertion, client_assertion_type: type, ...more })
  return { claims, clock, key, other, present, publicKey, sign }
}

t.test('a client authenticates by a signed assertion, which is valid once', async (t) => {
  const { present, sign } = await open()
  t.match((await present(sign())).json(), { active: true })
  t.match((await present(sign())).json(), { statusCode: 401, error: 'invalid_client' }, 'V12 the same again')
  t.match((await present(sign({ jti: 'two' }))).json(), { active: true })
})

t.test('V12 an assertion that is not right in all parts authenticates nobody', async (t) => {
  const { claims, key, other, present, publicKey, sign } = await open()
  /** The public key, in every form in which a library may have it, as the secret of an HMAC. */
  const secrets = {
    'its member': Buffer.from(publicKey.x as string, 'base64url'),
    'its text': Buffer.from(JSON.stringify(publicKey)),
    'its PEM': createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
  }
  const byPublicKey = Object.entries(secrets).map(([form, secret]): [string, string] => {
    const hmac: SigningKey = {
      kty: 'oct',
      k: Buffer.from(secret).toString('base64url'),
      kid: key.kid,
      alg: 'HS256'
    }
    return [
      `HS256, the secret is the public key: ${form}`,
      signJws(hmac, createHeader(hmac), { ...claims, jti: form })
    ]
  })
  const attacks: Readonly<Record<string, string>> = {
    'no JWT': 'abc',
    'by another client': sign({ jti: 'a' }, other),
    'by a stranger': sign({ jti: 'b' }, generateSigningKey()),
    'for another issuer': sign({ jti: 'c', aud: 'https://other.example' }),
    'for several': sign({ jti: 'd', aud: [issuer, 'https://other.example'] }),
    'of another subject': sign({ jti: 'e', sub: 'other' }),
    'of another issuer': sign({ jti: 'f', iss: 'other' }),
    'of an unknown client': sign({ jti: 'g', iss: 'x', sub: 'x' }),
    expired: sign({ jti: 'h', exp: NOW - 6 }),
    'valid for too long': sign({ jti: 'i', exp: NOW + 306 }),
    'without an end': sign({ jti: 'j', exp: undefined }),
    'without an id': sign({ jti: undefined }),
    'with an empty id': sign({ jti: '' }),
    'not valid yet': sign({ jti: 'k', nbf: NOW + 60 }),
    'of a subject that is no text': sign({ jti: 'n', sub: ['mail'] }),
    'of no subject': sign({ jti: 'o', sub: undefined }),
    'with an id that is no text': sign({ jti: 1 }),
    'with an end that is no number': sign({ jti: 'p', exp: 'never' }),
    'no claims': signJws(key, createHeader(key), 'null'),
    ...Object.fromEntries(byPublicKey),
    unsigned: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${sign({ jti: 'l' }).split('.')[1]}.`
  }
  for (const [name, assertion] of Object.entries(attacks)) {
    const response = await present(assertion)
    t.equal(response.statusCode, 401, name)
    t.match(response.json(), { statusCode: 401, error: 'invalid_client' }, name)
    t.equal(response.headers['cache-control'], 'no-store', name)
  }
  const wrongType = await present(
    sign({ jti: 'm' }),
    'urn:ietf:params:oauth:client-assertion-type:saml2-bearer'
  )
  t.equal(wrongType.statusCode, 401)
  t.match((await present(sign({ jti: 'control' }, key))).json(), { active: true })
})

t.test('V12 a client_id beside an assertion or a secret names the same client', async (t) => {
  const { present, sign } = await open()
  const named = (jti: string, id: string) => present(sign({ jti }), TYPE, { client_id: id })
  t.match((await named('a', 'mail')).json(), { active: true })
  for (const [jti, id] of Object.entries({ b: 'other', c: 'nobody', d: '', e: '__proto__' }))
    t.match((await named(jti, id)).json(), { statusCode: 401, error: 'invalid_client' }, id)
  const { post, signIn } = await makeIssuer()
  const { access_token: token } = await signIn()
  const ask = (id: string) =>
    post('/token/introspect', { token, client_id: id }, { authorization: AUTHORIZATION })
  t.match((await ask(CLIENT.clientId)).json(), { active: true })
  t.match((await ask('mail')).json(), { statusCode: 401, error: 'invalid_client' })
})

t.test('the ids of assertions are forgotten once these have expired', async (t) => {
  const { clock, present, sign } = await open()
  t.match((await present(sign())).json(), { active: true })
  clock.now += 310_000
  t.match((await present(sign({ exp: NOW + 370 }))).json(), { active: true })
})
