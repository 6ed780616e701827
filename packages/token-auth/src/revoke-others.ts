import type { Logins } from '@drawbridge/logins'
import type { FastifyRequest } from 'fastify'
import type { Authenticator } from './authenticate.ts'
import { toHttpError, unauthorized } from './errors.ts'

interface Dependencies {
  readonly authenticator: Pick<Authenticator, 'authenticate'>
  readonly logins: Pick<Logins, 'resolve' | 'revokeUser'>
}

/** See `TokenAuth.revokeOthers`. */
export async function revokeOthers(
  { authenticator, logins }: Dependencies,
  request: FastifyRequest
): Promise<number> {
  const presented = await authenticator.authenticate(request, {})
  if (!presented.ok) throw toHttpError(presented)
  const { userId, loginId } = presented.principal
  const login = await logins.resolve(loginId)
  if (login?.userId !== userId) throw unauthorized('the login was revoked', 'invalid_token')
  const { revokedCount } = await logins.revokeUser(userId, { except: loginId })
  return revokedCount
}
