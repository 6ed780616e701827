import type { FigureResult } from './figures.ts'

/**
 * How much worse a figure may be than the committed one before it is reported. Wide: a short run on a busy machine
 * varies that much.
 */
const MARGIN = 1.6
/** In tiny ratios the noise of the floor dominates. */
const SLACK = 0.05

export interface Comparison {
  readonly id: string
  readonly text: string
  readonly committed: number
  readonly now: number
  readonly isWorse: boolean
}

/** Compares the figures that both runs have. */
export function compare(now: readonly FigureResult[], committed: readonly FigureResult[]): Comparison[] {
  return now.flatMap(({ id, text, bound, value: { median } }) => {
    const before = committed.find((figure) => figure.id === id)?.value.median
    if (before === undefined) return []
    const isWorse = bound === 'at most' ? median > before * MARGIN + SLACK : median < before / MARGIN - SLACK
    return [{ id, text, committed: before, now: median, isWorse }]
  })
}
