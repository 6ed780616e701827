import { randomBytes } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import { parseJsonObject } from '@drawbridge/carrier'
import type { OldLogins } from '../../old-logins.ts'
import { readPath } from '../read-path.ts'
import { createSealedLogins, type SealedLogin, toKey } from '../sealed-logins.ts'
import {
  type FlaskSession,
  type FlaskSessionOptions,
  type ParsedOptions,
  parseFlaskSessionOptions
} from './options.ts'
import { deriveKey, signText, verifyText } from './signed-text.ts'

/**
 * The sessions that Flask signs into its cookie. They name no log-in: two of one user in one second are the same text.
 *
 * @throws OptionError
 * @example
 * const old = flaskSession({ secret, cookie: { sameSite: 'lax' }, createSession: ({ userId }) => ({ user_id: userId }) })
 */
export function flaskSession(input: FlaskSessionOptions): OldLogins {
  const options = parseFlaskSessionOptions(input)
  const { secret, salt, cookie, isWeak, createSession, now = Date.now } = options
  const keys = secret.map((each) => deriveKey(each, salt))
  const logins = createSealedLogins({
    in: cookie,
    open: (credential) => open(credential, keys, options),
    seal: createSession && ((login) => seal(createSession(login), keys[0] as Buffer, now())),
    isWeak,
    now
  })
  return { ...logins, sharesSecret: (isOurs) => secret.some(isOurs) }
}

/** The signature first: what follows is the work of whoever has the secret. */
function open(credential: string, keys: readonly Buffer[], options: ParsedOptions): SealedLogin | null {
  const verified = verifyText(credential, keys)
  if (verified === null) return null
  const session = parsePayload(verified.text)
  if (session === null) return null
  const { userIdField, usernameField, maxAgeSeconds, isSignedIn } = options
  const userId = isSignedIn(session) ? untagged(readPath(session, ...userIdField)) : null
  return {
    key: toKey(verified.signed),
    userId,
    username: usernameField && readPath(session, ...usernameField),
    issuedAt: verified.at * 1000,
    expiresAt: (verified.at + maxAgeSeconds) * 1000
  }
}

/** Flask carries it along. Without it two logins of one user in one second would have the very same cookie. */
const GIVEN = 'drawbridge'
const GIVEN_BYTES = 9

function seal(session: FlaskSession, key: Buffer, now: number): string {
  const unique = { ...session, [GIVEN]: randomBytes(GIVEN_BYTES).toString('base64url') }
  const payload = Buffer.from(JSON.stringify(unique)).toString('base64url')
  return signText(payload, Math.floor(now / 1000), key)
}

/** A session is in a cookie, so 4 KiB before it is compressed by much; a bomb of 16 KiB has 16 MiB in it. */
const MAX_BYTES = 16 * 1024

/** A payload that begins with a dot is compressed. */
function parsePayload(text: string): FlaskSession | null {
  const isCompressed = text.startsWith('.')
  const bytes = Buffer.from(isCompressed ? text.slice(1) : text, 'base64url')
  return parseJsonObject(isCompressed ? inflateSync(bytes, { maxOutputLength: MAX_BYTES }) : bytes)
}

/** Flask writes a UUID as `{" u": "32 hex digits"}`. */
function untagged(userId: unknown): unknown {
  const hex = readPath(userId, ' u')
  if (typeof hex !== 'string' || !/^[0-9a-f]{32}$/.test(hex)) return userId
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
