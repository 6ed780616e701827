import { principalOf, refuseKey } from '@drawbridge/carrier'
import type { Logins } from '@drawbridge/logins'
import type { FastifyRequest } from 'fastify'
import { UnknownLoginError } from '../errors.ts'

/** See `Account.revokeLogin`. A loginId is public: without its owner, any user who knows it could revoke the login. */
export async function revokeLogin(
  logins: Pick<Logins, 'revoke'>,
  request: FastifyRequest,
  loginId: string
): Promise<void> {
  refuseKey(request.principal)
  const { userId } = principalOf(request)
  if (!(await logins.revoke(loginId, { userId, by: 'user', reason: 'revoke-login' })))
    throw new UnknownLoginError()
}
