import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { generateSigningKey } from '@drawbridge/token-auth'
import type { RunContext } from '../harness/rounds.ts'
import { ServerProcess } from '../harness/server-process.ts'
import type { Finding } from '../results/measurements.ts'
import { percentile } from '../results/spread.ts'
import type { Trial } from './trial.ts'

const LOG_OUTS = 500
/** Tokens count whole seconds, and one of before the verifier has read the feed is none that it may serve. */
const HEAD_START_MS = 2500

/** A log-out at the service that makes tokens, and another service that verifies them. */
export const verifierLag: Trial = {
  id: 'verifier-lag',
  title: 'A log-out, until a service that only verifies tokens rejects them',
  needsRedis: true,
  run: async ({ folder, redisUrl = '' }: RunContext): Promise<Finding[]> => {
    const shared = { redisUrl, prefix: 'verifier-lag', signingKey: generateSigningKey() } as const
    const issuing = { ...shared, store: 'redis', credentials: 1 } as const
    // A node that only reads does not begin the log.
    const servers = [await ServerProcess.start('token-guard', issuing, folder, 'load')]
    try {
      const verifying = await ServerProcess.start('verifier-reader', shared, folder, 'server')
      servers.push(verifying)
      await wait(HEAD_START_MS)
      const setting = { ...issuing, credentials: LOG_OUTS }
      const issuer = await ServerProcess.start('token-guard', setting, folder, 'load')
      servers.push(issuer)
      return toFindings(await measure(issuer, verifying))
    } finally {
      await Promise.all(servers.map((server) => server.stop()))
    }
  }
}

/** From the response to each log-out to the first rejection of a token that was served before, ms. */
async function measure(issuer: ServerProcess, verifying: ServerProcess): Promise<number[]> {
  const values: number[] = []
  for (const authorization of (await readFile(issuer.ready.requests.file, 'utf8')).trim().split('\n')) {
    const headers = { authorization }
    const statusOf = async () => (await fetch(verifying.ready.url, { headers })).status
    if ((await statusOf()) !== 200) throw new Error('the verifier rejected a token of an active login')
    const { status } = await fetch(`${issuer.ready.url}/token/logout`, { method: 'POST', headers })
    if (status !== 200) throw new Error(`a log-out got ${status}`)
    const answeredAt = performance.now()
    while ((await statusOf()) === 200);
    values.push(performance.now() - answeredAt)
  }
  return values.sort((a, b) => a - b)
}

function toFindings(sorted: readonly number[]): Finding[] {
  return [
    ['p50', 0.5],
    ['p99', 0.99]
  ].map(([name, part]) => ({
    id: `verifier-lag-${name}`,
    label: `from the response to a log-out until the verifier rejects the token, ${name} of ${LOG_OUTS}`,
    unit: 'ms',
    values: [percentile(sorted as number[], part as number)]
  }))
}
