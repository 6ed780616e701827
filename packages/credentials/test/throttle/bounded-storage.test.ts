import t from 'tap'
import { BoundedStorage } from '../../src/throttle/bounded-storage.ts'

const WINDOW = 900
const WINDOW_MS = WINDOW * 1000

t.test('counts in a window that begins with the first and is not prolonged', async (t) => {
  let now = 1000
  const storage = new BoundedStorage(10, () => now)
  t.match(storage.incrby('a', 1, WINDOW), { consumedPoints: 1, msBeforeNext: WINDOW_MS })
  now += WINDOW_MS - 1
  t.match(storage.incrby('a', 1, WINDOW), { consumedPoints: 2, msBeforeNext: 1 })
  now += 1
  t.match(storage.incrby('a', 1, WINDOW), { consumedPoints: 1, msBeforeNext: WINDOW_MS })
})

t.test('a point that comes back is one less, and never less than none', async (t) => {
  let now = 1000
  const storage = new BoundedStorage(10, () => now)
  storage.incrby('a', 1, WINDOW)
  t.match(storage.incrby('a', -1, WINDOW), { consumedPoints: 0 })
  t.match(storage.incrby('a', -1, WINDOW), { consumedPoints: 0 })
  t.match(storage.incrby('a', 1, WINDOW), { consumedPoints: 1 })
  now += WINDOW_MS
  t.match(storage.incrby('a', -1, WINDOW), { consumedPoints: 0 })
  t.match(storage.incrby('a', 1, WINDOW), { consumedPoints: 1 })
  t.match(storage.incrby('never seen', -1, WINDOW), { consumedPoints: 0 })
  t.equal(storage.size, 1)
})

t.test('T12 a million keys: no more are kept than may be, and the oldest are forgotten', async (t) => {
  const storage = new BoundedStorage(1000, () => 1000)
  for (let at = 0; at < 1_000_000; at += 1) storage.incrby(`key ${at}`, 1, WINDOW)
  t.equal(storage.size, 1000)
  t.match(storage.incrby('key 999999', 1, WINDOW), { consumedPoints: 2 })
  t.match(storage.incrby('key 1', 1, WINDOW), { consumedPoints: 1 })
})

t.test('what has expired is dropped when a key is added, with no timer', async (t) => {
  let now = 1000
  const storage = new BoundedStorage(1000, () => now)
  for (let at = 0; at < 500; at += 1) storage.incrby(`old ${at}`, 1, WINDOW)
  now += WINDOW_MS
  storage.incrby('new', 1, WINDOW)
  t.equal(storage.size, 1)
})

t.test('T14 a clock that is set back or forward keeps nobody out for longer than a window', async (t) => {
  let now = 10 * WINDOW_MS
  const storage = new BoundedStorage(10, () => now)
  storage.incrby('a', 9, WINDOW)
  now -= 5 * WINDOW_MS
  t.match(storage.incrby('a', 1, WINDOW), { consumedPoints: 1, msBeforeNext: WINDOW_MS })
  now += 100 * WINDOW_MS
  t.match(storage.incrby('a', 1, WINDOW), { consumedPoints: 1, msBeforeNext: WINDOW_MS })
})

t.test('a key that is deleted begins anew', async (t) => {
  const storage = new BoundedStorage(10, () => 1000)
  storage.incrby('a', 5, WINDOW)
  t.ok(storage.delete('a'))
  t.notOk(storage.delete('a'))
  t.match(storage.incrby('a', 1, WINDOW), { consumedPoints: 1 })
})
