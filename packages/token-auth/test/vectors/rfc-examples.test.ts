import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { generateSigningKey, type Jwk, type PublicJwk } from '../../src/index.ts'
import { createPublicJwks } from '../../src/keys/jwks.ts'
import { parseKeyRing } from '../../src/keys/key-ring.ts'
import { makeApp } from '../make-app.ts'
import { verifyJws } from './verify-jws.ts'

interface Vector {
  readonly id: string
  readonly alg?: string
  readonly jwk: Jwk | null
  readonly jws?: string
  readonly jwk_thumbprint_sha256?: string
}

const { vectors } = JSON.parse(readFileSync(new URL('rfc-examples.json', import.meta.url), 'utf8')) as {
  vectors: readonly Vector[]
}

const signed = vectors.filter(({ jwk, jws }) => jwk !== null && jws !== undefined)
const withAlgorithm = ({ jwk, alg = 'RS256' }: Vector) => ({ ...jwk, alg, kid: 'example' })

/** Another first character, so that no unused bits are touched. */
function tamper(jws: string, part: number): string {
  const change = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
  return jws
    .split('.')
    .map((text, at) => (at === part ? change(text) : text))
    .join('.')
}

t.test(
  'the signatures of RFC 7515 A.1 to A.4 and RFC 8037 A.4 are valid, and changed ones are not',
  async (t) => {
    t.strictSame(
      signed.map(({ id }) => id),
      ['rfc7515-A.1', 'rfc7515-A.2', 'rfc7515-A.3', 'rfc7515-A.4', 'rfc8037-A.4']
    )
    for (const vector of signed) {
      const { id, jws = '' } = vector
      t.ok(verifyJws(jws, withAlgorithm(vector)), id)
      for (const part of [1, 2])
        t.notOk(verifyJws(tamper(jws, part), withAlgorithm(vector)), `${id}, part ${part + 1}`)
      for (const other of signed.filter(({ alg }) => alg !== vector.alg)) {
        t.notOk(verifyJws(jws, withAlgorithm(other)), `${id} by the key of ${other.id}`)
      }
    }
  }
)

t.test('the unsecured JWT of RFC 7515 A.5 and RFC 7519 6.1 is valid under no key', async (t) => {
  const { jws = '' } = vectors.find(({ id }) => id === 'rfc7515-A.5') as Vector
  for (const vector of signed) t.notOk(verifyJws(jws, withAlgorithm(vector)), vector.id)
})

t.test('no example is an access token, though its key is in the ring', async (t) => {
  const keys = signed.map((vector) => ({ ...withAlgorithm(vector), kid: vector.id }))
  const { read } = await makeApp({ keys: [generateSigningKey(), ...(keys as never[])] })
  for (const { id, jws } of vectors) {
    if (jws !== undefined) t.equal((await read(jws)).statusCode, 401, id)
  }
})

/** RFC 7638 section 3: the members that a key of this kind needs, in the order of their names. */
function thumbprint(jwk: PublicJwk): string {
  const members = { RSA: ['e', 'kty', 'n'], OKP: ['crv', 'kty', 'x'] }[jwk.kty as 'RSA' | 'OKP']
  const needed = Object.fromEntries(members.map((name) => [name, jwk[name]]))
  return createHash('sha256').update(JSON.stringify(needed)).digest('base64url')
}

t.test('a key that we publish has the thumbprint of RFC 7638 3.1 and RFC 8037 A.3', async (t) => {
  const known = vectors.filter(({ jwk_thumbprint_sha256: print }) => print !== undefined)
  t.equal(known.length, 2)
  for (const vector of known) {
    const { keys } = createPublicJwks(parseKeyRing([generateSigningKey(), withAlgorithm(vector)]))
    t.equal(thumbprint(keys[1] as PublicJwk), vector.jwk_thumbprint_sha256, vector.id)
  }
})
