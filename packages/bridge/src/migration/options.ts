import { setTimeout as sleep } from 'node:timers/promises'
import { clock, func, OptionError, objectWithMethods, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import type { OldLogins } from './old-logins.ts'
import type { UserOf } from './user-of.ts'

/** One move: from the logins of another system, or from one of our carriers to the other. */
export interface MigrationOptions {
  /** Names it for the operator, and in the store. It stays what it is until the move is over. */
  readonly name: string
  /** The logins to move away from, such as `expressSession({ … })`. */
  readonly from: OldLogins
  /** Who a user of the other system is with us; null for one who may not sign in. */
  readonly userOf: UserOf
  /**
   * The date from which the other system's credentials are not accepted any more. Required where they never expire; where a
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
}

/** Options of {@link migrations}. */
export interface MigrationsOptions {
  /** One for each carrier at most. */
  readonly migrations: readonly MigrationOptions[]
  /** ms on a clock that never goes back. Default `performance.now`. */
  readonly monotonicNow?: () => number
  /** Resolves after so many ms. Default: a timer. */
  readonly wait?: (ms: number) => Promise<unknown>
}

const MAX_SECONDS = 10 * 365 * 86_400

const migrationSchema = v.strictObject({
  name: v.pipe(
    v.string('must be a string'),
    v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, 'must be a name like "express"')
  ),
  from: objectWithMethods<OldLogins>(
    'the logins of another system, such as expressSession({ … })',
    'read',
    'clear'
  ),
  userOf: func<UserOf>(),
  acceptUntil: v.optional(v.date('must be a Date')),
  logOut: v.optional(v.picklist(['credential', 'user'], 'must be "credential" or "user"'), 'credential'),
  absoluteTimeoutSeconds: v.optional(wholeNumber(1, MAX_SECONDS)),
  idleTimeoutSeconds: v.optional(wholeNumber(0, MAX_SECONDS))
})

const schema = v.strictObject({
  migrations: v.pipe(
    v.array(migrationSchema, 'must be a list of migrations'),
    v.minLength(1, 'must have one migration or two')
  ),
  monotonicNow: v.optional(clock()),
  wait: v.optional(func<(ms: number) => Promise<unknown>>())
})

/** One move, checked and with defaults. */
export type ParsedMigration = Readonly<v.InferOutput<typeof migrationSchema>>

/** @throws OptionError */
export function parseMigrationsOptions(input: MigrationsOptions) {
  const parsed = parseOptions('migrations', schema, input)
  const { migrations, monotonicNow = () => performance.now(), wait = sleep } = parsed
  for (const [at, { from }] of migrations.entries()) checkRecord(`migrations.migrations.${at}.from`, from)
  return { migrations, monotonicNow, wait }
}

/** @throws OptionError */
function checkRecord(option: string, from: OldLogins): void {
  const has = (['isActive', 'revoke'] as const).filter((method) => from[method] !== undefined)
  if (from.keepsRecord && has.length < 2)
    throw new OptionError(`${option} must have isActive and revoke, since it has keepsRecord`)
  if (!from.keepsRecord && has.length > 0)
    throw new OptionError(`${option} must have neither isActive nor revoke without keepsRecord`)
}
