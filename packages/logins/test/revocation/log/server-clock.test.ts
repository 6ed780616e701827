import t from 'tap'
import { ServerClock } from '../../../src/revocation/log/server-clock.ts'

const NOW = 1_000_000

t.test('a difference within the time of the reply is no offset', async (t) => {
  const clock = new ServerClock(1, () => NOW)
  t.equal(clock.offsetMs, 0)
  for (const serverNow of [NOW - 300, NOW - 299, NOW - 1, NOW]) {
    clock.addSample(0, serverNow, 300)
    t.equal(clock.offsetMs, 0)
  }
})

t.test('a larger difference is an offset, whichever clock is ahead', async (t) => {
  const clock = new ServerClock(1, () => NOW)
  clock.addSample(0, NOW + 8000, 5)
  t.equal(clock.offsetMs, 8000)
  clock.addSample(0, NOW + 7998, 5)
  t.equal(clock.offsetMs, 8000, 'the same clock, and a slower reply')
  clock.addSample(0, NOW - 3_600_000, 5)
  t.equal(clock.offsetMs, -3_599_995)
  clock.addSample(0, NOW, 5)
  t.equal(clock.offsetMs, 0)
})

t.test('each server has a clock of its own', async (t) => {
  const clock = new ServerClock(3, () => NOW)
  clock.addSample(2, NOW + 8000, 5)
  t.same([clock.nowOf(0), clock.nowOf(2)], [NOW, NOW + 8000])
})

t.test('the median of three servers counts, so that none of them alone can change it', async (t) => {
  const clock = new ServerClock(3, () => NOW)
  clock.addSample(2, NOW + 100, 0)
  t.equal(clock.offsetMs, 100)
  clock.addSample(0, NOW + 3_600_000, 0)
  clock.addSample(1, NOW + 200, 0)
  t.equal(clock.offsetMs, 200)
})

t.test('where another server takes over, nothing issued before has a later time than latest()', async (t) => {
  const clock = new ServerClock(1, () => NOW)
  clock.addSample(0, NOW + 500, 0)
  clock.addSample(0, NOW - 2000, 0)
  t.equal(clock.offsetMs, -2000)
  t.equal(clock.latest(), NOW + 500)
  clock.addSample(0, NOW - 2000, 0)
  t.equal(clock.latest(), NOW - 2000)
})
