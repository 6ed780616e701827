import type { KeyObject } from 'node:crypto'
import {
  type AccessTokenOutcome,
  type AccessTokenRules,
  checkAccessTokenClaims,
  isPublicKeyAlgorithm,
  parseCompactJws,
  parseJsonObject,
  readAccessTokenHeader
} from '@drawbridge/carrier'
import { compactVerify, type CryptoKey, errors } from 'jose'
import type { PublicKeys } from './keys/public-keys.ts'

export interface VerifyTokenDependencies {
  readonly keys: PublicKeys
  readonly rules: AccessTokenRules
  /** ms since the epoch. */
  readonly now: () => number
}

/**
 * Verifies an access token by the rules of its issuer: each fault of the token is a value. It says nothing about the login.
 * Rejects where the keys cannot be fetched.
 */
export async function verifyToken(
  { keys, rules, now }: VerifyTokenDependencies,
  token: string
): Promise<AccessTokenOutcome> {
  const jws = parseCompactJws(token)
  if (jws === null) return failed('not a JWS in compact form')
  const header = readAccessTokenHeader(jws.header)
  if (typeof header === 'string') return failed(header)
  if (!isPublicKeyAlgorithm(header.alg)) return failed('of an algorithm without public keys')
  const key = await keys.find(header)
  if (key === null) return failed('signed by a key that is not published')
  if (!(await hasValidSignature(token, key, header.alg))) return failed('the signature is not valid')
  const payload = parseJsonObject(jws.payload)
  if (payload === null) return failed('the payload is not a JSON object')
  return checkAccessTokenClaims(payload, rules, now())
}

/** An error of another kind is a fault of the key, and no fault of the token. */
async function hasValidSignature(token: string, key: CryptoKey | KeyObject, alg: string): Promise<boolean> {
  try {
    await compactVerify(token, key, { algorithms: [alg] })
    return true
  } catch (error) {
    if (error instanceof errors.JOSEError) return false
    throw error
  }
}

function failed(reason: string): AccessTokenOutcome {
  return { ok: false, reason }
}
