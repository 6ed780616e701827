import type { MeasuredRow, Sample } from '../results/measurements.ts'
import { type Load, loadProgram, type LoadResult, sendFixedLoad, sendLoad } from './load.ts'
import type { Group, Row } from './plan.ts'
import type { Ready, Setting } from './server.ts'
import { ServerProcess } from './server-process.ts'

export interface Pace {
  readonly rounds: number
  /** Seconds per window; whole ones, since wrk takes no others. */
  readonly seconds: number
  readonly warmSeconds: number
}

export interface RunContext {
  readonly folder: string
  readonly redisUrl: string | undefined
  readonly log: (line: string) => void
}

const CONNECTIONS = 20
/** A longer chain of sign-ins makes a longer run; hashes run one at a time anyway. */
const FIXED_LOAD_CONNECTIONS = 8
const START_CONCURRENCY = 3

/** A server, and how many of its values have been presented. */
interface Running {
  readonly row: Row
  readonly server: ServerProcess
  sentCount: number
}

/** Starts all servers of a group, warms each up, and measures them in turn, round by round. */
export async function measureGroup(group: Group, pace: Pace, context: RunContext): Promise<MeasuredRow[]> {
  const floors = new Map<string, Running>()
  const running: Running[] = []
  try {
    for (const kind of new Set(group.rows.map(floorFor))) {
      if (kind !== null) floors.set(kind, await start(floorRow(kind), context))
    }
    for (let at = 0; at < group.rows.length; at += START_CONCURRENCY) {
      const starts = group.rows.slice(at, at + START_CONCURRENCY).map((row) => start(row, context))
      const started = await Promise.allSettled(starts)
      running.push(...started.filter((one) => one.status === 'fulfilled').map(({ value }) => value))
      for (const one of started) if (one.status === 'rejected') throw one.reason
    }
    for (const one of [...floors.values(), ...running]) await warm(one, pace)
    return await measureRounds(group, running, floors, pace, context)
  } finally {
    await Promise.all([...floors.values(), ...running].map(({ server }) => server.stop()))
  }
}

const floorFor = ({ headers, floor = 'bare-fastify' }: Row) => (headers === null ? null : floor)

function floorRow(kind: 'bare-fastify' | 'bare-express'): Row {
  return { id: kind, label: kind, scenario: kind, setting: {}, isPeer: false, headers: null }
}

async function start(row: Row, { folder, redisUrl }: RunContext): Promise<Running> {
  const setting: Setting = {
    ...row.setting,
    ...(row.setting.store === 'redis' && redisUrl !== undefined && { redisUrl, prefix: row.id })
  }
  return { row, server: await ServerProcess.start(row.scenario, setting, folder, 'server'), sentCount: 0 }
}

async function warm(one: Running, { warmSeconds }: Pace): Promise<void> {
  const { amount } = one.row
  if (amount !== undefined) return void (await send(one, one.server.ready, { amount }))
  do await send(one, one.server.ready, { seconds: warmSeconds })
  while (one.sentCount < one.server.ready.requests.count)
}

async function measureRounds(
  { title }: Group,
  running: readonly Running[],
  floors: ReadonlyMap<string, Running>,
  { rounds, seconds }: Pace,
  { log }: RunContext
): Promise<MeasuredRow[]> {
  const samples = new Map<string, Sample[]>(running.map(({ row }) => [row.id, []]))
  const floorSamples = new Map<string, Sample[]>()
  for (let round = 1; round <= rounds; round++) {
    log(`${title}: round ${round} of ${rounds}`)
    const measuredFloors = new Set<string>()
    for (const one of running) {
      const { row, server } = one
      const floor = floors.get(floorFor(row) ?? '')
      if (row.headers !== null && floor !== undefined && !measuredFloors.has(row.headers)) {
        measuredFloors.add(row.headers)
        const sample = await measure(floor, withRequestsOf(floor, server.ready), { seconds })
        floorSamples.set(row.headers, [...(floorSamples.get(row.headers) ?? []), sample])
      }
      const window = row.amount === undefined ? { seconds } : { amount: row.amount }
      samples.get(row.id)?.push(await measure(one, server.ready, window))
    }
  }
  return running.map(({ row, server }) => ({
    id: row.id,
    label: row.label,
    group: title,
    isPeer: row.isPeer,
    credentialBytes: server.ready.requests.bytes,
    samples: samples.get(row.id) ?? [],
    floor: row.headers === null ? null : (floorSamples.get(row.headers) ?? [])
  }))
}

/** Sends the same requests as a row to the bare server. */
const withRequestsOf = ({ server }: Running, { requests }: Ready): Ready => ({
  url: server.ready.url,
  requests
})

type LoadWindow = Pick<Load, 'seconds'> | { readonly amount: number }

async function measure(one: Running, ready: Ready, window: LoadWindow): Promise<Sample> {
  const before = await one.server.usage()
  const result = await send(one, ready, window)
  const after = await one.server.usage()
  return {
    cpuMicros: (after.cpuMicros - before.cpuMicros) / result.requests,
    requestsPerSecond: result.requests / result.seconds,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    rssMiB: after.rssBytes / 1024 ** 2
  }
}

/** @throws where a request was rejected: rejections would be measured. */
async function send(one: Running, { url, requests }: Ready, window: LoadWindow): Promise<LoadResult> {
  const result =
    'amount' in window
      ? await sendFixedLoad(url, requests, {
          ...window,
          connections: FIXED_LOAD_CONNECTIONS,
          skip: one.sentCount
        })
      : await sendLoad(url, requests, { ...window, connections: CONNECTIONS, skip: one.sentCount })
  one.sentCount += result.requests
  if (result.requests === 0 || result.refused > 0 || result.failed > 0) {
    throw new Error(
      `${one.row.id}: of ${result.requests} requests by ${loadProgram} ${result.refused} were rejected and ${result.failed} failed`
    )
  }
  return result
}
