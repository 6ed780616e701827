import { failedAuthentication } from '@drawbridge/carrier'
import type { Logins, RevocationCause } from '@drawbridge/logins'
import type { FastifyRequest } from 'fastify'
import type { Authenticator } from './authenticate.ts'
import { toHttpError } from './errors.ts'

interface Dependencies {
  readonly authenticator: Pick<Authenticator, 'authenticate'>
  readonly logins: Pick<Logins, 'resolve' | 'revokeUser'>
}

/** See `TokenAuth.revokeOthers`. */
export async function revokeOthers(
  { authenticator, logins }: Dependencies,
  request: FastifyRequest,
  { by = 'user', reason = 'revoke-others' }: RevocationCause = {}
): Promise<number> {
  const presented = await authenticator.authenticate(request, {})
  if (!presented.ok) throw toHttpError(presented)
  const { userId, loginId } = presented.principal
  const login = await logins.resolve(loginId)
  if (login?.userId !== userId)
    throw toHttpError(failedAuthentication('invalid', 'the login was revoked', loginId))
  const { revokedCount } = await logins.revokeUser(userId, { except: loginId, by, reason })
  return revokedCount
}
