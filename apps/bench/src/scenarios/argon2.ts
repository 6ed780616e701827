import { hash, verify } from '@node-rs/argon2'
import type { Scenario } from '../harness/server.ts'
import { bareFastify } from './bare-fastify.ts'
import { PASSWORD } from './greeting.ts'

/** The cost that createCredentials has by default. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The most log-ins that this core could check: nothing but `verify`, so many at a time. */
export const argon2: Scenario = async (setting) => {
  const hashed = await hash(PASSWORD, COST)
  const verifyFor = async ({ seconds, concurrency }: { seconds: number; concurrency: number }) => {
    const began = performance.now()
    const until = began + seconds * 1000
    let done = 0
    const one = async (): Promise<void> => {
      while (performance.now() < until) {
        await verify(hashed, PASSWORD)
        done += 1
      }
    }
    await Promise.all(Array.from({ length: concurrency }, one))
    return done / ((performance.now() - began) / 1000)
  }
  return { ...(await bareFastify(setting)), verbs: { verifyFor } }
}
