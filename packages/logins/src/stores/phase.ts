/** The phases of a migration, in their order. Only steps to a neighbour are made. */
export const PHASES = ['old', 'both', 'new', 'retired'] as const

/** A phase of a migration. */
export type Phase = (typeof PHASES)[number]

/** The phase of a migration, as stored. Without a row it is `old`, of version 0. */
export interface StoredPhase {
  readonly migration: string
  readonly phase: Phase
  /** Grows with each step. */
  readonly version: number
  /** Since when, ms since the epoch by the store's clock. */
  readonly since: number
  /** Who made the step. */
  readonly by: string
}

/** The input of a step from one phase to another. */
export interface MoveInput {
  /** The version that was read; null where there was no row. */
  readonly from: number | null
  readonly to: Phase
  /** Who makes the step. */
  readonly by: string
  /**
   * How long the phase must have been what it is, ms: until every node knows it, and no request is left that began in the one
   * before.
   */
  readonly minIntervalMs: number
  /**
   * Only where the row was lost, and `from` is null: the last version that a node has seen. The row is written anew with the
   * next version, in any phase.
   */
  readonly lostVersion?: number
}

/**
 * `move`: write the row. `changed`: somebody else has made a step. `not-neighbour`: phases are not skipped. `too-soon`: not all
 * nodes may be in this phase yet.
 */
export type MoveDecision = 'move' | 'changed' | 'not-neighbour' | 'too-soon'

/** Whether a step is made. @param now ms since the epoch by the store's clock. */
export function decideMove(
  stored: Pick<StoredPhase, 'phase' | 'version' | 'since'> | null,
  { from, to, minIntervalMs, lostVersion }: MoveInput,
  now: number
): MoveDecision {
  if (from !== (stored?.version ?? null)) return 'changed'
  if (stored === null && lostVersion !== undefined) return 'move'
  if (!isNeighbour(stored?.phase ?? 'old', to)) return 'not-neighbour'
  return stored !== null && now - stored.since < minIntervalMs ? 'too-soon' : 'move'
}

/** The row after `move`. @param now ms since the epoch by the store's clock. */
export function movedPhase(
  migration: string,
  { from, to, by, lostVersion }: MoveInput,
  now: number
): StoredPhase {
  return { migration, phase: to, version: (from ?? lostVersion ?? 0) + 1, since: now, by }
}

function isNeighbour(phase: Phase, to: Phase): boolean {
  return Math.abs(PHASES.indexOf(phase) - PHASES.indexOf(to)) === 1
}
