import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type StoredSessionSecret } from '@drawbridge/logins'
import { isLoginId, isValidSecret } from '@drawbridge/logins/carrier'

/** The value of a session cookie before it is signed: a login, and the secret that proves it. */
export interface SessionCookieValue {
  readonly loginId: string
  readonly secret: string
  /**
   * Whether the cookie survives the browser. Signed with it, so that whichever node sends the cookie again sends it as it was, and
   * the login itself needs no word about it.
   */
  readonly isPersistent: boolean
}

const SECRET = /^[A-Za-z0-9_-]{43}$/
const SECRET_BYTES = 32
const PERSISTENT = 'persistent'

/** 256 random bits, base64url. Only the browser gets it; the store has what {@link toStoredSecret} makes of it. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

/** What the store gets of a secret: its hash. */
export function toStoredSecret(secret: string): Pick<StoredSessionSecret, 'secretHash'> {
  return { secretHash: digest(secret) }
}

/** Whether the secret is the stored one, and valid now (ms since the epoch); in constant time. */
export function verifySecret(secret: string, stored: StoredSessionSecret | null, now: number): boolean {
  if (!isValidSecret(stored, now)) return false
  const expected = Buffer.from(stored.secretHash)
  const actual = Buffer.from(digest(secret))
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

/** Whether both are of one login and have one secret. Not in constant time: both were presented by the same request. */
export function isSameValue(one: SessionCookieValue, other: SessionCookieValue): boolean {
  return one.loginId === other.loginId && one.secret === other.secret
}

/** The text to be signed. */
export function formatCookieValue({ loginId, secret, isPersistent }: SessionCookieValue): string {
  return isPersistent ? `${loginId}.${secret}.${PERSISTENT}` : `${loginId}.${secret}`
}

/** Null for any other text, so that only a well-formed id ever reaches a store. */
export function parseCookieValue(text: string): SessionCookieValue | null {
  const [loginId = '', secret = '', ...rest] = text.split('.')
  if (!isLoginId(loginId) || !SECRET.test(secret)) return null
  if (rest.length === 0) return { loginId, secret, isPersistent: false }
  return rest.length === 1 && rest[0] === PERSISTENT ? { loginId, secret, isPersistent: true } : null
}

function digest(secret: string): string {
  return hash('sha256', secret, 'base64url')
}
