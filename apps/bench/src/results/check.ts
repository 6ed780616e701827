import type { FigureResult } from './figures.ts'

/**
 * How much worse a figure may be than the committed one before it is named. Wide: a short run on a machine that does
 * other things is off by as much.
 */
const MARGIN = 1.6
/** Of ratios that are nearly nothing, the noise of the floor is most. */
const SLACK = 0.05

export interface Comparison {
  readonly id: string
  readonly text: string
  readonly committed: number
  readonly now: number
  readonly isWorse: boolean
}

/** The figures that both runs have. */
export function compare(now: readonly FigureResult[], committed: readonly FigureResult[]): Comparison[] {
  return now.flatMap(({ id, text, bound, value: { median } }) => {
    const before = committed.find((figure) => figure.id === id)?.value.median
    if (before === undefined) return []
    const isWorse = bound === 'at most' ? median > before * MARGIN + SLACK : median < before / MARGIN - SLACK
    return [{ id, text, committed: before, now: median, isWorse }]
  })
}
