/** The JWS algorithms that a key may be for (RFC 7518, RFC 8037), and what kind of key each needs. */
export const ALGORITHMS = {
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  RS256: { kty: 'RSA' },
  RS384: { kty: 'RSA' },
  RS512: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
  PS384: { kty: 'RSA' },
  PS512: { kty: 'RSA' },
  // RFC 7518 section 3.2: a key as long as the hash, or longer.
  HS256: { kty: 'oct', minBytes: 32 },
  HS384: { kty: 'oct', minBytes: 48 },
  HS512: { kty: 'oct', minBytes: 64 }
} as const satisfies Record<string, KeyKind>

/** A JWS algorithm, such as `EdDSA`. */
export type Algorithm = keyof typeof ALGORITHMS

/** The kind of key that an algorithm needs. */
export interface KeyKind {
  readonly kty: 'OKP' | 'EC' | 'RSA' | 'oct'
  readonly crv?: string
  readonly minBytes?: number
}

/** Whether a value is one of {@link ALGORITHMS}. */
export function isAlgorithm(value: unknown): value is Algorithm {
  return typeof value === 'string' && Object.hasOwn(ALGORITHMS, value)
}
