import { setTimeout as wait } from 'node:timers/promises'
import type { RevocationFeed } from '@drawbridge/logins'

/** How many revocations are published, in turn by each of several nodes. */
export interface Pace {
  readonly perSecond: number
  readonly seconds: number
}

/** What became of them. */
export interface Published {
  readonly count: number
  /** Without an acknowledgement in time. */
  readonly failedCount: number
  /** The rate that was reached. */
  readonly perSecond: number
}

type Publisher = Pick<RevocationFeed, 'publish'>

const TICK_MS = 5
let madeCount = 0

/** A well-formed loginId of no login, which says when it was made, by the monotonic clock: all processes of a machine share it. */
export function makeLoginId(): string {
  const bytes = Buffer.alloc(21)
  bytes.writeBigUInt64BE(process.hrtime.bigint())
  bytes.writeUInt32BE(process.pid, 8)
  bytes.writeUInt32BE((madeCount += 1), 12)
  return bytes.toString('base64url')
}

/** When a loginId of {@link makeLoginId} was made, ns. */
export function publishedAt(loginId: string): bigint {
  return Buffer.from(loginId, 'base64url').readBigUInt64BE()
}

/** Publishes each alone, as a log-out does, whether or not those before it were acknowledged. */
export async function publishAtPace(
  nodes: readonly Publisher[],
  { perSecond, seconds }: Pace
): Promise<Published> {
  const startedAt = performance.now()
  const passedMs = () => performance.now() - startedAt
  const total = Math.floor(perSecond * seconds)
  const all: Array<Promise<boolean>> = []
  while (all.length < total) {
    await wait(TICK_MS)
    const dueCount = Math.min(total, Math.floor((passedMs() / 1000) * perSecond))
    while (all.length < dueCount) all.push(publishOne(nodes[all.length % nodes.length] as Publisher))
  }
  const lastAt = passedMs()
  const acknowledged = await Promise.all(all)
  return {
    count: all.length,
    failedCount: acknowledged.filter((isAcknowledged) => !isAcknowledged).length,
    perSecond: (all.length / lastAt) * 1000
  }
}

/** As fast as the feed takes them, each as an entry of its own: a node appends one at a time. */
export async function publishAll(nodes: readonly Publisher[], amount: number): Promise<void> {
  let startedCount = 0
  const publishInTurn = async (node: Publisher) => {
    while ((startedCount += 1) <= amount) await node.publish([{ loginId: makeLoginId() }])
  }
  await Promise.all(nodes.map(publishInTurn))
}

function publishOne(node: Publisher): Promise<boolean> {
  return node.publish([{ loginId: makeLoginId() }]).then(
    () => true,
    () => false
  )
}
