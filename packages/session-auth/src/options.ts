import type { Logins, RootSecret } from '@drawbridge/logins'
import { carrierLogins, type CarrierLogins, rootSecret } from '@drawbridge/logins/carrier'
import {
  type CredentialsVerifier,
  isRoutePath,
  localPathOption,
  type GetSignInResponse,
  type RoutesOption,
  routesOption,
  usernameFieldOption
} from '@drawbridge/carrier'
import { clock, func, objectWithMethods, OptionError, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import { CLOCK_SKEW_SECONDS } from './cookies/snapshot.ts'

/** Options of {@link sessionAuth}. */
export interface SessionAuthOptions {
  /** Verifies username and password: `createCredentials`, or anything with its `verify`. */
  readonly credentials: CredentialsVerifier
  /** The logins: `createLogins`. The same instance as token-auth's where both are registered. */
  readonly logins: Logins
  /** Root secret that cookies are signed under, 32 bytes or more; of several, the first signs and all verify. */
  readonly secret: RootSecret
  /** Path of the routes. Default `/session`. */
  readonly prefix?: string
  /**
   * False: no routes of ours, only the methods and the guard. Or, by name, the path of one below `prefix`, or false to leave
   * it out: `{ login: '/sign-in', logout: false }`. Default true.
   */
  readonly routes?: RoutesOption<'login' | 'secondFactor' | 'logout'>
  /**
   * True: a sign-in may ask by `"remember": true` in its body for a cookie that survives the browser; or the limits of such
   * a login. Default false.
   */
  readonly remember?: boolean | RememberOptions
  /** What the body of a sign-in calls the username, such as `email`. Default `username`. */
  readonly usernameField?: string
  /**
   * True: HTML forms may sign in and log out too, at the same routes and under the same rules. A sign-in is redirected (303) to
   * `next` of the query, or to `afterSignIn`; one that failed to its page, with the class of the error as `error` in the
   * query: `malformed`, `invalid-credentials`, `too-many-attempts`, `unavailable`. Default false.
   */
  readonly forms?: boolean | FormOptions
  /** Of the session cookie. */
  readonly cookie?: SessionCookieOptions
  /** A login ends when it is not used for this long, seconds; 0 for no idle limit. Default 1800 (30 minutes). */
  readonly idleTimeoutSeconds?: number
  /** A login ends this long after the sign-in, whatever its use, seconds. Default 43 200 (12 hours). */
  readonly absoluteTimeoutSeconds?: number
  /**
   * For this many seconds a second cookie of a session carries, sealed, what a node read of its login: any other node then
   * serves it without asking the store. 0 for none. Default 120 where several nodes share the feed, else 0; at most 5 less
   * than `retentionSeconds` of createLogins.
   */
  readonly snapshotSeconds?: number
  /** How long a sign-in waits for its second factor, seconds, 30 to 3600. Default 300. */
  readonly secondFactorTimeoutSeconds?: number
  /**
   * Other origins whose pages may send unsafe requests, each as browsers send it: `https://app.example`,
   * `capacitor://localhost`, `chrome-extension://<id>`.
   */
  readonly trustedOrigins?: readonly string[]
  /** Reject unsafe requests with neither Sec-Fetch-Site nor Origin, which no browser sends. Default false. */
  readonly rejectMissingOrigin?: boolean
  /** Tags of our routes in an OpenAPI document; an empty list for none. Default `['session']`. */
  readonly tags?: readonly string[]
  /** True: our routes are not in an OpenAPI document. Guards are described all the same. Default false. */
  readonly hideRoutes?: boolean
  /**
   * What the body of the response to a sign-in by our routes has, instead of `message`: a JSON object, from the principal of the new login. Where
   * it fails, nobody is signed in. Default none.
   */
  readonly getSignInResponse?: GetSignInResponse
  /** ms since the epoch. Default: that of `logins`, the same on all nodes. */
  readonly now?: () => number
}

/** The limits of a login whose cookie survives the browser; not below those of any other. */
export interface RememberOptions {
  /** As `idleTimeoutSeconds` of the plugin. Default 1 209 600 (14 days). */
  readonly idleTimeoutSeconds?: number
  /** As `absoluteTimeoutSeconds` of the plugin. Default 2 592 000 (30 days). */
  readonly absoluteTimeoutSeconds?: number
}

/** Where a browser is sent after a form. */
export interface FormOptions {
  /** The page with the form of the sign-in. Default: the path of the route, by GET. */
  readonly page?: string
  /** Default `/`. */
  readonly afterSignIn?: string
  /** Default `/`. */
  readonly afterLogOut?: string
}

/** Options of the session cookie. */
export interface SessionCookieOptions {
  /** Default `__Host-drawbridge`, or `drawbridge` where `secure` is false. */
  readonly name?: string
  /** False only for plain http in development; an error at boot where NODE_ENV is production. Default true. */
  readonly secure?: boolean
  /** The attribute SameSite. Default `lax`. */
  readonly sameSite?: 'lax' | 'strict'
}

const ONE_YEAR = 31_536_000

const cookieName = v.pipe(
  v.string('must be a string'),
  // RFC 9110 section 5.6.2 (token): anything else could add attributes of its own (CVE-2024-47764).
  v.regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/, 'must be a cookie name')
)

