import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import t from 'tap'
import { generateSigningKey, type SigningKey } from '../../src/index.ts'
import { signJws, createHeader, encodeSegment, createSignature } from '@drawbridge/test-support/forge'
import { rejectsAll } from './responses.ts'
import { openService, show } from './open-service.ts'
import { rsaKey } from './rsa-key.ts'

const ED = generateSigningKey('EdDSA')
const ES = generateSigningKey('ES256')
const ES384 = generateSigningKey('ES384')
const RS = rsaKey('RS256')
const PS = { ...RS, kid: 'the same RSA key for PSS', alg: 'PS256' } as const
const HS = generateSigningKey('HS256')

const service = await openService(t, { keys: [ED, ES, ES384, RS, PS, HS] })
const { makeToken, withHeader, changeClaims, claims } = service

const OTHER_ALGORITHM = 'of another algorithm than its key'
const BAD_SIGNATURE = 'the signature is not valid'
const NO_JWS = 'not a JWS in compact form'

/** Header and payload as they are signed. */
function unsigned(header: object, payload: object = claims): string {
  return `${encodeSegment(header)}.${encodeSegment(payload)}`
}

/** A token whose signature is what is made of its input. */
function signedBy(header: object, make: (input: Buffer) => Buffer): string {
  const input = unsigned(header)
  return `${input}.${make(Buffer.from(input)).toString('base64url')}`
}

/** By a key that is in no ring, under the name of one that is. */
function stranger(alg: SigningKey['alg'], kid: string): SigningKey {
  return { ...generateSigningKey(alg), kid }
}

const NONES = ['none', 'None', 'NONE', 'nOnE', 'none ', ' none', 'none\0', 'none\n']

t.test('the control: each key of the ring is accepted with its own algorithm', async (t) => {
  for (const key of [ED, ES, ES384, RS, PS, HS]) {
    const token = makeToken({ key, payload: changeClaims({ jti: key.kid }) })
    t.equal((await service.getMe(token)).status, 200, key.alg)
  }
})

t.test('J01 alg none without a signature', (t) =>
  rejectsAll(t, service, NO_JWS, [
    ['of our form', `${unsigned({ ...createHeader(ED), alg: 'none' })}.`],
    ['of two members', `${unsigned({ alg: 'none', typ: 'at+jwt' })}.`],
    ['alone', `${unsigned({ alg: 'none' })}.`]
  ])
)

t.test('J02 alg none in other spellings', (t) =>
  rejectsAll(
    t,
    service,
    OTHER_ALGORITHM,
    NONES.flatMap((alg) => [
      [`${show(alg)}, no signature`, `${unsigned({ ...createHeader(ED), alg })}.`, NO_JWS] as const,
      [`${show(alg)}, signed rightly`, withHeader({ alg })] as const
    ])
  )
)

t.test('J03 alg none with a random signature', (t) =>
  rejectsAll(
    t,
    service,
    OTHER_ALGORITHM,
    NONES.map((alg) => [show(alg), `${unsigned({ ...createHeader(ED), alg })}.anVuaw`])
  )
)

t.test('J04 a valid header and payload with an empty third part', (t) =>
  rejectsAll(
    t,
    service,
    NO_JWS,
    [ED, ES, RS, PS, HS].map((key) => [key.alg, `${unsigned(createHeader(key))}.`])
  )
)

t.test('J07 the family of the key with another hash', (t) =>
  rejectsAll(t, service, OTHER_ALGORITHM, [
    ...(['HS384', 'HS512'] as const).map((alg) => [alg, makeToken({ key: { ...HS, alg } })] as const),
    ...(['RS384', 'RS512'] as const).map((alg) => [alg, makeToken({ key: { ...RS, alg } })] as const),
    ...(['PS384', 'PS512'] as const).map((alg) => [alg, makeToken({ key: { ...PS, alg } })] as const),
    ['HS384 that says HS256', signJws({ ...HS, alg: 'HS384' }, createHeader(HS), claims), BAD_SIGNATURE],
    ['RS512 that says RS256', signJws({ ...RS, alg: 'RS512' }, createHeader(RS), claims), BAD_SIGNATURE]
  ])
)

t.test('J08 PS256 with the key for RS256, and the reverse', (t) =>
  rejectsAll(t, service, OTHER_ALGORITHM, [
    ['PS256 by the key for RS256', makeToken({ key: { ...RS, alg: 'PS256' } })],
    ['RS256 by the key for PS256', makeToken({ key: { ...PS, alg: 'RS256' } })],
    ['PSS that says RS256', signJws(PS, createHeader(RS), claims), BAD_SIGNATURE],
    ['PKCS #1 that says PS256', signJws(RS, createHeader(PS), claims), BAD_SIGNATURE]
  ])
)

t.test('J09 ES256 with another curve, and ES256K', (t) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  const k1 = (input: Buffer) => sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return rejectsAll(t, service, OTHER_ALGORITHM, [
    ['ES256 by the key for ES384', withHeader({ alg: 'ES256' }, ES384)],
    ['ES384 by the key for ES256', withHeader({ alg: 'ES384' }, ES)],
    ['the other curve in the name of ES256', signJws(ES384, createHeader(ES), claims), BAD_SIGNATURE],
    ['the other curve in the name of ES384', signJws(ES, createHeader(ES384), claims), BAD_SIGNATURE],
    ['ES256K', signedBy({ ...createHeader(ES), alg: 'ES256K' }, k1)],
    ['secp256k1 that says ES256', signedBy(createHeader(ES), k1), BAD_SIGNATURE]
  ])
})

