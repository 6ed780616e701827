import { createHash, randomBytes } from 'node:crypto'

/** Where and with what a login was made, as the request showed it. Shown to the user in a list of devices. */
export interface DeviceInfo {
  readonly userAgent: string
  readonly address: string
}

/** The cookie handle of a login. Only the hash is kept: a stolen store holds no usable cookie. */
export interface StoredSessionSecret {
  /** SHA-256 of the handle's secret, base64url. */
  readonly secretHash: string
}

/**
 * The refresh-token handle of a login: whose tokens are its, the newest one, the one before it, and how the two are
 * tied.
 */
export interface RefreshTokenState {
  /**
   * SHA-256 of the random bytes that all tokens of this login have in common, the first 16 bytes of it, base64url. Who
   * never had a token of the login cannot make one, even with the root secret.
   */
  readonly familyHash: string
  /** How often the token has been rotated; 0 for the token that the log-in gave. */
  readonly generation: number
  /** SHA-256 of the newest token's secret, base64url. */
  readonly hash: string
  /** SHA-256 of the secret it replaced, or null before the first rotation. */
  readonly previousHash: string | null
  /** The newest secret, sealed so that only the bearer of its predecessor can open it. */
  readonly sealed: string | null
  /** When the newest token was made, ms since the epoch. The grace window counts from here. */
  readonly rotatedAt: number
}

/**
 * One authenticated presence of a user on one device, from log-in to log-out or expiry. The record is the
 * truth; whatever a node holds beside it is a cache.
 */
export interface Login {
  /** Public and no secret: 4 bytes of {@link userTag} and 136 random bits, base64url. */
  readonly id: string
  readonly userId: string
  readonly username: string
  /** ms since the epoch. */
  readonly createdAt: number
  /** ms since the epoch; moves only when credentials are shown again (OpenID Connect Core, `auth_time`). */
  readonly authenticatedAt: number
  /** ms since the epoch; absolute, nothing extends it (ASVS 5.0 7.3.2). */
  readonly expiresAt: number
  /**
   * Idle limit counted from `lastSeenAt`, 0 for none (ASVS 5.0 7.3.1). That of a session is already widened by the touch
   * interval, because `lastSeenAt` may be that much behind: it never ends early, and at most that much late.
   */
  readonly idleTimeoutSeconds: number
  /** ms since the epoch; coarse, written at most once in a touch interval. */
  readonly lastSeenAt: number
  readonly device: DeviceInfo
  readonly session: StoredSessionSecret | null
  readonly refresh: RefreshTokenState | null
  readonly scopes: readonly string[]
  /** The application's own session data; JSON values only. */
  readonly data: Readonly<Record<string, unknown>>
}

/** The moment, in ms since the epoch, from which a login counts as ended if nobody uses it again. */
export function loginEndsAt(login: Pick<Login, 'expiresAt' | 'idleTimeoutSeconds' | 'lastSeenAt'>): number {
  if (login.idleTimeoutSeconds === 0) return login.expiresAt
  return Math.min(login.expiresAt, login.lastSeenAt + login.idleTimeoutSeconds * 1000)
}

/**
 * Nothing carries this login: whoever logs in has shown a password, and a second factor is still to come. It holds a
 * place until then, and nobody can make a request by it.
 */
export function isPending(login: Pick<Login, 'session' | 'refresh'>): boolean {
  return login.session === null && login.refresh === null
}

/**
 * Four bytes that all logins of one user share, so that a store can lay them in one place (one slot of a
 * Redis Cluster) and find that place from a loginId alone. No key goes into it: a key that rotates would tear
 * the user's logins apart, and the tag tells only what the record of a login tells, whose it is.
 */
export function userTag(userId: string): Buffer {
  return createHash('sha256').update('drawbridge user tag\0').update(userId).digest().subarray(0, 4)
}

/** 21 bytes are 28 characters of base64url with no unused bits, so that an id has one spelling. */
export function newLoginId(userId: string): string {
  return Buffer.concat([userTag(userId), randomBytes(17)]).toString('base64url')
}

const LOGIN_ID = /^[A-Za-z0-9_-]{28}$/

export function isLoginId(value: string): boolean {
  return typeof value === 'string' && LOGIN_ID.test(value)
}

/** Whether the loginId may be one of this user's: of another's it is one in four thousand million. */
export function hasUserTag(loginId: string, userId: string): boolean {
  const tag = userTag(userId)
  return Buffer.from(loginId, 'base64url').subarray(0, tag.length).equals(tag)
}