const origin = v.pipe(
  v.string('must be a string'),
  v.check((text) => !text.includes('*'), 'must not have a wildcard, which nothing matches: name each origin'),
  v.check(isOrigin, 'must be an origin like "https://app.example", in lower case and without a path')
)

const formsSchema = v.strictObject({
  page: v.optional(localPathOption),
  afterSignIn: v.optional(localPathOption),
  afterLogOut: v.optional(localPathOption)
})

const forms = v.pipe(
  v.lazy((input): v.GenericSchema =>
    typeof input === 'object' && input !== null
      ? formsSchema
      : v.boolean('must be true or false, or an object')
  ),
  v.transform((given) => (given === false ? null : toForms(given === true ? {} : (given as FormOptions))))
)

const rememberSchema = v.strictObject({
  idleTimeoutSeconds: v.optional(wholeNumber(0, ONE_YEAR)),
  absoluteTimeoutSeconds: v.optional(wholeNumber(1, ONE_YEAR))
})

const remember = v.pipe(
  v.lazy((input): v.GenericSchema =>
    typeof input === 'object' && input !== null
      ? rememberSchema
      : v.boolean('must be true or false, or an object')
  ),
  v.transform((given) => (given === false ? null : given === true ? {} : (given as RememberOptions)))
)

const schema = v.strictObject({
  forms: v.optional(forms, false),
  remember: v.optional(remember, false),
  credentials: objectWithMethods<CredentialsVerifier>('credentials, with a verify function', 'verify'),
  logins: carrierLogins,
  secret: rootSecret,
  prefix: v.optional(
    v.custom<string>(
      (value) => value === '' || isRoutePath(value),
      'must be empty or a path like "/session"'
    ),
    '/session'
  ),
  routes: routesOption({ login: '/login', secondFactor: '/login/second-factor', logout: '/logout' }),
  cookie: v.optional(
    v.strictObject({
      name: v.optional(cookieName),
      secure: v.optional(v.boolean('must be true or false'), true),
      sameSite: v.optional(v.picklist(['lax', 'strict'], 'must be "lax" or "strict"'), 'lax')
    }),
    {}
  ),
  idleTimeoutSeconds: v.optional(wholeNumber(0, ONE_YEAR), 1800),
  absoluteTimeoutSeconds: v.optional(wholeNumber(1, ONE_YEAR), 43_200),
  snapshotSeconds: v.optional(wholeNumber(0, 3600)),
  secondFactorTimeoutSeconds: v.optional(wholeNumber(30, 3600), 300),
  trustedOrigins: v.optional(v.array(origin, 'must be a list of origins'), []),
  rejectMissingOrigin: v.optional(v.boolean('must be true or false'), false),
  usernameField: usernameFieldOption,
  tags: v.optional(v.array(v.string('must be a string'), 'must be a list of strings'), ['session']),
  hideRoutes: v.optional(v.boolean('must be true or false'), false),
  getSignInResponse: v.optional(func<GetSignInResponse>()),
  now: v.optional(clock())
})

/** The options, checked and with defaults. */
export type ParsedOptions = ReturnType<typeof parseSessionAuthOptions>

