import { Redis } from 'ioredis'
import { readUsedMemory } from '../../harness/redis.ts'
import type { RunContext } from '../../harness/rounds.ts'
import { ServerProcess } from '../../harness/server-process.ts'
import type { Finding } from '../../results/measurements.ts'

const PUBLISHERS = 4
const MIB = 1024 ** 2

/** How many revocations the feed has, and how many nodes start behind it, one after the other. */
export interface LongFeed {
  readonly revoked: number
  readonly starts: number
}

/** What a long feed costs a node that starts, and Redis. */
export async function startBehindLongFeed(
  { folder, redisUrl = '' }: RunContext,
  { revoked, starts }: LongFeed
): Promise<Finding[]> {
  const redis = new Redis(redisUrl)
  const setting = { redisUrl, prefix: 'scale-start' } as const
  try {
    const before = await readUsedMemory(redis)
    const publishers = await ServerProcess.start(
      'followers',
      { ...setting, followers: PUBLISHERS },
      folder,
      'server'
    )
    await publishers.call('publishAll', revoked)
    await publishers.stop()
    const bytes = ((await readUsedMemory(redis)) - before) / revoked
    const nodes: NodeStart[] = []
    while (nodes.length < starts) nodes.push(await measureStart(setting, folder))
    const label = `a node that starts behind ${revoked.toLocaleString('en')} revocations:`
    return [
      {
        id: 'scale-start',
        label: `${label} until it may use its cache`,
        unit: 's',
        values: nodes.map(({ seconds }) => seconds)
      },
      {
        id: 'scale-start-heap',
        label: `${label} heap`,
        unit: 'MiB',
        values: nodes.map(({ heapMiB }) => heapMiB)
      },
      {
        id: 'scale-start-rss',
        label: `${label} RSS, garbage included`,
        unit: 'MiB',
        values: nodes.map(({ rssMiB }) => rssMiB)
      },
      {
        id: 'scale-entry',
        label: 'an entry of the feed in Redis, of one revocation',
        unit: 'bytes',
        values: [bytes]
      }
    ]
  } finally {
    await redis.flushall()
    redis.disconnect()
  }
}

interface NodeStart {
  readonly seconds: number
  /** Above that of a process without the node. */
  readonly heapMiB: number
  readonly rssMiB: number
}

async function measureStart(
  setting: { readonly redisUrl: string; readonly prefix: string },
  folder: string
): Promise<NodeStart> {
  const process = await ServerProcess.start('followers', setting, folder, 'server')
  try {
    const before = await process.usageAfterGc()
    const ms = await process.call<number>('startNode')
    const after = await process.usageAfterGc()
    return {
      seconds: ms / 1000,
      heapMiB: (after.heapBytes - before.heapBytes) / MIB,
      rssMiB: (after.rssBytes - before.rssBytes) / MIB
    }
  } finally {
    await process.stop()
  }
}
