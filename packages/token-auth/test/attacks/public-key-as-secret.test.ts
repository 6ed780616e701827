import { createHmac, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import t from 'tap'
import { generateSigningKey, type SigningKey } from '../../src/index.ts'
import { encodeSegment } from '@drawbridge/test-support/forge'
import { type Attacks, rejectsAll } from './responses.ts'
import { openService } from './open-service.ts'
import { rsaKey } from './rsa-key.ts'
import { pemOf, selfSignedCertificate } from './self-signed-certificate.ts'

/*
 * A public key is no secret, and a verifier that takes it for one lets anybody sign: CVE-2015-9235 (jsonwebtoken),
 * CVE-2023-48223, CVE-2026-34950, GHSA-ww5h-9m49-7xx4 and GHSA-g3jj-5cmm-3hxx (fast-jwt). Each of them told a
 * key by how its text begins.
 */

const RS = rsaKey('RS256')
const ES = generateSigningKey('ES256')
const ED = generateSigningKey('EdDSA')
const HS = generateSigningKey('HS256')
const PAIRS = [RS, ES, ED]

const service = await openService(t, { keys: [RS, ES, ED, HS] })
const jwks = (await service.app.inject('/.well-known/jwks.json')).body

type Hmac = 'HS256' | 'HS384' | 'HS512'

function forgeOver(secret: string | Buffer, kid: string, alg: Hmac = 'HS256'): string {
  const input = `${encodeSegment({ alg, typ: 'at+jwt', kid })}.${encodeSegment(service.claims)}`
  return `${input}.${createHmac(`sha${alg.slice(2)}`, secret)
    .update(input)
    .digest('base64url')}`
}

/** All that a public key may be written as. */
function listForms(key: SigningKey): Record<string, string | Buffer> {
  const publicKey = createPublicKey({ key, format: 'jwk' })
  const spki = publicKey.export({ type: 'spki', format: 'pem' }) as string
  const certificate = selfSignedCertificate(key)
  const jwk = publicKey.export({ format: 'jwk' })
  return {
    PEM: spki,
    'PEM, trimmed': spki.trim(),
    'PEM, CRLF': spki.replaceAll('\n', '\r\n'),
    'PEM, in one line': spki.replaceAll('\n', ''),
    DER: publicKey.export({ type: 'spki', format: 'der' }),
    'DER in base64': exportDer(publicKey).toString('base64'),
    'DER in base64url': exportDer(publicKey).toString('base64url'),
    certificate: pemOf(certificate),
    'certificate in DER': certificate,
    JWK: JSON.stringify(jwk),
    'JWK, as published': JSON.stringify({ ...jwk, kid: key.kid, alg: key.alg, use: 'sig' }),
    'JWK Set': JSON.stringify({ keys: [jwk] }),
    ...(key.kty === 'RSA' && listPkcs1Forms(publicKey))
  }
}

function listPkcs1Forms(publicKey: KeyObject): Record<string, string | Buffer> {
  return {
    'PKCS #1 PEM': publicKey.export({ type: 'pkcs1', format: 'pem' }),
    'PKCS #1 DER': publicKey.export({ type: 'pkcs1', format: 'der' })
  }
}

function exportDer(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

const PREFIXES: Readonly<Record<string, string>> = {
  'a space': ' ',
  'a tab': '\t',
  LF: '\n',
  CRLF: '\r\n',
  'a byte order mark': '\ufeff',
  'U+200B': '\u200b',
  NUL: '\0',
  x: 'x',
  'a comment': '# our key\n',
  'another comment': '// our key\n',
  'a header of HTTP': 'Content-Type: application/x-pem-file\r\n\r\n'
}

/** Every form of the key, as it is and behind every prefix, as a secret. */
function listSecrets(key: SigningKey): ReadonlyArray<readonly [label: string, secret: string | Buffer]> {
  return Object.entries(listForms(key)).flatMap(([form, secret]) => [
    [form, secret] as const,
    ...Object.entries(PREFIXES).map(
      ([name, prefix]) =>
        [`${form} behind ${name}`, Buffer.concat([Buffer.from(prefix), Buffer.from(secret)])] as const
    )
  ])
}

t.test(
  'the control: an HMAC over the secret itself is accepted, and the certificates are certificates',
  async (t) => {
    const secret = Buffer.from(HS.k as string, 'base64url')
    t.equal((await service.getMe(forgeOver(secret, HS.kid))).status, 200)
    for (const key of PAIRS) {
      const publicKey = createPublicKey({ key, format: 'jwk' })
      const certificate = new X509Certificate(selfSignedCertificate(key))
      t.ok(certificate.verify(publicKey), `${key.alg}: signed by its own key`)
      t.ok(exportDer(certificate.publicKey).equals(exportDer(publicKey)))
    }
  }
)

for (const key of PAIRS) {
  t.test(`J05 HS256 over a public key for ${key.alg}, in every form and behind every prefix`, (t) =>
    rejectsAll(
      t,
      service,
      'of another algorithm than its key',
      listSecrets(key).map(([label, secret]) => [label, forgeOver(secret, key.kid)])
    )
  )
}

t.test('J05 the same under the kid of the one key that is a secret', (t) =>
  rejectsAll(
    t,
    service,
    'the signature is not valid',
    listSecrets(RS).map(([label, secret]) => [label, forgeOver(secret, HS.kid)])
  )
)

t.test('J05 HS384 and HS512 over a public key', (t) => {
  const attacks: Attacks = PAIRS.flatMap((key) =>
    Object.entries(listForms(key)).flatMap(([form, secret]) =>
      (['HS384', 'HS512'] as const).map(
        (alg) => [`${alg} over ${form} of ${key.alg}`, forgeOver(secret, key.kid, alg)] as const
      )
    )
  )
  return rejectsAll(t, service, 'of another algorithm than its key', attacks)
})

t.test('J06 HS256 over the very bytes of the key set that we serve', (t) =>
  rejectsAll(t, service, 'of another algorithm than its key', [
    ...PAIRS.map(({ kid, alg }) => [alg, forgeOver(jwks, kid)] as const),
    ['in the name of the secret', forgeOver(jwks, HS.kid), 'the signature is not valid'],
    ['in no name', forgeOver(jwks, ''), 'signed by a key that is not in the ring']
  ])
)
