import { difference } from './spread.ts'

/** One window of load. */
export interface Sample {
  /** CPU time of the server process per request, µs. */
  readonly cpuMicros: number
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly rssMiB: number
}

/** A row and its rounds. */
export interface MeasuredRow {
  readonly id: string
  readonly label: string
  readonly group: string
  readonly isPeer: boolean
  /** Length of the credential's header value or body. */
  readonly credentialBytes: number
  readonly samples: readonly Sample[]
  /** The bare server with the same headers, in the same rounds. */
  readonly floor: readonly Sample[] | null
}

/** A measurement other than requests: a size, a time, a rate. */
export interface Finding {
  readonly id: string
  readonly label: string
  readonly unit: string
  readonly values: readonly number[]
}

/** All measurements by id; undefined where there is none. */
export class Measurements {
  readonly rows: readonly MeasuredRow[]
  readonly findings: readonly Finding[]

  constructor(rows: readonly MeasuredRow[], findings: readonly Finding[]) {
    this.rows = rows
    this.findings = findings
  }

  /** CPU time per request, µs, round by round. */
  cpu(id: string): number[] | undefined {
    return this.#row(id)?.samples.map(({ cpuMicros }) => cpuMicros)
  }

  /** The cost of a row above its floor. */
  added(id: string): number[] | undefined {
    const row = this.#row(id)
    return row === undefined || row.floor === null ? undefined : addedMicros(row)
  }

  /** Requests per second of a row relative to its floor. */
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
