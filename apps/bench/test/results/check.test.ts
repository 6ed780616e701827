import t from 'tap'
import { compare } from '../../src/results/check.ts'
import type { FigureResult } from '../../src/results/figures.ts'

const figure = (bound: FigureResult['bound'], median: number, id = 'one'): FigureResult => {
  return { id, text: id, bound, limit: 1, value: { median, least: median, most: median }, isReached: true }
}
const isWorse = (bound: FigureResult['bound'], before: number, now: number) =>
  compare([figure(bound, now)], [figure(bound, before)])[0]?.isWorse

t.test('a cost within the margin of the committed one is not reported', async (t) => {
  t.equal(isWorse('at most', 0.5, 0.5), false)
  t.equal(isWorse('at most', 0.5, 0.84), false)
  t.equal(isWorse('at most', 0.5, 0.1), false, 'nor a lower one')
  t.equal(isWorse('at most', 0.01, 0.06), false, 'in tiny figures noise dominates')
})

t.test('a cost beyond the margin is worse', async (t) => {
  t.equal(isWorse('at most', 0.5, 0.86), true)
  t.equal(isWorse('at most', 0.01, 0.07), true)
})

t.test('for a rate it is the other way round', async (t) => {
  t.equal(isWorse('at least', 0.9, 0.9), false)
  t.equal(isWorse('at least', 0.9, 2), false)
  t.equal(isWorse('at least', 0.9, 0.52), false)
  t.equal(isWorse('at least', 0.9, 0.51), true)
})

t.test('only figures in both runs are compared', async (t) => {
  const now = [figure('at most', 1, 'one'), figure('at most', 1, 'new')]
  const committed = [figure('at most', 1, 'one'), figure('at most', 1, 'long run only')]
  t.strictSame(
    compare(now, committed).map(({ id }) => id),
    ['one']
  )
})
