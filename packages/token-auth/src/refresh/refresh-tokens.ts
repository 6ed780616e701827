import type { FastifyBaseLogger } from 'fastify'
import type { AccessTokens } from '../access-token.ts'
import { answerFor } from '../issue-tokens.ts'
import type { RotateResult } from '../types.ts'
import { rotate, type RotateOptions } from './rotate.ts'

export interface RefreshOptions extends RotateOptions {
  readonly tokens: AccessTokens
  readonly log: Pick<FastifyBaseLogger, 'warn'>
  readonly now: () => number
}

/** A new pair of tokens for a refresh token, of the same login. */
export async function refreshTokens(options: RefreshOptions, presented: string): Promise<RotateResult> {
  const asOf = options.now()
  const outcome = await rotate(options, presented)
  if (outcome.ok) {
    const { login, replayed, refreshToken } = outcome
    return {
      ok: true,
      loginId: login.id,
      replayed,
      answer: answerFor(options.tokens.issue(login, asOf), refreshToken)
    }
  }
  if (outcome.reason === 'reused') {
    const { id: loginId, userId } = outcome.login
    options.log.warn(
      { event: 'refresh_token_reused', loginId, userId },
      'a replaced refresh token was shown: its login has ended'
    )
  }
  return { ok: false, reason: outcome.reason }
}
