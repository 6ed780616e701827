import { generateSigningKey } from '@drawbridge/token-auth'
import { loadProgram, sendLoad } from '../harness/load.ts'
import type { RunContext } from '../harness/rounds.ts'
import { ServerProcess } from '../harness/server-process.ts'
import type { Ready, Setting } from '../harness/server.ts'
import type { Finding } from '../results/measurements.ts'
import type { Trial } from './trial.ts'

const CREDENTIALS = 100_000
const CARRIERS = [
  ['session', 'session-guard'],
  ['token', 'token-guard']
] as const

/**
 * The memory of a node before and after 100,000 credentials created by another process: sessions by their snapshots,
 * tokens by their signatures. Garbage is collected before both measurements, and the node has served for a while
 * before the first.
 */
export const nodeMemory: Trial = {
  id: 'node-memory',
  title: 'What a cached credential costs a node',
  run: async (context) => {
    const findings: Finding[] = []
    for (const [carrier, scenario] of CARRIERS)
      findings.push(...(await measureCost(carrier, scenario, context)))
    return findings
  }
}

async function measureCost(
  carrier: string,
  scenario: (typeof CARRIERS)[number][1],
  { folder }: RunContext
): Promise<Finding[]> {
  // Half of the cache is retained in any case, the other half while it is read again.
  const setting: Setting = {
    cacheMaxEntries: 4 * CREDENTIALS,
    // The node has the logins in no store: the first use that it writes would tell it that they are gone.
    touchIntervalSeconds: 3600,
    snapshot: true,
    signingKey: generateSigningKey('EdDSA')
  }
  // First: it covers what was made since a minute before its start, and to make so many takes longer.
  const node = await ServerProcess.start(scenario, setting, folder, 'server')
  const maker = await ServerProcess.start(scenario, { ...setting, credentials: CREDENTIALS }, folder, 'load')
  try {
    await send(node, node.ready.requests, 50_000)
    const before = await node.usageAfterGc()
    await send(node, maker.ready.requests, CREDENTIALS)
    const after = await node.usageAfterGc()
    const growth = (of: 'rssBytes' | 'heapBytes') => [(after[of] - before[of]) / CREDENTIALS]
    const label = `a cached ${carrier}: growth of`
    return [
      { id: `cached-${carrier}`, label: `${label} RSS`, unit: 'bytes', values: growth('rssBytes') },
      { id: `cached-${carrier}-heap`, label: `${label} the heap`, unit: 'bytes', values: growth('heapBytes') }
    ]
  } finally {
    await Promise.all([maker.stop(), node.stop()])
  }
}

/** At least so many requests, each with the next value. */
async function send({ ready: { url } }: ServerProcess, requests: Ready['requests'], amount: number) {
  let skip = 0
  while (skip < amount) {
    const result = await sendLoad(url, requests, { seconds: 2, connections: 20, skip })
    const { refused, failed } = result
    if (refused + failed > 0)
      throw new Error(
        `${loadProgram}: ${refused} credentials rejected, ${failed} requests without a response`
      )
    skip += result.requests
  }
}
