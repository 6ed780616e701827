/** Whether a payload that was signed rightly is that of a good access token. */
export const Verdict = { Yes: 'yes', No: 'no', Either: 'either' } as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]

export interface Circumstances {
  /** ms since the epoch: between these the service came to be, and its feed with it. */
  readonly bootFrom: number
  readonly bootTo: number
  readonly issuer: string
  readonly audience: string
  /** loginId → user id. */
  readonly active: ReadonlyMap<unknown, unknown>
  readonly revoked: ReadonlySet<unknown>
}

const SKEW_SECONDS = 5
/** What the service remembers of ended logins, less the skew. */
const MAX_LIFETIME_SECONDS = 895

/**
 * What http.md, RFC 7519 and RFC 9068 ask of a payload, written a second time. `Either` where the moment at which
 * the service came to be decides, which is known only roughly.
 */
export function isAccepted(payload: string, circumstances: Circumstances, now: number): Verdict {
  const { issuer, audience, active, revoked } = circumstances
  if (hasDuplicates(payload)) return Verdict.No
  const claims = JSON.parse(payload) as Record<string, unknown>
  const { iss, aud, sub, sid, jti, iat, exp, nbf, preferred_username: username } = claims
  const { auth_time: authTime, login_exp: loginExp } = claims
  const areRight =
    iss === issuer &&
    aud === audience &&
    [sub, jti, username].every(isText) &&
    /^[\w-]{28}$/.test(typeof sid === 'string' ? sid : '') &&
    [iat, exp, authTime, loginExp, nbf ?? 0].every(isNumericDate) &&
    nbf !== null &&
    isScope(claims.scope) &&
    isExtension(claims.ext)
  if (!areRight || revoked.has(sid)) return Verdict.No
  const seconds = now / 1000
  const [from, until, start] = [iat, exp, nbf ?? 0] as [number, number, number]
  if (until - from > MAX_LIFETIME_SECONDS || seconds >= until) return Verdict.No
  if (from > seconds + SKEW_SECONDS || start > seconds + SKEW_SECONDS) return Verdict.No
  // What the service can vouch for by itself is what was issued since it came to be; of the rest the store knows.
  if (active.get(sid) === sub && active.has(sid)) return Verdict.Yes
  const issuedAt = (from - SKEW_SECONDS) * 1000
  if (issuedAt >= circumstances.bootTo) return Verdict.Yes
  return issuedAt < circumstances.bootFrom ? Verdict.No : Verdict.Either
}

const isText = (value: unknown) =>
  typeof value === 'string' && value.length > 0 && value.length <= 1024 && value.isWellFormed()

const isNumericDate = (value: unknown) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const isScope = (value: unknown) =>
  value === undefined ||
  (typeof value === 'string' && value.split(' ').every((scope) => /^[!#-[\]-~]+$/.test(scope)))

const isExtension = (value: unknown) =>
  value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))

/** JSON.parse shows each member once; that it was there twice only the text tells, which it then does not give back. */
function hasDuplicates(text: string): boolean {
  const members: string[][] = []
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g)) {
    if (token === '{') members.push([])
    else if (token === '}') {
      const names = members.pop() as string[]
      if (new Set(names).size < names.length) return true
    } else if (token.endsWith(':')) members.at(-1)?.push(JSON.parse(token.slice(0, -1)) as string)
  }
  return false
}
