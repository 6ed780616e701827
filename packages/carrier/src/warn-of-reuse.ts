import type { Login } from '@drawbridge/logins'
import type { FastifyBaseLogger } from 'fastify'

/** Theft, or a client with a fault: an operator should know of either (RFC 9700 section 4.14.2). */
export function warnOfReuse(
  log: Pick<FastifyBaseLogger, 'warn'>,
  { id: loginId, userId }: Pick<Login, 'id' | 'userId'>
): void {
  log.warn(
    { event: 'refresh_token_reused', loginId, userId },
    'a replaced refresh token was presented again: its login is revoked'
  )
}
