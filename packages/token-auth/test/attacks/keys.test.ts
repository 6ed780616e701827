import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { version } from '../fast-jwt.ts'
import { signJws, createHeader } from '@drawbridge/test-support/forge'
import { RESPONSES, rejectsAll } from './responses.ts'
import { bootError } from './boot-error.ts'
import { openService, show } from './open-service.ts'
import { rsaKey } from './rsa-key.ts'
import { pemOf, selfSignedCertificate } from './self-signed-certificate.ts'

const ED = generateSigningKey('EdDSA')
const ES = generateSigningKey('ES256')
const HS = generateSigningKey('HS256')
const RS = rsaKey('RS256')
const RSA = createPrivateKey({ key: RS, format: 'jwk' })

t.test('the control: with valid keys a service boots', async (t) => {
  for (const keys of [[ED], [ES], [HS], [RS], { keys: [ED, ES, HS, RS] }]) {
    t.equal(await bootError({ keys }), null)
  }
})

t.test('J25 F12 a key that was removed from the ring verifies nothing from then on', async (t) => {
  const before = await openService(t, { keys: [ED, ES] })
  const tokens = [ED, ES].map((key) =>
    before.makeToken({ key, payload: before.changeClaims({ jti: key.kid }) })
  )
  for (const token of tokens) t.equal((await before.getMe(token)).status, 200)
  const after = await openService(t, { keys: [ES], clock: before.clock, storeSpy: before.storeSpy })
  await rejectsAll(t, after, 'signed by a key that is not in the ring', [['retired', tokens[0] as string]])
  t.equal((await after.getMe(tokens[1] as string)).status, 200, 'the other key is still there')
})

t.test('F12 exp applies to a token without iat too, and no cache but ours is on', async (t) => {
  const service = await openService(t, { keys: [ED] })
  const payload = service.changeClaims({ iat: undefined })
  await rejectsAll(t, service, 'claim iat is missing or not of its type', [
    ['fresh', service.makeToken({ payload })],
    ['again', service.makeToken({ payload })]
  ])
  const good = service.createValidToken()
  t.equal((await service.getMe(good)).status, 200)
  service.clock.now += 600_000
  t.equal((await service.getMe(good)).text, RESPONSES.invalid)
})

t.test('F12 the library has a version in which its known faults are fixed', async (t) => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  t.ok(major * 1e6 + minor * 1e3 + patch >= 6_003_006, `fast-jwt ${version} is 6.3.6 or later`)
})

t.test('F10 keys are JWKs: no key in another form is accepted', async (t) => {
  const publicKey = createPublicKey({ key: RS, format: 'jwk' })
  const forms: Record<string, unknown> = {
    PEM: RSA.export({ type: 'pkcs8', format: 'pem' }),
    'public PEM': publicKey.export({ type: 'spki', format: 'pem' }),
    DER: RSA.export({ type: 'pkcs8', format: 'der' }),
    'public DER': publicKey.export({ type: 'spki', format: 'der' }),
    'DER in base64': publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    'a certificate': pemOf(selfSignedCertificate(RS)),
    'a KeyObject': RSA,
    'JSON of a JWK': JSON.stringify(RS),
    'JSON of a JWK Set': JSON.stringify({ keys: [RS] }),
    'a secret': 'a secret of more than thirty-two bytes',
    bytes: Buffer.alloc(64, 'a secret'),
    'a function': () => RS
  }
  for (const [label, form] of Object.entries(forms)) {
    for (const keys of [form, [form], { keys: [form] }, [ED, form]]) {
      t.match(await bootError({ keys }), /^DRAWBRIDGE_OPTION: tokenAuth\.keys/, label)
    }
  }
})

t.test('CVE-2026-44351 GHSA-8wpc-h4q6-8fxv no key, or an empty one: nothing boots', async (t) => {
  for (const keys of [undefined, null, '', [], {}, { keys: [] }, [undefined], [null], [''], [{}]]) {
    t.match(await bootError({ keys }), /^DRAWBRIDGE_OPTION: tokenAuth\.keys/, show(keys))
  }
  for (const k of ['', undefined, null, 0, [], 'AA', ' ']) {
    for (const keys of [[{ ...HS, k }], [ED, { ...HS, k }]]) {
      t.match(await bootError({ keys }), /^DRAWBRIDGE_OPTION: tokenAuth\.keys: key /, show(k))
    }
  }
})

t.test('CVE-2022-23540 CVE-2026-22817 a key has one algorithm, and it is one of ours', async (t) => {
  for (const alg of [
    undefined,
    null,
    '',
    'none',
    'None',
    'HS',
    'RS1',
    'ES256K',
    'A256GCM',
    ['EdDSA'],
    'toString'
  ]) {
    t.match(await bootError({ keys: [{ ...ED, alg }] }), /must have an alg, one of/, show(alg))
    t.match(await bootError({ keys: [ES, { ...ED, alg }] }), /must have an alg, one of/, show(alg))
  }
})

