import type { BridgedTokens } from '@drawbridge/carrier'
import { deriveKeys } from '@drawbridge/logins/carrier'
import type { AccessTokens } from '../access-tokens/access-tokens.ts'
import { createTokenResponse } from '../access-tokens/token-response.ts'
import type { RefreshTokenContent, RefreshTokenFormat } from './refresh-token.ts'
import { deriveContents, FIRST_TOKEN, isCurrent, toStoredToken } from './carry.ts'

export interface DeriveTokensDependencies {
  readonly tokens: AccessTokens
  readonly format: RefreshTokenFormat
  readonly refreshSecrets: readonly string[]
  readonly instance: string
}

/**
 * First refresh tokens for the credentials of another system. By the root secret alone, or by the old credential alone, nobody
 * has one.
 */
export function createDeriveAdopted({
  tokens,
  format,
  refreshSecrets,
  instance
}: DeriveTokensDependencies): BridgedTokens['deriveTokens'] {
  const keys = deriveKeys(refreshSecrets, `adopted refresh token of ${instance}`)
  return (oldSecret, loginId) => {
    const candidates = deriveContents(keys, oldSecret, loginId, FIRST_TOKEN)
    const [newest] = candidates as readonly [RefreshTokenContent]
    return {
      stored: toStoredToken(newest),
      createResponse: (login, asOf) => {
        const keyIndex = candidates.findIndex((token) => isCurrent(login, token))
        const token = candidates[keyIndex]
        const issued = token === undefined ? null : tokens.issue(login, asOf)
        return token === undefined || issued === null
          ? null
          : createTokenResponse(issued, format.write(token, keyIndex))
      }
    }
  }
}
