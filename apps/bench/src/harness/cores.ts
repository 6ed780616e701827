import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The server under test has a core to itself; the load, Redis and all else share another. */
export type Core = 'server' | 'load'

const CORES: Readonly<Record<Core, number>> = { server: 0, load: 1 }

/** Whether this machine can keep the two apart. */
export const canPin = availableParallelism() >= 2 && spawnSync('taskset', ['-c', '0,1', 'true']).status === 0

/** A command line that runs on a core. */
export function pinned(core: Core, command: string, ...args: readonly string[]): [string, ...string[]] {
  return canPin ? ['taskset', '-c', String(CORES[core]), command, ...args] : [command, ...args]
}

/** For the process that conducts the run, and what it starts without a core of its own. */
export function keepOffServerCore(): void {
  if (canPin) spawnSync('taskset', ['-acp', String(CORES.load), String(process.pid)])
}
