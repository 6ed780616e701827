import type { FaultScenario } from '@drawbridge/test-support/feed/fault-scenarios'
import type { Test } from 'tap'
import { LiveLoad, type LiveLoadOptions, percentiles, type Verdict } from './live-load.ts'
import type { NodeProcess } from './node-process.ts'

export const COUNTS = { leaving: 30, staying: 6 }

export interface ConnectionsRow extends Pick<LiveLoadOptions, 'servers' | 'loginsPort' | 'mode'> {
  /** The last one is what a fault stops. */
  readonly nodes: readonly NodeProcess[]
  readonly loses: FaultScenario['loses']
  /** Whether nodes notice what is lost; otherwise the logins are valid where they were verified. Default true. */
  readonly isNoticed?: boolean
  readonly inject: (away: NodeProcess) => Promise<unknown>
  /** Between two log-outs, ms: so that they go on until the fault is over. Default 50. */
  readonly pauseMs?: number
}

/** Connections on three nodes while something happens to their servers; the oracle judges when each is closed. */
export async function checkConnections(t: Test, row: ConnectionsRow): Promise<void> {
  const { nodes, loses, isNoticed = true, inject, pauseMs = 50, ...where } = row
  const load = await LiveLoad.start(nodes, { ...where, ...COUNTS })
  t.teardown(() => load.stop())
  await load.run(() => inject(nodes.at(-1) as NodeProcess), pauseMs)
  const verdict = await load.judge()
  report(t, verdict)
  t.equal(verdict.late, 0, 'nothing is sent later than the bound after a log-out')
  t.equal(verdict.leftOpen, 0, 'every connection of a revoked login is closed')
  t.equal(verdict.wronglySignedOut, 0, 'no connection of an active login is closed as after a log-out')
  t.equal(verdict.revoked, COUNTS.leaving)
  if (loses === 'everything' && isNoticed)
    t.ok(verdict.ends['signed-out'], 'and those of logins that are lost')
}

export function report(t: Test, { connections, revoked, ends, closedAfterMs }: Verdict): void {
  t.comment(
    `${connections} connections, ${revoked} log-outs: ${JSON.stringify(ends)}; ${percentiles(closedAfterMs)}`
  )
}
