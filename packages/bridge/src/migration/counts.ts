import type { Phase } from '@drawbridge/logins'

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
  /** Old credentials that do not count: `refused.` and the cause. */
  | `refused.${'invalid' | 'revoked'}`
  /** Unclaimed old credentials from before a change of password, or from before another bar. */
  | 'barred'
  /** Logins that ended since they were no longer active there. */
  | 'endedThere'
  /** Log-outs that did not reach the other system. */
  | 'endFailed'
  /** Old credentials that are younger than the phase `new`: an instance of the other system is still running. */
  | 'issuedAfterSwitch'

/** Counts of one node that the store does not have yet. */
export interface Counts {
  add(phase: Phase, name: CountName): void
  /** @param at ms since the epoch. */
  serveOld(phase: Phase, at: number): void
  /** Writes them; what could not be written stays for the next time. Rejects when the store is down. */
  flush(): Promise<void>
}

/** The name under which the last use of an old credential is stored, ms since the epoch. */
export const OLD_LAST_SERVED_AT = 'oldLastServedAt'

type Write = (
  phase: Phase,
  changes: {
    readonly add: Readonly<Record<string, number>>
    readonly raise: Readonly<Record<string, number>>
  }
) => Promise<void>

interface Unwritten {
  readonly add: Map<string, number>
  lastServedAt: number
}

/** @param publish is called for each count, once. Must not throw. */
export function createCounts(write: Write, publish: (phase: Phase, name: CountName) => void): Counts {
  let unwritten = new Map<Phase, Unwritten>()
  const of = (phase: Phase) => {
    const found = unwritten.get(phase) ?? { add: new Map<string, number>(), lastServedAt: 0 }
    unwritten.set(phase, found)
    return found
  }
  const add = (phase: Phase, name: string, count = 1) => {
    const counted = of(phase).add
    counted.set(name, (counted.get(name) ?? 0) + count)
  }
  const serveOld = (phase: Phase, at: number) => {
    const counted = of(phase)
    counted.lastServedAt = Math.max(counted.lastServedAt, at)
  }
  return {
    add: (phase, name) => {
      add(phase, name)
      publish(phase, name)
    },
    serveOld,
    flush: async () => {
      const taken = [...unwritten]
      unwritten = new Map()
      for (const [phase, { add: counted, lastServedAt }] of taken) {
        const raise = lastServedAt === 0 ? {} : { [OLD_LAST_SERVED_AT]: lastServedAt }
        await write(phase, { add: Object.fromEntries(counted), raise }).catch((error: unknown) => {
          for (const [name, count] of counted) add(phase, name, count)
          serveOld(phase, lastServedAt)
          throw error
        })
      }
    }
  }
}
