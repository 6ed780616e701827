import { isRoutePath, type OptionalRoutesOption, routesOption } from '@drawbridge/carrier'
import type { Limiters, User } from '@drawbridge/credentials'
import type { RootSecret } from '@drawbridge/logins'
import { rootSecret } from '@drawbridge/logins/carrier'
import { func, objectWithMethods, OptionError, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import type { AccountCredentials, Foundation } from './foundation.ts'

const PATHS = {
  logins: '/logins',
  changePassword: '/password',
  reauthenticate: '/reauthenticate',
  register: '/register',
  forgotPassword: '/password/forgot',
  resetPassword: '/password/reset',
  verify: '/verify',
  tokens: '/tokens',
  deleteAccount: '/'
} as const

/** The routes, by name. */
export type AccountRoute = keyof typeof PATHS

/** Limits on requests of visitors, and where they are counted. */
export interface AccountThrottleOptions {
  /** Requests for one account per window, from all addresses, 1 to 1000. Default 5. */
  readonly requestsPerAccount?: number
  /** Requests of one address per window, 1 to 1 000 000. Default 20. */
  readonly requestsPerAddress?: number
  /** Length of a window, 1 to 86 400. Default 900. */
  readonly windowSeconds?: number
  /** The counters, for one count over several nodes: those of the credentials. Default: in the memory of this process. */
  readonly limiters?: Limiters
}

/** What confirms an address, or anything else that a user has to show by a token. */
export interface Verification {
  /**
   * What a user has to confirm now, such as an e-mail address; null where there is nothing. A token is bound to it, so that it
   * is worthless once this gives something else.
   */
  findPending(userId: string): string | null | Promise<string | null>
  /**
   * Confirms it, in one step that makes `findPending` give something else: `UPDATE … WHERE pending = …`. Two uses of one token
   * at the same moment may both call it.
   */
  onVerified(userId: string, pending: string): unknown
}

/** Options of {@link account}. */
export interface AccountOptions {
  /**
   * By name, the path of a route below `prefix`, true for its own path, or false to leave it out. `logins`: the list of one's
   * own logins, and their end. All others are off by default: `changePassword`, `reauthenticate`, `register`,
   * `forgotPassword`, `resetPassword`, `verify`, `tokens`, `deleteAccount`. False: no routes at all, only the methods. Default true:
   * `logins` alone.
   */
  readonly routes?: OptionalRoutesOption<AccountRoute>
  /** Path that our routes are below. Default `/account`. */
  readonly prefix?: string
  /** Tags of our routes in an OpenAPI document; an empty list for none. Default `['account']`. */
  readonly tags?: readonly string[]
  /** True: our routes are not in an OpenAPI document. Default false. */
  readonly hideRoutes?: boolean
  /** The root secret, as of the carriers. A must where a token is made: for a reset and for a verification. */
  readonly secret?: RootSecret
  /** How long a token for a reset or a verification is valid, seconds, 60 to 86 400. Default 900. */
  readonly tokenTtlSeconds?: number
  /**
   * True: a change of password leaves the other logins of the user, those of a thief too. Default false: it revokes them.
   */
  readonly keepOthers?: boolean
  /**
   * Sends a token for a reset to its user, in a link behind `#`. Called after the response, whose time it does not change. Its
   * errors go to `onError`.
   */
  readonly sendReset?: (user: User, token: string) => unknown
  /**
   * `open`: who registers can sign in at once, and a username that is taken is a 409. `verified`: the response is 202 in any
   * case, and the user can sign in once `verification.onVerified` has enabled the account. Default `open`.
   */
  readonly registration?: 'open' | 'verified'
  readonly verification?: Verification
  /** Sends a token for a verification to its user, as `sendReset` does. Called for users who have just registered. */
  readonly sendVerification?: (user: User, token: string) => unknown
  /** Called after the response where a username is taken and `registration` is `verified`: write to its owner. Default: nothing is sent. */
  readonly onUsernameTaken?: (username: string) => unknown
  /** How long ago who deletes the account may have authenticated, seconds, 1 to 86 400. Default 300. */
  readonly deleteMaxAgeSeconds?: number
  /**
   * How long ago who makes a personal access token may have authenticated, seconds, 1 to 86 400; false for any time. Default 300.
   */
  readonly createTokenMaxAgeSeconds?: number | false
  /**
   * How long ago a user who ends other logins of the account may have authenticated, seconds, 1 to 86 400 (ASVS 5.0 7.5.2). Default: no
   * limit, so that nobody who finds a stranger in the list has to wait.
   */
  readonly revokeMaxAgeSeconds?: number
  /** Limits on registrations, and on requests for and with a token; `false` where something in front of this process limits them. */
  readonly throttle?: false | AccountThrottleOptions
  /** Called with the errors of what is done after a response. Default: the log of the application. */
  readonly onError?: (error: unknown) => void
}

const ONE_DAY = 86_400

const throttleSchema = v.strictObject({
  requestsPerAccount: v.optional(wholeNumber(1, 1000), 5),
  requestsPerAddress: v.optional(wholeNumber(1, 1_000_000), 20),
  windowSeconds: v.optional(wholeNumber(1, ONE_DAY), 900),
  limiters: v.optional(objectWithMethods<Limiters>('{ createLimiter }, a function', 'createLimiter'))
})

const disabled = v.literal(false)

const maxAgeSeconds = wholeNumber(1, ONE_DAY)

const schema = v.strictObject({
  routes: routesOption(PATHS, [
    'changePassword',
    'reauthenticate',
    'register',
    'forgotPassword',
    'resetPassword',
    'verify',
    'tokens',
    'deleteAccount'
  ]),
  prefix: v.optional(
    v.custom<string>(
      (value) => value === '' || isRoutePath(value),
      'must be empty or a path like "/account"'
    ),
    '/account'
  ),
  tags: v.optional(v.array(v.string('must be a string'), 'must be a list of strings'), ['account']),
  hideRoutes: v.optional(v.boolean('must be true or false'), false),
  secret: v.optional(rootSecret),
  tokenTtlSeconds: v.optional(wholeNumber(60, ONE_DAY), 900),
  keepOthers: v.optional(v.boolean('must be true or false'), false),
  sendReset: v.optional(func<(user: User, token: string) => unknown>()),
  registration: v.optional(v.picklist(['open', 'verified'], 'must be "open" or "verified"'), 'open'),
  verification: v.optional(
    objectWithMethods<Verification>('{ findPending, onVerified }, two functions', 'findPending', 'onVerified')
  ),
  sendVerification: v.optional(func<(user: User, token: string) => unknown>()),
  onUsernameTaken: v.optional(func<(username: string) => unknown>()),
  deleteMaxAgeSeconds: v.optional(wholeNumber(1, ONE_DAY), 300),
  createTokenMaxAgeSeconds: v.optional(
    v.lazy((input): typeof disabled | typeof maxAgeSeconds => (input === false ? disabled : maxAgeSeconds)),
    300
  ),
  revokeMaxAgeSeconds: v.optional(wholeNumber(1, ONE_DAY)),
  throttle: v.optional(
    v.lazy((input): typeof disabled | typeof throttleSchema => (input === false ? disabled : throttleSchema)),
    {}
  ),
  onError: v.optional(func<(error: unknown) => void>())
})

/** The options, checked and with defaults. */
export type ParsedOptions = Readonly<v.InferOutput<typeof schema>>

/** @throws OptionError */
export function parseAccountOptions(input: AccountOptions | undefined): ParsedOptions {
  return parseOptions('account', schema, input ?? {})
}

/** What a route or a method needs: options, methods of the credentials, and the plugin of personal access tokens. */
export interface Needs {
  readonly options?: ReadonlyArray<keyof ParsedOptions>
  readonly methods?: ReadonlyArray<keyof AccountCredentials>
  readonly keys?: true
}

const NEEDS: Readonly<Record<AccountRoute | 'rename', (options: ParsedOptions) => Needs>> = {
  logins: () => ({}),
  changePassword: () => ({ methods: ['changePassword'] }),
  reauthenticate: () => ({ methods: ['verify'] }),
  register: ({ registration }) =>
    registration === 'verified'
      ? { methods: ['register', 'enable'], options: ['secret', 'verification', 'sendVerification'] }
      : { methods: ['register'] },
  forgotPassword: () => ({ methods: ['stampOf'], options: ['secret', 'sendReset'] }),
  resetPassword: () => ({ methods: ['stampOf', 'setPassword'], options: ['secret'] }),
  verify: () => ({ options: ['secret', 'verification'] }),
  tokens: () => ({ keys: true }),
  deleteAccount: () => ({ methods: ['remove'] }),
  rename: () => ({ methods: ['rename', 'stampOf'] })
}

/**
 * Checks that what a route or its method needs is there.
 *
 * @param name of it, for the error.
 * @throws OptionError that names what is missing.
 */
export function requireNeeds(
  name: string,
  route: AccountRoute | 'rename',
  options: ParsedOptions,
  { credentials, keys }: Pick<Foundation, 'credentials' | 'keys'>
): void {
  const needs = NEEDS[route](options)
  if (needs.keys === true && keys === undefined)
    throw new OptionError(
      `${name} needs @drawbridge/key-auth: register it before the bridge, in the same scope or above`
    )
  const lacking = (needs.options ?? []).filter((option) => options[option] === undefined)
  if (lacking.length > 0) throw new OptionError(`${name} needs account.${lacking.join(', account.')}`)
  const methods = (needs.methods ?? []).filter((method) => credentials[method] === undefined)
  if (methods.length > 0)
    throw new OptionError(
      `${name} needs credentials with ${methods.join(', ')}: of createCredentials, with a store of users that has what they need`
    )
}

/** The routes that are there, with what they need. @throws OptionError */
export function checkRoutes(
  options: ParsedOptions,
  foundation: Pick<Foundation, 'credentials' | 'keys'>
): void {
  for (const [route, path] of Object.entries(options.routes) as [AccountRoute, string | false][])
    if (path !== false) requireNeeds(`account.routes.${route}`, route, options, foundation)
}
