import type { Core } from '../harness/cores.ts'
import { sendLoad } from '../harness/load.ts'
import type { RunContext } from '../harness/rounds.ts'
import { ServerProcess } from '../harness/server-process.ts'
import type { Finding } from '../results/measurements.ts'
import type { Trial } from './trial.ts'

const ROUNDS = 5
/** The default concurrency of createCredentials on one core and on two. */
const CONCURRENCY = 1
const CLIENTS = 4
const SECONDS = 3

/**
 * Sign-ins by password, compared with the hash alone. With two cores one is left for everything except hashes, as
 * createCredentials intends; on one core the hash shares it with everything else.
 */
export const signIns: Trial = {
  id: 'log-ins',
  title: 'Sign-ins and argon2',
  run: async ({ folder }: RunContext): Promise<Finding[]> => {
    const two = await measure('both', folder)
    const one = await measure('server', folder)
    return [
      { id: 'argon2', label: 'calls of argon2 verify, nothing else', unit: '/s', values: two.calls },
      { id: 'route', label: 'a bare route that calls it', unit: '/s', values: two.route },
      { id: 'log-ins', label: 'sign-ins', unit: '/s', values: two.signIns },
      { id: 'argon2-one-core', label: 'on one core: calls of argon2 verify', unit: '/s', values: one.calls },
      {
        id: 'route-one-core',
        label: 'on one core: a bare route that calls it',
        unit: '/s',
        values: one.route
      },
      { id: 'log-ins-one-core', label: 'on one core: sign-ins', unit: '/s', values: one.signIns }
    ]
  }
}

interface Rates {
  readonly calls: number[]
  readonly route: number[]
  readonly signIns: number[]
}

async function measure(core: Core, folder: string): Promise<Rates> {
  const raw = await ServerProcess.start('argon2', {}, folder, core)
  const ours = await ServerProcess.start('session-guard', { operation: 'log-in' }, folder, core)
  const rates: Rates = { calls: [], route: [], signIns: [] }
  try {
    for (let round = 0; round < ROUNDS; round++) {
      rates.calls.push(await raw.call<number>('verifyFor', { seconds: SECONDS, concurrency: CONCURRENCY }))
      rates.route.push(await measureRate(raw))
      rates.signIns.push(await measureRate(ours))
    }
  } finally {
    await Promise.all([raw.stop(), ours.stop()])
  }
  return rates
}

async function measureRate({ ready: { url, requests } }: ServerProcess): Promise<number> {
  const result = await sendLoad(url, requests, { seconds: SECONDS, connections: CLIENTS, skip: 0 })
  if (result.refused + result.failed > 0) throw new Error('a sign-in was rejected')
  return result.requests / result.seconds
}
