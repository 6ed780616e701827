import {
  ambiguousCredential,
  failedAuthentication,
  ignoreNonJsonBodies,
  noteRejection
} from '@drawbridge/carrier'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { TokenAuthApi } from '../api.ts'
import { toHttpError } from '../errors.ts'
import { logoutSchema } from './schemas.ts'

type LogoutRequest = FastifyRequest<{ Body: { readonly refresh_token?: string } | null | undefined }>

/** `POST /logout`, in a scope of its own: how it treats bodies is for this route alone. */
export function logoutRoute(scope: FastifyInstance, path: string, api: TokenAuthApi): void {
  ignoreNonJsonBodies(scope)
  scope.post<{ Body: LogoutRequest['body'] }>(path, { schema: logoutSchema }, async (request, reply) => {
    await api.tokenAuth.revoke(await findPresentedLogin(request, api), { by: 'user', reason: 'log-out' })
    await api.endOld(request as FastifyRequest, reply)
    api.announceEffect(reply)
    return { message: 'Logged out' }
  })
}

/**
 * The id of the one login whose access or refresh token is presented. A valid refresh token is enough, whatever is in the
 * header beside it (RFC 7009 section 2.1): a client that logs out often has an expired access token, or none, or one of a
 * revoked login.
 *
 * @throws HttpError 400 or 401.
 */
async function findPresentedLogin(request: LogoutRequest, api: TokenAuthApi): Promise<string> {
  const bearer = await api.tokenAuth.authenticate(request as FastifyRequest)
  const token = request.body?.refresh_token
  if (token === undefined || (!bearer.ok && bearer.reason === 'ambiguous')) {
    if (bearer.ok) return bearer.principal.loginId
    throw toHttpError(bearer)
  }
  const loginId = await api.findLoginId(token)
  if (loginId === null) throw toHttpError(failedAuthentication('invalid', 'refresh token forged'))
  if (bearer.ok && bearer.principal.loginId !== loginId)
    throw noteRejection(ambiguousCredential('two tokens of different logins'), {
      reason: 'ambiguous',
      carrier: 'token'
    })
  return loginId
}
