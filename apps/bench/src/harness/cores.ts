import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/**
 * The server under test has a core to itself; the load, Redis and all else share another. `both` is for a server that
 * hashes passwords, one core less than there are at once, beside a load that asks for little.
 */
export type Core = 'server' | 'load' | 'both'

const CORES: Readonly<Record<Core, string>> = { server: '0', load: '1', both: '0,1' }

/** Whether this machine can keep the two apart. */
export const canPin = availableParallelism() >= 2 && spawnSync('taskset', ['-c', '0,1', 'true']).status === 0

/** A command line that runs on a core. */
export function pinned(core: Core, command: string, ...args: readonly string[]): [string, ...string[]] {
  return canPin ? ['taskset', '-c', CORES[core], command, ...args] : [command, ...args]
}

/** For the process that conducts the run, and what it starts without a core of its own. */
export function keepOffServerCore(): void {
  if (canPin) spawnSync('taskset', ['-acp', CORES.load, String(process.pid)])
}
