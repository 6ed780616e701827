import type { AccessTokenResponse, BridgedSessions, BridgedTokens } from '@drawbridge/carrier'
import type { Phase } from '@drawbridge/logins'
import type { CarrierAdoptions, CarrierLogins } from '@drawbridge/logins/carrier'
import type { FastifyRequest } from 'fastify'
import type { AdoptionThrottle } from './adoption-throttle.ts'
import type { Counts } from './counts.ts'
import type { OldSide } from './old-side.ts'
import type { ForeignMigration, MigrationOptions } from './options.ts'
import type { PhaseWatch } from './phase-watch.ts'
import type { RememberedClaims } from './remembered-claims.ts'
import type { Settled } from './settled.ts'

/** What every move has: its phase, and what is counted in it. */
export interface Move {
  readonly migration: Pick<MigrationOptions, 'name' | 'acceptUntil'>
  readonly logins: CarrierLogins
  readonly adoptions: CarrierAdoptions
  readonly watch: PhaseWatch
  readonly counts: Counts
  /** How long a request to a node, or to an instance of the other system, may take, ms. */
  readonly requestTimeoutMs: number
  /** Whether users are moved from another system, rather than from a carrier of ours. */
  readonly isForeign: boolean
  /** Whether the other system has a login of this key; null where it stores none. The function rejects as those of `OldSide`. */
  readonly isActiveThere: ((key: string) => Promise<boolean>) | null
  /** How many logins the other system has; null where it cannot say. */
  countOld(): Promise<number | null>
  /** Must not throw. */
  readonly onError: (error: Error) => void
}

/** A move, and what clients may ask it for. */
export interface InstalledMove extends Move {
  /** Tokens of ours for a token of the other system; undefined where it has none. */
  readonly exchange?: ((request: FastifyRequest) => Promise<AccessTokenResponse>) | undefined
}

/** What the parts of a move from another system share. */
export interface Engine extends Move {
  readonly migration: ForeignMigration
  readonly old: OldSide
  /** The carrier that users are moved to. */
  readonly ours: BridgedSessions | BridgedTokens
  readonly settled: Settled
  readonly claims: RememberedClaims
  readonly throttle: AdoptionThrottle
  /** Where a token of the other system is exchanged; null where there is no route for it. */
  readonly exchangePath: string | null
}

/** What a request is judged by, from its beginning to its end. */
export interface Moment {
  readonly phase: Phase
  readonly version: number
  /** Since when it is in this phase, ms since the epoch. */
  readonly since: number
  /** ms since the epoch. */
  readonly now: number
}

/** @throws LoginsUnavailableError while this node does not know the phase. */
export function beginMoment({ watch, settled, logins }: Engine): Moment {
  const { phase, version, since } = watch.current
  settled.enter(version)
  return { phase, version, since, now: logins.now() }
}
