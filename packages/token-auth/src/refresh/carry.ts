import { hkdfSync } from 'node:crypto'
import type { AccessTokenResponse, CarryResult, PresentedSession } from '@drawbridge/carrier'
import type { Login } from '@drawbridge/logins'
import { type CarrierLogins, deriveKeys } from '@drawbridge/logins/carrier'
import type { AccessTokens } from '../access-tokens/access-tokens.ts'
import { createTokenResponse } from '../access-tokens/token-response.ts'
import {
  hashFamily,
  hashSecret,
  NEWEST_ROOT,
  type RefreshTokenContent,
  type RefreshTokenFormat
} from './refresh-token.ts'

export interface CarryTokensDependencies {
  readonly logins: Pick<CarrierLogins, 'carry'>
  readonly tokens: AccessTokens
  readonly format: RefreshTokenFormat
  readonly refreshGraceSeconds: number
  readonly derive: DeriveTokens
}

/**
 * The first refresh tokens that a session may get, one for each root secret. Derived, not drawn: any number of calls, on any
 * node, give the same one, with nothing to store or to agree on.
 */
export type DeriveTokens = (session: PresentedSession) => readonly RefreshTokenContent[]

/** @param instance as for {@link RefreshTokenFormat}. */
export function createDeriveTokens(secrets: readonly string[], instance: string): DeriveTokens {
  const keys = deriveKeys(secrets, `carried refresh token of ${instance}`)
  return ({ login, secret }) => deriveContents(keys, secret, login.id, FIRST_TOKEN)
}

/** Purpose of the first refresh token of a login. */
export const FIRST_TOKEN = 'drawbridge refresh token of'

/** Refresh tokens of a login, each the first of its family, that are derived from another secret: one for each key of a root secret. */
export function deriveContents(
  keys: readonly Buffer[],
  from: string,
  loginId: string,
  purposeOf: string
): readonly RefreshTokenContent[] {
  const purpose = `${purposeOf} ${loginId}`
  return keys.map((key) => {
    const bytes = Buffer.from(hkdfSync('sha256', from, key, purpose, 32))
    return { loginId, generation: 0, family: bytes.subarray(0, 16), secret: bytes.subarray(16) }
  })
}

/** What the store gets of a refresh token. */
export function toStoredToken({ family, secret }: RefreshTokenContent) {
  return { familyHash: hashFamily(family), hash: hashSecret(secret) }
}

/** Adds a first refresh token to the login of a session, whose limits stay. */
export async function carryTokens(
  { logins, tokens, format, refreshGraceSeconds, derive }: CarryTokensDependencies,
  session: PresentedSession
): Promise<CarryResult<AccessTokenResponse>> {
  const candidates = derive(session)
  const [newest] = candidates
  // First, since what can fail in it then fails before anything is written.
  const issued = tokens.issue(session.login, session.asOf, session.expiresAt ?? undefined)
  const secretHash = session.login.session?.secretHash
  if (issued === null || newest === undefined || secretHash === undefined)
    return { ok: false, reason: 'unknown' }
  const outcome = await logins.carry(session.login.id, {
    add: 'refresh',
    presented: { secretHash },
    refresh: toStoredToken(newest)
  })
  if (outcome.kind === 'unknown' || outcome.kind === 'reused') return { ok: false, reason: outcome.kind }
  const isRepeatable = isWithin(refreshGraceSeconds, outcome.login, session.asOf)
  const keyIndex =
    outcome.kind === 'added' ? NEWEST_ROOT : candidates.findIndex((token) => isCurrent(outcome.login, token))
  const token = candidates[keyIndex]
  if (token === undefined || (outcome.kind === 'kept' && !isRepeatable)) return { ok: false, reason: 'taken' }
  const carried = createTokenResponse(issued, format.write(token, keyIndex))
  return { ok: true, carried, isRepeated: outcome.kind === 'kept' }
}

/** Whether a token is the login's, and has not been used yet. */
export function isCurrent({ refresh }: Login, { family, secret, generation }: RefreshTokenContent): boolean {
  return (
    refresh !== null &&
    refresh.generation === generation &&
    refresh.familyHash === hashFamily(family) &&
    refresh.hash === hashSecret(secret)
  )
}

/** @param now ms since the epoch. */
function isWithin(graceSeconds: number, { refresh }: Login, now: number): boolean {
  // A clock that was set back must not open a window of 0 s.
  return refresh !== null && Math.max(0, now - refresh.rotatedAt) < graceSeconds * 1000
}
