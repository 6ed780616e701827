import t from 'tap'
import { findHighestRate, isWithinBound, type Round } from '../../src/trials/scale/rate-result.ts'

const round = (changes: Partial<Round> = {}): Round => ({
  published: 10,
  failed: 0,
  pace: 0.96,
  expected: 20,
  heard: 20,
  staleCount: 0,
  p50Ms: [10, 12],
  p99Ms: [20, 1000],
  nodeMicros: 1,
  redisMicros: 1,
  entries: 1,
  ...changes
})

t.test('a rate holds where each node hears all within the bound', async (t) => {
  t.ok(isWithinBound(round()))
  t.ok(isWithinBound(round({ heard: 21 })), 'a revocation may be heard twice')
})

t.test('a rate does not hold where one process is late, deaf or unsure', async (t) => {
  t.notOk(isWithinBound(round({ p99Ms: [20, 1001] })))
  t.notOk(isWithinBound(round({ heard: 19 })))
  t.notOk(isWithinBound(round({ staleCount: 1 })))
  t.notOk(isWithinBound(round({ failed: 1 })))
  t.notOk(isWithinBound(round({ pace: 0.94 })), 'nor where the rate was not reached')
})

t.test('the highest rate is the last one all of whose rounds held', async (t) => {
  const late = round({ p99Ms: [2000] })
  const results = [
    { perSecond: 100, rounds: [round(), round()] },
    { perSecond: 200, rounds: [round(), round()] },
    { perSecond: 400, rounds: [round(), late] }
  ]
  t.equal(findHighestRate(results), 200)
  t.equal(findHighestRate(results.slice(2)), 0)
})
