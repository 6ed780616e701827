import type { AdoptedLogin, LeadCounts, PhaseCounts } from './adoption-store.ts'
import type { Phase } from './phase.ts'

/** One number of a phase. */
export interface CountRow {
  readonly phase: Phase
  readonly name: string
  readonly value: number
}

/** Counts a list of active logins, each once. @param after ms since the epoch. */
export function countAdopted(adopted: readonly AdoptedLogin[], after: number): LeadCounts {
  const led = adopted.filter(({ adoption }) => adoption.ledBy === 'old')
  const returned = led.filter(({ adoption }) => adoption.returnedAt !== null && adoption.returnedAt > after)
  return { old: led.length, new: adopted.length - led.length, returned: returned.length }
}

/** The numbers of a migration by its phases. */
export function groupByPhase(rows: readonly CountRow[]): PhaseCounts {
  const counts: Partial<Record<Phase, Record<string, number>>> = {}
  for (const { phase, name, value } of rows) (counts[phase] ??= {})[name] = value
  return counts
}
