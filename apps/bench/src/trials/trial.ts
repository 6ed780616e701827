import type { RunContext } from '../harness/rounds.ts'
import type { Finding } from '../results/measurements.ts'

/** A measurement that is not a row of requests. */
export interface Trial {
  readonly id: string
  readonly title: string
  readonly needsRedis?: boolean
  /** Not part of a whole run: it takes minutes, and the machine for itself. */
  readonly isOnRequest?: boolean
  readonly run: (around: RunContext) => Promise<readonly Finding[]>
}
