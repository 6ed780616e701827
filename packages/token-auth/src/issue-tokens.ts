import type { Logins } from '@drawbridge/logins'
import {
  createProvenLogin,
  type CredentialsVerifier,
  deviceOf,
  type ProvenUser,
  readScopes,
  type ScopesOf,
  unauthorized
} from '@drawbridge/logins/fastify'
import { parseOptions } from '@drawbridge/options'
import type { FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { AccessTokens, IssuedAccessToken } from './access-token.ts'
import { familyHashOf, hashOf, newRandom, type RefreshTokenFormat } from './refresh/refresh-token.ts'
import type { TokenAnswer } from './types.ts'

export interface IssueOptions {
  readonly credentials: Pick<CredentialsVerifier, 'stillHolds'>
  readonly logins: Pick<Logins, 'create' | 'revoke'>
  readonly tokens: AccessTokens
  readonly format: RefreshTokenFormat
  readonly refreshIdleSeconds: number
  readonly refreshAbsoluteSeconds: number
  readonly scopesOf: ScopesOf
  readonly now: () => number
}

const schema = v.strictObject({ scopes: v.optional(v.unknown()) })

/** A new login, never one that the request shows, and its first pair of tokens. */
export async function issueTokens(
  options: IssueOptions,
  request: FastifyRequest,
  user: ProvenUser,
  input: { readonly scopes?: readonly string[] } | undefined
): Promise<TokenAnswer> {
  const { scopes: given = options.scopesOf(user) } = parseOptions(
    'tokenAuth.issueTokens',
    schema,
    input ?? {}
  )
  const scopes = readScopes(given, 'issueTokens: scopes')
  const asOf = options.now()
  const [family, secret] = [newRandom(), newRandom()]
  const login = await createProvenLogin(options, {
    user,
    device: deviceOf(request),
    idleSeconds: options.refreshIdleSeconds,
    absoluteSeconds: options.refreshAbsoluteSeconds,
    refresh: { familyHash: familyHashOf(family), hash: hashOf(secret) },
    scopes
  })
  try {
    const issued = options.tokens.issue(login, asOf)
    if (issued === null) throw unauthorized('the login has ended before its first token')
    return answerFor(issued, options.format.write({ loginId: login.id, generation: 0, family, secret }))
  } catch (error) {
    // Its refresh token is given to nobody: one that cannot be taken back either is of no use until it expires.
    await options.logins.revoke(login.id).catch(() => {})
    throw error
  }
}

export function answerFor({ token, expiresInSeconds }: IssuedAccessToken, refreshToken: string): TokenAnswer {
  return { token, token_type: 'Bearer', expires_in: expiresInSeconds, refresh_token: refreshToken }
}
