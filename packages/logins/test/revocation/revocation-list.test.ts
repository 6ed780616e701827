import t from 'tap'
import { RevocationList } from '../../src/revocation/revocation-list.ts'
import { TestClock } from '@drawbridge/test-support/clock'

t.test('a login that has ended is known for as long as the retention', (t) => {
  const clock = new TestClock()
  const denied = new RevocationList(900, clock.now)
  t.equal(denied.has('a'), false)
  denied.add('a')
  t.equal(denied.has('a'), true)
  t.equal(denied.has('b'), false)
  clock.advance(899_999)
  denied.add('b')
  t.equal(denied.has('a'), true)
  clock.advance(1)
  denied.add('c')
  t.equal(denied.has('a'), false)
  t.equal(denied.has('b'), true)
  t.end()
})

t.test('hearing of it again only makes it last longer', (t) => {
  const clock = new TestClock()
  const denied = new RevocationList(10, clock.now)
  denied.add('a')
  clock.advance(6000)
  denied.add('a')
  t.equal(denied.size, 1)
  clock.advance(6000)
  denied.add('b')
  t.equal(denied.has('a'), true)
  clock.advance(4000)
  denied.add('b')
  t.equal(denied.has('a'), false)
  t.end()
})

t.test('it holds what the retention holds, however many come', (t) => {
  const clock = new TestClock()
  const denied = new RevocationList(10, clock.now)
  for (let at = 0; at < 20_000; at++) {
    denied.add(`login ${at}`)
    clock.advance(10)
    if (denied.size > 1001) t.fail('unbounded')
  }
  t.ok(denied.has('login 19999'))
  t.end()
})
