import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { hasPrivateMember, isPublicKeyAlgorithm, PUBLIC_KEY_ALGORITHMS } from '@drawbridge/carrier'
import { OptionError } from '@drawbridge/options'
import { fitsAlgorithm } from './fits-algorithm.ts'
import type { PublicKeys } from './public-keys.ts'

/** A public key, as JWK (RFC 7517). */
export interface PublicJwk {
  readonly kid: string
  readonly alg: string
  readonly [member: string]: unknown
}

interface GivenKey {
  readonly alg: string
  readonly key: KeyObject
}

/**
 * Keys that do not change while the process runs. No message has anything of a key but its `kid`.
 *
 * @throws OptionError for a key that is not public, or that no token can be verified with.
 */
export function readGivenKeys(input: readonly unknown[]): PublicKeys {
  if (input.length === 0) throw new OptionError('verifier.keys must have one key or more')
  const byKid = new Map<string, GivenKey>()
  for (const [position, jwk] of input.entries()) {
    const { kid, ...key } = readKey(jwk, position)
    if (byKid.has(kid)) throw new OptionError(`verifier.keys: the kid ${JSON.stringify(kid)} is there twice`)
    byKid.set(kid, key)
  }
  return {
    version: 0,
    validForMs: Infinity,
    find: async ({ kid, alg }) => {
      const found = byKid.get(kid)
      return found?.alg === alg ? found.key : null
    },
    close: () => {}
  }
}

function readKey(input: unknown, position: number): GivenKey & { readonly kid: string } {
  const { kid, alg, ...members } = (input ?? {}) as Readonly<Record<string, unknown>>
  if (typeof kid !== 'string' || kid === '')
    throw new OptionError(`verifier.keys[${position}] must have a kid`)
  const fail = (rule: string) => new OptionError(`verifier.keys: key ${JSON.stringify(kid)} ${rule}`)
  if (hasPrivateMember(members)) throw fail('must be public: whoever has a private key can make tokens')
  if (!isPublicKeyAlgorithm(alg)) throw fail(`must have an alg, one of ${PUBLIC_KEY_ALGORITHMS.join(', ')}`)
  const key = importKey(members as JsonWebKey)
  if (key === null || !fitsAlgorithm(key, alg))
    throw fail(`must be a well-formed JSON Web Key for alg "${alg}"`)
  return { kid, alg, key }
}

/** The message of the library may quote a member, so it is dropped. */
function importKey(jwk: JsonWebKey): KeyObject | null {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return null
  }
}
