import type { BridgedSessions, BridgedTokens } from '@drawbridge/carrier'
import type { Phase } from '@drawbridge/logins'
import type { CarrierAdoptions, CarrierLogins } from '@drawbridge/logins/carrier'
import type { Counts } from './counts.ts'
import type { OldSide } from './old-side.ts'
import type { ParsedMigration } from './options.ts'
import type { PhaseWatch } from './phase-watch.ts'
import type { Settled } from './settled.ts'

/** What the parts of one migration share. */
export interface Engine {
  readonly migration: ParsedMigration
  readonly old: OldSide
  /** The carrier that users are moved to. */
  readonly ours: BridgedSessions | BridgedTokens
  readonly logins: CarrierLogins
  readonly adoptions: CarrierAdoptions
  readonly watch: PhaseWatch
  readonly settled: Settled
  readonly counts: Counts
  /** Must not throw. */
  readonly onError: (error: Error) => void
}

/** What a request is judged by, from its beginning to its end. */
export interface Moment {
  readonly phase: Phase
  readonly version: number
  /** ms since the epoch. */
  readonly now: number
}

/** @throws LoginsUnavailableError while this node does not know the phase. */
export function beginMoment({ watch, settled, logins }: Engine): Moment {
  const { phase, version } = watch.current
  settled.enter(version)
  return { phase, version, now: logins.now() }
}
