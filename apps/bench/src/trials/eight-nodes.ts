import { setTimeout as wait } from 'node:timers/promises'
import { readFile } from 'node:fs/promises'
import { sendLoad } from '../harness/load.ts'
import type { RunContext } from '../harness/rounds.ts'
import { ServerProcess } from '../harness/server-process.ts'
import type { Finding } from '../results/measurements.ts'
import type { Trial } from './trial.ts'

const OTHER_NODES = 7
const ROUNDS = 5
const SECONDS = 2
const PER_SECOND = 200
const APPLIED_PER_SECOND = 2000
const SIGN_OUTS = 40

/** One node with a core to itself, and seven others, one of which publishes to the feed. */
export const eightNodes: Trial = {
  id: 'eight-nodes',
  title: 'Eight nodes and a feed',
  needsRedis: true,
  run: async ({ folder, redisUrl = '' }: RunContext): Promise<Finding[]> => {
    const setting = { store: 'redis', redisUrl, prefix: 'eight' } as const
    const nodes = [
      await ServerProcess.start('session-guard', { ...setting, credentials: SIGN_OUTS + 1 }, folder, 'server')
    ]
    try {
      for (let at = 0; at < OTHER_NODES; at++)
        nodes.push(await ServerProcess.start('session-guard', setting, folder, 'load'))
      const [measured, teller] = nodes as [ServerProcess, ServerProcess]
      return [
        ...(await underLoad(measured, teller)),
        await costOfApplying(measured, teller),
        await timeToRevoke(measured, teller)
      ]
    } finally {
      await Promise.all(nodes.map((node) => node.stop()))
    }
  }
}

async function underLoad(measured: ServerProcess, revoker: ServerProcess): Promise<Finding[]> {
  const baseline: number[] = []
  const busy: number[] = []
  const { url, requests } = measured.ready
  const measureRequestCpu = async (): Promise<number> => {
    const before = await measured.usage()
    const result = await sendLoad(url, requests, { seconds: SECONDS, connections: 20, skip: 0 })
    if (result.refused + result.failed > 0) throw new Error('a request of an active session was rejected')
    return ((await measured.usage()).cpuMicros - before.cpuMicros) / result.requests
  }
  await measureRequestCpu()
  for (let round = 0; round < ROUNDS; round++) {
    baseline.push(await measureRequestCpu())
    const revoking = revoker.call('revokeAtPace', { perSecond: PER_SECOND, seconds: SECONDS + 1 })
    await wait(500)
    busy.push(await measureRequestCpu())
    await revoking
  }
  return [
    {
      id: 'eight-nodes-quiet',
      label: 'CPU of a guarded request, one of 8 nodes',
      unit: 'µs',
      values: baseline
    },
    { id: 'eight-nodes-busy', label: `the same with ${PER_SECOND} revocations/s`, unit: 'µs', values: busy }
  ]
}

/** The cost of one revocation by another node, on an idle node. */
async function costOfApplying(measured: ServerProcess, revoker: ServerProcess): Promise<Finding> {
  const values: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const idle = await measured.cpuWhile(() => wait(SECONDS * 1000))
    let count = 0
    const revoking = await measured.cpuWhile(async () => {
      count = await revoker.call<number>('revokeAtPace', { perSecond: APPLIED_PER_SECOND, seconds: SECONDS })
    })
    values.push((revoking - idle) / count)
  }
  return { id: 'feed-apply', label: 'CPU of a node to apply a revocation from the feed', unit: 'µs', values }
}

/**
 * Time from the response to a log-out on one node to the first rejection on another that had the session in its
 * cache.
 */
async function timeToRevoke(measured: ServerProcess, revoker: ServerProcess): Promise<Finding> {
  const cookies = (await readFile(measured.ready.requests.file, 'utf8')).trim().split('\n')
  const values: number[] = []
  for (const cookie of cookies.slice(1)) {
    await fetchStatus(measured, cookie)
    await fetch(`${revoker.ready.url}/session/logout`, { method: 'POST', headers: { cookie } })
    const answeredAt = performance.now()
    while ((await fetchStatus(measured, cookie)) === 200);
    values.push(performance.now() - answeredAt)
  }
  return {
    id: 'time-to-revoke',
    label: 'from the response to a log-out until another node rejects the session',
    unit: 'ms',
    values
  }
}

async function fetchStatus({ ready: { url } }: ServerProcess, cookie: string): Promise<number> {
  const response = await fetch(url, { headers: { cookie } })
  await response.arrayBuffer()
  return response.status
}
