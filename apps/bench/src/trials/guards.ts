import type { RunContext } from '../harness/rounds.ts'
import { ServerProcess } from '../harness/server-process.ts'
import type { Finding } from '../results/measurements.ts'
import type { Trial } from './trial.ts'

/** The first ones compile what is called. */
const WARM_ROUNDS = 5
const ROUNDS = 15

const LABELS = {
  session: 'session guard',
  'telemetry-session': 'session guard, telemetry without an SDK',
  'connections-session': 'session guard, beside 10,000 open connections',
  moved: 'session guard, a login adopted from another system, whose cookie is presented too',
  'moved-native': 'session guard, a login of a sign-in at the same service, with that cookie',
  'bridge-session': 'guard of the bridge, by session',
  token: 'token guard',
  'telemetry-token': 'token guard, telemetry without an SDK',
  'connections-token': 'token guard, beside 10,000 open connections',
  verifier: 'guard of the verifier',
  'bridge-token': 'guard of the bridge, by token',
  key: 'key guard',
  'bridge-key': 'guard of the bridge, by key',
  'bridge-both': 'guard of the bridge, by token beside a session of the same user'
} as const

/**
 * What a guard takes by itself, all of them in one process and in turn: what two of them differ by is a hundredth of
 * what a request varies by.
 */
export const guardCalls: Trial = {
  id: 'guards',
  title: 'What a guard takes by itself, for a credential that was seen before',
  run: async ({ folder }: RunContext) => {
    const server = await ServerProcess.start('guards', {}, folder, 'server')
    try {
      const rounds: Array<Readonly<Record<string, number>>> = []
      for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++)
        rounds.push(await server.call('measureGuards'))
      return Object.entries(LABELS).map(([name, label]): Finding => {
        const values = rounds.slice(WARM_ROUNDS).map((round) => (round[name] ?? NaN) / 1000)
        return { id: `guard-${name}`, label, unit: 'µs', values }
      })
    } finally {
      await server.stop()
    }
  }
}
