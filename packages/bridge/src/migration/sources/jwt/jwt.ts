import { isStrictJson, type JoseHeader, parseCompactJws } from '@drawbridge/carrier'
import { errors, jwtVerify } from 'jose'
import type { OldLogins } from '../../old-logins.ts'
import { CLOCK_SKEW_MS, toUserId } from '../fields.ts'
import { readPath } from '../read-path.ts'
import { createSealedLogins, type SealedLogin, toKey } from '../sealed-logins.ts'
import { isMalleable } from './algorithms.ts'
import { createFindKeys, type FindKeys } from './find-keys.ts'
import { type JwtClaims, type JwtOptions, type ParsedOptions, parseJwtOptions } from './options.ts'

/**
 * JSON Web Tokens that another system issued, in an Authorization header or in a cookie.
 *
 * @throws OptionError
 * @example
 * const old = jwt({ algorithm: 'RS256', jwksUri: 'https://idp.example/jwks.json', issuer: 'https://idp.example', audience: 'shop' })
 */
export function jwt(input: JwtOptions): OldLogins {
  const options = parseJwtOptions(input)
  const findKeys = createFindKeys(options.keys, options.timeoutMs)
  const logins = createSealedLogins({
    in: options.cookie ?? 'bearer',
    open: (token) => open(token, findKeys, options),
    isWeak: options.isWeak,
    mayNeverExpire: !options.requireExpiry,
    now: options.now
  })
  return { ...logins, sharesSecret: (isOurs) => options.secrets.some(isOurs) }
}

/** What changes how a token is read (RFC 7515 section 4.1.11, RFC 7797), or belongs to another format. */
const REJECTED_MEMBERS = ['crit', 'b64', 'zip', 'enc']

async function open(token: string, findKeys: FindKeys, options: ParsedOptions): Promise<SealedLogin | null> {
  const jws = parseCompactJws(token)
  if (jws === null || !isAcceptedHeader(jws.header, options)) return null
  for (const key of await findKeys(jws.header)) {
    const claims = await verify(token, key, options)
    if (claims !== null) return isStrictJson(jws.payload, claims) ? toLogin(token, claims, options) : null
  }
  return null
}

function isAcceptedHeader(header: JoseHeader, { algorithm }: ParsedOptions): boolean {
  return header.alg === algorithm && !REJECTED_MEMBERS.some((name) => Object.hasOwn(header, name))
}

/** Null for what jose rejects, except for a time that has passed: the token is that system's own, and `toPresented` rejects it. */
async function verify(
  token: string,
  key: Awaited<ReturnType<FindKeys>>[number],
  { algorithm, issuer, audience, now = Date.now }: ParsedOptions
): Promise<JwtClaims | null> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
      clockTolerance: CLOCK_SKEW_MS / 1000,
      currentDate: new Date(now())
    })
    return payload
  } catch (error) {
    return error instanceof errors.JWTExpired && error.claim === 'exp' ? error.payload : null
  }
}

/** jose accepts times that are no moments, a member twice, and a user id that is an object. */
function toLogin(token: string, claims: JwtClaims, options: ParsedOptions): SealedLogin | null {
  const { userIdClaim, usernameClaim, requireExpiry, isAccepted } = options
  const userId = readPath(claims, ...userIdClaim)
  const times = [claims.iat, claims.exp, claims.nbf, claims.auth_time]
  if (toUserId(userId) === null || !times.every(isTimeClaim) || !isAccepted(claims)) return null
  if (claims.exp === undefined ? requireExpiry : !isWithinLifetime(claims, options)) return null
  return {
    ...identify(token, claims, options),
    userId,
    username: usernameClaim && readPath(claims, ...usernameClaim),
    issuedAt: toMs(claims.iat),
    authenticatedAt: toMs(claims.auth_time),
    expiresAt: toMs(claims.exp)
  }
}

/** Seconds since the epoch; a fraction is allowed (RFC 7519 section 2). */
function isTimeClaim(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && value >= 0 && Number.isSafeInteger(toMs(value)))
}

/** Whole ms; null for none. */
const toMs = (seconds: unknown) => (seconds === undefined ? null : Math.floor((seconds as number) * 1000))

function isWithinLifetime(
  { iat, exp }: JwtClaims,
  { maxLifetimeSeconds, now = Date.now }: ParsedOptions
): boolean {
  const from = (iat as number | undefined) ?? now() / 1000
  return (exp as number) - from <= maxLifetimeSeconds
}

/**
 * By the claim that names the login; else by what is signed, where a time tells it from that of another log-in. Never by the
 * signature, of which there may be two.
 */
function identify(token: string, claims: JwtClaims, { loginClaim, algorithm }: ParsedOptions) {
  const signed = token.slice(0, token.lastIndexOf('.'))
  const secret = isMalleable(algorithm) ? signed : token
  const id = toUserId(readPath(claims, ...loginClaim))
  if (id !== null) return { key: id, secret: loginClaim[0] === 'jti' ? secret : id }
  return { key: claims.iat === undefined ? null : toKey(signed), secret }
}