t.test('CVE-2022-23541 F22 the members of a key agree, wherever it is in the ring', async (t) => {
  const wrong: Record<string, object> = {
    'a pair for HMAC': { ...RS, alg: 'HS256' },
    'a secret for RSA': { ...HS, alg: 'RS256' },
    'a curve for RSA': { ...RS, crv: 'P-256' },
    'EC for EdDSA': { ...ES, alg: 'EdDSA' },
    'P-256 for ES384': { ...ES, alg: 'ES384' },
    'for encryption': { ...ED, use: 'enc' },
    'for no use': { ...ED, use: '' },
    'an operation that is not signing': { ...ED, key_ops: ['sign', 'deriveBits'] },
    'no operation': { ...ED, key_ops: [] },
    'operations that are no list': { ...ED, key_ops: 'sign' },
    'a secret that only verifies': { ...HS, key_ops: ['verify'] },
    'a point that is on no curve': { ...ES, y: ES.x },
    "another key's public half": { ...ED, x: generateSigningKey().x },
    'no kid': { ...ED, kid: undefined },
    'a kid that is no text': { ...ED, kid: 1 }
  }
  for (const [label, key] of Object.entries(wrong)) {
    t.match(await bootError({ keys: [key] }), /^DRAWBRIDGE_OPTION: tokenAuth\.keys/, label)
    t.match(await bootError({ keys: [RS, key] }), /^DRAWBRIDGE_OPTION: tokenAuth\.keys/, `${label}, second`)
  }
  t.match(await bootError({ keys: [ED, { ...ES, kid: ED.kid }] }), /is there twice/)
})

t.test('F22 RSA is long enough and its exponent is not small', async (t) => {
  const rsa = (modulusLength: number, publicExponent = 65537) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent })
    return { ...privateKey.export({ format: 'jwk' }), kid: 'k', alg: 'PS256' }
  }
  for (const keys of [[rsa(1024)], [ED, rsa(2047)]]) {
    t.match(await bootError({ keys }), /key "k" must have 2048 bits or more/)
  }
  t.match(await bootError({ keys: [rsa(2048, 3)] }), /key "k" must have an odd exponent of 65537 or more/)
  const { n, kid, alg } = RS
  for (const e of ['AQ', 'Aw', 'EQ', 'AQAA', 'AA', '']) {
    t.match(
      await bootError({ keys: [ED, { kty: 'RSA', n, e, kid, alg }] }),
      /key "rsa for RS256" must/,
      `e ${e}`
    )
  }
})

t.test('F11 every secret of every list is long enough', async (t) => {
  const bytes = (length: number) =>
    Buffer.from(Array.from({ length }, (_, at) => at + 1)).toString('base64url')
  const lengths = { HS256: 32, HS384: 48, HS512: 64 }
  for (const [alg, length] of Object.entries(lengths)) {
    const key = (k: string) => ({ kty: 'oct', kid: 'k', alg, k })
    t.equal(await bootError({ keys: [key(bytes(length))] }), null)
    for (const short of [0, 1, 16, length - 1]) {
      for (const keys of [[key(bytes(short))], [ED, key(bytes(short))]]) {
        t.match(
          await bootError({ keys }),
          /must (be \d\d random bytes or more|have its key in k)/,
          `${alg} ${short}`
        )
      }
    }
    t.match(
      await bootError({ keys: [key(Buffer.alloc(length, 'secret').toString('base64url'))] }),
      /random bytes or more/,
      'a word that is repeated'
    )
  }
  const long = 'a root secret of its own, 0123456789'
  t.equal(await bootError({ keys: [ED], secret: [long, `${long}!`] }), null)
  for (const secret of [
    '',
    'a',
    'x'.repeat(31),
    'x'.repeat(64),
    'password'.repeat(8),
    [],
    [''],
    ['a'],
    [long, ''],
    [long, 'a']
  ]) {
    t.match(
      await bootError({ keys: [ED], secret }),
      /tokenAuth\.secret must be a string of 32 bytes or more/,
      show(secret)
    )
  }
})

t.test('J14 RFC 8725 3.8 the keys of another issuer verify nothing of ours, nor ours of it', async (t) => {
  const options = { audience: 'api', issuer: 'https://one.example' }
  const one = await openService(t, { keys: [ED], tokens: options })
  const two = await openService(t, {
    keys: [ES],
    clock: one.clock,
    storeSpy: one.storeSpy,
    tokens: { ...options, issuer: 'https://two.example' }
  })
  const UNKNOWN = 'signed by a key that is not in the ring'
  await rejectsAll(t, one, UNKNOWN, [['two to one', two.createValidToken()]])
  await rejectsAll(t, two, UNKNOWN, [['one to two', one.createValidToken()]])
  const posing = signJws(ES, createHeader(ES), { ...one.claims, jti: 'posing' })
  await rejectsAll(t, one, UNKNOWN, [['by the key of two, in the name of one', posing]])
  await rejectsAll(t, two, 'of another issuer', [['the same, to two', posing]])
})
