import t from 'tap'
import { difference, percentile, ratio, toSpread } from '../../src/results/spread.ts'

t.test('the median is independent of the order of the rounds', async (t) => {
  t.strictSame(toSpread([5, 1, 3]), { median: 3, least: 1, most: 5 })
  t.strictSame(toSpread([4, 1, 3, 2]), { median: 2.5, least: 1, most: 4 })
  t.strictSame(toSpread([7]), { median: 7, least: 7, most: 7 })
  t.strictSame(toSpread([10, 9, 100]), { median: 10, least: 9, most: 100 }, 'by number, not by text')
  t.throws(() => toSpread([]), /no round/)
})

t.test('rounds are compared with rounds', async (t) => {
  t.strictSame(ratio([2, 9], [4, 3]), [0.5, 3])
  t.strictSame(difference([2, 9], [4, 3]), [-2, 6])
  t.throws(() => ratio([1, 2], [1]), /2 rounds and 1/)
})

t.test('a percentile is one of the values', async (t) => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1)
  t.equal(percentile(hundred, 0.5), 50)
  t.equal(percentile(hundred, 0.99), 99)
  t.equal(percentile(hundred, 1), 100)
  t.equal(percentile([3], 0.99), 3)
  t.equal(percentile([3, 4], 0), 3)
})
