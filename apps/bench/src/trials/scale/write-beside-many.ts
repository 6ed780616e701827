import { Redis } from 'ioredis'
import { readUsedMemory } from '../../harness/redis.ts'
import type { RunContext } from '../../harness/rounds.ts'
import { ServerProcess } from '../../harness/server-process.ts'
import type { Finding } from '../../results/measurements.ts'
import { percentile } from '../../results/spread.ts'

/** How many logins there are, and how many sign-ins are measured beside them. */
export interface ManyLogins {
  readonly logins: number
  readonly signIns: number
}

/** What a sign-in writes, to an empty Redis and beside many logins, one after the other. */
export async function writeBesideMany(
  { folder, redisUrl = '' }: RunContext,
  { logins, signIns }: ManyLogins
): Promise<Finding[]> {
  const redis = new Redis(redisUrl)
  const node = await ServerProcess.start('login-writer', { store: 'redis', redisUrl }, folder, 'server')
  const writeInTurn = (from: number) => node.call<readonly number[]>('writeInTurn', { from, amount: signIns })
  try {
    // Compiles what is called.
    await writeInTurn(0)
    await redis.flushall()
    const before = await readUsedMemory(redis)
    const empty = await writeInTurn(logins)
    await node.call('writeAll', { from: 0, amount: logins })
    const bytes = ((await readUsedMemory(redis)) - before) / (logins + signIns)
    const full = await writeInTurn(logins + signIns)
    const many = logins.toLocaleString('en')
    return [
      { id: 'scale-login', label: `a session in Redis, of ${many}`, unit: 'bytes', values: [bytes] },
      ...describeTimes('scale-write-empty', 'a sign-in writes its login, Redis empty:', empty),
      ...describeTimes('scale-write-full', `a sign-in writes its login beside ${many}:`, full)
    ]
  } finally {
    await node.stop()
    await redis.flushall()
    redis.disconnect()
  }
}

function describeTimes(id: string, label: string, times: readonly number[]): Finding[] {
  const sorted = times.toSorted((a, b) => a - b)
  return [
    { id, label: `${label} p50`, unit: 'ms', values: [percentile(sorted, 0.5)] },
    { id: `${id}-p99`, label: `${label} p99`, unit: 'ms', values: [percentile(sorted, 0.99)] }
  ]
}
