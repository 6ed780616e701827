import { Redis } from 'ioredis'
import { ServerProcess } from '../harness/server-process.ts'
import { readUsedMemory } from '../harness/redis.ts'
import type { RunContext } from '../harness/rounds.ts'
import type { Finding } from '../results/measurements.ts'
import type { Trial } from './trial.ts'

const LOGINS = 10_000

/** The memory of Redis before and after so many logins of browsers, including indexes. */
export const redisMemory: Trial = {
  id: 'redis-memory',
  title: 'What a login costs Redis',
  needsRedis: true,
  run: async (context) => [
    await measureCost('redis-session-bytes', 'a session in Redis', 'session-guard', context),
    await measureCost(
      'redis-token-bytes',
      'a login with tokens, refreshed once, in Redis',
      'token-guard',
      context
    )
  ]
}

async function measureCost(
  id: string,
  label: string,
  scenario: 'session-guard' | 'token-guard',
  { folder, redisUrl = '' }: RunContext
): Promise<Finding> {
  const redis = new Redis(redisUrl)
  const before = await readUsedMemory(redis)
  const setting = { store: 'redis', redisUrl, credentials: LOGINS, algorithm: 'HS256' } as const
  const server = await ServerProcess.start(scenario, setting, folder, 'server')
  try {
    if (scenario === 'token-guard') await server.call('refreshAll')
    await server.stop()
    return { id, label, unit: 'bytes', values: [((await readUsedMemory(redis)) - before) / LOGINS] }
  } finally {
    await server.stop()
    await redis.flushall()
    redis.disconnect()
  }
}
