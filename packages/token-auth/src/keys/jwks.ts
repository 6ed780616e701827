import type { KeyRing } from './key-ring.ts'

/** What of a key is public (RFC 7517, RFC 7518 section 6, RFC 8037): a list of what may go out, not of what may not. */
const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const

export interface PublicJwk {
  readonly kid: string
  readonly alg: string
  readonly use: 'sig'
  readonly [member: string]: unknown
}

export interface PublicJwkSet {
  readonly keys: readonly PublicJwk[]
}

/** The public keys of a ring, for others to verify with. An HMAC key has no public half and is left out. */
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
