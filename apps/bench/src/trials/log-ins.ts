import { sendLoad } from '../harness/load.ts'
import type { Surroundings } from '../harness/rounds.ts'
import { ServerProcess } from '../harness/server-process.ts'
import type { Finding } from '../results/measurements.ts'
import type { Trial } from './trial.ts'

const ROUNDS = 3
/** A core of its own has one hash at a time: what createCredentials takes by default there. */
const CONCURRENCY = 1
const CLIENTS = 4
const SECONDS = 3

/** Log-ins by password, against nothing but the hash. */
export const logIns: Trial = {
  id: 'log-ins',
  title: 'Log-ins and argon2',
  run: async ({ folder }: Surroundings): Promise<Finding[]> => {
    const raw = await ServerProcess.start('argon2', {}, folder, 'server')
    const ours = await ServerProcess.start('session-guard', { verb: 'log-in' }, folder, 'server')
    const [argon2, paces]: [number[], number[]] = [[], []]
    try {
      for (let round = 0; round < ROUNDS; round++) {
        argon2.push(await raw.ask<number>('verifyFor', { seconds: SECONDS, concurrency: CONCURRENCY }))
        const { url, requests } = ours.ready
        const seen = await sendLoad(url, requests, { seconds: SECONDS, connections: CLIENTS, skip: 0 })
        if (seen.refused + seen.failed > 0) throw new Error('a log-in was refused')
        paces.push(seen.requests / seen.seconds)
      }
    } finally {
      await Promise.all([raw.stop(), ours.stop()])
    }
    return [
      { id: 'argon2', label: 'calls of argon2 verify, nothing else', unit: '/s', values: argon2 },
      { id: 'log-ins', label: 'log-ins', unit: '/s', values: paces }
    ]
  }
}
