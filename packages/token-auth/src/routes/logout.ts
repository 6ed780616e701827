import { ambiguousCredential, ignoreOtherBodies, unauthorized } from '@drawbridge/logins/fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { challenge } from '../challenge.ts'
import { refusalOf } from '../guard.ts'
import type { Verbs } from '../verbs.ts'
import { logOutSchema } from './schemas.ts'

type LogOutRequest = FastifyRequest<{ Body: { readonly refresh_token?: string } | null | undefined }>

/** In a scope of its own: what it says of bodies is for this route alone. */
export function logOutRoute(scope: FastifyInstance, verbs: Verbs): void {
  ignoreOtherBodies(scope)
  scope.post<{ Body: LogOutRequest['body'] }>('/logout', { schema: logOutSchema }, async (request) => {
    await verbs.tokenAuth.revoke(await loginShownBy(request, verbs))
    return { message: 'Logged out' }
  })
}

/**
 * The one login that a request shows, by either token; otherwise throws the answer. A refresh token that holds is proof
 * enough, whatever is in the header beside it (RFC 7009 section 2.1): who logs out often has an access token that has
 * expired, or none, or one of a login that has ended.
 */
async function loginShownBy(request: LogOutRequest, verbs: Verbs): Promise<string> {
  const bearer = await verbs.tokenAuth.authenticate(request as FastifyRequest)
  const token = request.body?.refresh_token
  if (token === undefined || (!bearer.ok && bearer.reason === 'ambiguous')) {
    if (bearer.ok) return bearer.principal.loginId
    throw refusalOf(bearer)
  }
  const loginId = await verbs.loginIdOf(token)
  if (loginId === null) throw unauthorized('refresh token forged', challenge('invalid_token'))
  if (bearer.ok && bearer.principal.loginId !== loginId)
    throw ambiguousCredential('two tokens of different logins')
  return loginId
}
