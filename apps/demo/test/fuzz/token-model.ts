/** Whether a correctly signed payload is that of a valid access token. */
export const Verdict = { Yes: 'yes', No: 'no', Either: 'either' } as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]

export interface Circumstances {
  /** ms since the epoch: between these the service and its feed were created. */
  readonly bootFrom: number
  readonly bootTo: number
  readonly issuer: string
  readonly audience: string
  /** loginId → user id. */
  readonly active: ReadonlyMap<unknown, unknown>
  readonly revoked: ReadonlySet<unknown>
}

const SKEW_SECONDS = 5
/** For how long the service remembers revocations, less the skew. */
const MAX_LIFETIME_SECONDS = 895

/**
 * A second implementation of the rules of RFC 7519 and RFC 9068 for a payload. `either` where it depends on the
 * moment at which the service was created, which is known only roughly.
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
  // The service trusts by itself only tokens issued since it was created; for others it asks the store.
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

/** JSON.parse returns a repeated member once; then JSON.stringify does not reproduce the text. */
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
