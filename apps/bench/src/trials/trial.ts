import type { RunContext } from '../harness/rounds.ts'
import type { Finding } from '../results/measurements.ts'

/** What is no row of requests is tried by itself. */
export interface Trial {
  readonly id: string
  readonly title: string
  readonly needsRedis?: boolean
  readonly run: (around: RunContext) => Promise<readonly Finding[]>
}
