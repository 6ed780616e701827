/** The staleness bound of a feed by default, ms. */
const BOUND_MS = 1000

/** Ticks of a timer are late by a few ms. */
const MIN_PACE = 0.95

/** One window of revocations. */
export interface Round {
  /** How many revocations were published, and how many of them were not acknowledged in time. */
  readonly published: number
  readonly failed: number
  /** The rate that was reached, relative to the one that was wanted. */
  readonly pace: number
  /** How many were to be heard by all measured nodes together, and how many were. */
  readonly expected: number
  readonly heard: number
  /** How many times a node was not sure any more that it knows all. */
  readonly staleCount: number
  /** From the call of `publish` until a node hears it, one value for each process of nodes. */
  readonly p50Ms: readonly number[]
  readonly p99Ms: readonly number[]
  /** CPU for each revocation, above that of an idle feed, µs. */
  readonly nodeMicros: number
  readonly redisMicros: number
  /** Entries that were appended, for each revocation: below 1 where one entry has several. */
  readonly entries: number
}

/** The rounds at one rate. */
export interface RateResult {
  readonly perSecond: number
  readonly rounds: readonly Round[]
}

/** Whether every node was fresh throughout, and nearly every revocation was heard within the bound. */
export function isWithinBound({ failed, pace, heard, expected, staleCount, p99Ms }: Round): boolean {
  const isPublished = failed === 0 && pace >= MIN_PACE
  return isPublished && heard >= expected && staleCount === 0 && p99Ms.every((ms) => ms <= BOUND_MS)
}

/** The highest rate all of whose rounds were within the bound; 0 where none was. */
export function findHighestRate(results: readonly RateResult[]): number {
  return Math.max(
    0,
    ...results.filter(({ rounds }) => rounds.every(isWithinBound)).map(({ perSecond }) => perSecond)
  )
}