/** @throws OptionError */
export function parseSessionAuthOptions(input: SessionAuthOptions) {
  const options = parseOptions('sessionAuth', schema, input)
  const { secure, name = secure ? '__Host-drawbridge' : 'drawbridge' } = options.cookie
  if (!secure && process.env.NODE_ENV === 'production') {
    throw new OptionError('sessionAuth.cookie.secure must not be false where NODE_ENV is production')
  }
  if (!secure && /^__(host|secure)-/i.test(name)) {
    throw new OptionError(`sessionAuth.cookie.name ${JSON.stringify(name)} needs sessionAuth.cookie.secure`)
  }
  if (options.forms !== null && options.credentials.verifySecondFactor !== undefined) {
    throw new OptionError(
      'sessionAuth.forms must be false where the credentials have a second factor: a form could only get its ticket in an ' +
        'address, which is logged. Write a sign-in route with verifyPassword and pendingLogins'
    )
  }
  return {
    ...options,
    cookie: { ...options.cookie, name },
    remember: resolveRemember(options),
    snapshotSeconds: resolveSnapshotSeconds(options.snapshotSeconds, options.logins),
    now: options.now ?? (() => options.logins.now())
  }
}

const [FORTNIGHT, THIRTY_DAYS] = [1_209_600, 2_592_000]

/** With a shorter limit a user who asked to be remembered would be signed out sooner than the others. */
function resolveRemember({
  remember,
  usernameField,
  ...limits
}: Pick<
  v.InferOutput<typeof schema>,
  'remember' | 'usernameField' | LimitName
>): Required<RememberOptions> | null {
  if (remember === null) return null
  if (usernameField === 'remember')
    throw new OptionError('sessionAuth.usernameField must not be "remember" with sessionAuth.remember')
  const { idleTimeoutSeconds: idle, absoluteTimeoutSeconds: absolute } = limits
  const resolved = {
    idleTimeoutSeconds: remember.idleTimeoutSeconds ?? (idle === 0 ? 0 : Math.max(idle, FORTNIGHT)),
    absoluteTimeoutSeconds: remember.absoluteTimeoutSeconds ?? Math.max(absolute, THIRTY_DAYS)
  }
  for (const name of ['idleTimeoutSeconds', 'absoluteTimeoutSeconds'] as const) {
    if (orUnlimited(resolved[name]) >= orUnlimited(limits[name])) continue
    throw new OptionError(
      `sessionAuth.remember.${name} (${resolved[name]}) must not be below sessionAuth.${name} (${limits[name]})`
    )
  }
  return resolved
}

type LimitName = 'idleTimeoutSeconds' | 'absoluteTimeoutSeconds'

const orUnlimited = (seconds: number): number => (seconds === 0 ? Infinity : seconds)

function toForms({ page, afterSignIn = '/', afterLogOut = '/' }: FormOptions) {
  return { page, afterSignIn, afterLogOut }
}

/** What our secrets sign, apart from every other instance of a plugin. */
export function createSigningPurpose({ cookie }: Pick<ParsedOptions, 'cookie'>): string {
  return `a session ${cookie.name}`
}

const SNAPSHOT_SECONDS = 120

/** A node must remember a revocation for as long as a snapshot from before it may be presented, by either clock. */
function resolveSnapshotSeconds(
  configured: number | undefined,
  { isShared, retentionSeconds }: CarrierLogins
): number {
  const longest = retentionSeconds - CLOCK_SKEW_SECONDS
  const seconds = configured ?? (isShared ? Math.max(0, Math.min(SNAPSHOT_SECONDS, longest)) : 0)
  if (seconds === 0 || seconds <= longest) return seconds
  throw new OptionError(
    `sessionAuth.snapshotSeconds (${seconds}) with ${CLOCK_SKEW_SECONDS} for the skew of clocks must not be above ` +
      `logins.retentionSeconds (${retentionSeconds})`
  )
}

/** An origin as browsers send it. Those of apps and extensions, such as `capacitor://localhost`, are opaque to the URL standard. */
function isOrigin(text: string): boolean {
  if (/^https?:/.test(text)) return URL.canParse(text) && new URL(text).origin === text
  return /^(?!file:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9_][a-z0-9._-]*(?::\d+)?$/.test(text)
}
