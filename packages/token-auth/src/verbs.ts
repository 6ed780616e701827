import { createGuards, createPendingLogins, guardOf, orUnavailable } from '@drawbridge/logins/fastify'
import type { FastifyBaseLogger } from 'fastify'
import { AccessTokens } from './access-token.ts'
import { Authenticator } from './authenticate.ts'
import { createGuard, type Guard } from './guard.ts'
import { issueTokens } from './issue-tokens.ts'
import { publicJwks } from './keys/jwks.ts'
import type { JwtCodecs } from './keys/jwt-codecs.ts'
import type { Settings } from './options.ts'
import { loginIdOf } from './refresh/login-id-of.ts'
import { RefreshTokenFormat } from './refresh/refresh-token.ts'
import { refreshTokens } from './refresh/refresh-tokens.ts'
import { SuccessorSeal } from './refresh/successor-seal.ts'
import type { TokenAuth } from './types.ts'

export interface Verbs {
  /** What the application sees. */
  readonly tokenAuth: TokenAuth
  /** For the routes: the id of the login that a refresh token is of, alive or ended; null where it is of none. */
  readonly loginIdOf: (refreshToken: string) => Promise<string | null>
}

/** Puts the parts together. */
export function createVerbs(settings: Settings, codecs: JwtCodecs, log: FastifyBaseLogger): Verbs {
  const { logins, instance, refreshSecrets, clockSkewSeconds } = settings
  const tokens = accessTokensOf(settings, codecs)
  const format = new RefreshTokenFormat(refreshSecrets, instance)
  const seal = new SuccessorSeal(refreshSecrets, instance)
  const parts = { ...settings, tokens, format, seal, log }
  const authenticator = new Authenticator({ logins, tokens, clockSkewSeconds })
  const tokenAuth = Object.freeze<TokenAuth>({
    ...createGuards('tokenAuth', logins, (options) => described(createGuard(authenticator, options))),
    authenticate: (request, policy = {}) => authenticator.authenticate(request, policy),
    issueTokens: (request, user, options) => orUnavailable(issueTokens(parts, request, user, options)),
    pendingLogins: createPendingLogins({
      ...settings,
      secrets: refreshSecrets,
      identity: `a token ${instance}`
    }),
    rotate: (presented) => orUnavailable(refreshTokens(parts, presented)),
    revoke: (loginId) => orUnavailable(logins.revoke(loginId)),
    jwks: publicJwks(settings.ring)
  })
  return { tokenAuth, loginIdOf: (refreshToken) => orUnavailable(loginIdOf(parts, refreshToken)) }
}

const described = (guard: Guard): Guard => guardOf('token', guard)

function accessTokensOf(settings: Settings, codecs: JwtCodecs): AccessTokens {
  const { logins, issuer, audience, accessTokenTtlSeconds, clockSkewSeconds, now } = settings
  return new AccessTokens({
    codecs,
    logins,
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
