import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { isPublicKeyAlgorithm, PUBLIC_KEY_ALGORITHMS } from '@drawbridge/carrier'
import { OptionError } from '@drawbridge/options'
import { fitsAlgorithm } from './fits-algorithm.ts'

/** A private key, as JWK (RFC 7517). */
export interface PrivateJwk {
  readonly kid: string
  readonly alg: string
  readonly [member: string]: unknown
}

/** The private key of a client. Its key material is only in a KeyObject, which neither prints nor serializes it. */
export interface ClientKey {
  readonly kid: string
  readonly alg: string
  readonly signing: KeyObject
}

const OPTION = 'verifier.introspection.clientKey'

/**
 * No message has anything of the key.
 *
 * @throws OptionError for a key that no assertion can be signed with.
 */
export function readClientKey(input: unknown): ClientKey {
  const { kid, alg, ...members } = (input ?? {}) as Readonly<Record<string, unknown>>
  if (typeof kid !== 'string' || kid === '') throw new OptionError(`${OPTION} must have a kid`)
  if (!isPublicKeyAlgorithm(alg))
    throw new OptionError(`${OPTION} must have an alg, one of ${PUBLIC_KEY_ALGORITHMS.join(', ')}`)
  const signing = importKey(members as JsonWebKey)
  if (signing === null || !fitsAlgorithm(signing, alg))
    throw new OptionError(`${OPTION} must be a private key for alg "${alg}", as JSON Web Key`)
  return Object.freeze({ kid, alg, signing })
}

/** The message of the library may quote a member, so it is dropped. */
function importKey(jwk: JsonWebKey): KeyObject | null {
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' })
  } catch {
    return null
  }
}
