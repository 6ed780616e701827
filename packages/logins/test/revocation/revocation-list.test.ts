import t from 'tap'
import { RevocationList } from '../../src/revocation/revocation-list.ts'
import { TestClock } from '@drawbridge/test-support/clock'

t.test('a revoked login is listed for the retention', (t) => {
  const clock = new TestClock()
  const list = new RevocationList(900, clock.now)
  t.equal(list.has('a'), false)
  list.add('a')
  t.equal(list.has('a'), true)
  t.equal(list.has('b'), false)
  clock.advance(899_999)
  list.add('b')
  t.equal(list.has('a'), true)
  clock.advance(1)
  list.add('c')
  t.equal(list.has('a'), false)
  t.equal(list.has('b'), true)
  t.end()
})

t.test('adding a login again extends its retention', (t) => {
  const clock = new TestClock()
  const list = new RevocationList(10, clock.now)
  list.add('a')
  clock.advance(6000)
  list.add('a')
  t.equal(list.size, 1)
  clock.advance(6000)
  list.add('b')
  t.equal(list.has('a'), true)
  clock.advance(4000)
  list.add('b')
  t.equal(list.has('a'), false)
  t.end()
})

t.test('its size is bounded by the retention, however many are added', (t) => {
  const clock = new TestClock()
  const list = new RevocationList(10, clock.now)
  for (let at = 0; at < 20_000; at++) {
    list.add(`login ${at}`)
    clock.advance(10)
    if (list.size > 1001) t.fail('unbounded')
  }
  t.ok(list.has('login 19999'))
  t.end()
})
