import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { OptionError } from '@drawbridge/logins'
import t from 'tap'
import { generateSigningKey, type SigningKey } from '../../src/index.ts'
import { ALGORITHMS, type Algorithm } from '../../src/keys/algorithms.ts'
import { parseKeyRing, toRootSecrets, findShortRsaKeys } from '../../src/keys/key-ring.ts'

const ED = generateSigningKey('EdDSA')
const ES = generateSigningKey('ES256')
const HS = generateSigningKey('HS256')
const RS = generateSigningKey('RS256')

function publicHalf({ kid, alg, ...key }: SigningKey): SigningKey {
  return { ...createPublicKey({ key, format: 'jwk' }).export({ format: 'jwk' }), kid, alg }
}

function rsa(modulusLength: number, publicExponent = 65537): SigningKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent })
  return { ...privateKey.export({ format: 'jwk' }), kid: 'rsa', alg: 'RS256' }
}

function messageFor(keys: unknown): string {
  try {
    parseKeyRing(keys)
  } catch (error) {
    if (error instanceof OptionError) return error.message
    throw error
  }
  return 'none'
}

t.test('a generated key of each algorithm makes a ring', async (t) => {
  for (const alg of Object.keys(ALGORITHMS) as Algorithm[]) {
    const key = generateSigningKey(alg)
    t.equal(key.alg, alg)
    t.match(key.kid, /^[\w-]{12}$/)
    const { signingKey, keys } = parseKeyRing({ keys: [key] })
    t.equal(signingKey.kid, key.kid, alg)
    t.equal(keys.length, 1)
  }
  t.not(generateSigningKey().kid, generateSigningKey().kid)
  t.equal(generateSigningKey().alg, 'EdDSA')
})

t.test('a ring is a JWK Set or a list; all but the first may be public', async (t) => {
  const { keys, signingKey } = parseKeyRing([ED, publicHalf(ES), HS])
  t.strictSame(
    keys.map(({ kid, signing }) => [kid, signing !== null]),
    [
      [ED.kid, true],
      [ES.kid, false],
      [HS.kid, true]
    ]
  )
  t.equal(signingKey, keys[0])
})

t.test('a ring without a signing key is rejected', async (t) => {
  for (const keys of [undefined, null, {}, [], { keys: [] }, 'secret', 7, { keys: 'x' }]) {
    t.match(
      messageFor(keys),
      /^DRAWBRIDGE_OPTION: tokenAuth\.keys must be a JSON Web Key Set with one key or more/
    )
  }
  const withGap: SigningKey[] = [ED]
  withGap[2] = ES
  t.match(messageFor(withGap), /tokenAuth\.keys\[1\] must be a JSON Web Key/)
  t.match(messageFor([publicHalf(ED), ES]), `key "${ED.kid}" is the first, which signs, and must be private`)
  t.match(messageFor([ED, { ...ES, kid: ED.kid }]), `the kid "${ED.kid}" is there twice`)
})

