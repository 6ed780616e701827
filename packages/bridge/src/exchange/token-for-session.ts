import { ambiguousCredential, type CarriedSession, type CarryResult, warnOfReuse } from '@drawbridge/carrier'
import type { Login, Principal } from '@drawbridge/logins'
import { describeLogin, type LoginWithClaims } from '@drawbridge/logins/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { identifyBearer } from '../bearer.ts'
import type { Carriers } from '../carriers.ts'
import { alreadyCarried, invalidCredential, twoUsers } from '../errors.ts'
import { TWO_USERS } from '../outcome.ts'

/**
 * See `Bridge.tokenForSession`. Sessions of the same user that the request presents are revoked, as at a sign-in: their
 * cookie is replaced, and nobody would have it any more.
 */
export async function tokenForSession(
  carriers: Carriers,
  request: FastifyRequest,
  reply: FastifyReply,
  refreshToken: string
): Promise<Principal> {
  const { sessions, tokens } = carriers
  const { logins } = tokens
  if (!sessions.isSameOrigin(request)) throw sessions.crossOriginError(request)
  const token = tokens.readRefreshToken(refreshToken)
  if (token === null) throw invalidToken(carriers, request, 'refresh token forged')
  const login = await logins.resolve(token.loginId)
  if (login === null) throw invalidToken(carriers, request, 'refresh token unknown')
  const presented = await findSessions(carriers, request, login)
  const claimed = await logins.withClaims(login)
  const result = await sessions.carry(token, claimed)
  if (!result.ok && result.reason === 'reused') warnOfReuse(request.log, login)
  const hasOwn = presented.some(({ id }) => id === login.id)
  if (!result.ok && result.reason === 'taken' && hasOwn) return keepSession(carriers, request, claimed)
  const { carried: session, isRepeated } = carriedOrThrow(carriers, request, result)
  for (const { id } of presented)
    if (id !== login.id) await logins.revoke(id, { by: 'user', reason: 'exchange' })
  const principal = sessions.send(request, reply, session)
  logins.publishEvent(() => ({
    type: 'login-exchanged',
    ...describeLogin(session.login, 'token'),
    to: 'session',
    isRepeated
  }))
  return principal
}

/** The sessions that the request presents. @throws HttpError where a credential beside the refresh token is of another user. */
async function findSessions(
  carriers: Carriers,
  request: FastifyRequest,
  { userId }: Login
): Promise<readonly Login[]> {
  const presented = await carriers.sessions.listPresented(request)
  if (presented === null) throw ambiguousCredential('too many session cookies are presented')
  const bearer = await identifyBearer(carriers, request)
  const userIds = [...presented.map((login) => login.userId), ...(bearer.ok ? [bearer.principal.userId] : [])]
  if (userIds.some((id) => id !== userId)) throw twoUsers(TWO_USERS.cause)
  return presented
}

/** The request has the session that was asked for: nothing is to be sent. */
function keepSession({ tokens }: Carriers, request: FastifyRequest, login: LoginWithClaims): Principal {
  const principal = tokens.logins.toPrincipal(login, 'session')
  request.principal = principal
  return principal
}

function carriedOrThrow(
  carriers: Carriers,
  request: FastifyRequest,
  result: CarryResult<CarriedSession>
): Extract<CarryResult<CarriedSession>, { ok: true }> {
  if (result.ok) return result
  if (result.reason === 'taken')
    throw alreadyCarried('the login has a session, which the request does not present')
  throw invalidToken(carriers, request, `refresh token ${result.reason}`)
}

function invalidToken(carriers: Carriers, request: FastifyRequest, cause: string) {
  return invalidCredential(carriers, 'token', cause, request)
}
