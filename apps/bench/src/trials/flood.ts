import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { probe } from '../harness/probe.ts'
import { signInConcurrently } from '../harness/sign-in-clients.ts'
import type { RunContext } from '../harness/rounds.ts'
import { ServerProcess } from '../harness/server-process.ts'
import { signInBodies } from '../scenarios/greeting.ts'
import type { Finding } from '../results/measurements.ts'
import { percentile } from '../results/spread.ts'
import type { Trial } from './trial.ts'

const ROUNDS = 5
const IN_FLIGHT = 200
const PACE = { perSecond: 200, seconds: 3 }
/** Real clients do not all start within one millisecond. */
const RAMP_UP_MS = 1500
const WARM = { perSecond: 500, seconds: 2 }

/** The effect of a flood of sign-ins on other requests, beside that of the same hashes on a bare route. */
export const flood: Trial = {
  id: 'flood',
  title: 'A guarded route while 200 sign-ins are in flight',
  run: async ({ folder }: RunContext): Promise<Finding[]> => {
    const server = await ServerProcess.start('session-guard', { hasUsers: true }, folder, 'both')
    const bare = await ServerProcess.start('argon2', {}, folder, 'both')
    const baseline: number[] = []
    const besideHashes: number[] = []
    const flooded: number[] = []
    const accepted: number[] = []
    const rejected: number[] = []
    try {
      const value = (await readFile(server.ready.requests.file, 'utf8')).trim()
      await probe(server.ready, value, WARM)
      await probe(toBare(bare), BARE_VALUE, WARM)
      for (let round = 0; round < ROUNDS; round++) {
        baseline.push(percentile(await probe(server.ready, value, PACE), 0.99))
        const stop = new AbortController()
        const signIns = signInConcurrently(server.ready.url, signInBodies, IN_FLIGHT, stop.signal)
        await wait(RAMP_UP_MS)
        flooded.push(percentile(await probe(server.ready, value, PACE), 0.99))
        stop.abort()
        const counts = await signIns
        accepted.push(counts.accepted)
        rejected.push(counts.rejected)
        besideHashes.push(await probeBesideHashes(bare))
      }
    } finally {
      await Promise.all([server.stop(), bare.stop()])
    }
    return [
      { id: 'p99-quiet', label: 'p99 of a guarded route, 200 requests/s', unit: 'ms', values: baseline },
      {
        id: 'p99-flooded',
        label: `the same with ${IN_FLIGHT} sign-ins in flight`,
        unit: 'ms',
        values: flooded
      },
      {
        id: 'p99-bare-beside-hashes',
        label: 'p99 of a bare route, beside as many hashes at a time in its process',
        unit: 'ms',
        values: besideHashes
      },
      {
        id: 'flood-answered',
        label: 'sign-ins that succeeded meanwhile',
        unit: `in ${PACE.seconds} s`,
        values: accepted
      },
      {
        id: 'flood-refused',
        label: 'sign-ins rejected with 503 meanwhile',
        unit: `in ${PACE.seconds} s`,
        values: rejected
      }
    ]
  }
}

/** A bare server ignores it. */
const BARE_VALUE = 'a=b'

/** Its route that hashes nothing. */
function toBare({ ready }: ServerProcess): ServerProcess['ready'] {
  return { ...ready, requests: { ...ready.requests, place: 'cookie' } }
}

/** One hash at a time, as by default in createCredentials on two cores. */
async function probeBesideHashes(bare: ServerProcess): Promise<number> {
  const seconds = PACE.seconds + RAMP_UP_MS / 1000
  const hashing = bare.call<number>('verifyFor', { seconds, concurrency: 1 })
  await wait(RAMP_UP_MS)
  const times = await probe(toBare(bare), BARE_VALUE, PACE)
  await hashing
  return percentile(times, 0.99)
}
