import { hkdfSync } from 'node:crypto'
import type { BridgedTokens } from '@drawbridge/carrier'
import { deriveKeys } from '@drawbridge/logins/carrier'
import type { AccessTokens } from '../access-tokens/access-tokens.ts'
import { createTokenResponse } from '../access-tokens/token-response.ts'
import { hashFamily, hashSecret, type RefreshTokenContent, type RefreshTokenFormat } from './refresh-token.ts'
import { isCurrent } from './carry.ts'

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
    const candidates = keys.map((key): RefreshTokenContent => {
      const purpose = `drawbridge refresh token of ${loginId}`
      const bytes = Buffer.from(hkdfSync('sha256', oldSecret, key, purpose, 32))
      return { loginId, generation: 0, family: bytes.subarray(0, 16), secret: bytes.subarray(16) }
    })
    const [newest] = candidates as [RefreshTokenContent]
    return {
      stored: { familyHash: hashFamily(newest.family), hash: hashSecret(newest.secret) },
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
