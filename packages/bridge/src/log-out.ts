import type { FastifyReply, FastifyRequest } from 'fastify'
import { announceEffect } from '@drawbridge/carrier'
import { identifyBearer } from './bearer.ts'
import type { Carriers } from './carriers.ts'
import { invalidCredential } from './errors.ts'
import type { LogOutOptions } from './types.ts'

/**
 * See `Bridge.logOut`. A page of another origin can send the cookie, and have ours removed by the response, but no token:
 * a request whose token is valid, and which has no cookie, needs no proof of origin, and removes no cookie without it.
 */
export async function logOut(
  carriers: Carriers,
  request: FastifyRequest,
  reply: FastifyReply,
  { refreshToken }: LogOutOptions
): Promise<void> {
  const { sessions, tokens } = carriers
  const bearer = await identifyBearer(carriers, request)
  const ofRefreshToken = refreshToken === undefined ? null : await tokens.findLoginId(refreshToken)
  const loginIds = new Set(
    [bearer.ok ? bearer.principal.loginId : null, ofRefreshToken].filter((id) => id !== null)
  )
  const [hasCookie, isOwnPage] = [sessions.isPresented(request), sessions.isSameOrigin(request)]
  if (!isOwnPage && (hasCookie || loginIds.size === 0)) throw sessions.crossOriginError(request)
  const isInvalid = refreshToken !== undefined || (!bearer.ok && bearer.reason === 'invalid')
  const isEveryTokenInvalid = isInvalid && loginIds.size === 0
  if (isEveryTokenInvalid && !hasCookie) throw invalidToken(carriers, request)
  for (const loginId of loginIds) await tokens.logins.revoke(loginId, { by: 'user', reason: 'log-out' })
  await tokens.endOld(request, reply)
  const hadSession = isOwnPage && (await sessions.end(request, reply))
  request.principal = null
  if (isEveryTokenInvalid && !hadSession) throw invalidToken(carriers, request)
  announceEffect(reply, tokens.logins)
}

/** Not a 200: the login of an expired token may be active, and its client would take it for logged out. */
function invalidToken(carriers: Carriers, request: FastifyRequest) {
  return invalidCredential(carriers, 'token', 'no login can be found by what is presented', request)
}
