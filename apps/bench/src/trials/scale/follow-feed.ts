import type { RunContext } from '../../harness/rounds.ts'
import type { Finding } from '../../results/measurements.ts'
import { Fleet } from './fleet.ts'
import { findHighestRate, isWithinBound, type RateResult } from './rate-result.ts'

/** A fleet, and the revocations per second at which it is measured, in ascending order. */
export interface FleetLoad {
  readonly processes: number
  readonly nodesPerProcess: number
  readonly rates: readonly number[]
  readonly rounds: number
  readonly seconds: number
}

const IDLE_SECONDS = 3

/**
 * Nodes that follow one feed, those of one process publish to it. They share the cores of this machine, so the highest rate that
 * holds is one of the machine; the CPU of a node and of Redis for a revocation is not. Higher rates than the first one that does
 * not hold are not tried.
 */
export async function followFeed(context: RunContext, load: FleetLoad): Promise<Finding[]> {
  const fleet = await Fleet.start(context, load)
  try {
    const idle = await fleet.measureIdle(IDLE_SECONDS)
    // Compiles what is called.
    await fleet.measureRound({ perSecond: load.rates[0] ?? 0, seconds: load.seconds }, idle)
    const results: RateResult[] = []
    for (const perSecond of load.rates) {
      const rounds = []
      for (let round = 0; round < load.rounds; round++)
        rounds.push(await fleet.measureRound({ perSecond, seconds: load.seconds }, idle))
      results.push({ perSecond, rounds })
      if (!rounds.every(isWithinBound)) break
    }
    const nodes = `${fleet.nodeCount} nodes`
    return [
      {
        id: 'scale-idle-node',
        label: `${nodes}: CPU of a node while nothing is revoked`,
        unit: '% of a core',
        values: [idle.nodeMicros / 10_000]
      },
      {
        id: 'scale-idle-redis',
        label: `${nodes}: CPU of Redis while nothing is revoked`,
        unit: '% of a core',
        values: [idle.redisMicros / 10_000]
      },
      ...results.flatMap((result) => describeRate(nodes, result)),
      {
        id: 'scale-rate',
        label: `${nodes} on this machine: highest of these rates at which each hears all within the bound`,
        unit: '/s',
        values: [findHighestRate(results)]
      }
    ]
  } finally {
    await fleet.stop()
  }
}

function describeRate(nodes: string, { perSecond, rounds }: RateResult): Finding[] {
  const id = `scale-${perSecond}`
  const label = `${nodes}, ${perSecond} revocations/s:`
  const isHeld = rounds.every(isWithinBound) ? '' : ', does not hold'
  return [
    {
      id: `${id}-p50`,
      label: `${label} published to heard, p50${isHeld}`,
      unit: 'ms',
      values: rounds.flatMap(({ p50Ms }) => p50Ms)
    },
    {
      id: `${id}-p99`,
      label: `${label} the same, p99 of each process`,
      unit: 'ms',
      values: rounds.flatMap(({ p99Ms }) => p99Ms)
    },
    {
      id: `${id}-node`,
      label: `${label} CPU of a node for each`,
      unit: 'µs',
      values: rounds.map(({ nodeMicros }) => nodeMicros)
    },
    {
      id: `${id}-redis`,
      label: `${label} CPU of Redis for each`,
      unit: 'µs',
      values: rounds.map(({ redisMicros }) => redisMicros)
    },
    {
      id: `${id}-entries`,
      label: `${label} entries of the feed for each`,
      unit: '',
      values: rounds.map(({ entries }) => entries)
    }
  ]
}
