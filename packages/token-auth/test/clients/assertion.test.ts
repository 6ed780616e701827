import { createHeader, signJws } from '@drawbridge/test-support/forge'
import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { START } from '../make-app.ts'
import { makeIssuer } from '../routes/for-services.ts'

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
  const present = (assertion: string, type = TYPE) =>
    post('/token/introspect', { token, client_assertion: assertion, client_assertion_type: type })
  return { clock, key, other, present, sign }
}

t.test('a client authenticates by a signed assertion, which is valid once', async (t) => {
  const { present, sign } = await open()
  t.match((await present(sign())).json(), { active: true })
  t.match((await present(sign())).json(), { statusCode: 401, error: 'invalid_client' }, 'V12 the same again')
  t.match((await present(sign({ jti: 'two' }))).json(), { active: true })
})

t.test('V12 an assertion that is not right in all parts authenticates nobody', async (t) => {
  const { key, other, present, sign } = await open()
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
    unsigned: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${sign({ jti: 'l' }).split('.')[1]}.`
  }
  for (const [name, assertion] of Object.entries(attacks))
    t.match((await present(assertion)).json(), { statusCode: 401, error: 'invalid_client' }, name)
  const wrongType = await present(
    sign({ jti: 'm' }),
    'urn:ietf:params:oauth:client-assertion-type:saml2-bearer'
  )
  t.equal(wrongType.statusCode, 401)
  t.match((await present(sign({ jti: 'control' }, key))).json(), { active: true })
})

t.test('the ids of assertions are forgotten once these have expired', async (t) => {
  const { clock, present, sign } = await open()
  t.match((await present(sign())).json(), { active: true })
  clock.now += 310_000
  t.match((await present(sign({ exp: NOW + 370 }))).json(), { active: true })
})
