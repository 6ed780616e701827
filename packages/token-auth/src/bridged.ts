import {
  type BridgedTokens,
  type FollowerSlot,
  installFollower,
  type PresentedToken
} from '@drawbridge/carrier'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { AccessTokens } from './access-tokens/access-tokens.ts'
import { isSigningSecret } from './keys/key-ring.ts'
import { createAccessTokenResponse } from './access-tokens/token-response.ts'
import type { Authenticator } from './authenticate.ts'
import { createGuardedCarrier } from './guard.ts'
import type { ParsedOptions } from './options.ts'
import { carryTokens, createDeriveTokens } from './refresh/carry.ts'
import { createDeriveAdopted } from './refresh/derive.ts'
import { findLoginId } from './refresh/find-login-id.ts'
import { hashFamily, hashSecret, LAST_GENERATION, type RefreshTokenFormat } from './refresh/refresh-token.ts'
import { reauthenticate } from './reauthenticate.ts'
import type { SelectReplacement } from './refresh/successors.ts'
import { revokeOthers } from './revoke-others.ts'
import { securitySchemes } from './security-schemes.ts'

interface Dependencies extends ParsedOptions {
  readonly logins: CarrierLogins
  readonly tokens: AccessTokens
  readonly format: RefreshTokenFormat
  readonly authenticator: Authenticator
  readonly selectReplacement: SelectReplacement
  readonly following: FollowerSlot
}

/** What a bridge calls. */
export function createBridged(dependencies: Dependencies): BridgedTokens {
  const { logins, tokens, accessTokenTtlSeconds, refreshSecrets, instance, following } = dependencies
  const carrying = { ...dependencies, derive: createDeriveTokens(refreshSecrets, instance) }
  return {
    credentials: dependencies.credentials,
    carrier: 'token',
    logins,
    accessTokenTtlSeconds,
    idleTimeoutSeconds: dependencies.refreshIdleTimeoutSeconds,
    absoluteTimeoutSeconds: dependencies.refreshAbsoluteTimeoutSeconds,
    guarded: createGuardedCarrier(dependencies.authenticator, following),
    securitySchemes,
    deriveTokens: createDeriveAdopted(dependencies),
    endOld: async (request, reply) => (await following.follower?.logOut(request, reply)) === true,
    follow: (follower) => installFollower('tokenAuth', following, follower),
    hasSecret: (secret) => refreshSecrets.includes(secret) || isSigningSecret(dependencies.ring, secret),
    readRefreshToken: (text) => readRefreshToken(dependencies, text),
    revokeOthers: (request, cause) => revokeOthers(dependencies, request, cause),
    reauthenticate: (request, verified) => reauthenticate(dependencies, request, verified),
    findLoginId: (text) => findLoginId(dependencies, text),
    issueAccessToken: ({ login, asOf, expiresAt }) => {
      const issued = tokens.issue(login, asOf, expiresAt ?? undefined)
      return issued && createAccessTokenResponse(issued)
    },
    carry: (session) => carryTokens(carrying, session)
  }
}

function readRefreshToken(
  { format, refreshGraceSeconds }: Pick<Dependencies, 'format' | 'refreshGraceSeconds'>,
  text: string
): PresentedToken | null {
  const token = format.read(text)
  if (token === null || token.generation === LAST_GENERATION) return null
  const { loginId, generation, family, secret } = token
  return {
    loginId,
    generation,
    family,
    familyHash: hashFamily(family),
    hash: hashSecret(secret),
    graceSeconds: refreshGraceSeconds
  }
}
