import type { KeyObject } from 'node:crypto'

const MIN_RSA_BITS = 2048

const CURVES: Readonly<Record<string, string>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1'
}

/** Whether a key is of the type, the curve or the size that an algorithm needs (RFC 7518, RFC 8037). */
export function fitsAlgorithm(
  { asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject,
  alg: string
): boolean {
  const { namedCurve, modulusLength = 0 } = asymmetricKeyDetails
  if (alg === 'EdDSA') return asymmetricKeyType === 'ed25519'
  const curve = CURVES[alg]
  if (curve !== undefined) return asymmetricKeyType === 'ec' && namedCurve === curve
  return asymmetricKeyType === 'rsa' && modulusLength >= MIN_RSA_BITS
}
