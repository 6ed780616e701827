import type { Logins } from '@drawbridge/logins'
import {
  createLoginForUser,
  type CredentialsVerifier,
  deviceFrom,
  type AuthenticatedUser,
  parseScopes,
  type GetScopes,
  unauthorized
} from '@drawbridge/carrier'
import { parseOptions } from '@drawbridge/options'
import type { FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { AccessTokens, IssuedAccessToken } from './access-tokens.ts'
import { hashFamily, hashSecret, newRandom, type RefreshTokenFormat } from '../refresh/refresh-token.ts'
import type { TokenResponse } from '../types.ts'

export interface IssueDependencies {
  readonly credentials: Pick<CredentialsVerifier, 'isStampCurrent'>
  readonly logins: Pick<Logins, 'create' | 'revoke'>
  readonly tokens: AccessTokens
  readonly format: RefreshTokenFormat
  readonly refreshIdleTimeoutSeconds: number
  readonly refreshAbsoluteTimeoutSeconds: number
  readonly getScopes: GetScopes
  readonly now: () => number
}

const schema = v.strictObject({ scopes: v.optional(v.unknown()) })

/** A new login, never one that the request shows, and its first pair of tokens. */
export async function issueTokens(
  dependencies: IssueDependencies,
  request: FastifyRequest,
  user: AuthenticatedUser,
  input: { readonly scopes?: readonly string[] } | undefined
): Promise<TokenResponse> {
  const { scopes: givenScopes = dependencies.getScopes(user) } = parseOptions(
    'tokenAuth.issueTokens',
    schema,
    input ?? {}
  )
  const scopes = parseScopes(givenScopes, 'issueTokens: scopes')
  const asOf = dependencies.now()
  const [family, secret] = [newRandom(), newRandom()]
  const login = await createLoginForUser(dependencies, {
    user,
    device: deviceFrom(request),
    idleTimeoutSeconds: dependencies.refreshIdleTimeoutSeconds,
    absoluteTimeoutSeconds: dependencies.refreshAbsoluteTimeoutSeconds,
    refresh: { familyHash: hashFamily(family), hash: hashSecret(secret) },
    scopes
  })
  try {
    const issued = dependencies.tokens.issue(login, asOf)
    if (issued === null) throw unauthorized('the login has ended before its first token')
    return createTokenResponse(
      issued,
      dependencies.format.write({ loginId: login.id, generation: 0, family, secret })
    )
  } catch (error) {
    // Its refresh token is given to nobody: one that cannot be taken back either is of no use until it expires.
    await dependencies.logins.revoke(login.id).catch(() => {})
    throw error
  }
}

export function createTokenResponse(
  { token, expiresInSeconds }: IssuedAccessToken,
  refreshToken: string
): TokenResponse {
  return { token, token_type: 'Bearer', expires_in: expiresInSeconds, refresh_token: refreshToken }
}
