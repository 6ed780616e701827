import type { MeasuredRow, Sample } from '../results/measurements.ts'
import { type Load, loadProgram, type Seen, sendAmount, sendLoad } from './load.ts'
import type { Group, Row } from './plan.ts'
import type { Ready, Setting } from './server.ts'
import { ServerProcess } from './server-process.ts'

export interface Pace {
  readonly rounds: number
  /** Of one window; whole ones, as wrk knows no others. */
  readonly seconds: number
  readonly warmSeconds: number
}

export interface Surroundings {
  readonly folder: string
  readonly redisUrl: string | undefined
  readonly say: (line: string) => void
}

const CONNECTIONS = 20
/** The longer the chain of log-ins, the longer the run; a hash is one at a time anyway. */
const AT_ONCE = 8
const STARTS_AT_ONCE = 3

/** A server, and how many of its values have been shown. */
interface Running {
  readonly row: Row
  readonly server: ServerProcess
  shown: number
}

/** Starts all servers of a group, warms each, and measures them in turn, round by round. */
export async function measureGroup(group: Group, pace: Pace, around: Surroundings): Promise<MeasuredRow[]> {
  const floors = new Map<string, Running>()
  const running: Running[] = []
  try {
    for (const kind of new Set(group.rows.map(floorOf))) {
      if (kind !== null) floors.set(kind, await start(floorRow(kind), around))
    }
    for (let at = 0; at < group.rows.length; at += STARTS_AT_ONCE) {
      const starts = group.rows.slice(at, at + STARTS_AT_ONCE).map((row) => start(row, around))
      const started = await Promise.allSettled(starts)
      running.push(...started.filter((one) => one.status === 'fulfilled').map(({ value }) => value))
      for (const one of started) if (one.status === 'rejected') throw one.reason
    }
    for (const one of [...floors.values(), ...running]) await warm(one, pace)
    return await measureRounds(group, running, floors, pace, around)
  } finally {
    await Promise.all([...floors.values(), ...running].map(({ server }) => server.stop()))
  }
}

const floorOf = ({ headers, floor = 'bare-fastify' }: Row) => (headers === null ? null : floor)

function floorRow(kind: 'bare-fastify' | 'bare-express'): Row {
  return { id: kind, label: kind, scenario: kind, setting: {}, isPeer: false, headers: null }
}

async function start(row: Row, { folder, redisUrl }: Surroundings): Promise<Running> {
  const setting: Setting = {
    ...row.setting,
    ...(row.setting.store === 'redis' && redisUrl !== undefined && { redisUrl, prefix: row.id })
  }
  return { row, server: await ServerProcess.start(row.scenario, setting, folder, 'server'), shown: 0 }
}

async function warm(one: Running, { warmSeconds }: Pace): Promise<void> {
  const { amount } = one.row
  if (amount !== undefined) return void (await show(one, one.server.ready, { amount }))
  do await show(one, one.server.ready, { seconds: warmSeconds })
  while (one.shown < one.server.ready.requests.count)
}

async function measureRounds(
  { title }: Group,
  running: readonly Running[],
  floors: ReadonlyMap<string, Running>,
  { rounds, seconds }: Pace,
  { say }: Surroundings
): Promise<MeasuredRow[]> {
  const samples = new Map<string, Sample[]>(running.map(({ row }) => [row.id, []]))
  const ground = new Map<string, Sample[]>()
  for (let round = 1; round <= rounds; round++) {
    say(`${title}: round ${round} of ${rounds}`)
    const measuredFloors = new Set<string>()
    for (const one of running) {
      const { row, server } = one
      const floor = floors.get(floorOf(row) ?? '')
      if (row.headers !== null && floor !== undefined && !measuredFloors.has(row.headers)) {
        measuredFloors.add(row.headers)
        const sample = await measure(floor, asShownTo(floor, server.ready), { seconds })
        ground.set(row.headers, [...(ground.get(row.headers) ?? []), sample])
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
    floor: row.headers === null ? null : (ground.get(row.headers) ?? [])
  }))
}

/** The very requests of a row, to the bare server. */
const asShownTo = ({ server }: Running, { requests }: Ready): Ready => ({ url: server.ready.url, requests })

type Window = Pick<Load, 'seconds'> | { readonly amount: number }

async function measure(one: Running, ready: Ready, window: Window): Promise<Sample> {
  const before = await one.server.usage()
  const seen = await show(one, ready, window)
  const after = await one.server.usage()
  return {
    cpuMicros: (after.cpuMicros - before.cpuMicros) / seen.requests,
    requestsPerSecond: seen.requests / seen.seconds,
    p50Ms: seen.p50Ms,
    p99Ms: seen.p99Ms,
    rssMiB: after.rssBytes / 1024 ** 2
  }
}

/** @throws where a request was not answered as it should be: what is measured would be refusals. */
async function show(one: Running, { url, requests }: Ready, window: Window): Promise<Seen> {
  const seen =
    'amount' in window
      ? await sendAmount(url, requests, { ...window, connections: AT_ONCE, skip: one.shown })
      : await sendLoad(url, requests, { ...window, connections: CONNECTIONS, skip: one.shown })
  one.shown += seen.requests
  if (seen.requests === 0 || seen.refused > 0 || seen.failed > 0) {
    throw new Error(
      `${one.row.id}: of ${seen.requests} requests by ${loadProgram} ${seen.refused} were refused and ${seen.failed} failed`
    )
  }
  return seen
}
