import { hkdfSync } from 'node:crypto'
import type { Login, LoginChange } from '@drawbridge/logins'
import { deriveKeys } from '@drawbridge/logins/carrier'
import { isCurrent } from './carry.ts'
import {
  hashFamily,
  hashSecret,
  NEWEST_ROOT,
  type RefreshTokenContent,
  type RefreshTokenFormat
} from './refresh-token.ts'

/** The refresh token that replaces that of a login, and what the store needs to make it so. */
export interface Replacement {
  readonly refreshToken: string
  readonly change: Required<LoginChange>['refresh']
}

/**
 * Selects the refresh token with which a login goes on when its user has authenticated again; null where it went on with that
 * already, and has used it. It begins a family of its own, since no token of the old one is presented; so no earlier token gets
 * what the user has authenticated for.
 */
export type SelectReplacement = (login: Login, accessToken: string) => Replacement | null

/**
 * Derived from the access token that is presented, not drawn: simultaneous requests on any nodes, and one that is repeated after a
 * lost response, get the same. By the root secret alone, or by the access token alone, nobody has it.
 *
 * @param instance as for {@link RefreshTokenFormat}.
 */
export function createSelectReplacement(
  secrets: readonly string[],
  instance: string,
  format: RefreshTokenFormat
): SelectReplacement {
  const keys = deriveKeys(secrets, `refresh token after authentication of ${instance}`)
  return (login, accessToken) => {
    const replaces = login.refresh?.familyHash
    if (replaces === undefined) return null
    const candidates = keys.map((key) => derive(key, login.id, accessToken))
    const stored = candidates.findIndex((token) => isCurrent(login, token))
    const isUsed = stored === -1 && candidates.some(({ family }) => hashFamily(family) === replaces)
    const keyIndex = stored === -1 ? NEWEST_ROOT : stored
    const token = candidates[keyIndex]
    if (token === undefined || isUsed) return null
    const change = { familyHash: hashFamily(token.family), hash: hashSecret(token.secret), replaces }
    return { refreshToken: format.write(token, keyIndex), change }
  }
}

function derive(key: Buffer, loginId: string, accessToken: string): RefreshTokenContent {
  const purpose = `drawbridge next refresh token of ${loginId}`
  const bytes = Buffer.from(hkdfSync('sha256', accessToken, key, purpose, 32))
  return { loginId, generation: 0, family: bytes.subarray(0, 16), secret: bytes.subarray(16) }
}
