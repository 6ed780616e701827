import type { Machine } from '../harness/machine.ts'
import { type FigureResult, toFigureResults } from './figures.ts'
import { addedMicros, type Finding, type MeasuredRow, Measurements, type Sample } from './measurements.ts'
import { type Spread, toSpread } from './spread.ts'

export interface RowResult {
  readonly id: string
  readonly label: string
  readonly group: string
  readonly isPeer: boolean
  readonly credentialBytes: number
  readonly cpuMicros: Spread
  /** Above the floor; null where there is none. */
  readonly addedMicros: Spread | null
  readonly requestsPerSecond: Spread
  readonly p50Ms: Spread
  readonly p99Ms: Spread
  readonly rssMiB: Spread
}

export interface FindingResult extends Pick<Finding, 'id' | 'label' | 'unit'> {
  readonly value: Spread
}

/** A run as committed. */
export interface Results {
  readonly machine: Machine
  readonly rounds: number
  readonly seconds: number
  readonly figures: readonly FigureResult[]
  readonly rows: readonly RowResult[]
  readonly findings: readonly FindingResult[]
  /** Names with the reason. */
  readonly leftOut: readonly string[]
}

export type Run = Pick<Results, 'machine' | 'rounds' | 'seconds' | 'leftOut'>

export function toResults(run: Run, rows: readonly MeasuredRow[], findings: readonly Finding[]): Results {
  return {
    ...run,
    figures: toFigureResults(new Measurements(rows, findings)),
    rows: rows.map(toRowResult),
    findings: findings.map(({ id, label, unit, values }) => ({ id, label, unit, value: toSpread(values) }))
  }
}

function toRowResult(row: MeasuredRow): RowResult {
  const { samples, floor, ...rest } = row
  const of = (member: keyof Sample) => toSpread(samples.map((sample) => sample[member]))
  return {
    ...rest,
    cpuMicros: of('cpuMicros'),
    addedMicros: floor === null ? null : toSpread(addedMicros(row)),
    requestsPerSecond: of('requestsPerSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    rssMiB: of('rssMiB')
  }
}
