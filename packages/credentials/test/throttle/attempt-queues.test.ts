import t from 'tap'
import { AttemptQueues, type QueuedAttempt } from '../../src/throttle/attempt-queues.ts'

const HOME = '192.0.2.1'

/** Records which attempts have been woken. */
function watch(places: readonly QueuedAttempt[], limit: 'address' | 'account' = 'account') {
  const resumed: number[] = []
  const wait = (at: number) => {
    const turn = (places[at] as QueuedAttempt).waitForEarlier(limit)
    if (turn instanceof Promise) void turn.then(() => resumed.push(at))
    return turn
  }
  const flush = () => new Promise(setImmediate)
  return { resumed, wait, flush }
}

t.test('M8: an attempt waits for earlier ones on the same account from the same address only', async (t) => {
  const lines = new AttemptQueues()
  const first = lines.enter('kim', HOME)
  const elsewhere = lines.enter('kim', '192.0.2.2')
  const other = lines.enter('lee', HOME)
  const second = lines.enter('kim', HOME)
  t.equal(first.waitForEarlier('account'), undefined, 'the first waits for none')
  t.equal(elsewhere.waitForEarlier('account'), undefined)
  t.equal(other.waitForEarlier('account'), undefined)
  t.ok(second.waitForEarlier('account') instanceof Promise)
  t.ok(
    other.waitForEarlier('address') instanceof Promise,
    'for all of its address, if the limit of the address rejects it'
  )
})

t.test('M8: each attempt that finishes wakes one, in the order in which they began', async (t) => {
  const lines = new AttemptQueues()
  const places = Array.from({ length: 5 }, () => lines.enter('kim', HOME))
  const { resumed, wait, flush } = watch(places)
  for (const at of [4, 2, 3]) wait(at)
  places[0]?.leave()
  await flush()
  t.strictSame(resumed, [2])
  wait(2)
  places[1]?.leave()
  await flush()
  t.strictSame(resumed, [2, 2], 'an attempt that was woken and rejected returns to its place')
  t.equal(places[2]?.waitForEarlier('account'), undefined, 'now it is the first')
  for (const at of [2, 3]) {
    places[at]?.leave()
    await flush()
  }
  t.strictSame(resumed, [2, 2, 3, 4])
  places[4]?.leave()
  t.equal(lines.enter('kim', HOME).waitForEarlier('account'), undefined, 'an empty queue starts again')
})

t.test('M8: no more than 128 wait in one queue', async (t) => {
  const lines = new AttemptQueues()
  lines.enter('kim', HOME)
  for (let at = 0; at < 128; at += 1)
    t.ok(lines.enter('kim', HOME).waitForEarlier('account') instanceof Promise)
  t.equal(lines.enter('kim', HOME).waitForEarlier('account'), 'full')
  lines.enter('lee', HOME)
  t.ok(lines.enter('lee', HOME).waitForEarlier('account') instanceof Promise, 'in another queue')
})
