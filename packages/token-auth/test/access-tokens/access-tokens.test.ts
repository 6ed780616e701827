import type { Claims } from '@drawbridge/logins'
import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { signJws, createHeader } from '@drawbridge/test-support/forge'
import { decodeClaims, decodeHeader, makeApp, START } from '../make-app.ts'

const ED = generateSigningKey('EdDSA')
const ES = generateSigningKey('ES256')
const RS = generateSigningKey('RS256')
const HS = generateSigningKey('HS256')
const RING = [ED, ES, RS, HS]
const NOW = START / 1000

t.test('an issued token has the form of RFC 9068', async (t) => {
  const { signIn } = await makeApp({ keys: RING })
  const { token } = await signIn()
  const claims = decodeClaims(token)
  t.strictSame(decodeHeader(token), { alg: 'EdDSA', typ: 'at+jwt', kid: ED.kid })
  t.match(claims, {
    iss: 'drawbridge',
    aud: 'drawbridge',
    sid: /^[\w-]{28}$/,
    jti: /^[\w-]{22}$/,
    preferred_username: 'ada'
  })
  t.strictSame(
    Object.keys(claims),
    ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'auth_time', 'login_exp', 'preferred_username'],
    'and has no other claims'
  )
  const { iat, exp, auth_time: authTime, login_exp: loginExp } = claims
  t.strictSame([iat, exp, authTime, loginExp], [NOW, NOW + 600, NOW, NOW + 30 * 86_400])
})

t.test('a valid token is accepted, by each key of the ring', async (t) => {
  const { read, signIn } = await makeApp({ keys: RING })
  const claims = decodeClaims((await signIn()).token)
  for (const key of RING) {
    t.equal((await read(signJws(key, createHeader(key), claims))).statusCode, 200, key.alg)
  }
  const spaced = JSON.stringify(claims, null, 2)
  t.equal((await read(signJws(ED, createHeader(ED), spaced))).statusCode, 200, 'white space is JSON')
  const more = { ...claims, amr: ['pwd'] }
  t.equal((await read(signJws(ED, createHeader(ED), more))).statusCode, 200, 'another claim')
})

t.test(
  'a token for another service with the same key is rejected, and ours by it (ASVS 9.2.4)',
  async (t) => {
    const keys = [ED]
    const a = await makeApp({ keys, tokens: { audience: 'a', issuer: 'https://login.example' } })
    const b = await makeApp({ keys, tokens: { audience: 'b', issuer: 'https://login.example' } })
    const c = await makeApp({ keys, tokens: { audience: 'a', issuer: 'https://other.example' } })
    const { token } = await a.signIn()
    t.equal((await a.read(token)).statusCode, 200)
    t.equal((await b.read(token)).statusCode, 401)
    t.equal((await c.read(token)).statusCode, 401)
  }
)

t.test('a token expires with its login at the latest', async (t) => {
  const { signIn, refresh, read, clock } = await makeApp({ tokens: { refreshAbsoluteTimeoutSeconds: 1000 } })
  const first = await signIn()
  clock.now += 700_000
  const second = (await refresh(first.refresh_token)).json<typeof first>()
  t.equal(second.expires_in, 300)
  clock.now += 299_999
  t.equal((await read(second.token)).statusCode, 200)
  clock.now += 1
  t.equal((await read(second.token)).statusCode, 401)
  t.equal((await refresh(second.refresh_token)).statusCode, 401)
})

t.test('what a service adds to the principal is in the token, and replaces no claim of ours', async (t) => {
  const { signIn, read } = await makeApp({
    logins: {
      getClaims: ({ username }) => ({ tenant: `of ${username}`, userId: 'root', __proto__: null }) as Claims
    }
  })
  const { token } = await signIn()
  t.match(decodeClaims(token), { ext: { tenant: 'of ada' } })
  const principal = (await read(token)).json<Record<string, unknown>>()
  t.match(principal, { tenant: 'of ada', userId: decodeClaims(token).sub as string })
})

t.test('a login that no token can carry is a fault of the service, reported at once', async (t) => {
  const long = await makeApp({ logins: { getClaims: () => ({ text: 'x'.repeat(8000) }) as Claims } })
  await t.rejects(long.signIn(), /the response to the sign-in was 500/)
  const nameless = await makeApp({
    tokens: { credentials: { verify: async () => ({ ok: true, user: { id: '', username: 'ada' } }) } }
  })
  await t.rejects(nameless.signIn(), /the response to the sign-in was 500/)
})
