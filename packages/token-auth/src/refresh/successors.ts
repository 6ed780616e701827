import type { Login, LoginChange } from '@drawbridge/logins'
import { deriveKeys } from '@drawbridge/logins/carrier'
import { deriveContents, isCurrent, toStoredToken } from './carry.ts'
import { hashFamily, NEWEST_ROOT, type RefreshTokenFormat } from './refresh-token.ts'

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
    const candidates = deriveContents(keys, accessToken, login.id, 'drawbridge next refresh token of')
    const stored = candidates.findIndex((token) => isCurrent(login, token))
    const isUsed = stored === -1 && candidates.some(({ family }) => hashFamily(family) === replaces)
    const keyIndex = stored === -1 ? NEWEST_ROOT : stored
    const token = candidates[keyIndex]
    if (token === undefined || isUsed) return null
    return { refreshToken: format.write(token, keyIndex), change: { ...toStoredToken(token), replaces } }
  }
}