t.test('a key whose members do not agree is rejected, and the message names its kid', async (t) => {
  const other = generateSigningKey('EdDSA')
  // Later versions of Node reject some of these when they read the key.
  const TORN = /must (?:have a public half that belongs to its private half|be a well-formed JSON Web Key)/
  const { privateKey: ed448 } = generateKeyPairSync('ed448')
  const short = Buffer.alloc(31, 'abcdefghijkl').toString('base64url')
  const cases: ReadonlyArray<readonly [keys: object | string | null, rule: RegExp]> = [
    ['-----BEGIN PRIVATE KEY-----', /keys\[0\] must be a JSON Web Key/],
    [null, /keys\[0\] must be a JSON Web Key/],
    [Buffer.from('DER'), /keys\[0\] must have a kid/],
    [{ ...ED, kid: undefined }, /keys\[0\] must have a kid of 1 to 256 characters/],
    [{ ...ED, kid: '' }, /must have a kid/],
    [{ ...ED, kid: 7 }, /must have a kid/],
    [{ ...ED, kid: 'x'.repeat(257) }, /must have a kid/],
    [{ ...ED, kid: '\ud800' }, /must have a kid/],
    ...[undefined, 'none', 'RS1', 'toString', 'ES256K', ['EdDSA']].map(
      (alg) => [{ ...ED, alg }, /must have an alg, one of EdDSA, ES256/] as const
    ),
    [{ ...ED, alg: 'ES256' }, /must have kty "EC" for alg "ES256"/],
    [{ ...ED, alg: 'HS256' }, /must have kty "oct"/],
    [{ ...RS, alg: 'EdDSA' }, /must have kty "OKP"/],
    [{ ...ES, alg: 'ES384' }, /must have crv "P-384" for alg "ES384"/],
    [{ ...ed448.export({ format: 'jwk' }), kid: 'x', alg: 'EdDSA' }, /must have crv "Ed25519"/],
    [{ ...RS, crv: 'P-256' }, /must have no crv/],
    [{ ...ED, use: 'enc' }, /must be for signatures/],
    ...[['verify'], ['encrypt'], ['sign', 'deriveKey'], 'sign', []].map(
      (operations) => [{ ...ED, key_ops: operations }, /must have key_ops of sign, or none/] as const
    ),
    [{ ...HS, key_ops: ['sign'] }, /must have key_ops of sign and verify, or none/],
    [{ ...ED, x: other.x }, TORN],
    [{ ...RS, p: 'AA' }, TORN],
    [{ ...ES, x: ES.y, y: ES.x }, /must be a well-formed JSON Web Key/],
    [{ ...ED, d: 'AAAA' }, /must be a well-formed JSON Web Key/],
    [{ ...ED, d: 7 }, /must be a well-formed JSON Web Key/],
    [{ ...ED, x: undefined }, /must be a well-formed JSON Web Key/],
    [{ ...RS, n: undefined }, /must be a well-formed JSON Web Key/],
    [{ ...RS, n: generateSigningKey('RS256').n }, /must/],
    [rsa(1024), /must have 2048 bits or more/],
    [rsa(2048, 3), /must have an odd exponent of 65537 or more/],
    [{ ...publicHalf(RS), e: 'AQ' }, /must/],
    [{ ...HS, k: undefined }, /must have its key in k, as base64url/],
    [{ ...HS, k: 'a b' }, /must have its key in k, as base64url/],
    [{ ...HS, k: '' }, /must be 32 random bytes or more/],
    [{ ...HS, k: short }, /must be 32 random bytes or more for alg "HS256"/],
    [{ ...HS, k: Buffer.alloc(64, 'ab').toString('base64url') }, /must be 32 random bytes or more/],
    [{ ...HS, alg: 'HS512' }, /must be 64 random bytes or more for alg "HS512"/]
  ]
  for (const [key, rule] of cases) {
    const message = messageFor([key])
    t.match(message, rule)
    t.match(message, /^DRAWBRIDGE_OPTION: tokenAuth\.keys/)
    const material = Object.entries((key ?? {}) as object).filter(([name]) =>
      ['d', 'k', 'p', 'x', 'n'].includes(name)
    )
    for (const [name, value] of material) {
      if (typeof value === 'string' && value.length > 8)
        t.notOk(message.includes(value), `${name} is not in the message`)
    }
  }
})

t.test('use and key_ops that say signing are taken', async (t) => {
  const public_ = publicHalf(ES)
  const ring = [
    { ...ED, use: 'sig', key_ops: ['sign'] },
    { ...public_, key_ops: ['verify'] },
    { ...HS, key_ops: ['verify', 'sign'] },
    { ...RS, key_ops: ['sign', 'verify'] }
  ]
  t.equal(parseKeyRing(ring).keys.length, 4)
})

t.test('an RSA key that should be replaced is named', async (t) => {
  t.strictSame(findShortRsaKeys(parseKeyRing([ED, rsa(2048), RS, HS])), ['rsa'])
})

t.test('a root secret is derived from each private key, the same however the key is spelled', async (t) => {
  const [ed, hs, ...others] = toRootSecrets(parseKeyRing([ED, publicHalf(ES), HS]))
  t.strictSame(others, [])
  t.ok((ed?.length ?? 0) > 40 && (hs?.length ?? 0) > 40)
  t.not(ed, hs)
  t.strictSame(toRootSecrets(parseKeyRing([{ ...ED, kid: 'renamed', use: undefined }])), [ed])
})

t.test('a ring that is printed or serialized has no key material', async (t) => {
  const ring = parseKeyRing([ED, ES, RS, HS])
  const shown = inspect(ring, { depth: 10, showHidden: true }) + JSON.stringify(ring)
  for (const key of [ED, ES, RS, HS]) {
    for (const name of ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi']) {
      const value = key[name]
      if (typeof value === 'string') t.notOk(shown.includes(value), `${key.alg} ${name}`)
    }
  }
})
