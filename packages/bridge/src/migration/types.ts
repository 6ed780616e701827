import type { AccessTokenResponse } from '@drawbridge/carrier'
import type { Phase, PhaseCounts } from '@drawbridge/logins'
import type { FastifyRequest } from 'fastify'

/** How far a migration is. Times are ms since the epoch. */
export interface MigrationStatus {
  readonly name: string
  readonly phase: Phase
  /** How many steps were made. */
  readonly version: number
  /** When the last step was made, and who made it; null before the first. */
  readonly since: number | null
  readonly by: string | null
  /** Whether every node is in this phase. */
  readonly isEverywhere: boolean
  /** Active logins about which the other system decides: they would be lost without it. */
  readonly ledByOld: number
  /** Active logins about which we decide. */
  readonly ledByNew: number
  /** Whether instances of the other system may serve requests again: it decides about every login, and every browser has its cookie. */
  readonly mayOldInstancesStart: boolean
  /** How many logins the other system has; null where it cannot say. */
  readonly oldLogins: number | null
  /** From when its credentials are not accepted any more; null for no date. */
  readonly acceptUntil: number | null
  /** When a credential of it was last served; null for never. */
  readonly oldLastServedAt: number | null
  /**
   * When the last credential of it expires at the latest, if its instances stopped with the step to `new`, or stop now; null where
   * that is not known, as none was presented, or one does not say when it expires.
   */
  readonly deadAtLatest: number | null
  /** By phase and `CountName`. */
  readonly counts: PhaseCounts
  /** What an operator should know beside the numbers, as sentences. */
  readonly warnings: readonly string[]
  /** The step forth, and what stands in its way now, or null; null in `retired`. */
  readonly next: NextStep | null
}

/** The step forth of a migration. */
export interface NextStep {
  readonly phase: Phase
  /** As an operator reads it. */
  readonly obstacle: string | null
}

/** What operators call, as `app.migrations`. Methods reject with an HttpError: 409, whose message says what stands in the
 * way, or 503 where the store is down. */
export interface Migrations {
  /** Of all migrations. */
  readonly names: readonly string[]
  /** Counts what is stored: for operators, not for requests. */
  status(name: string): Promise<MigrationStatus>
  /**
   * Takes one step, forth or back. Resolves when every node is in the new phase, some seconds later.
   *
   * @throws HttpError 409 `DRAWBRIDGE_MIGRATION_STEP`, whose message says what stands in the way.
   * @example
   * await app.migrations.move('express', 'both', { by: 'ada' })
   */
  move(name: string, phase: Phase, options: MoveOptions): Promise<MigrationStatus>
  /** Sets the phase anew where the store has lost it: nodes answer 503 until then, and their log says the version. */
  restore(name: string, phase: Phase, options: RestoreOptions): Promise<MigrationStatus>
  /**
   * What the route `exchange` does, for one of your own: tokens of ours for the other system's token in the Authorization header.
   * It sets no header: send them with `Cache-Control: no-store` (RFC 6749 section 5.1).
   *
   * @throws HttpError 401, 409, 410 or 503; OptionError where no migration is from tokens.
   */
  exchange(request: FastifyRequest): Promise<AccessTokenResponse>
  /** Reads the phases and writes the counts of this node now, as it does once a second. Never rejects. */
  refresh(): Promise<void>
  /**
   * In the phase `retired`: revokes the logins that the other system still led. There is no way back from here. Before, where that
   * system stores its logins: revokes those that it led and has ended, whose users do not come by any more, so that `ledByOld`
   * counts those alone whom a retirement would log out. One read there for each login that it leads.
   *
   * @throws HttpError 409 before `retired` where that system stores none.
   */
  sweep(name: string): Promise<{ readonly revokedCount: number }>
  /**
   * After a secret of the other system was stolen: revokes the logins that were made for its credentials from a moment on, here
   * and there, in any phase. Move on to `retired` first, or the thief makes more of them.
   *
   * @example
   * await app.migrations.revokeAdopted('express', { since: new Date('2027-01-31T09:00:00Z') })
   */
  revokeAdopted(name: string, options: RevokeAdoptedOptions): Promise<{ readonly revokedCount: number }>
  /**
   * After our store was restored from a backup, which may lack what was revoked since: old credentials that belong to no login, and
   * that were issued up to a moment or at an unknown one, are refused from now on, whichever system and user they are of. Their users
   * sign in again.
   *
   * @throws HttpError 409 for a moment that is still to come, and where no other system is moved from.
   * @example
   * await app.migrations.barAll({ issuedUpTo: new Date() })
   */
  barAll(options: BarOptions): Promise<{ readonly barredUpTo: number }>
  /**
   * How far a migration is for one login, such as that of a request. Asks the store.
   *
   * @example
   * const { phase, ledBy } = await app.migrations.findLogin('express', principalOf(request).loginId)
   */
  findLogin(name: string, loginId: string): Promise<LoginMigration>
}

/** How far a migration is for one login. */
export interface LoginMigration {
  readonly phase: Phase
  /** Which system decides about the login; the `old` one also where there is no login of ours yet. */
  readonly ledBy: 'old' | 'new'
  /** From when credentials of the other system are not accepted any more, ms since the epoch; null for no date. */
  readonly acceptUntil: number | null
}

/** Options of `barAll`. */
export interface BarOptions {
  /** Credentials that were issued later count. */
  readonly issuedUpTo: Date
}

/** Options of `revokeAdopted`. */
export interface RevokeAdoptedOptions {
  /** Logins that were made before are left alone. */
  readonly since: Date
}

/** Options of `move`. */
export interface MoveOptions {
  /** Who takes the step; it is stored with it. */
  readonly by: string
  /** How many logins may be lost by a step to `retired`. Default: none. */
  readonly lose?: number
}

/** Options of `restore`. */
export interface RestoreOptions {
  readonly by: string
  /** The last version that any node has seen. */
  readonly lostVersion: number
}

declare module 'fastify' {
  interface FastifyInstance {
    migrations: Migrations
  }
}
