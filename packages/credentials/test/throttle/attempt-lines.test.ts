import t from 'tap'
import { AttemptLines, type Place } from '../../src/throttle/attempt-lines.ts'

const HOME = '192.0.2.1'

/** Which of some places have been woken. */
function watch(places: readonly Place[], by: 'address' | 'account' = 'account') {
  const woken: number[] = []
  const wait = (at: number) => {
    const turn = (places[at] as Place).afterEarlier(by)
    if (turn instanceof Promise) void turn.then(() => woken.push(at))
    return turn
  }
  const settled = () => new Promise(setImmediate)
  return { woken, wait, settled }
}

t.test('M8: an attempt waits for earlier ones on its account from its address, and no others', async (t) => {
  const lines = new AttemptLines()
  const first = lines.enter('kim', HOME)
  const elsewhere = lines.enter('kim', '192.0.2.2')
  const other = lines.enter('lee', HOME)
  const second = lines.enter('kim', HOME)
  t.equal(first.afterEarlier('account'), undefined, 'the first waits for none')
  t.equal(elsewhere.afterEarlier('account'), undefined)
  t.equal(other.afterEarlier('account'), undefined)
  t.ok(second.afterEarlier('account') instanceof Promise)
  t.ok(other.afterEarlier('address') instanceof Promise, 'for all of its address, where that is full')
})

t.test('M8: each that ends wakes one, in the order in which they began', async (t) => {
  const lines = new AttemptLines()
  const places = Array.from({ length: 5 }, () => lines.enter('kim', HOME))
  const { woken, wait, settled } = watch(places)
  for (const at of [4, 2, 3]) wait(at)
  places[0]?.leave()
  await settled()
  t.strictSame(woken, [2])
  wait(2)
  places[1]?.leave()
  await settled()
  t.strictSame(woken, [2, 2], 'one that was woken in vain comes back to where it was')
  t.equal(places[2]?.afterEarlier('account'), undefined, 'and is the first now')
  for (const at of [2, 3]) {
    places[at]?.leave()
    await settled()
  }
  t.strictSame(woken, [2, 2, 3, 4])
  places[4]?.leave()
  t.equal(lines.enter('kim', HOME).afterEarlier('account'), undefined, 'a line that is empty is a new one')
})

t.test('M8: no more than 128 wait in a line', async (t) => {
  const lines = new AttemptLines()
  lines.enter('kim', HOME)
  for (let at = 0; at < 128; at += 1)
    t.ok(lines.enter('kim', HOME).afterEarlier('account') instanceof Promise)
  t.equal(lines.enter('kim', HOME).afterEarlier('account'), 'full')
  lines.enter('lee', HOME)
  t.ok(lines.enter('lee', HOME).afterEarlier('account') instanceof Promise, 'of another line')
})
