import t from 'tap'
import { ExpiringMap } from '../../src/stores/expiring-map.ts'

t.test('an entry is there until it expires', (t) => {
  const map = new ExpiringMap<string>()
  map.set('a', 'one', 10, 0)
  t.equal(map.get('a', 9), 'one')
  t.same(map.list(9), ['one'])
  t.equal(map.get('a', 10), null)
  t.same(map.list(10), [])
  map.set('a', 'two', 20, 10)
  t.equal(map.get('a', 19), 'two')
  map.delete('a')
  t.equal(map.get('a', 19), null)
  t.end()
})

t.test('expired entries do not accumulate', (t) => {
  const map = new ExpiringMap<number>()
  for (let at = 0; at < 10_000; at++) map.set(`key ${at}`, at, at + 10, at)
  t.ok(map.size < 100, `${map.size} entries`)
  t.end()
})
