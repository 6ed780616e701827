import type { Test } from 'tap'
import { type FaultScenario, singleScenarios } from '../../../packages/logins/test/redis/feed/scenarios.ts'
import { AwayNode } from './away-node.ts'
import { checkRow } from './outage-row.ts'
import { sharedBy } from './start-nodes.ts'

/** Of the feed of the demo. */
const LOG = 'drawbridge:{a}:feed'

/** The rows of the matrix of faults in which one Redis loses something, or those in which it does not. */
export async function checkSingleRows(t: Test, isLost: boolean): Promise<void> {
  const away = AwayNode.start(t)
  for (const scenario of singleScenarios.filter(({ loses }) => (loses !== 'nothing') === isLost)) {
    await t.test(scenario.name, (t) => checkSingleRow(t, away, scenario))
  }
}

async function checkSingleRow(t: Test, away: AwayNode, scenario: FaultScenario): Promise<void> {
  const { loses, outlastsTheBound = false, prepare } = scenario
  const { servers, happens, stop } = await prepare(LOG)
  t.teardown(stop)
  const env = await sharedBy(t, `redis://127.0.0.1:${servers.ports?.[0]}`)
  const { lost, broughtBack, unavailable } = await checkRow(t, { env, away, loses, happens })
  if (outlastsTheBound) t.ok(unavailable > 20, `${unavailable} requests were answered 503`)
  if (loses === 'everything') t.ok(lost > 20, 'log-ins were lost')
  if (loses === 'newest') t.ok(broughtBack > 0, `${broughtBack} log-outs were lost, and hold`)
}
