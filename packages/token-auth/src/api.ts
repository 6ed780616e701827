import {
  announceEffect,
  authenticate,
  type BridgedTokens,
  createGuard,
  createSecondFactorFlow,
  createVerifyPassword,
  type FollowerSlot,
  offerBridged,
  parseRoutePolicy,
  publishFailure,
  UnsentLogins
} from '@drawbridge/carrier'
import type { FastifyBaseLogger, FastifyReply } from 'fastify'
import { AccessTokens } from './access-tokens/access-tokens.ts'
import { Authenticator } from './authenticate.ts'
import { createBridged } from './bridged.ts'
import { issueTokens } from './access-tokens/issue.ts'
import { createSignIn, type SignIn } from './access-tokens/sign-in.ts'
import { ClientAuthenticator } from './clients/authenticate-client.ts'
import { introspect, type IntrospectionResponse } from './introspect.ts'
import { createPublicJwks } from './keys/jwks.ts'
import type { JwtCodecs } from './keys/jwt-codecs.ts'
import { createSigningPurpose, type ParsedOptions } from './options.ts'
import { RefreshTokenFormat } from './refresh/refresh-token.ts'
import { refreshTokens } from './refresh/refresh.ts'
import { createSelectReplacement } from './refresh/successors.ts'
import { SuccessorSeal } from './refresh/successor-seal.ts'
import { reauthenticate } from './reauthenticate.ts'
import { revokeOthers } from './revoke-others.ts'
import { revokeToken } from './revoke-token.ts'
import type { TokenAuth } from './types.ts'

export interface TokenAuthApi {
  /** What the plugin adds to the application. */
  readonly tokenAuth: TokenAuth
  /** For the routes. */
  readonly signIn: SignIn
  /** For the routes: the id of the login of a refresh token, active or not; null where the token is not ours. */
  readonly findLoginId: (refreshToken: string) => Promise<string | null>
  /** For the routes. See {@link BridgedTokens}. */
  readonly endOld: BridgedTokens['endOld']
  /** For the routes. */
  readonly clients: ClientAuthenticator
  /** For the routes. See `introspect.ts`. */
  readonly introspect: (token: string) => Promise<IntrospectionResponse>
  /** For the routes. See `revoke-token.ts`. */
  readonly revokeToken: (token: string) => Promise<void>
  /** For the routes. See `announceEffect` of @drawbridge/carrier. */
  readonly announceEffect: (reply: FastifyReply) => void
  /** What the plugin notices failed responses by. */
  readonly unsent: UnsentLogins
}

/** Creates what the plugin adds to the application, and what only its routes use. */
export function createApi(options: ParsedOptions, codecs: JwtCodecs, log: FastifyBaseLogger): TokenAuthApi {
  const { logins, instance, refreshSecrets, clockSkewSeconds } = options
  const tokens = createAccessTokens(options, codecs)
  const format = new RefreshTokenFormat(refreshSecrets, instance)
  const seal = new SuccessorSeal(refreshSecrets, instance)
  const following: FollowerSlot = { follower: undefined }
  const unsent = new UnsentLogins(logins)
  const dependencies = { ...options, tokens, format, seal, log, following, unsent }
  const authenticator = new Authenticator({ logins, tokens, clockSkewSeconds })
  const selectReplacement = createSelectReplacement(refreshSecrets, instance, format)
  const stepUp = { ...dependencies, authenticator, selectReplacement }
  const bridged = createBridged(stepUp)
  const tokenAuth: TokenAuth = {
    guard: createGuard('tokenAuth', bridged.guarded, logins),
    authenticate: (request, policy) =>
      authenticate(bridged.guarded, request, parseRoutePolicy('tokenAuth.authenticate', policy, logins)),
    verify: (token, policy) =>
      publishFailure(
        logins,
        'token',
        authenticator.verify(token, parseRoutePolicy('tokenAuth.verify', policy, logins))
      ),
    issueTokens: (request, input) => issueTokens(dependencies, request, input),
    reauthenticate: (request, verified) => reauthenticate(stepUp, request, verified),
    verifyPassword: createVerifyPassword('tokenAuth.verifyPassword', options),
    pendingLogins: createSecondFactorFlow({
      ...options,
      unsent,
      secrets: refreshSecrets,
      identity: createSigningPurpose(options)
    }),
    refresh: (presented) => refreshTokens(dependencies, presented),
    revoke: (loginId, { by = 'service', ...reason } = {}) => logins.revoke(loginId, { by, ...reason }),
    revokeOthers: (request, cause) => revokeOthers({ authenticator, logins }, request, cause),
    jwks: createPublicJwks(options.ring)
  }
  const findLoginId = (refreshToken: string) => bridged.findLoginId(refreshToken)
  return {
    tokenAuth: offerBridged(tokenAuth, bridged),
    signIn: createSignIn(dependencies, options),
    findLoginId,
    clients: new ClientAuthenticator(options),
    introspect: (token) => introspect({ logins, tokens }, token),
    revokeToken: (token) => revokeToken({ logins, tokens, findLoginId }, token),
    announceEffect: (reply) => announceEffect(reply, logins),
    endOld: (request, reply) => bridged.endOld(request, reply),
    unsent
  }
}

function createAccessTokens(options: ParsedOptions, codecs: JwtCodecs): AccessTokens {
  const { logins, issuer, audience, accessTokenTtlSeconds, clockSkewSeconds, now } = options
  return new AccessTokens({
    codecs,
    now,
    rules: {
      issuer,
      audience,
      ttlSeconds: accessTokenTtlSeconds,
      maxLifetimeSeconds: logins.retentionSeconds - clockSkewSeconds,
      clockSkewSeconds
    }
  })
}
