import t from 'tap'
import { FreshnessTracker } from '../../../src/revocation/log/freshness-tracker.ts'

const BOUND = 1000

/** A node that reads so many logs; a test sets what they say and where the clocks stand. */
function newTracker(count: number) {
  const logs = Array.from({ length: count }, () => ({ leaseAsOf: -Infinity, coveredFrom: Infinity }))
  const at = { mono: 0, wall: 50_000 }
  const majority = Math.floor(count / 2) + 1
  const tracker = new FreshnessTracker({
    logs,
    writeQuorum: majority,
    readQuorum: majority,
    maxStalenessMs: BOUND,
    monotonicNow: () => at.mono,
    wallNow: () => at.wall,
    serverNow: () => at.wall
  })
  const pass = (ms: number) => {
    at.mono += ms
    at.wall += ms
  }
  /** These logs were audited just now. */
  const audit = (...which: number[]) => {
    for (const log of which) {
      const one = logs[log] as (typeof logs)[0]
      one.leaseAsOf = at.mono
      if (one.coveredFrom === Infinity) one.coveredFrom = at.wall
    }
    tracker.onLease()
  }
  return {
    tracker,
    logs: logs as Array<(typeof logs)[0] & {}>,
    at,
    pass,
    audit,
    flip: (log: number) => tracker.onReset(logs[log] as never)
  }
}

t.test('fresh for as long as the bound, and not a moment more', async (t) => {
  const { tracker, pass, audit } = newTracker(1)
  t.equal(tracker.isFresh(), false)
  audit(0)
  t.equal(tracker.isFresh(), true)
  pass(BOUND - 1)
  t.equal(tracker.isFresh(), true)
  pass(1)
  t.equal(tracker.isFresh(), false)
})

t.test(
  'not fresh where the wall clock went on and the other did not: the machine was suspended',
  async (t) => {
    const { tracker, at, audit } = newTracker(1)
    audit(0)
    at.wall += 10 * BOUND
    t.equal(tracker.isFresh(), false)
    at.mono += 1
    audit(0)
    t.equal(tracker.isFresh(), true)
    at.wall -= 10 * BOUND
    t.equal(tracker.isFresh(), false)
  }
)

t.test('what was verified before the first audit is verified again', async (t) => {
  const { tracker, audit } = newTracker(3)
  t.equal(tracker.trustEpoch, 0)
  audit(0, 1)
  t.equal(tracker.trustEpoch, 1)
})

t.test('of one log, every flip has all verified again', async (t) => {
  const { tracker, pass, audit, at, flip } = newTracker(1)
  audit(0)
  pass(100)
  flip(0)
  t.equal(tracker.trustEpoch, 2)
  t.equal(tracker.coveredFrom, 50_000, 'as the log says')
  t.equal(tracker.isFresh(), true, 'the lease is older than the flip and ends as it would have')
  at.mono += BOUND
  t.equal(tracker.isFresh(), false)
})

t.test('two of three logs are enough, and one is not', async (t) => {
  const { tracker, audit, pass } = newTracker(3)
  audit(0)
  t.equal(tracker.isFresh(), false)
  audit(1)
  t.equal(tracker.isFresh(), true)
  pass(600)
  audit(2)
  pass(600)
  t.equal(tracker.isFresh(), false, 'the lease is the second youngest')
})

t.test('a flip of one of three is not seen from outside', async (t) => {
  const { tracker, audit, pass, flip, logs } = newTracker(3)
  audit(0, 1, 2)
  pass(100)
  audit(0, 1, 2)
  pass(100)
  flip(1)
  Object.assign(logs[1] ?? {}, { coveredFrom: 50_200 })
  t.equal(tracker.isFresh(), true)
  t.equal(tracker.trustEpoch, 1)
  t.equal(tracker.coveredFrom, 50_000)
})

t.test('a log that flipped does not count until all were audited since', async (t) => {
  const { tracker, audit, pass, flip } = newTracker(3)
  audit(0, 1, 2)
  audit(0, 1, 2)
  pass(100)
  flip(1)
  pass(800)
  audit(0, 1)
  pass(200)
  t.equal(tracker.isFresh(), false, 'the third was not audited')
  audit(2)
  t.equal(tracker.isFresh(), true)
})

t.test('two flips of three at once have all verified again', async (t) => {
  const { tracker, audit, pass, flip } = newTracker(3)
  audit(0, 1, 2)
  pass(10)
  audit(0, 1, 2)
  pass(100)
  flip(0)
  flip(1)
  t.equal(tracker.trustEpoch, 2)
  pass(10)
  audit(0, 1, 2)
  flip(0)
  t.equal(tracker.trustEpoch, 2, 'one again')
})

t.test('two flips of three one after the other are two single ones', async (t) => {
  const { tracker, audit, pass, flip } = newTracker(3)
  for (const log of [0, 1, 2]) {
    audit(0, 1, 2)
    pass(10)
    audit(0, 1, 2)
    pass(100)
    flip(log)
    pass(10)
  }
  t.equal(tracker.trustEpoch, 1)
  t.equal(tracker.coveredFrom, 50_000)
})

t.test('a log that was away at first is suspected until the others were read after it', async (t) => {
  const { tracker, audit, pass } = newTracker(3)
  audit(0, 1)
  pass(900)
  audit(1, 2)
  pass(200)
  t.equal(tracker.isFresh(), false, 'the first was not read since')
  audit(0, 1, 2)
  t.equal(tracker.isFresh(), true)
})

t.test('a log counts for the coverage only once it was read', async (t) => {
  const { tracker, audit, logs } = newTracker(3)
  Object.assign(logs[0] ?? {}, { coveredFrom: 10 })
  Object.assign(logs[1] ?? {}, { coveredFrom: 300 })
  Object.assign(logs[2] ?? {}, { coveredFrom: 20 })
  audit(0, 1)
  t.equal(tracker.coveredFrom, 300)
})
