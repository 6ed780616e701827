import type { MeasuredRow, Sample } from '../../src/results/measurements.ts'

const sample = (cpuMicros: number, requestsPerSecond = 1000): Sample => ({
  cpuMicros,
  requestsPerSecond,
  p50Ms: 1,
  p99Ms: 2,
  rssMiB: 100
})

/** A row from the CPU times of its rounds and of its floor. */
export function row(id: string, micros: readonly number[], floor: readonly number[] | null): MeasuredRow {
  return {
    id,
    label: `label of ${id}`,
    group: 'a group',
    isPeer: id.startsWith('peer'),
    credentialBytes: 100,
    samples: micros.map((one) => sample(one, 900)),
    floor: floor?.map((one) => sample(one)) ?? null
  }
}
