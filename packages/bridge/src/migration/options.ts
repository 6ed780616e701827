import { setTimeout as sleep } from 'node:timers/promises'
import { findGuardTag, type Guard, isRoutePath, type RoutesOption, routesOption } from '@drawbridge/carrier'
import { clock, func, OptionError, objectWithMethods, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import type { OnStoreDown } from '@drawbridge/logins'
import type { OldLogins } from './old-logins.ts'
import type { UserOf } from './user-of.ts'

/** A move from the logins of another system to ours. */
export interface ForeignMigrationOptions {
  /** Names it for the operator, and in the store. It stays what it is until the move is over. */
  readonly name: string
  /** The logins to move away from, such as `expressSession({ … })`. */
  readonly from: OldLogins
  /** Who a user of the other system is with us; null for one who may not sign in. */
  readonly userOf: UserOf
  /**
   * The date from which the other system's credentials are not accepted any more. Required where they may never expire; where a
   * secret of it is weak, at most 90 days ahead.
   */
  readonly acceptUntil?: Date
  /**
   * What a log-out ends in a system that stores no record of its logins: the `credential` that was presented, or all logins of
   * the `user`, which also ends those of other devices. Default `credential`.
   */
  readonly logOut?: 'credential' | 'user'
  /**
   * How long the login of an old credential lasts at most, seconds. Default: as long as the old credential says, or else as long
   * as one of a sign-in with us. Set it where the other system extends its logins with each use.
   */
  readonly absoluteTimeoutSeconds?: number
  /** The idle limit of such a login, seconds. Default 0: none. */
  readonly idleTimeoutSeconds?: number
  /**
   * How many logins are made for old credentials that come from one address. Beyond that they are served as they are, so that nobody
   * is logged out, and `POST /exchange/old` responds with 429. Counted by the credentials of the carrier, where they are made by
   * `createCredentials`. False: not limited.
   */
  readonly throttle?: false | AdoptionThrottleOptions
  /**
   * What a node does in the phases `old` and `both` while our store cannot be reached: respond with 503 to an old credential, or
   * serve it as it is, as the other system does without us, for so many seconds at most, 1 to 3600. Whether a log-out or a change
   * of password has ended it is then not asked. A route with `onStoreDown: 'fail-closed'` responds with 503 in any case. Default
   * `fail-closed`.
   */
  readonly onStoreDown?: OnStoreDown
}

/** How many logins are made for old credentials of one address. */
export interface AdoptionThrottleOptions {
  /** 1 to 1 000 000. Default 1000: more than an office has people that come by within a window. */
  readonly adoptionsPerAddress?: number
  /** Length of a window, 1 to 86 400. Default 900. */
  readonly windowSeconds?: number
}

/** A move from one of our carriers to the other, to which clients come by the exchanges of the bridge. */
export interface OwnMigrationOptions {
  readonly name: string
  /** The carrier to move away from. */
  readonly from: 'session' | 'token'
  readonly acceptUntil?: undefined
}

/** One move. */
export type MigrationOptions = ForeignMigrationOptions | OwnMigrationOptions

/** The routes for operators. */
export interface OperatorOptions {
  /**
   * A guard of ours, such as `app.tokenAuth.guard` or `app.bridge.guard`. By cookie it also asks for proof of origin. A login
   * that was made for a credential of the other system is rejected, whatever its scopes.
   */
  readonly guard: Guard
  /** Where they are. Default `/operator/migrations`. */
  readonly path?: string
  /** What the login must have. Default `drawbridge:operator`. */
  readonly scope?: string
}

/** Options of {@link migrations}. */
export interface MigrationsOptions {
  /** One for each carrier at most. */
  readonly migrations: readonly MigrationOptions[]
  /** The path of `POST /exchange/old`, which a move from tokens has; or false to leave it out. Default true. */
  readonly routes?: RoutesOption<'exchange'>
  /** Adds routes by which operators read the status and take steps. Default: none. */
  readonly operator?: OperatorOptions
  /** Tags of our routes in an OpenAPI document; an empty list for none. Default `['bridge']`. */
  readonly tags?: readonly string[]
  /**
   * How long a request to a node, or to an instance of the other system, may take, seconds, 1 to 3600: the longest limit of these
   * and of what stands before them. A phase lasts five seconds longer at least, so that no request spans two steps. Default 30.
   */
  readonly requestTimeoutSeconds?: number
  /** ms on a clock that never goes back. Default `performance.now`. */
  readonly monotonicNow?: () => number
  /** Resolves after so many ms. Default: a timer. */
  readonly wait?: (ms: number) => Promise<unknown>
}

const MAX_SECONDS = 10 * 365 * 86_400

const name = v.pipe(
  v.string('must be a string'),
  v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, 'must be a name like "express"')
)

