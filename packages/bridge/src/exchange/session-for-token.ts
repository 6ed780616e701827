import type { AccessTokenResponse, CarryResult, PresentedSession } from '@drawbridge/carrier'
import { describeLogin } from '@drawbridge/logins/carrier'
import type { FastifyRequest } from 'fastify'
import { identifyBearer } from '../bearer.ts'
import type { Carriers } from '../carriers.ts'
import { alreadyCarried, invalidCredential, toHttpError, twoUsers } from '../errors.ts'
import { rejectedBy, TWO_USERS } from '../outcome.ts'
import type { SessionForTokenOptions } from '../types.ts'

/**
 * See `Bridge.sessionForToken`. The session alone is exchanged, by its cookie and the store: a token or a snapshot beside it,
 * which are short-lived, get nothing that lives longer than they do.
 */
export async function sessionForToken(
  carriers: Carriers,
  request: FastifyRequest,
  { refreshToken }: SessionForTokenOptions
): Promise<AccessTokenResponse> {
  const { sessions, tokens } = carriers
  if (!sessions.isSameOrigin(request)) throw sessions.crossOriginError(request)
  const session = await sessions.present(request)
  if ('ok' in session) throw toHttpError(carriers, rejectedBy('session', session), request)
  const token = await identifyBearer(carriers, request)
  if (token.ok && token.principal.userId !== session.login.userId) throw twoUsers(TWO_USERS.cause)
  const result = refreshToken === true ? await tokens.carry(session) : issueAccessToken(carriers, session)
  if (result.ok) {
    const { login } = session
    tokens.logins.publishEvent(() => ({
      type: 'login-exchanged',
      ...describeLogin(login, 'session'),
      to: 'token',
      isRepeated: result.isRepeated
    }))
    return result.carried
  }
  if (result.reason === 'taken')
    throw alreadyCarried(
      'the login has a refresh token, which this session did not get, or not within the grace time'
    )
  throw invalidCredential(carriers, 'session', 'the session expired or was revoked meanwhile', request)
}

function issueAccessToken({ tokens }: Carriers, session: PresentedSession): CarryResult<AccessTokenResponse> {
  const response = tokens.issueAccessToken(session)
  return response === null
    ? { ok: false, reason: 'unknown' }
    : { ok: true, carried: response, isRepeated: false }
}
