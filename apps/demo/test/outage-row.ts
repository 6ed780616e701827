import type { Test } from 'tap'
import type { AwayNode } from './away-node.ts'
import { checkLoad, type Loss, type Outcome } from './check-load.ts'
import { Load } from './load.ts'
import { openMint } from './mint.ts'
import { type Environment, startNodes } from './start-nodes.ts'

export interface OutageRow {
  /** What the nodes share. */
  readonly env: Environment
  readonly away: AwayNode
  readonly loses: Loss['what']
  /** See `Loss`. Default true. */
  readonly isNoticed?: boolean
  readonly happens: (away: AwayNode) => Promise<unknown>
}

const BOUND_MS = 1000

/** Three nodes under load while something happens to what they share; every answer is held against what its client could know. */
export async function checkRow(t: Test, row: OutageRow): Promise<Outcome> {
  const { env, away, loses, isNoticed = true, happens } = row
  const near = await startNodes(t, 2, env)
  const urls = [...near.map(({ url }) => url), await away.begin(env)]
  t.teardown(() => away.end())
  const load = await Load.start({ urls, mint: await openMint(t, env), boundMs: BOUND_MS })
  let [beganAt, overAt] = [0, 0]
  try {
    await load.goOn()
    if (loses !== 'nothing') load.oracle.expectLoss(isNoticed)
    beganAt = performance.now()
    await happens(away)
    overAt = performance.now()
    await load.untilServed()
    t.comment(`all was served ${Math.round(performance.now() - overAt)} ms later`)
    await load.goOn()
  } finally {
    await load.stop()
  }
  return checkLoad(t, load, { what: loses, isNoticed, beganAt, overAt })
}
