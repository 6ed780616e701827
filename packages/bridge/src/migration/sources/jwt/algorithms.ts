import type { KeyObject } from 'node:crypto'

interface KeyKind {
  readonly type: string
  readonly curve?: string
}

const RSA: KeyKind = { type: 'rsa' }

/** The algorithms of a JWT of another system, and the public key that each needs; null for a secret. */
const KINDS = {
  HS256: null,
  HS384: null,
  HS512: null,
  RS256: RSA,
  RS384: RSA,
  RS512: RSA,
  PS256: RSA,
  PS384: RSA,
  PS512: RSA,
  ES256: { type: 'ec', curve: 'prime256v1' },
  ES384: { type: 'ec', curve: 'secp384r1' },
  ES512: { type: 'ec', curve: 'secp521r1' },
  EdDSA: { type: 'ed25519' }
} as const satisfies Record<string, KeyKind | null>

/** The algorithm of a JWT of another system. */
export type JwtAlgorithm = keyof typeof KINDS

export const JWT_ALGORITHMS = Object.keys(KINDS) as [JwtAlgorithm, ...JwtAlgorithm[]]

/** Whether it signs with a secret that both sides have. */
export function isSymmetric(algorithm: JwtAlgorithm): boolean {
  return KINDS[algorithm] === null
}

/** Whether anybody can make a second signature of a token from the first: `(r, -s)` beside `(r, s)`. */
export function isMalleable(algorithm: JwtAlgorithm): boolean {
  return algorithm.startsWith('ES')
}

const MIN_RSA_BITS = 2048

/** Whether a public key is one for the algorithm, and no shorter than the library accepts. */
export function isKeyFor(
  algorithm: JwtAlgorithm,
  { asymmetricKeyType, asymmetricKeyDetails }: KeyObject
): boolean {
  const kind: KeyKind | null = KINDS[algorithm]
  if (kind === null || asymmetricKeyType !== kind.type) return false
  const { namedCurve, modulusLength = MIN_RSA_BITS } = asymmetricKeyDetails ?? {}
  return namedCurve === kind.curve && modulusLength >= MIN_RSA_BITS
}
