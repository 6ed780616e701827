import { prefixFrom } from '../login/login.ts'
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
  return {
    old: led.length,
    new: adopted.length - led.length,
    returned: returned.length,
    mostOfOneUser: findMost(adopted)
  }
}

/** By the part of the id that the logins of a user have in common, as a list of adoptions does not name the user. */
function findMost(adopted: readonly AdoptedLogin[]): LeadCounts['mostOfOneUser'] {
  const counts = new Map<string, number>()
  let most: LeadCounts['mostOfOneUser'] = null
  for (const { loginId } of adopted) {
    const user = prefixFrom(loginId)
    const count = (counts.get(user) ?? 0) + 1
    counts.set(user, count)
    if (count > (most?.count ?? 0)) most = { count, loginId }
  }
  return most
}

/** The numbers of a migration by its phases. */
export function groupByPhase(rows: readonly CountRow[]): PhaseCounts {
  const counts: Partial<Record<Phase, Record<string, number>>> = {}
  for (const { phase, name, value } of rows) (counts[phase] ??= {})[name] = value
  return counts
}
