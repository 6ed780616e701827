import type { Phase, PhaseCounts } from '@drawbridge/logins'
import type { RejectionReason } from './old-logins.ts'

/** What is counted in each phase. */
export type CountName =
  /** Requests that the other system's credential served, with nothing of ours made. */
  | 'passed'
  /** Logins that were made for old credentials. */
  | 'adopted'
  /** Logins that we lead from then on, as both credentials were seen. */
  | 'handedOver'
  /** Requests that the other system's credential served, with a login of ours. */
  | 'servedByOld'
  /** Requests after which the browser has the other system's credential again. */
  | 'givenBack'
  /** Old credentials that do not count: `rejected.` and why. */
  | `rejected.${RejectionReason | 'user' | 'revoked'}`
  /** Unclaimed old credentials from before a change of password, or from before another bar. */
  | 'barred'
  /** Old credentials that were served as they are, or got no tokens yet, as their address has had many logins made. */
  | 'throttled'
  /** Requests that an old credential served, with nothing of ours asked, while our store could not be reached. */
  | 'passedInOutage'
  /** Logins that ended since they were no longer active there. */
  | 'endedThere'
  /** Log-outs that did not reach the other system. */
  | 'endFailed'
  /** Old credentials that are younger than the phase `new`: an instance of the other system is still running. */
  | 'issuedAfterSwitch'

/** Counts of one node that the store does not have yet. */
export interface Counts {
  add(phase: Phase, name: CountName): void
  /** An old credential was served. @param at ms since the epoch. @param until from when it is not accepted any more. */
  serveOld(phase: Phase, at: number, until?: number): void
  /** Writes them; what could not be written stays for the next time. Rejects when the store is down. */
  flush(): Promise<void>
}

/**
 * The names of what is stored beside the counts: the greatest of each phase. When an old credential was last served, and when the
 * last one of those expires, ms since the epoch; the longest time, in ms, that one of them had left; when it was swept.
 */
export type MaximumName = 'oldLastServedAt' | 'oldExpiresAt' | 'longestLifeMs' | 'sweptAt'

const MAXIMA: ReadonlySet<string> = new Set<MaximumName>([
  'oldLastServedAt',
  'oldExpiresAt',
  'longestLifeMs',
  'sweptAt'
])

/** The greatest of all phases; null where there is none. */
export function findMaximum(counts: PhaseCounts, name: MaximumName): number | null {
  const values = Object.values(counts).flatMap((numbers) => numbers?.[name] ?? [])
  return values.length === 0 ? null : Math.max(...values)
}

/** Without the maxima. */
export function toCounts(stored: PhaseCounts): PhaseCounts {
  const phases = Object.entries(stored).map(([phase, numbers]) => {
    const counted = Object.entries(numbers).filter(([name]) => !MAXIMA.has(name))
    return [phase, Object.fromEntries(counted)] as const
  })
  return Object.fromEntries(phases.filter(([, numbers]) => Object.keys(numbers).length > 0))
}

/** Of a credential that never expires: the last moment that a Date has. */
export const NEVER = 8_640_000_000_000_000

type Write = (
  phase: Phase,
  changes: {
    readonly add: Readonly<Record<string, number>>
    readonly raise: Readonly<Record<string, number>>
  }
) => Promise<void>

interface Unwritten {
  readonly add: Map<string, number>
  readonly raise: Map<MaximumName, number>
}

/** @param publish is called for each count, once. Must not throw. */
export function createCounts(write: Write, publish: (phase: Phase, name: CountName) => void): Counts {
  let unwritten = new Map<Phase, Unwritten>()
  const of = (phase: Phase) => {
    const found = unwritten.get(phase) ?? { add: new Map(), raise: new Map() }
    unwritten.set(phase, found)
    return found
  }
  const add = (phase: Phase, name: string, count = 1) => {
    const counted = of(phase).add
    counted.set(name, (counted.get(name) ?? 0) + count)
  }
  const raise = (phase: Phase, name: MaximumName, value: number) => {
    const raised = of(phase).raise
    raised.set(name, Math.max(value, raised.get(name) ?? 0))
  }
  return {
    add: (phase, name) => {
      add(phase, name)
      publish(phase, name)
    },
    serveOld: (phase, at, until) => {
      raise(phase, 'oldLastServedAt', at)
      if (until === undefined) return
      const expiresAt = Math.min(until, NEVER)
      raise(phase, 'oldExpiresAt', expiresAt)
      raise(phase, 'longestLifeMs', expiresAt - at)
    },
    flush: async () => {
      const taken = [...unwritten]
      unwritten = new Map()
      for (const [phase, { add: counted, raise: raised }] of taken) {
        const changes = { add: Object.fromEntries(counted), raise: Object.fromEntries(raised) }
        await write(phase, changes).catch((error: unknown) => {
          for (const [name, count] of counted) add(phase, name, count)
          for (const [name, value] of raised) raise(phase, name, value)
          throw error
        })
      }
    }
  }
}
