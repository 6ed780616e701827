import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/**
 * The server under test has a core to itself; the load, Redis and everything else share another. `both` is for a
 * server that hashes passwords with one core less than there are, beside a light load.
 */
export type Core = 'server' | 'load' | 'both'

const CORES: Readonly<Record<Core, string>> = { server: '0', load: '1', both: '0,1' }

/** Whether this machine can pin the two to different cores. */
export const canPin = availableParallelism() >= 2 && spawnSync('taskset', ['-c', '0,1', 'true']).status === 0

/** A command line pinned to a core. */
export function pinned(core: Core, command: string, ...args: readonly string[]): [string, ...string[]] {
  return canPin ? ['taskset', '-c', CORES[core], command, ...args] : [command, ...args]
}

/** Pins the process of the run itself, and children without a core of their own. */
export function keepOffServerCore(): void {
  if (canPin) spawnSync('taskset', ['-acp', CORES.load, String(process.pid)])
}
