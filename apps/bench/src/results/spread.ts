/** Median, minimum and maximum of several rounds. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

export function toSpread(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('no round was measured')
  const sorted = values.toSorted((a, b) => a - b)
  return { median: median(sorted), least: sorted[0] as number, most: sorted.at(-1) as number }
}

function median(sorted: readonly number[]): number {
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return ((low as number) + (high as number)) / 2
}

/** The percentile: this share of the values is not above it. */
export function percentile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] ?? NaN
}

/** Round by round, so that a disturbance of one round is in both values. */
function pairwise(
  a: readonly number[],
  b: readonly number[],
  combine: (a: number, b: number) => number
): number[] {
  if (a.length !== b.length) throw new Error(`${a.length} rounds and ${b.length}`)
  return a.map((value, round) => combine(value, b[round] as number))
}

export const ratio = (a: readonly number[], b: readonly number[]) => pairwise(a, b, (x, y) => x / y)
export const difference = (a: readonly number[], b: readonly number[]) => pairwise(a, b, (x, y) => x - y)
