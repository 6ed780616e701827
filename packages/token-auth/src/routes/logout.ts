import { ambiguousCredential, ignoreNonJsonBodies, unauthorized } from '@drawbridge/carrier'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { challenge } from '../access-tokens/challenge.ts'
import { toHttpError } from '../guard.ts'
import type { TokenAuthApi } from '../api.ts'
import { logoutSchema } from './schemas.ts'

type LogoutRequest = FastifyRequest<{ Body: { readonly refresh_token?: string } | null | undefined }>

/** In a scope of its own: what it says of bodies is for this route alone. */
export function logoutRoute(scope: FastifyInstance, api: TokenAuthApi): void {
  ignoreNonJsonBodies(scope)
  scope.post<{ Body: LogoutRequest['body'] }>('/logout', { schema: logoutSchema }, async (request) => {
    await api.tokenAuth.revoke(await findPresentedLogin(request, api))
    return { message: 'Logged out' }
  })
}

/**
 * The one login that a request shows, by either token; otherwise throws the answer. A refresh token that holds is proof
 * enough, whatever is in the header beside it (RFC 7009 section 2.1): who logs out often has an access token that has
 * expired, or none, or one of a login that has ended.
 */
async function findPresentedLogin(request: LogoutRequest, api: TokenAuthApi): Promise<string> {
  const bearer = await api.tokenAuth.authenticate(request as FastifyRequest)
  const token = request.body?.refresh_token
  if (token === undefined || (!bearer.ok && bearer.reason === 'ambiguous')) {
    if (bearer.ok) return bearer.principal.loginId
    throw toHttpError(bearer)
  }
  const loginId = await api.findLoginId(token)
  if (loginId === null) throw unauthorized('refresh token forged', challenge('invalid_token'))
  if (bearer.ok && bearer.principal.loginId !== loginId)
    throw ambiguousCredential('two tokens of different logins')
  return loginId
}