const disabled = v.literal(false)

const throttleSchema = v.strictObject({
  adoptionsPerAddress: v.optional(wholeNumber(1, 1_000_000), 1000),
  windowSeconds: v.optional(wholeNumber(1, 86_400), 900)
})

const foreignSchema = v.strictObject({
  name,
  from: objectWithMethods<OldLogins>(
    'the logins of another system, such as expressSession({ … }), or "session" or "token"',
    'read',
    'clear'
  ),
  userOf: func<UserOf>(),
  acceptUntil: v.optional(v.date('must be a Date')),
  logOut: v.optional(v.picklist(['credential', 'user'], 'must be "credential" or "user"'), 'credential'),
  absoluteTimeoutSeconds: v.optional(wholeNumber(1, MAX_SECONDS)),
  idleTimeoutSeconds: v.optional(wholeNumber(0, MAX_SECONDS)),
  throttle: v.optional(
    v.lazy((input): typeof disabled | typeof throttleSchema => (input === false ? disabled : throttleSchema))
  ),
  // As long as a step to `retired` waits for old credentials that were served: none is served after it.
  onStoreDown: v.optional(
    v.union(
      [v.literal('fail-closed'), v.strictObject({ serveStaleForSeconds: wholeNumber(1, 3600) })],
      'must be "fail-closed" or { serveStaleForSeconds: a whole number from 1 to 3600 }'
    ),
    'fail-closed'
  )
})

const ownSchema = v.strictObject({ name, from: v.picklist(['session', 'token']) })

/** A move from another system, checked and with defaults. */
export type ForeignMigration = Readonly<v.InferOutput<typeof foreignSchema>>

/** One move, checked and with defaults. */
export type ParsedMigration =
  | ForeignMigration
  | (OwnMigrationOptions & Readonly<v.InferOutput<typeof ownSchema>>)

const migration = v.lazy((input): v.GenericSchema<unknown, ParsedMigration> =>
  typeof (input as { readonly from?: unknown } | null)?.from === 'string' ? ownSchema : foreignSchema
)

const schema = v.strictObject({
  migrations: v.pipe(
    v.array(migration, 'must be a list of migrations'),
    v.minLength(1, 'must have one migration or two')
  ),
  routes: routesOption({ exchange: '/exchange/old' }),
  operator: v.optional(
    v.strictObject({
      guard: v.custom<Guard>(
        (input) => typeof input === 'function' && findGuardTag(input) !== undefined,
        'must be a guard such as app.tokenAuth.guard'
      ),
      path: v.optional(
        v.custom<string>(isRoutePath, 'must be a path like "/operator/migrations"'),
        '/operator/migrations'
      ),
      scope: v.optional(v.string('must be a string'), 'drawbridge:operator')
    })
  ),
  tags: v.optional(v.array(v.string('must be a string'), 'must be a list of strings'), ['bridge']),
  requestTimeoutSeconds: v.optional(wholeNumber(1, 3600), 30),
  monotonicNow: v.optional(clock(), () => () => performance.now()),
  wait: v.optional(func<(ms: number) => Promise<unknown>>(), () => (ms: number) => sleep(ms))
})

/** The options, checked and with defaults. */
export type ParsedOptions = Readonly<v.InferOutput<typeof schema>>

export function isForeign(migration: ParsedMigration): migration is ForeignMigration {
  return typeof migration.from !== 'string'
}

/** @throws OptionError */
export function parseMigrationsOptions(input: MigrationsOptions): ParsedOptions {
  const options = parseOptions('migrations', schema, input)
  for (const [at, each] of options.migrations.entries()) {
    if (isForeign(each)) checkForeign(`migrations.migrations.${at}`, each, Date.now())
  }
  return options
}

const WEAK_DAYS = 90

/** @param now ms since the epoch. */
function checkForeign(option: string, { from, acceptUntil }: ForeignMigration, now: number): void {
  const has = (['isActive', 'revoke'] as const).filter((method) => from[method] !== undefined)
  if (from.keepsRecord && has.length < 2)
    throw new OptionError(`${option}.from must have isActive and revoke, since it has keepsRecord`)
  if (!from.keepsRecord && has.length > 0)
    throw new OptionError(`${option}.from must have neither isActive nor revoke without keepsRecord`)
  if (from.mayNeverExpire === true && acceptUntil === undefined)
    throw new OptionError(
      `${option}.acceptUntil must be the date from which the old credentials are not accepted any more: they may never expire`
    )
  const isSoon = acceptUntil !== undefined && acceptUntil.getTime() <= now + WEAK_DAYS * 86_400_000
  if (from.isWeak === true && !isSoon)
    throw new OptionError(
      `${option}.acceptUntil must be within ${WEAK_DAYS} days: the secret of the old credentials can be guessed`
    )
}
