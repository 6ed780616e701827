import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { type Algorithm, ALGORITHMS, type KeyKind } from './algorithms.ts'
import type { Jwk, SigningKey } from './jwk.ts'

/** ASVS 5.0 11.2.3: 128 bits of security, which RSA has from here on. */
const RSA_BITS = 3072

/**
 * Generates a private JWK with a random `kid`, to be stored where secrets are stored. An RSA key takes up to seconds, and
 * blocks for that long: generate keys beforehand, not while serving.
 *
 * @param alg of the libraries that others may verify with, jose and PyJWT support EdDSA, jsonwebtoken with jwks-rsa and
 * @fastify/jwt with get-jwks do not. All four support ES256.
 * @example
 * const key = generateSigningKey('ES256')
 * await app.register(tokenAuth, { credentials, logins, keys: [key] })
 */
export function generateSigningKey(alg: Algorithm = 'EdDSA'): SigningKey {
  return { ...generateJwk(ALGORITHMS[alg]), kid: randomBytes(9).toString('base64url'), alg, use: 'sig' }
}

function generateJwk(kind: KeyKind): Jwk {
  switch (kind.kty) {
    case 'oct':
      return { kty: 'oct', k: randomBytes(kind.minBytes ?? 64).toString('base64url') }
    case 'OKP':
      return generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
    case 'EC':
      return generateKeyPairSync('ec', { namedCurve: kind.crv ?? '' }).privateKey.export({ format: 'jwk' })
    case 'RSA':
      return generateKeyPairSync('rsa', { modulusLength: RSA_BITS }).privateKey.export({ format: 'jwk' })
  }
}
