import type { Login } from '../login/login.ts'
import type { OpenConnection } from './open-connection.ts'

/** A login with open connections on this node. */
export interface WatchedLogin {
  readonly id: string
  readonly connections: Set<OpenConnection>
  /** As the store has it; undefined before its first reply. */
  login: Login | undefined
  /** Of the feed, when the store was asked for `login`; -1 before that. */
  trustEpoch: number
  /** Monotonic ms: a moment at which the login was known to be active. */
  confirmedAt: number
  /** Monotonic ms: when the store was asked last. */
  askedAt: number
  /** ms since the epoch: the last use of the login that this node knows. */
  usedAt: number
}

/** @param confirmedAt monotonic ms. */
export function watchLogin(id: string, confirmedAt: number): WatchedLogin {
  return {
    id,
    connections: new Set(),
    login: undefined,
    trustEpoch: -1,
    confirmedAt,
    askedAt: -Infinity,
    usedAt: -Infinity
  }
}

/** When a connection expires, whatever its login is used for, ms since the epoch. */
export function connectionEndsAt({ principal, options }: OpenConnection, login: Login | undefined): number {
  const session = principal.carrier === 'session' ? login?.session?.expiresAt : null
  return Math.min(
    principal.expiresAt,
    options.expiresAt ?? Infinity,
    session ?? Infinity,
    login?.expiresAt ?? Infinity
  )
}

/** When the idle timeout is over, as far as this node knows, ms since the epoch: another node may have seen the login in use. */
export function idleEndsAt({ login, usedAt }: WatchedLogin): number {
  return login === undefined || login.idleTimeoutSeconds === 0
    ? Infinity
    : usedAt + login.idleTimeoutSeconds * 1000
}

/**
 * When the use by an open connection is to be noted next, ms since the epoch: at the touch interval, or before half of the idle
 * timeout is over.
 */
export function nextUseAt({ login, usedAt }: WatchedLogin, touchIntervalMs: number): number {
  if (login === undefined) return Infinity
  const { idleTimeoutSeconds } = login
  return usedAt + Math.min(touchIntervalMs, idleTimeoutSeconds === 0 ? Infinity : idleTimeoutSeconds * 500)
}

/** Whether one of its connections counts as use. */
export function isInUse({ connections }: WatchedLogin): boolean {
  for (const { options } of connections) if (options.countsAsUse) return true
  return false
}

/** Whether a login that the store no longer has was bound to expire. @param now ms since the epoch. */
export function isPastEnd(watched: WatchedLogin, now: number): boolean {
  return now >= Math.min(idleEndsAt(watched), watched.login?.expiresAt ?? Infinity)
}
