import { Redis } from 'ioredis'
import { ServerProcess } from '../harness/server-process.ts'
import type { Surroundings } from '../harness/rounds.ts'
import type { Finding } from '../results/measurements.ts'
import type { Trial } from './trial.ts'

const LOGINS = 10_000

/** What Redis says it uses, before and after so many logins of browsers, with their indexes. */
export const redisMemory: Trial = {
  id: 'redis-memory',
  title: 'What a login costs Redis',
  needsRedis: true,
  run: async (around) => [
    await cost('redis-session-bytes', 'a session in Redis', 'session-guard', around),
    await cost('redis-token-bytes', 'a login with tokens, refreshed once, in Redis', 'token-guard', around)
  ]
}

async function cost(
  id: string,
  label: string,
  scenario: 'session-guard' | 'token-guard',
  { folder, redisUrl = '' }: Surroundings
): Promise<Finding> {
  const redis = new Redis(redisUrl)
  const before = await usedMemory(redis)
  const setting = { store: 'redis', redisUrl, credentials: LOGINS, algorithm: 'HS256' } as const
  const server = await ServerProcess.start(scenario, setting, folder, 'server')
  try {
    if (scenario === 'token-guard') await server.ask('rotateAll')
    await server.stop()
    return { id, label, unit: 'bytes', values: [((await usedMemory(redis)) - before) / LOGINS] }
  } finally {
    await server.stop()
    await redis.flushall()
    redis.disconnect()
  }
}

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
}
