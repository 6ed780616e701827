import type { ChangePasswordOptions } from '@drawbridge/bridge'
import { type AccessTokenResponse, principalOf } from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'

/**
 * See `Account.changePassword`. Of the login in hand only the credential that is sent is left; and the others, unless they are kept, are revoked once
 * more, since a copy of the old credential may have been making a key meanwhile.
 */
export async function changePassword(
  { bridge, logins, options }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  body: unknown,
  { keepOthers = options.keepOthers }: ChangePasswordOptions = {}
): Promise<AccessTokenResponse | null> {
  const signIn = await bridge.changePassword(request, reply, body, { keepOthers })
  const tokens = await bridge.reauthenticate(request, reply, { ...signIn, dropOther: true })
  if (keepOthers) return tokens
  const { userId, loginId } = principalOf(request)
  await logins.revokeUser(userId, { except: loginId, by: 'password', reason: 'password-change' })
  return tokens
}
