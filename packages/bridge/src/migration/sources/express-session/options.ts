import { clock, func, objectWithMethods, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import type { GivenLogin } from '../../old-logins.ts'
import { cookieSchema, type OldCookie, checkSecure } from '../old-cookie.ts'
import { readPath } from '../read-path.ts'
import { oldSecret, type OldSecret } from '../secrets.ts'
import type { SessionRow, SessionStore } from './session-store.ts'

/** Options of {@link expressSession}. */
export interface ExpressSessionOptions {
  /** `secret` of express-session. Of several, the first signs and all verify. */
  readonly secret: OldSecret
  /** Its `store`, as it is; or {@link redisRows}, for what connect-redis writes. */
  readonly store: SessionStore
  /**
   * The user id of a session: text or a whole number; undefined or null where nobody is signed in, or not yet, such as before a
   * second factor. Default: the user of passport, or the `id` of it.
   */
  readonly getUserId?: (row: SessionRow) => unknown
  /** The username of a session. Default none. */
  readonly getUsername?: (row: SessionRow) => unknown
  /**
   * When a session began, ms since the epoch, where a row says so. Default: unknown; after a change of password the user's
   * sessions are then refused that were not adopted before.
   */
  readonly getIssuedAt?: (row: SessionRow) => number | null
  /**
   * What a session of a login of ours has, beside its cookie, as the other system reads it: `{ passport: { user: id } }`. Default
   * none: only that system makes sessions.
   */
  readonly createSession?: (login: GivenLogin) => Readonly<Record<string, unknown>>
  /** `name` and `cookie` of express-session. Default: `connect.sid`, of path `/`, with Secure. */
  readonly cookie?: Partial<OldCookie>
  /** As in express-session: each response set the cookie anew. Default false. */
  readonly rolling?: boolean
  /** How long to wait for the store, ms, 1 to 30 000. Default 5000. */
  readonly timeoutMs?: number
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

const schema = v.strictObject({
  secret: oldSecret,
  store: objectWithMethods<SessionStore>('a store of express-session', 'get', 'destroy'),
  getUserId: v.optional(func<(row: SessionRow) => unknown>(), () => passportUser),
  getUsername: v.optional(func<(row: SessionRow) => unknown>()),
  getIssuedAt: v.optional(func<(row: SessionRow) => number | null>()),
  createSession: v.optional(func<NonNullable<ExpressSessionOptions['createSession']>>()),
  cookie: v.optional(
    v.strictObject({
      ...cookieSchema.entries,
      name: v.optional(cookieSchema.entries.name, 'connect.sid')
    }),
    {}
  ),
  rolling: v.optional(v.boolean('must be true or false'), false),
  timeoutMs: v.optional(wholeNumber(1, 30_000), 5000),
  now: v.optional(clock())
})

/** The options, checked and with defaults. @throws OptionError */
export function parseExpressSessionOptions(input: ExpressSessionOptions) {
  const options = parseOptions('expressSession', schema, input)
  checkSecure('expressSession.cookie', options.cookie)
  return options
}

export type ParsedOptions = ReturnType<typeof parseExpressSessionOptions>

/** Passport stores what `serializeUser` gives: mostly an id, and sometimes the whole user. */
function passportUser(row: SessionRow): unknown {
  const user = readPath(row, 'passport', 'user')
  return typeof user === 'object' ? readPath(user, 'id') : user
}
