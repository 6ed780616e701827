import { isValidSecret, type Login, type RefreshTokenState } from '../login/login.ts'
import { toJsonObject } from './login-codec.ts'
import { firstState } from './rotation.ts'

/** What a request may change of an active login, in one atomic step: all members that are given, or none. */
export interface LoginChange {
  /** Replaces the application's data. */
  readonly data?: Login['data']
  /** ms since the epoch at which credentials were verified again. Never moves back. To authenticate is use. */
  readonly authenticatedAt?: number
  /** Replaces the session secret, which ends when the one before would have. */
  readonly session?: {
    /** SHA-256 of the secret, base64url. */
    readonly secretHash: string
    /** Of the secret that it replaces. */
    readonly replaces: string
  }
  /** Replaces the refresh token by the first of another family: no earlier token can be rotated, nor is it a reuse. */
  readonly refresh?: Pick<RefreshTokenState, 'familyHash' | 'hash'> & {
    /** The `familyHash` of the token that it replaces. */
    readonly replaces: string
  }
  /** Removes the credential that is not replaced: with `session` the refresh token, with `refresh` the session. */
  readonly dropOther?: boolean
}

/**
 * The login after a change; null where it has neither the credential that is replaced nor, unused, the one that replaces it: of
 * any number of calls with the same input one changes the login, and the others find what it has stored.
 *
 * @param now ms since the epoch by the store's clock.
 */
export function changedLogin(login: Login, change: LoginChange, now: number): Login | null {
  const session = replaceSession(login, change, now)
  const refresh = replaceRefresh(login, change, now)
  if (session === undefined || refresh === undefined) return null
  const { data, authenticatedAt, dropOther = false } = change
  return {
    ...login,
    session: dropOther && change.refresh !== undefined && change.session === undefined ? null : session,
    refresh: dropOther && change.session !== undefined && change.refresh === undefined ? null : refresh,
    ...(data !== undefined && { data: toJsonObject(data) }),
    ...(authenticatedAt !== undefined && {
      authenticatedAt: Math.max(authenticatedAt, login.authenticatedAt),
      lastSeenAt: Math.max(now, login.lastSeenAt)
    })
  }
}

function replaceSession(
  { session }: Login,
  { session: next }: LoginChange,
  now: number
): Login['session'] | undefined {
  if (next === undefined) return session
  if (!isValidSecret(session, now)) return undefined
  if (session.secretHash === next.secretHash) return session
  return session.secretHash === next.replaces ? { ...session, secretHash: next.secretHash } : undefined
}

function replaceRefresh(
  { refresh }: Login,
  { refresh: next }: LoginChange,
  now: number
): Login['refresh'] | undefined {
  if (next === undefined) return refresh
  if (refresh?.familyHash === next.familyHash)
    return refresh.generation === 0 && refresh.hash === next.hash ? refresh : undefined
  return refresh?.familyHash === next.replaces ? firstState(next, now) : undefined
}
