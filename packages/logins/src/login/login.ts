import { createHash, randomBytes } from 'node:crypto'

/** The device from which a user signed in, as the request described it; for the user's list of devices. */
export interface DeviceInfo {
  readonly userAgent: string
  readonly address: string
}

/**
 * The session secret of a login, as stored. Only the hash is stored: a stolen store contains no usable
 * cookie.
 */
export interface StoredSessionSecret {
  /** SHA-256 of the cookie's secret, base64url. */
  readonly secretHash: string
  /**
   * ms since the epoch; null for as long as the login. A session that was added to a login of tokens may expire before
   * the login: weeks are right for the store of an app, and too long for a browser.
   */
  readonly expiresAt: number | null
}

/**
 * The refresh token of a login, as stored: the family of its tokens, the newest one, the one before it, and
 * how these are linked.
 */
export interface RefreshTokenState {
  /**
   * The first 16 bytes of the SHA-256 of the random bytes that all tokens of this login have in common,
   * base64url. Without ever having had a token of the login nobody can forge one, not even with the root
   * secret.
   */
  readonly familyHash: string
  /** How many times the token has been rotated; 0 for the token issued at sign-in. */
  readonly generation: number
  /** SHA-256 of the newest token's secret, base64url. */
  readonly hash: string
  /** SHA-256 of the secret it replaced, or null before the first rotation. */
  readonly previousHash: string | null
  /**
   * The newest secret, encrypted so that only the bearer of its predecessor can decrypt it; null before the
   * first rotation.
   */
  readonly sealed: string | null
  /** When the newest token was issued, ms since the epoch. The grace window starts then. */
  readonly rotatedAt: number
}

/**
 * A personal access token, as stored: a login that a program presents. It is made with the login, and neither is added to one nor
 * replaced.
 */
export interface StoredKey {
  /** SHA-256 of the token's secret, base64url. */
  readonly secretHash: string
  /** What the user calls it, for the list; 1 to 100 characters. */
  readonly name: string
}

/**
 * A user who is signed in on one device, from sign-in to log-out or expiry. The record in the store is the
 * source of truth; everything that a node has beside it is a cache.
 */
export interface Login {
  /** Public, not a secret: 4 bytes of {@link userTag} and 136 random bits, base64url. */
  readonly id: string
  readonly userId: string
  readonly username: string
  /** ms since the epoch. */
  readonly createdAt: number
  /**
   * ms since the epoch; changes only when credentials are presented again (OpenID Connect Core, `auth_time`).
   */
  readonly authenticatedAt: number
  /** ms since the epoch; absolute: nothing extends it (ASVS 5.0 7.3.2). */
  readonly expiresAt: number
  /**
   * The idle limit, seconds since `lastSeenAt`; 0 for none (ASVS 5.0 7.3.1). That of a session already
   * includes the touch interval, because `lastSeenAt` may be that much behind: the login never expires early,
   * and at most that much late. That of a login of tokens does not: where it is used by a session that was added
   * to it, it may expire up to that much early.
   */
  readonly idleTimeoutSeconds: number
  /** ms since the epoch; coarse: written at most once per touch interval. */
  readonly lastSeenAt: number
  readonly device: DeviceInfo
  readonly session: StoredSessionSecret | null
  readonly refresh: RefreshTokenState | null
  /** A login with a key has no other credential. */
  readonly key: StoredKey | null
  /**
   * The scopes that were asked for at the sign-in: the login never has another. Null: all that `getClaims` gives, which is
   * asked anew whenever the store is.
   */
  readonly scopes: readonly string[] | null
  /** The application's own session data; JSON values only. */
  readonly data: Readonly<Record<string, unknown>>
}

/** When the login expires if it is not used again, ms since the epoch. */
export function loginEndsAt(login: Pick<Login, 'expiresAt' | 'idleTimeoutSeconds' | 'lastSeenAt'>): number {
  if (login.idleTimeoutSeconds === 0) return login.expiresAt
  return Math.min(login.expiresAt, login.lastSeenAt + login.idleTimeoutSeconds * 1000)
}

/** The members of a login by which credentials are verified. */
export type LoginSecrets = Pick<Login, 'session' | 'refresh' | 'key'>

/**
 * Whether the login is pending: the password was correct and a second factor is still required. It has
 * no credential, so no request can be made with it.
 */
export function isPending(login: LoginSecrets): boolean {
  return login.session === null && login.refresh === null && login.key === null
}

/** Logins of one kind share a limit; none takes the place of one of another kind. */
export type LoginKind = 'sign-in' | 'pending' | 'key'

/** Of which kind a login is; a second credential does not change it. */
export function kindOf(login: LoginSecrets): LoginKind {
  if (login.key !== null) return 'key'
  return isPending(login) ? 'pending' : 'sign-in'
}

/** Whether a login has a session secret that is valid. @param now ms since the epoch. */
export function isValidSecret(
  session: StoredSessionSecret | null,
  now: number
): session is StoredSessionSecret {
  return session !== null && (session.expiresAt === null || session.expiresAt > now)
}

/**
 * Four bytes that all logins of one user have in common, so that a store can place them together (one slot of
 * a Redis Cluster) and find that place from a loginId alone. No key is involved: a key that rotates would
 * separate the user's logins, and the tag reveals only what the record does, the user.
 */
export function userTag(userId: string): Buffer {
  return createHash('sha256').update('drawbridge user tag\0').update(userId).digest().subarray(0, 4)
}

const RANDOM_BYTES = 17

/**
 * A new loginId. 21 bytes are 28 characters of base64url with no unused bits, so that an id has only one
 * spelling.
 */
export function newLoginId(userId: string): string {
  return loginIdFrom(userId, randomBytes(RANDOM_BYTES))
}

/**
 * A loginId that is always the same for the same bytes. @param bytes 17 or more that nobody can predict; the first 17 are used.
 */
export function loginIdFrom(userId: string, bytes: Uint8Array): string {
  if (bytes.length < RANDOM_BYTES)
    throw new TypeError(`a loginId takes ${RANDOM_BYTES} bytes, got ${bytes.length}`)
  return Buffer.concat([userTag(userId), bytes.subarray(0, RANDOM_BYTES)]).toString('base64url')
}

/** Characters of a {@link loginIdPrefix}: of the 32 bits of a {@link userTag}, the 30 that are whole ones of base64url. */
export const LOGIN_ID_PREFIX_LENGTH = 5

/** What the ids of all logins of a user begin with. A few other users may have the same. */
export function loginIdPrefix(userId: string): string {
  return userTag(userId).toString('base64url').slice(0, LOGIN_ID_PREFIX_LENGTH)
}

/** What the ids of all logins of the same user begin with: {@link loginIdPrefix} of its user. */
export function prefixFrom(loginId: string): string {
  return loginId.slice(0, LOGIN_ID_PREFIX_LENGTH)
}

const LOGIN_ID = /^[A-Za-z0-9_-]{28}$/

/** Whether a text has the form of a loginId. */
export function isLoginId(value: string): boolean {
  return typeof value === 'string' && LOGIN_ID.test(value)
}

/**
 * Whether the loginId may belong to this user. The id of another user matches once in four thousand million.
 */
export function hasUserTag(loginId: string, userId: string): boolean {
  const tag = userTag(userId)
  return Buffer.from(loginId, 'base64url').subarray(0, tag.length).equals(tag)
}
