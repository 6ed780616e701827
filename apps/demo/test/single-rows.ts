import type { Test } from 'tap'
import { type FaultScenario, singleScenarios } from '@drawbridge/test-support/feed/fault-scenarios'
import { NodeProcess } from './node-process.ts'
import { checkRow } from './outage-row.ts'
import { sharedEnvironment } from './start-nodes.ts'

/** The bound of the demo's feed. */
const LOG = 'drawbridge:{a}:feed'

/** The rows of the fault matrix in which a single Redis loses data, or those in which it does not. */
export async function checkSingleRows(t: Test, losesWrites: boolean): Promise<void> {
  const node = NodeProcess.start(t)
  for (const scenario of singleScenarios.filter(({ loses }) => (loses !== 'nothing') === losesWrites)) {
    await t.test(scenario.name, (t) => checkSingleRow(t, node, scenario))
  }
}

async function checkSingleRow(t: Test, node: NodeProcess, scenario: FaultScenario): Promise<void> {
  const { loses, exceedsMaxStaleness = false, prepare } = scenario
  const { servers, inject, stop } = await prepare(LOG)
  t.teardown(stop)
  const env = await sharedEnvironment(t, `redis://127.0.0.1:${servers.ports?.[0]}`)
  const { lost, restored, unavailable } = await checkRow(t, { env, node, loses, inject })
  if (exceedsMaxStaleness) t.ok(unavailable > 20, `${unavailable} requests got 503`)
  if (loses === 'everything') t.ok(lost > 20, 'logins were lost')
  if (loses === 'newest') t.ok(restored > 0, `${restored} log-outs were lost, and are still effective`)
}
