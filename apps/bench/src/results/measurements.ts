import { difference } from './spread.ts'

/** One window of load. */
export interface Sample {
  /** CPU time of the server process for each request, µs. */
  readonly cpuMicros: number
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly rssMiB: number
}

/** A server and its rounds. */
export interface MeasuredRow {
  readonly id: string
  readonly label: string
  readonly group: string
  readonly isPeer: boolean
  /** Of what carries the credential: a header's value, or a body. */
  readonly credentialBytes: number
  readonly samples: readonly Sample[]
  /** The bare server that was sent the same headers, in the same rounds. */
  readonly floor: readonly Sample[] | null
}

/** What is no row of requests: a size, a time, a pace. */
export interface Finding {
  readonly id: string
  readonly label: string
  readonly unit: string
  readonly values: readonly number[]
}

/** All that was measured, by name. Undefined for what was not. */
export class Measurements {
  readonly rows: readonly MeasuredRow[]
  readonly findings: readonly Finding[]

  constructor(rows: readonly MeasuredRow[], findings: readonly Finding[]) {
    this.rows = rows
    this.findings = findings
  }

  /** CPU time for each request, µs, round by round. */
  cpu(id: string): number[] | undefined {
    return this.#row(id)?.samples.map(({ cpuMicros }) => cpuMicros)
  }

  /** What a row costs over its floor. */
  added(id: string): number[] | undefined {
    const row = this.#row(id)
    return row === undefined || row.floor === null ? undefined : addedMicros(row)
  }

  /** Requests per second of a row against those of its floor. */
  pace(id: string): number[] | undefined {
    const row = this.#row(id)
    if (row === undefined || row.floor === null) return undefined
    return row.floor.map(
      (floor, round) => (row.samples[round]?.requestsPerSecond ?? NaN) / floor.requestsPerSecond
    )
  }

  found(id: string): readonly number[] | undefined {
    return this.findings.find((finding) => finding.id === id)?.values
  }

  #row(id: string): MeasuredRow | undefined {
    return this.rows.find((row) => row.id === id)
  }
}

export function addedMicros({ samples, floor }: MeasuredRow): number[] {
  const micros = (all: readonly Sample[]) => all.map(({ cpuMicros }) => cpuMicros)
  return difference(micros(samples), micros(floor ?? []))
}
