import { type KeyObject } from 'node:crypto'
import { OptionError } from '@drawbridge/options'
import { checkStrength } from './check-strength.ts'
import { parseKey, type RingKey } from './parse-key.ts'

/** The keys of a service: the first signs, all verify, so that a key can be replaced and every token stays valid. */
export interface KeyRing {
  readonly keys: readonly RingKey[]
  readonly signingKey: RingKey & { readonly signing: KeyObject }
}

/** Reads a JWK Set (RFC 7517 section 5), or a list of JWKs. @throws OptionError */
export function parseKeyRing(input: unknown): KeyRing {
  const list = Array.isArray(input)
    ? (input as unknown[])
    : (input as { keys?: unknown } | null | undefined)?.keys
  if (!Array.isArray(list) || list.length === 0) {
    throw new OptionError('tokenAuth.keys must be a JSON Web Key Set with one key or more, or a list of keys')
  }
  // Not `map`, which skips the gaps of a list.
  const keys = Array.from(list, parseKey)
  for (const key of keys) checkStrength(key)
  const [first] = keys
  if (!canSign(first)) {
    throw new OptionError(
      `tokenAuth.keys: key ${JSON.stringify(first?.kid)} is the first, which signs, and must be private`
    )
  }
  checkKidsUnique(keys)
  return Object.freeze({ keys: Object.freeze(keys), signingKey: first })
}

/** The `kid` of RSA keys that a verifier should accept but an issuer should have replaced (ASVS 5.0 11.2.3: 3072 bits). */
export function findShortRsaKeys({ keys }: KeyRing): readonly string[] {
  return keys
    .filter(({ verifying }) => (verifying.asymmetricKeyDetails?.modulusLength ?? Infinity) < 3072)
    .map(({ kid }) => kid)
}

/** One secret string for each key that has a private half, in the order of the ring. */
export function toRootSecrets({ keys }: KeyRing): readonly string[] {
  return keys.flatMap(({ signing }) => {
    if (signing === null) return []
    const { kty, crv, d, k } = signing.export({ format: 'jwk' })
    return [[kty, crv, d ?? k].join(' ')]
  })
}

/** Whether it is the secret of an HMAC key of the ring, as text. */
export function isSigningSecret({ keys }: KeyRing, secret: string): boolean {
  const given = Buffer.from(secret)
  return keys.some(({ verifying }) => verifying.type === 'secret' && verifying.export().equals(given))
}

function canSign(key: RingKey | undefined): key is KeyRing['signingKey'] {
  return key !== undefined && key.signing !== null
}

function checkKidsUnique(keys: readonly RingKey[]): void {
  const seen = new Set<string>()
  for (const { kid } of keys) {
    if (seen.has(kid)) throw new OptionError(`tokenAuth.keys: the kid ${JSON.stringify(kid)} is there twice`)
    seen.add(kid)
  }
}
