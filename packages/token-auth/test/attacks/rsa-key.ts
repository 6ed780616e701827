import { generateKeyPairSync } from 'node:crypto'
import type { SigningKey } from '../../src/index.ts'

/** Of 2,048 bits: one of 3,072, as `generateSigningKey` makes it, takes many times as long to make. */
export function rsaKey(alg: 'RS256' | 'PS256'): SigningKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), kid: `rsa for ${alg}`, alg }
}
