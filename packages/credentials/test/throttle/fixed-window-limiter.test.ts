import t from 'tap'
import { FixedWindowLimiter } from '../../src/throttle/fixed-window-limiter.ts'

const WINDOW = { duration: 900 }
const WINDOW_MS = WINDOW.duration * 1000

async function penalize(limiter: FixedWindowLimiter, key: string, times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) await limiter.penalty(key)
}

t.test('a window begins with the first attempt and is not prolonged', async (t) => {
  let now = 1000
  const limiter = new FixedWindowLimiter(WINDOW, 10, () => now)
  t.strictSame(await limiter.penalty('a'), { consumedPoints: 1, msBeforeNext: WINDOW_MS })
  now += WINDOW_MS - 1
  t.strictSame(await limiter.penalty('a'), { consumedPoints: 2, msBeforeNext: 1 })
  t.strictSame(await limiter.get('a'), { consumedPoints: 2, msBeforeNext: 1 })
  now += 1
  t.equal(await limiter.get('a'), null)
  t.strictSame(await limiter.penalty('a'), { consumedPoints: 1, msBeforeNext: WINDOW_MS })
})

t.test('a refunded point lowers the count by one, and never below zero', async (t) => {
  let now = 1000
  const limiter = new FixedWindowLimiter(WINDOW, 10, () => now)
  await limiter.penalty('a')
  for (let at = 0; at < 2; at += 1) {
    await limiter.reward('a')
    t.match(await limiter.get('a'), { consumedPoints: 0 })
  }
  t.match(await limiter.penalty('a'), { consumedPoints: 1 })
  now += WINDOW_MS
  await limiter.reward('a')
  t.equal(await limiter.get('a'), null)
  t.match(await limiter.penalty('a'), { consumedPoints: 1 })
  await limiter.reward('never seen')
  t.equal(await limiter.get('never seen'), null)
  t.equal(limiter.size, 1)
})

t.test('of parallel calls each resolves a count of its own', async (t) => {
  const limiter = new FixedWindowLimiter(WINDOW, 10, () => 1000)
  const results = await Promise.all(Array.from({ length: 100 }, () => limiter.penalty('a')))
  t.strictSame(
    results.map(({ consumedPoints }) => consumedPoints),
    Array.from({ length: 100 }, (_, at) => at + 1)
  )
})

t.test('T12 a million keys: no more than the bound are in memory, and the oldest are removed', async (t) => {
  const limiter = new FixedWindowLimiter(WINDOW, 1000, () => 1000)
  for (let at = 0; at < 1_000_000; at += 1) await limiter.penalty(`key ${at}`)
  t.equal(limiter.size, 1000)
  t.match(await limiter.penalty('key 999999'), { consumedPoints: 2 })
  t.match(await limiter.penalty('key 1'), { consumedPoints: 1 })
})

t.test('expired windows are removed when a key is added, without a timer', async (t) => {
  let now = 1000
  const limiter = new FixedWindowLimiter(WINDOW, 1000, () => now)
  for (let at = 0; at < 500; at += 1) await limiter.penalty(`old ${at}`)
  now += WINDOW_MS
  await limiter.penalty('new')
  t.equal(limiter.size, 1)
})

t.test('T14 a clock that is set back or forward locks nobody out for longer than a window', async (t) => {
  let now = 10 * WINDOW_MS
  const limiter = new FixedWindowLimiter(WINDOW, 10, () => now)
  await penalize(limiter, 'a', 9)
  now -= 5 * WINDOW_MS
  t.match(await limiter.penalty('a'), { consumedPoints: 1, msBeforeNext: WINDOW_MS })
  now += 100 * WINDOW_MS
  t.match(await limiter.penalty('a'), { consumedPoints: 1, msBeforeNext: WINDOW_MS })
})

t.test('a deleted key starts again at zero', async (t) => {
  const limiter = new FixedWindowLimiter(WINDOW, 10, () => 1000)
  await penalize(limiter, 'a', 5)
  t.equal(await limiter.delete('a'), true)
  t.equal(await limiter.delete('a'), false)
  t.match(await limiter.penalty('a'), { consumedPoints: 1 })
})
