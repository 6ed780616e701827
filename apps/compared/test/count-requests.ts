import { type MonitoredCommand, RedisMonitor } from '@drawbridge/test-support/servers/redis-monitor'
import type { Redis } from 'ioredis'
import type { Service } from './start-service.ts'

/** Requests to the stores. A transaction or a script is one, whatever it contains. */
export interface Requests {
  readonly redis: number
  readonly postgres: number
}

/** What a service asks of its stores while something runs, without what its feed sends at all times. */
export async function countStoreRequests(
  { watch, redis }: Service,
  monitor: RedisMonitor,
  run: () => Promise<unknown>
): Promise<Requests> {
  const before = watch.count
  await monitor.take()
  await run()
  const commands = await monitor.take()
  const ignored = await findFeedReaders(redis)
  const sent = commands.filter(({ source }) => source !== 'lua' && !ignored.has(source))
  return { redis: countRequests(sent), postgres: watch.count - before }
}

/** The addresses of readers of the feed, which wait for entries whatever the load. */
async function findFeedReaders(client: Redis): Promise<ReadonlySet<string>> {
  const list = (await client.client('LIST')) as string
  const readers = list.split('\n').filter((line) => / name=drawbridge:feed /.test(line))
  return new Set(readers.map((line) => / addr=(\S+)/.exec(line)?.[1] ?? ''))
}

function countRequests(commands: readonly MonitoredCommand[]): number {
  const inTransaction = new Set<string>()
  let count = 0
  for (const { name, source } of commands) {
    if (name === 'multi') inTransaction.add(source)
    else if (name === 'exec') inTransaction.delete(source)
    if (name === 'exec' || !inTransaction.has(source)) count += 1
  }
  return count
}
