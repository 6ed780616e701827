import { clock, func, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import type { GivenLogin } from '../../old-logins.ts'
import { checkSecure, cookieSchema, type OldCookie } from '../old-cookie.ts'
import { memberPath, type MemberPath } from '../read-path.ts'
import { checkWeakSecret, oldSecret, type OldSecret } from '../secrets.ts'

/** Options of {@link flaskSession}. */
export interface FlaskSessionOptions {
  /** `SECRET_KEY` of Flask, then its `SECRET_KEY_FALLBACKS`: the first signs, all verify. */
  readonly secret: OldSecret
  /** True: accept a secret below 32 bytes, for at most 90 days. Default false, and such a secret is an error. */
  readonly weakSecret?: boolean
  /** `salt` of the session interface. Default `cookie-session`. */
  readonly salt?: string
  /** The member of the session with the user id, or its path. Default `user_id`; that of flask-login is `_user_id`. */
  readonly userIdField?: MemberPath
  /** The member with the username. Default none. */
  readonly usernameField?: MemberPath
  /** `PERMANENT_SESSION_LIFETIME`, seconds, which Flask allows every session. Default 2 678 400 (31 days). */
  readonly maxAgeSeconds?: number
  /**
   * Whether a session is signed in: false for one that waits for a second factor. Default: where it has a user id.
   */
  readonly isSignedIn?: (session: FlaskSession) => boolean
  /**
   * What a session of a login of ours has, as Flask reads it: `{ user_id: Number(login.userId) }`. Default none: only Flask makes
   * sessions.
   */
  readonly createSession?: (login: GivenLogin) => FlaskSession
  /** The `SESSION_COOKIE_…` settings of Flask. Default: `session`, of path `/`, with Secure. */
  readonly cookie?: Partial<OldCookie>
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

/** What Flask has in a session. */
export type FlaskSession = Readonly<Record<string, unknown>>

const schema = v.strictObject({
  secret: oldSecret,
  weakSecret: v.optional(v.boolean('must be true or false'), false),
  salt: v.optional(v.string('must be a string'), 'cookie-session'),
  userIdField: v.optional(memberPath, 'user_id'),
  usernameField: v.optional(memberPath),
  maxAgeSeconds: v.optional(wholeNumber(1, 400 * 86_400), 31 * 86_400),
  isSignedIn: v.optional(func<(session: FlaskSession) => boolean>(), () => () => true),
  createSession: v.optional(func<(login: GivenLogin) => FlaskSession>()),
  cookie: v.optional(
    v.strictObject({
      ...cookieSchema.entries,
      name: v.optional(cookieSchema.entries.name, 'session')
    }),
    {}
  ),
  now: v.optional(clock())
})

/** The options, checked and with defaults. */
export type ParsedOptions = ReturnType<typeof parseFlaskSessionOptions>

/** @throws OptionError */
export function parseFlaskSessionOptions(input: FlaskSessionOptions) {
  const options = parseOptions('flaskSession', schema, input)
  checkSecure('flaskSession.cookie', options.cookie)
  return { ...options, isWeak: checkWeakSecret('flaskSession', options.secret, options.weakSecret) }
}
