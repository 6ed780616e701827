import { publishRejected, warnOfReuse } from '@drawbridge/carrier'
import { decideRotation, type Login } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { FastifyBaseLogger } from 'fastify'
import type { AccessTokens } from '../access-tokens/access-tokens.ts'
import { createTokenResponse, type TokenResponse } from '../access-tokens/token-response.ts'
import { LAST_GENERATION, type RefreshToken } from './refresh-token.ts'
import { createAttempt, rotate, type RotateDependencies } from './rotate.ts'

/** The result of a refresh. `reason` is for the log: a client gets one response for all. */
export type RefreshOutcome =
  | {
      readonly ok: true
      readonly loginId: string
      /** An earlier call had replaced the same token, within the grace time; the response has the same refresh token. */
      readonly repeated: boolean
      readonly response: TokenResponse
    }
  | { readonly ok: false; readonly reason: 'forged' | 'unknown' | 'reused' }

export interface RefreshDependencies extends RotateDependencies {
  readonly logins: Pick<CarrierLogins, 'resolve' | 'withClaims' | 'rotate' | 'publishEvent'>
  readonly tokens: AccessTokens
  readonly log: Pick<FastifyBaseLogger, 'warn'>
  readonly now: () => number
}

/**
 * See `TokenAuth.refresh`. A new pair of tokens of the same login.
 *
 * The login is read first, and the access token made of what was read: what can fail in that, as `getClaims` of
 * the service can, then fails before the refresh token is used up. Otherwise the client could only repeat a replaced
 * token, and that looks like theft.
 */
export async function refreshTokens(
  dependencies: RefreshDependencies,
  presented: string
): Promise<RefreshOutcome> {
  const { logins, format } = dependencies
  const token = format.read(presented)
  const outcome = token === null ? failed('forged') : await refresh(dependencies, token)
  // A reuse has an event of its own.
  if (!outcome.ok && outcome.reason !== 'reused')
    publishRejected(logins.publishEvent, { reason: 'invalid', carrier: 'token', loginId: token?.loginId })
  return outcome
}

async function refresh(dependencies: RefreshDependencies, token: RefreshToken): Promise<RefreshOutcome> {
  const { logins, tokens, now } = dependencies
  const asOf = now()
  if (token.generation === LAST_GENERATION) return failed('unknown')
  const login = await logins.resolve(token.loginId)
  if (login === null || login.refresh === null) return failed('unknown')
  const attempt = createAttempt(dependencies, token)
  const isNewest = decideRotation(login.refresh, attempt.input, asOf) === 'rotate'
  const issue = async (read: Login) => tokens.issue(await logins.withClaims(read), asOf)
  const issuedEarly = isNewest ? await issue(markUsed(login, asOf)) : null
  if (isNewest && issuedEarly === null) return failed('unknown')
  const outcome = await rotate(dependencies, token, attempt)
  if (!outcome.ok) {
    if (outcome.reason === 'reused') warnOfReuse(dependencies.log, outcome.login)
    return failed(outcome.reason)
  }
  const issued = issuedEarly ?? (await issue(outcome.login))
  if (issued === null) return failed('unknown')
  const response = createTokenResponse(issued, outcome.refreshToken)
  return { ok: true, loginId: login.id, repeated: outcome.repeated, response }
}

/** A rotation is use. */
function markUsed(login: Login, now: number): Login {
  return { ...login, lastSeenAt: Math.max(now, login.lastSeenAt) }
}

function failed(reason: 'forged' | 'unknown' | 'reused'): RefreshOutcome {
  return { ok: false, reason }
}
