import {
  type AccessTokenResponse,
  type CredentialsVerifier,
  failedAuthentication,
  readBearer,
  reauthenticateLogin,
  refuseKey,
  type Reauthentication,
  reauthenticationEntries
} from '@drawbridge/carrier'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { parseOptions } from '@drawbridge/options'
import type { FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { AccessTokens, IssuedAccessToken } from './access-tokens/access-tokens.ts'
import { createAccessTokenResponse, createTokenResponse } from './access-tokens/token-response.ts'
import type { Authenticator } from './authenticate.ts'
import { toHttpError } from './errors.ts'
import type { Replacement, SelectReplacement } from './refresh/successors.ts'

export interface ReauthenticateDependencies {
  readonly authenticator: Pick<Authenticator, 'authenticate'>
  readonly credentials: Pick<CredentialsVerifier, 'isStampCurrent'>
  readonly logins: Pick<CarrierLogins, 'resolve' | 'reauthenticate' | 'revoke' | 'withClaims'>
  readonly tokens: AccessTokens
  readonly selectReplacement: SelectReplacement
  readonly now: () => number
}

const schema = v.strictObject(reauthenticationEntries)

/** See `TokenAuth.reauthenticate`. */
export async function reauthenticate(
  dependencies: ReauthenticateDependencies,
  request: FastifyRequest,
  input: Reauthentication
): Promise<AccessTokenResponse> {
  const { logins, tokens, now } = dependencies
  refuseKey(request.principal)
  const { dropOther, ...signIn } = parseOptions('tokenAuth.reauthenticate', schema, input)
  const { loginId, userId, token } = await present(dependencies, request)
  const asOf = now()
  let response: AccessTokenResponse | null = null
  const login = await reauthenticateLogin(dependencies, loginId, signIn, async (found) => {
    if (found.userId !== userId) return null
    const replacement = found.refresh === null ? undefined : dependencies.selectReplacement(found, token)
    const claimed = await logins.withClaims(found)
    const authenticatedAt = Math.max(asOf, found.authenticatedAt)
    const issued = tokens.issue({ ...claimed, authenticatedAt, lastSeenAt: asOf }, asOf)
    if (issued === null || replacement === null) return null
    response = toResponse(issued, replacement)
    return {
      login: claimed,
      change: replacement === undefined ? {} : { refresh: replacement.change, dropOther }
    }
  })
  if (login !== null && response !== null) return response
  const cause = 'the login is not active, or has gone on with the tokens of this call'
  throw toHttpError(failedAuthentication('invalid', cause, loginId))
}

/** A login of sessions alone gets no refresh token by this. */
function toResponse(issued: IssuedAccessToken, replacement: Replacement | undefined): AccessTokenResponse {
  return replacement === undefined
    ? createAccessTokenResponse(issued)
    : createTokenResponse(issued, replacement.refreshToken)
}

async function present({ authenticator }: ReauthenticateDependencies, request: FastifyRequest) {
  const outcome = await authenticator.authenticate(request, {})
  if (!outcome.ok) throw toHttpError(outcome)
  const bearer = readBearer(request.headers.authorization)
  if (bearer.kind !== 'token') throw toHttpError(failedAuthentication('invalid', 'not a bearer token'))
  return { ...outcome.principal, token: bearer.token }
}
