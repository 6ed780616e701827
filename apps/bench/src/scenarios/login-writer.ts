import type { Logins } from '@drawbridge/logins'
import Fastify from 'fastify'
import type { Scenario } from '../harness/server.ts'
import { createBenchLogins, newSession } from './bench-logins.ts'

const CONCURRENCY = 500

/** Which logins are written: those of the users at these positions. */
export interface WrittenLogins {
  readonly from: number
  readonly amount: number
}

/** A node without requests that writes logins, as sign-ins do once the password was verified. */
export const loginWriter: Scenario = async (setting) => {
  const logins = await createBenchLogins(setting)
  const url = await Fastify().listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    requests: { method: 'GET', path: '/', place: 'cookie', values: [] },
    methods: {
      writeAll: (written: WrittenLogins) => writeAll(logins, written),
      /** @returns how long each took, ms. */
      writeInTurn: (written: WrittenLogins) => writeInTurn(logins, written)
    }
  }
}

async function writeAll(logins: Logins, { from, amount }: WrittenLogins): Promise<void> {
  for (let written = 0; written < amount; written += CONCURRENCY)
    await Promise.all(
      Array.from({ length: Math.min(CONCURRENCY, amount - written) }, (_, at) =>
        logins.create(newSession(from + written + at))
      )
    )
}

async function writeInTurn(logins: Logins, { from, amount }: WrittenLogins): Promise<number[]> {
  const times: number[] = []
  for (let at = 0; at < amount; at++) {
    const startedAt = performance.now()
    await logins.create(newSession(from + at))
    times.push(performance.now() - startedAt)
  }
  return times
}
