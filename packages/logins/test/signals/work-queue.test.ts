import t from 'tap'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { TestClock } from '@drawbridge/test-support/clock'
import { WorkQueue } from '../../src/signals/work-queue.ts'

/** A queue whose work the test finishes. */
function setUp(concurrency: number) {
  const clock = new TestClock()
  const started: string[] = []
  const finish = new Map<string, () => void>()
  const work = (item: string) => {
    started.push(item)
    return new Promise<void>((resolve) => finish.set(item, resolve))
  }
  const queue = new WorkQueue({ concurrency, work, monotonicNow: clock.monotonicNow })
  const done = async (item: string) => {
    finish.get(item)?.()
    await nextTurn()
  }
  return { queue, clock, started, done }
}

t.test('a few items at a time are worked on, in their order, and none twice', async (t) => {
  const { queue, started, done } = setUp(2)
  for (const item of ['a', 'b', 'c', 'c', 'a', 'd']) queue.add(item)
  t.same(started, ['a', 'b'])
  queue.delete('d')
  await done('b')
  t.same(started, ['a', 'b', 'c'])
  await done('a')
  await done('c')
  t.same(started, ['a', 'b', 'c'])
  queue.add('a')
  t.same(started, ['a', 'b', 'c', 'a'])
})

t.test('what takes too long is overdue, and what waits only where nothing makes progress', async (t) => {
  const { queue, clock, done } = setUp(2)
  for (const item of ['a', 'b', 'c', 'd']) queue.add(item)
  clock.advance(999)
  t.same(queue.listOverdue(1000), [])
  await done('b')
  clock.advance(1)
  t.same(queue.listOverdue(1000), ['a'])
  clock.advance(1000)
  t.same(queue.listOverdue(1000), ['a', 'c', 'd'])
})
