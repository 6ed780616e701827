import type { Principal } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import {
  createLoginForUser,
  type CredentialsVerifier,
  deviceFrom,
  type FollowerSlot,
  parseSignInClaims,
  refuseKey,
  type SignInClaims,
  signInClaimsEntries,
  revokeOnError,
  type UnsentLogins,
  unauthorized,
  verifiedSignInEntries,
  type VerifiedSignIn
} from '@drawbridge/carrier'
import { parseOptions } from '@drawbridge/options'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { AccessTokens } from './access-tokens.ts'
import { createTokenResponse, type TokenResponse } from './token-response.ts'
import { hashFamily, hashSecret, newRandom, type RefreshTokenFormat } from '../refresh/refresh-token.ts'

/** Input of `issueTokens`. */
export interface IssueTokensInput extends VerifiedSignIn, SignInClaims {}

export interface IssueDependencies {
  readonly credentials: Pick<CredentialsVerifier, 'isStampCurrent'>
  readonly logins: Pick<CarrierLogins, 'createWithClaims' | 'revoke' | 'toPrincipal'>
  readonly tokens: AccessTokens
  readonly format: RefreshTokenFormat
  readonly refreshIdleTimeoutSeconds: number
  readonly refreshAbsoluteTimeoutSeconds: number
  readonly now: () => number
  readonly following: FollowerSlot
  readonly unsent: UnsentLogins
}

const schema = v.strictObject({ ...verifiedSignInEntries, ...signInClaimsEntries })

/**
 * See `TokenAuth.issueTokens`. A new login, never the one of the request, and its first pair of tokens.
 *
 * @param prepare what must succeed before the client gets the tokens; what it gives is in the response too.
 * @param reply of a route of ours, whose response has the tokens.
 */
export async function issueTokens(
  dependencies: IssueDependencies,
  request: FastifyRequest,
  input: IssueTokensInput,
  prepare: (principal: Principal) => object | Promise<object> = () => ({}),
  reply?: FastifyReply
): Promise<TokenResponse> {
  refuseKey(request.principal)
  const { user, passwordStamp, ...parsed } = parseOptions('tokenAuth.issueTokens', schema, input)
  const claims = parseSignInClaims(parsed, 'issueTokens')
  const asOf = dependencies.now()
  const [family, secret] = [newRandom(), newRandom()]
  const login = await createLoginForUser(
    dependencies,
    { user, passwordStamp },
    {
      device: deviceFrom(request),
      idleTimeoutSeconds: dependencies.refreshIdleTimeoutSeconds,
      absoluteTimeoutSeconds: dependencies.refreshAbsoluteTimeoutSeconds,
      refresh: { familyHash: hashFamily(family), hash: hashSecret(secret) },
      ...claims
    }
  )
  return revokeOnError(dependencies.logins, login, async () => {
    const members = await prepare(dependencies.logins.toPrincipal(login, 'token'))
    await dependencies.following.follower?.beforeSignIn(request, undefined, login)
    const issued = dependencies.tokens.issue(login, asOf)
    if (issued === null) throw unauthorized('the login expired before its first token')
    const refreshToken = dependencies.format.write({ loginId: login.id, generation: 0, family, secret })
    const unsent = { loginId: login.id, isIn: (statusCode: number) => statusCode < 400 }
    dependencies.unsent.add(request, unsent, reply)
    return { ...members, ...createTokenResponse(issued, refreshToken) }
  })
}
