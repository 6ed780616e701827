import type { PrincipalExtension } from '@drawbridge/logins'
import { isLoginId, isScope } from '@drawbridge/logins/carrier'

/** The claims of an access token. Times are whole seconds since the epoch (RFC 7519, RFC 9068 section 2.2). */
export interface AccessTokenClaims {
  readonly iss: string
  readonly aud: string
  /** The user's id. */
  readonly sub: string
  /** The loginId. */
  readonly sid: string
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly nbf?: number
  /** When the credentials were verified; a refresh does not change it. */
  readonly auth_time: number
  /** When the login ends, whatever its use; a refresh does not change it. */
  readonly login_exp: number
  readonly preferred_username: string
  /** Separated by spaces; absent where there are none (RFC 8693 section 4.2). */
  readonly scope?: string
  /** What the service adds to each principal. */
  readonly ext?: PrincipalExtension
}

/** Rules of the claims of accepted tokens. */
export interface AccessTokenRules {
  readonly issuer: string
  readonly audience: string
  /** The largest accepted `exp - iat`: a longer token could be valid after its revocation is forgotten. */
  readonly maxLifetimeSeconds: number
  readonly clockSkewSeconds: number
}

/** Whether an access token is valid. `reason` is for the log. */
export type AccessTokenOutcome =
  | { readonly ok: true; readonly claims: AccessTokenClaims }
  | { readonly ok: false; readonly reason: string }

const MAX_TEXT_LENGTH = 1024

/**
 * Whether a payload, whose signature is valid, is that of an access token for us, now. Each claim must be present and of
 * its type: the library below accepts a token that lacks a claim which it should compare, and one whose times are not
 * numbers (RFC 8725 sections 3.8 to 3.12, RFC 9068 section 4).
 */
export function checkAccessTokenClaims(
  payload: object,
  rules: AccessTokenRules,
  now: number
): AccessTokenOutcome {
  if (!areClaims(payload))
    return { ok: false, reason: `claim ${findInvalidClaim(payload)} is missing or not of its type` }
  const reason = findViolation(payload, rules, now)
  return reason === null ? { ok: true, claims: payload } : { ok: false, reason }
}

function areClaims(payload: object): payload is AccessTokenClaims {
  return findInvalidClaim(payload) === null
}

/** The name of a claim that is missing or not of its type; null where there is none. */
export function findInvalidClaim(payload: object): string | null {
  const claims = payload as Record<string, unknown>
  for (const { name, isValid } of CLAIM_CHECKS) if (!isValid(claims[name])) return name
  return null
}

function findViolation(claims: AccessTokenClaims, rules: AccessTokenRules, now: number): string | null {
  const latest = now / 1000 + rules.clockSkewSeconds
  if (claims.iss !== rules.issuer) return 'of another issuer'
  // One audience, as a string: a list could name us beside one whose tokens we should not accept.
  if (claims.aud !== rules.audience) return 'for another audience'
  if (claims.exp - claims.iat > rules.maxLifetimeSeconds) return 'valid for too long'
  if (claims.iat > latest) return 'issued in the future'
  if (claims.nbf !== undefined && claims.nbf > latest) return 'not valid yet'
  // RFC 7519 section 4.1.4: not on or after `exp`. No leeway: the clock that counts is ours.
  if (now >= claims.exp * 1000) return 'expired'
  return null
}

const CLAIM_RULES: Readonly<Record<keyof AccessTokenClaims, (value: unknown) => boolean>> = {
  iss: isText,
  aud: isText,
  sub: isText,
  sid: (value) => typeof value === 'string' && isLoginId(value),
  jti: isText,
  iat: isTimestamp,
  exp: isTimestamp,
  nbf: (value) => value === undefined || isTimestamp(value),
  auth_time: isTimestamp,
  login_exp: isTimestamp,
  preferred_username: isText,
  scope: (value) => value === undefined || isScopeList(value),
  ext: (value) => value === undefined || isRecord(value)
}

const CLAIM_CHECKS = Object.entries(CLAIM_RULES).map(([name, isValid]) => ({ name, isValid }))

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_LENGTH && value.isWellFormed()
}

function isTimestamp(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isScopeList(value: unknown): boolean {
  return typeof value === 'string' && value.split(' ').every(isScope)
}
