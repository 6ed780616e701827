import { parseCompactJws } from '@drawbridge/carrier'
import { type RingKey, parseKey } from '../../src/keys/parse-key.ts'
import { verifySignature } from '../fast-jwt.ts'

/**
 * Whether a JWS is valid under a key, as the plugin decides it: our parser, the algorithm of the key and no other, and
 * the library's check of the signature. The payload may be anything, as that of a vector is. Throws for a JWK that we do not take.
 */
export function verifyJws(jws: string, jwk: object): boolean {
  const key = parseKey(jwk, 0)
  const parsed = parseCompactJws(jws)
  if (parsed === null || parsed.header.alg !== key.alg) return false
  const at = jws.lastIndexOf('.')
  return isSignatureValid(key, jws.slice(0, at), jws.slice(at + 1))
}

function isSignatureValid({ alg, verifying }: RingKey, input: string, signature: string): boolean {
  const key =
    verifying.type === 'secret'
      ? verifying.export()
      : (verifying.export({ type: 'spki', format: 'pem' }) as string)
  try {
    return verifySignature(alg, key, input, signature)
  } catch {
    return false
  }
}
