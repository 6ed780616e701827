import type { RunContext } from '../harness/rounds.ts'
import { ServerProcess } from '../harness/server-process.ts'
import type { Finding } from '../results/measurements.ts'
import type { Trial } from './trial.ts'

/** The first ones compile what is called. */
const WARM_ROUNDS = 5
const ROUNDS = 25

const LABELS = {
  jwt: 'jwtVerify of @fastify/jwt, HS256',
  jwtCache: 'jwtVerify of @fastify/jwt, HS256, its cache on',
  token: 'token guard, HS256',
  snapshot: 'session guard, by snapshot'
} as const

/**
 * What a guard takes by itself for a credential that it has not seen, all of them in one process and in turn: a request varies by
 * more than what two of them differ by.
 */
export const coldGuardCalls: Trial = {
  id: 'cold-guards',
  title: 'What a guard takes by itself, for a credential that this process has not seen',
  run: async ({ folder }: RunContext) => {
    const server = await ServerProcess.start('cold-guards', {}, folder, 'server')
    try {
      const rounds: Array<Readonly<Record<string, number>>> = []
      for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++)
        rounds.push(await server.call('measureColdGuards'))
      return Object.entries(LABELS).map(([name, label]): Finding => {
        const values = rounds.slice(WARM_ROUNDS).map((round) => round[name] ?? NaN)
        return { id: `cold-${name}`, label, unit: 'µs', values }
      })
    } finally {
      await server.stop()
    }
  }
}
