import { decideRotation, type Login, type Logins } from '@drawbridge/logins'
import type { FastifyBaseLogger } from 'fastify'
import type { AccessTokens } from '../access-token.ts'
import { answerFor } from '../issue-tokens.ts'
import type { RotateResult } from '../types.ts'
import { LAST_GENERATION } from './refresh-token.ts'
import { newAttempt, rotate, type RotateOptions } from './rotate.ts'

export interface RefreshOptions extends RotateOptions {
  readonly logins: Pick<Logins, 'resolve' | 'rotate'>
  readonly tokens: AccessTokens
  readonly log: Pick<FastifyBaseLogger, 'warn'>
  readonly now: () => number
}

/**
 * A new pair of tokens for a refresh token, of the same login.
 *
 * The login is read first, and the access token made of what was read: what can fail in that, as `extendPrincipal` of
 * the service can, then fails before the refresh token is spent. Otherwise the client could only repeat a token that
 * was replaced, and that looks like theft.
 */
export async function refreshTokens(options: RefreshOptions, presented: string): Promise<RotateResult> {
  const { logins, format, tokens, now } = options
  const asOf = now()
  const shown = format.read(presented)
  if (shown === null) return refused('forged')
  if (shown.generation === LAST_GENERATION) return refused('unknown')
  const login = await logins.resolve(shown.loginId)
  if (login === null || login.refresh === null) return refused('unknown')
  const attempt = newAttempt(options, shown)
  const isNewest = decideRotation(login.refresh, attempt.rotation, asOf) === 'rotate'
  const ahead = isNewest ? tokens.issue(usedAt(login, asOf), asOf) : null
  if (isNewest && ahead === null) return refused('unknown')
  const outcome = await rotate(options, shown, attempt)
  if (!outcome.ok) {
    if (outcome.reason === 'reused') warnOfReuse(options, outcome.login)
    return refused(outcome.reason)
  }
  const issued = ahead ?? tokens.issue(outcome.login, asOf)
  if (issued === null) return refused('unknown')
  const answer = answerFor(issued, outcome.refreshToken)
  return { ok: true, loginId: login.id, replayed: outcome.replayed, answer }
}

/** A rotation is use. */
function usedAt(login: Login, now: number): Login {
  return { ...login, lastSeenAt: Math.max(now, login.lastSeenAt) }
}

function warnOfReuse({ log }: RefreshOptions, { id: loginId, userId }: Login): void {
  log.warn(
    { event: 'refresh_token_reused', loginId, userId },
    'a replaced refresh token was presented again: its login has ended'
  )
}

function refused(reason: 'forged' | 'unknown' | 'reused'): RotateResult {
  return { ok: false, reason }
}
