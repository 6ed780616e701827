import type { Touch } from '../../stores/login-store.ts'
import { isCrossSlot } from './batched-reads.ts'

/** Moves `lastSeenAt` of logins. @returns for each touch, in order, whether its login is active. */
export type WriteTouches = (touches: readonly Touch[]) => Promise<readonly boolean[]>

/** Runs one script for these touches. @returns for each, in order, 1 where its login is active. */
type RunTouches = (touches: readonly Touch[]) => Promise<readonly number[]>

/** Redis serves nobody else during one script. */
const TOUCHES_PER_SCRIPT = 100
/** How many touches are sent at once: more of them would delay the commands of requests (bench, `redis`). */
const TOUCHES_AT_ONCE = 500

/**
 * Writes a login at a time in a Cluster, where one script has keys of one slot, and a hundred at a time elsewhere, which takes
 * a fifth of the CPU.
 */
export function createWriteTouches(isCluster: boolean, run: RunTouches): WriteTouches {
  let perScript = isCluster ? 1 : TOUCHES_PER_SCRIPT
  const runEach = (touches: readonly Touch[], size: number) => Promise.all(split(touches, size).map(run))
  const write = async (touches: readonly Touch[]) => {
    try {
      return await runEach(touches, perScript)
    } catch (error) {
      if (!isCrossSlot(error)) throw error
      perScript = 1
      return runEach(touches, perScript)
    }
  }
  return async (touches) => {
    const active: boolean[] = []
    for (const batch of split(touches, TOUCHES_AT_ONCE))
      active.push(...(await write(batch)).flat().map((each) => each === 1))
    return active
  }
}

function split<Item>(items: readonly Item[], size: number): ReadonlyArray<readonly Item[]> {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size)
  )
}
