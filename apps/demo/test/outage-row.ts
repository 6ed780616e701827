import type { Test } from 'tap'
import type { NodeProcess } from './node-process.ts'
import { checkLoad, type Loss, type Outcome } from './check-load.ts'
import { Load } from './load.ts'
import { openLoginIssuer } from './login-issuer.ts'
import { type Environment, startNodes } from './start-nodes.ts'

export interface OutageRow {
  /** The Redis that the nodes share. */
  readonly env: Environment
  readonly node: NodeProcess
  readonly loses: Loss['what']
  /** See `Loss`. Default true. */
  readonly isNoticed?: boolean
  readonly inject: (away: NodeProcess) => Promise<unknown>
}

const MAX_STALENESS_MS = 1000

/** Three nodes under load while something happens to their Redis; the oracle judges every response. */
export async function checkRow(t: Test, row: OutageRow): Promise<Outcome> {
  const { env, node, loses, isNoticed = true, inject } = row
  const localNodes = await startNodes(t, 2, env)
  const urls = [...localNodes.map(({ url }) => url), await node.serve(env)]
  t.teardown(() => node.stopServing())
  const load = await Load.start({ urls, mint: await openLoginIssuer(t, env), boundMs: MAX_STALENESS_MS })
  let [beganAt, overAt] = [0, 0]
  try {
    await load.runOn()
    if (loses !== 'nothing') load.oracle.expectLoss(isNoticed)
    beganAt = performance.now()
    await inject(node)
    overAt = performance.now()
    await load.untilServed()
    t.comment(`everything was served again ${Math.round(performance.now() - overAt)} ms later`)
    await load.runOn()
  } finally {
    await load.stop()
  }
  return checkLoad(t, load, { what: loses, isNoticed, beganAt, overAt })
}
