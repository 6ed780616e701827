import { type HttpError } from '@drawbridge/carrier'
import { LoginsUnavailableError } from '@drawbridge/logins'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey
} from 'jose'
import { invalidLogoutToken } from './errors.ts'
import type { ParsedOptions, ParsedProvider } from './options.ts'

/** What a valid logout token says. One of `subject` and `sessionId` is there, or both. */
export interface LogoutToken {
  readonly provider: ParsedProvider
  readonly subject: string | undefined
  readonly sessionId: string | undefined
  readonly jti: string
  /** ms since the epoch. */
  readonly expiresAt: number
}

/** Verifies the logout token of a request. Rejects with an HttpError of 400, or of 503 where the keys cannot be fetched. */
export type VerifyLogoutToken = (token: string, now: number) => Promise<LogoutToken>

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** Recommended is `logout+jwt`; providers of before send `JWT`, or none. A token of another kind has another one (RFC 8725 section 3.11). */
const TYPES: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'logout+jwt', 'application/logout+jwt'])

/** A token that is valid for longer would have to be remembered for longer. The specification recommends two minutes at most. */
const MAX_LIFETIME_SECONDS = 3600

/** Creates the check of OpenID Connect Back-Channel Logout 1.0, section 2.6. */
export function createVerifyLogoutToken({
  providers,
  clockSkewSeconds
}: Pick<ParsedOptions, 'providers' | 'clockSkewSeconds'>): VerifyLogoutToken {
  const known = new Map(
    providers.map((provider) => [provider.issuer, { provider, getKey: createGetKey(provider) }])
  )
  return async (token, now) => {
    // Only to know whose keys count: nothing of it is believed before its signature is verified.
    const found = known.get(readIssuer(token))
    if (found === undefined) throw invalidLogoutToken('it is of another issuer')
    const { provider, getKey } = found
    const { payload, protectedHeader } = await jwtVerify(token, getKey, {
      issuer: provider.issuer,
      audience: provider.clientId,
      algorithms: [...provider.algorithms],
      clockTolerance: clockSkewSeconds,
      maxTokenAge: MAX_LIFETIME_SECONDS,
      requiredClaims: ['iat', 'exp', 'jti'],
      currentDate: new Date(now)
    }).catch((error: unknown) => {
      throw toHttpError(error)
    })
    if (!TYPES.has(protectedHeader.typ)) throw invalidLogoutToken('it is not typed as a logout token')
    return readClaims(payload, provider)
  }
}

function readIssuer(token: string): string {
  try {
    return String(decodeJwt(token).iss)
  } catch {
    throw invalidLogoutToken('it is no JWT')
  }
}

function createGetKey({ keys }: ParsedProvider): JWTVerifyGetKey {
  const find = keys instanceof URL ? createRemoteJWKSet(keys) : createLocalJWKSet(keys)
  return async (header, token) => {
    try {
      return await find(header, token)
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
        throw error
      throw new LoginsUnavailableError(
        new Error('the keys of the identity provider are not to be had', { cause: error })
      )
    }
  }
}

/** Messages of jose name the claim or the rule, and have nothing of the token. */
function toHttpError(error: unknown): HttpError | LoginsUnavailableError {
  if (error instanceof LoginsUnavailableError) return error
  return invalidLogoutToken(error instanceof errors.JOSEError ? error.message : 'it cannot be read')
}

function readClaims(payload: JWTPayload, provider: ParsedProvider): LogoutToken {
  const { sub: subject, sid: sessionId, jti, events, exp = 0, iat = 0 } = payload
  const isEvent = isRecord(events) && isRecord(events[EVENT])
  if (!isEvent) throw invalidLogoutToken('its events have no back-channel logout')
  // An ID token could be taken for a logout token else.
  if ('nonce' in payload) throw invalidLogoutToken('it has a nonce')
  if (!isText(jti)) throw invalidLogoutToken('its jti is no text')
  if (!(isAbsentOrText(subject) && isAbsentOrText(sessionId)))
    throw invalidLogoutToken('its sub or its sid is no text')
  if (subject === undefined && sessionId === undefined) throw invalidLogoutToken('it has neither sub nor sid')
  if (exp - iat > MAX_LIFETIME_SECONDS) throw invalidLogoutToken('it is valid for too long')
  return { provider, subject, sessionId, jti, expiresAt: exp * 1000 }
}

const MAX_TEXT_LENGTH = 1024

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_LENGTH

const isAbsentOrText = (value: unknown): value is string | undefined => value === undefined || isText(value)

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
