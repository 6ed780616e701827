/** The JWS algorithms that have public keys (RFC 7518, RFC 8037). */
export const PUBLIC_KEY_ALGORITHMS = [
  'EdDSA',
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512'
] as const

/** Whether a value is one of {@link PUBLIC_KEY_ALGORITHMS}. */
export function isPublicKeyAlgorithm(value: unknown): value is (typeof PUBLIC_KEY_ALGORITHMS)[number] {
  return (PUBLIC_KEY_ALGORITHMS as readonly unknown[]).includes(value)
}
