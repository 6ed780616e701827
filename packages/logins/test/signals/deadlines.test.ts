import fc from 'fast-check'
import t from 'tap'
import { Deadlines } from '../../src/signals/deadlines.ts'

const NOW = Date.UTC(2026, 0, 1)

t.test('items are due when their deadline has passed, once', async (t) => {
  const deadlines = new Deadlines<string>()
  deadlines.set('a', NOW + 1000)
  deadlines.set('b', NOW + 5000)
  deadlines.set('never', Infinity)
  t.same(deadlines.takeDue(NOW + 999), [])
  t.same(deadlines.takeDue(NOW + 1100), ['a'])
  t.same(deadlines.takeDue(NOW + 1200), [])
  t.same(deadlines.takeDue(NOW + 60_000), ['b'])
  t.equal(deadlines.size, 0)
})

t.test('a deadline that was moved or removed is not due at its old time', async (t) => {
  const deadlines = new Deadlines<string>()
  deadlines.set('moved', NOW + 1000)
  deadlines.set('removed', NOW + 1000)
  deadlines.set('moved', NOW + 3000)
  deadlines.delete('removed')
  t.same(deadlines.takeDue(NOW + 2000), [])
  t.same(deadlines.takeDue(NOW + 3100), ['moved'])
})

t.test('a deadline that has passed when it is set is due at the next call', async (t) => {
  const deadlines = new Deadlines<string>()
  deadlines.takeDue(NOW)
  deadlines.set('late', NOW - 60_000)
  t.same(deadlines.takeDue(NOW + 100), ['late'])
})

t.test('a clock that is set back, or forward by years, loses no deadline', async (t) => {
  const deadlines = new Deadlines<string>()
  deadlines.takeDue(NOW)
  deadlines.set('a', NOW + 1000)
  t.same(deadlines.takeDue(NOW - 3_600_000), [])
  deadlines.set('b', NOW - 3_599_000)
  t.same(deadlines.takeDue(NOW - 3_598_000), ['b'])
  t.same(deadlines.takeDue(NOW + 10 * 365 * 86_400_000), ['a'])
})

t.test(
  'whatever is set, removed and taken, in whatever order, is due no earlier and one slot later at most',
  async () => {
    const step = fc.record({
      item: fc.nat(20),
      in: fc.integer({ min: -1000, max: 100_000 }),
      passes: fc.nat(5000),
      isRemoved: fc.boolean()
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const deadlines = new Deadlines<number>()
        const model = new Map<number, number>()
        let now = NOW
        for (const { item, in: ms, passes, isRemoved } of steps) {
          if (isRemoved) {
            deadlines.delete(item)
            model.delete(item)
          } else {
            deadlines.set(item, now + ms)
            model.set(item, now + Math.max(0, ms))
          }
          now += passes
          for (const due of deadlines.takeDue(now)) {
            if ((model.get(due) ?? Infinity) > now) throw new Error('due too early')
            model.delete(due)
          }
          if ([...model.values()].some((at) => at <= now - 200)) throw new Error('due, and not taken')
        }
        return deadlines.size === model.size
      })
    )
  }
)