t.test('J10 EdDSA by an Ed448 key', (t) => {
  const { privateKey } = generateKeyPairSync('ed448')
  const ed448 = (input: Buffer) => sign(null, input, privateKey)
  return rejectsAll(t, service, BAD_SIGNATURE, [
    ['in the name of ours', signedBy(createHeader(ED), ed448)],
    ['that says Ed448', signedBy({ ...createHeader(ED), alg: 'Ed448' }, ed448), OTHER_ALGORITHM]
  ])
})

t.test('J11 alg that is missing or not a string', (t) =>
  rejectsAll(
    t,
    service,
    'no alg or no kid',
    [undefined, null, 1, true, ['EdDSA'], {}, { toString: 'EdDSA' }].map((alg) => [
      show(alg),
      withHeader({ alg })
    ])
  )
)

t.test('J12 alg in another case, or not one of ours', (t) =>
  rejectsAll(t, service, OTHER_ALGORITHM, [
    ...['hs256', 'Hs256', 'HS256 ', ' HS256', 'HS999', ''].map(
      (alg) => [show(alg), withHeader({ alg }, HS)] as const
    ),
    ...['eddsa', 'EDDSA', 'Ed25519', 'toString', '__proto__'].map(
      (alg) => [show(alg), withHeader({ alg })] as const
    )
  ])
)

/** The order of P-256 (SEC 2, section 2.4.2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

function scalar(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
}

t.test('J13 malformed ECDSA signatures', (t) => {
  const privateKey = { key: ES, format: 'jwk' } as const
  const pair = (input: Buffer) => Buffer.from(createSignature(ES, input.toString()), 'base64url')
  const tampered = (change: (signature: Buffer) => Buffer) =>
    signedBy(createHeader(ES), (input) => change(pair(input)))
  const rs = (r: bigint, s: bigint) => tampered(() => Buffer.concat([scalar(r), scalar(s)]))
  return rejectsAll(t, service, BAD_SIGNATURE, [
    ['in DER', signedBy(createHeader(ES), (input) => sign('sha256', input, privateKey))],
    ['r and s of zero', rs(0n, 0n)],
    ['r of zero', rs(0n, 1n)],
    ['s of zero', rs(1n, 0n)],
    ['r and s of one', rs(1n, 1n)],
    ['r and s of the order', rs(ORDER, ORDER)],
    ['r and s above the order', rs(ORDER + 1n, ORDER + 1n)],
    ['r and s as large as can be', rs(2n ** 256n - 1n, 2n ** 256n - 1n)],
    ['r without s', tampered((both) => both.subarray(0, 32))],
    ['one byte less', tampered((both) => both.subarray(0, 63))],
    ['one byte more', tampered((both) => Buffer.concat([both, Buffer.alloc(1)]))],
    ['a zero before each half', tampered((both) => Buffer.concat([Buffer.alloc(2), both]))],
    ['s before r', tampered((both) => Buffer.concat([both.subarray(32), both.subarray(0, 32)]))]
  ])
})

t.test("J14 another service's key under our issuer and the kid of our key", (t) =>
  rejectsAll(t, service, BAD_SIGNATURE, [
    ...(['EdDSA', 'ES256', 'ES384', 'HS256'] as const).map((alg) => {
      const kid = [ED, ES, ES384, HS].find((key) => key.alg === alg)?.kid ?? ''
      return [alg, makeToken({ key: stranger(alg, kid) })] as const
    }),
    [
      'under a name of its own',
      makeToken({ key: stranger('EdDSA', 'another') }),
      'signed by a key that is not in the ring'
    ]
  ])
)

t.test('J26 the kid of one key of the ring, the signature of another', (t) => {
  const second = { ...generateSigningKey('EdDSA'), kid: 'previous' }
  return openService(t, { keys: [ED, second] }).then((two) =>
    rejectsAll(t, two, BAD_SIGNATURE, [
      ['current name, previous key', two.makeToken({ header: createHeader(ED), key: second })],
      ['previous name, current key', two.makeToken({ header: createHeader(second), key: ED })]
    ])
  )
})

t.test('F10 a ring with both kinds of key accepts no HMAC over a public key in DER', (t) => {
  const publicKey = createPublicKey({ key: RS, format: 'jwk' })
  return rejectsAll(t, service, BAD_SIGNATURE, [
    ['DER, in the name of the HMAC key', hmacOver(der(publicKey), HS.kid)],
    ['DER as base64', hmacOver(der(publicKey).toString('base64'), HS.kid)],
    ['DER, in the name of the RSA key', hmacOver(der(publicKey), RS.kid), OTHER_ALGORITHM]
  ])
})

function der(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

function hmacOver(secret: string | Buffer, kid: string): string {
  return signedBy({ alg: 'HS256', typ: 'at+jwt', kid }, (input) =>
    createHmac('sha256', secret).update(input).digest()
  )
}
