import t from 'tap'
import { FreshnessTracker } from '../../../src/revocation/log/freshness-tracker.ts'

const BOUND = 1000

/** A tracker of `count` logs; a test sets what they report and what the clocks read. */
function newTracker(count: number) {
  const logs = Array.from({ length: count }, () => ({ leaseAsOf: -Infinity, coveredFrom: Infinity }))
  const at = { monotonic: 0, wall: 50_000 }
  const majority = Math.floor(count / 2) + 1
  const tracker = new FreshnessTracker({
    logs,
    writeQuorum: majority,
    readQuorum: majority,
    maxStalenessMs: BOUND,
    monotonicNow: () => at.monotonic,
    wallNow: () => at.wall,
    serverNow: () => at.wall
  })
  const pass = (ms: number) => {
    at.monotonic += ms
    at.wall += ms
  }
  /** Audits these logs now. */
  const audit = (...which: number[]) => {
    for (const log of which) {
      const one = logs[log] as (typeof logs)[0]
      one.leaseAsOf = at.monotonic
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
    reset: (log: number) => tracker.onReset(logs[log] as never)
  }
}

t.test('fresh for exactly the staleness bound', async (t) => {
  const { tracker, pass, audit } = newTracker(1)
  t.equal(tracker.isFresh(), false)
  audit(0)
  t.equal(tracker.isFresh(), true)
  pass(BOUND - 1)
  t.equal(tracker.isFresh(), true)
  pass(1)
  t.equal(tracker.isFresh(), false)
})

t.test('not fresh where only the wall clock advanced: the machine was suspended', async (t) => {
  const { tracker, at, audit } = newTracker(1)
  audit(0)
  at.wall += 10 * BOUND
  t.equal(tracker.isFresh(), false)
  at.monotonic += 1
  audit(0)
  t.equal(tracker.isFresh(), true)
  at.wall -= 10 * BOUND
  t.equal(tracker.isFresh(), false)
})

t.test('what was verified before the first audit is verified again', async (t) => {
  const { tracker, audit } = newTracker(3)
  t.equal(tracker.trustEpoch, 0)
  audit(0, 1)
  t.equal(tracker.trustEpoch, 1)
})

t.test('with one log, everything is verified again after each reset', async (t) => {
  const { tracker, pass, audit, at, reset } = newTracker(1)
  audit(0)
  pass(100)
  reset(0)
  t.equal(tracker.trustEpoch, 2)
  t.equal(tracker.coveredFrom, 50_000, 'as the log reports')
  t.equal(tracker.isFresh(), true, 'the lease is older than the reset and expires as it would have')
  at.monotonic += BOUND
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

t.test('a reset of one log of three has no effect outside', async (t) => {
  const { tracker, audit, pass, reset, logs } = newTracker(3)
  audit(0, 1, 2)
  pass(100)
  audit(0, 1, 2)
  pass(100)
  reset(1)
  Object.assign(logs[1] ?? {}, { coveredFrom: 50_200 })
  t.equal(tracker.isFresh(), true)
  t.equal(tracker.trustEpoch, 1)
  t.equal(tracker.coveredFrom, 50_000)
})

t.test('a log that was reset does not count until all have been audited since', async (t) => {
  const { tracker, audit, pass, reset } = newTracker(3)
  audit(0, 1, 2)
  audit(0, 1, 2)
  pass(100)
  reset(1)
  pass(800)
  audit(0, 1)
  pass(200)
  t.equal(tracker.isFresh(), false, 'the third was not audited')
  audit(2)
  t.equal(tracker.isFresh(), true)
})

t.test('with two of three logs reset at the same time, everything is verified again', async (t) => {
  const { tracker, audit, pass, reset } = newTracker(3)
  audit(0, 1, 2)
  pass(10)
  audit(0, 1, 2)
  pass(100)
  reset(0)
  reset(1)
  t.equal(tracker.trustEpoch, 2)
  pass(10)
  audit(0, 1, 2)
  reset(0)
  t.equal(tracker.trustEpoch, 2, 'one log again')
})

t.test('resets of three logs one after the other have no effect outside', async (t) => {
  const { tracker, audit, pass, reset } = newTracker(3)
  for (const log of [0, 1, 2]) {
    audit(0, 1, 2)
    pass(10)
    audit(0, 1, 2)
    pass(100)
    reset(log)
    pass(10)
  }
  t.equal(tracker.trustEpoch, 1)
  t.equal(tracker.coveredFrom, 50_000)
})

t.test(
  'a log that was unreachable at first does not count until the others have been audited after it',
  async (t) => {
    const { tracker, audit, pass } = newTracker(3)
    audit(0, 1)
    pass(900)
    audit(1, 2)
    pass(200)
    t.equal(tracker.isFresh(), false, 'the first was not audited since')
    audit(0, 1, 2)
    t.equal(tracker.isFresh(), true)
  }
)

t.test('a log counts towards the coverage only once it was read', async (t) => {
  const { tracker, audit, logs } = newTracker(3)
  Object.assign(logs[0] ?? {}, { coveredFrom: 10 })
  Object.assign(logs[1] ?? {}, { coveredFrom: 300 })
  Object.assign(logs[2] ?? {}, { coveredFrom: 20 })
  audit(0, 1)
  t.equal(tracker.coveredFrom, 300)
})
