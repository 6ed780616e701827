// Loads a server with autocannon and prints the result as a line of JSON. Argument: the load request, as JSON.
import { readFileSync } from 'node:fs'
import autocannon, { type Request, type Result } from 'autocannon'
import { percentile } from '../results/spread.ts'
import type { FixedLoad, Load, LoadResult } from './load.ts'
import type { Ready } from './server.ts'

interface LoadRequest {
  readonly url: string
  readonly requests: Ready['requests']
  readonly load: Load | FixedLoad
}

const { url, requests, load } = JSON.parse(process.argv[2] ?? '') as LoadRequest
const values = readFileSync(requests.file, 'utf8').trimEnd().split('\n')
let position = load.skip

function setupRequest(request: Request): Request {
  const value = values[position++ % values.length] as string
  if (requests.place === 'body') return { ...request, body: value }
  return { ...request, headers: { ...request.headers, [requests.place]: value } }
}

/** By our own clock: autocannon reads its clock once per second and rounds response times to ms. */
const times: number[] = []
let [startedAt, endedAt] = [0, 0]

const outcome = await new Promise<Result>((resolve, reject) => {
  const running = autocannon(
    {
      url,
      connections: load.connections,
      timeout: 10,
      ...('amount' in load ? { amount: load.amount } : { duration: load.seconds }),
      requests: [
        {
          method: requests.method,
          path: requests.path,
          headers: requests.place === 'body' ? { 'content-type': 'application/json' } : {},
          setupRequest
        }
      ]
    },
    (error: Error | null, result) => (error === null ? resolve(result) : reject(error))
  )
  running.on('start', () => (startedAt = performance.now()))
  running.on('response', (_client, _status, _bytes, tookMs) => {
    times.push(tookMs)
    endedAt = performance.now()
  })
})
times.sort((a, b) => a - b)

const measured: LoadResult = {
  requests: times.length,
  seconds: (endedAt - startedAt) / 1000,
  p50Ms: percentile(times, 0.5),
  p99Ms: percentile(times, 0.99),
  refused: outcome.non2xx,
  failed: outcome.errors + outcome.timeouts
}
process.stdout.write(`${JSON.stringify(measured)}\n`)
