import type { KeyRing } from './key-ring.ts'

/** The public members of a key (RFC 7517, RFC 7518 section 6, RFC 8037): a list of what may be published, not of what may not. */
const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const

/** A public key, as JWK. */
export interface PublicJwk {
  readonly kid: string
  readonly alg: string
  readonly use: 'sig'
  readonly [member: string]: unknown
}

/** A JWK Set of public keys (RFC 7517 section 5). */
export interface PublicJwkSet {
  readonly keys: readonly PublicJwk[]
}

/** The public keys of a ring, for others to verify with. An HMAC key has no public half and is omitted. */
export function createPublicJwks({ keys }: KeyRing): PublicJwkSet {
  return {
    keys: keys
      .filter(({ verifying }) => verifying.type === 'public')
      .map(({ kid, alg, verifying }) => {
        const jwk = verifying.export({ format: 'jwk' })
        const members = PUBLIC_MEMBERS.filter((name) => jwk[name] !== undefined).map((name) => [
          name,
          jwk[name]
        ])
        return { ...Object.fromEntries(members), kid, alg, use: 'sig' }
      })
  }
}
