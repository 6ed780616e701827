import type { RunContext } from '../harness/rounds.ts'
import type { Finding } from '../results/measurements.ts'

/** A measurement that is not a row of requests. */
export interface Trial {
  readonly id: string
  readonly title: string
  readonly needsRedis?: boolean
  readonly run: (around: RunContext) => Promise<readonly Finding[]>
}
