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
 * The one login that a request shows, by either token; otherwise throws the answer. A token that does not hold proves
 * nothing and speaks against nothing (RFC 7009 section 2.2): a client that logs out often has an access token that has
 * expired, or none, and the other token alone proves which login is to end.
 */
async function loginShownBy(request: LogOutRequest, { tokenAuth, loginIdOf }: Verbs): Promise<string> {
  const answer = await tokenAuth.authenticate(request as FastifyRequest)
  if (!answer.ok && answer.reason === 'ambiguous') throw refusalOf(answer)
  const token = request.body?.refresh_token
  const byBearer = answer.ok ? answer.principal.loginId : null
  const byBody = token === undefined ? null : await loginIdOf(token)
  if (byBearer !== null && byBody !== null && byBearer !== byBody) {
    throw ambiguousCredential('two tokens of different logins')
  }
  const loginId = byBody ?? byBearer
  if (loginId !== null) return loginId
  if (token !== undefined) throw unauthorized('refresh token forged', challenge('invalid_token'))
  if (!answer.ok && answer.reason === 'invalid') throw refusalOf(answer)
  throw unauthorized('neither an access token nor a refresh token', challenge())
}
