import { loadProgram, sendLoad } from '../harness/load.ts'
import type { Surroundings } from '../harness/rounds.ts'
import { ServerProcess } from '../harness/server-process.ts'
import type { Finding } from '../results/measurements.ts'
import type { Trial } from './trial.ts'

const CREDENTIALS = 50_000
const SMALL: readonly ['session' | 'token', 'session-guard' | 'token-guard'][] = [
  ['session', 'session-guard'],
  ['token', 'token-guard']
]

/**
 * A node before and after it has seen 50,000 credentials; garbage is collected before either look. By the heap and not by
 * RSS: where the process has made the credentials, RSS has in it what making them took and V8 has kept.
 */
export const nodeMemory: Trial = {
  id: 'node-memory',
  title: 'What a cached credential costs a node',
  run: async (around) =>
    (await Promise.all(SMALL.map(([name, scenario]) => cost(name, scenario, around)))).flat()
}

async function cost(
  name: 'session' | 'token',
  scenario: 'session-guard' | 'token-guard',
  { folder }: Surroundings
): Promise<Finding[]> {
  const setting = { credentials: CREDENTIALS, cacheMaxEntries: 4 * CREDENTIALS, algorithm: 'EdDSA' } as const
  const server = await ServerProcess.start(scenario, setting, folder, 'server')
  try {
    const { url, requests } = server.ready
    const before = await server.settled()
    let skip = 0
    while (skip < CREDENTIALS) {
      const seen = await sendLoad(url, requests, { seconds: 2, connections: 20, skip })
      if (seen.refused + seen.failed > 0) throw new Error(`${name}: refused by ${loadProgram}`)
      skip += seen.requests
    }
    const after = await server.settled()
    const bytes = (after.heapBytes - before.heapBytes) / CREDENTIALS
    return [
      { id: `cached-${name}`, label: `a cached ${name}: growth of the heap`, unit: 'bytes', values: [bytes] }
    ]
  } finally {
    await server.stop()
  }
}
