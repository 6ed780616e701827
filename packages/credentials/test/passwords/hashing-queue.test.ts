import t from 'tap'
import { HashingQueue } from '../../src/passwords/hashing-queue.ts'

/** Tasks that end when the test ends them. */
function tasks() {
  const running: string[] = []
  const ends = new Map<string, () => void>()
  const start = (name: string) => () =>
    new Promise<string>((resolve) => {
      running.push(name)
      ends.set(name, () => resolve(name))
    })
  return { running, start, end: (name: string) => ends.get(name)?.() }
}

t.test('runs and queues up to its limits, in order, and no more', async (t) => {
  const { running, start, end } = tasks()
  const queue = new HashingQueue(2, 2)
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => queue.tryRun(start(name)))
  t.equal(queue.tryRun(start('e')), undefined)
  t.strictSame(running, ['a', 'b'])
  end('b')
  t.equal(await b, 'b')
  await Promise.resolve()
  t.strictSame(running, ['a', 'b', 'c'])
  const f = queue.tryRun(start('f'))
  t.ok(f, 'there is room again')
  t.equal(queue.tryRun(start('g')), undefined)
  for (const name of ['a', 'c']) end(name)
  await Promise.all([a, c])
  await Promise.resolve()
  t.strictSame(running, ['a', 'b', 'c', 'd', 'f'])
  for (const name of ['d', 'f']) end(name)
  t.strictSame(await Promise.all([d, f]), ['d', 'f'])
})

t.test('its health has what runs, what waits and what had no place', async (t) => {
  const { start, end } = tasks()
  const queue = new HashingQueue(1, 1)
  t.same(queue.health(), { running: 0, waiting: 0, rejectedCount: 0 })
  const [a, b] = ['a', 'b', 'c', 'd'].map((name) => queue.tryRun(start(name)))
  t.same(queue.health(), { running: 1, waiting: 1, rejectedCount: 2 })
  end('a')
  await a
  t.same(queue.health(), { running: 1, waiting: 0, rejectedCount: 2 })
  end('b')
  await b
  t.same(queue.health(), { running: 0, waiting: 0, rejectedCount: 2 })
})

t.test('a task that fails makes room for the next', async (t) => {
  const queue = new HashingQueue(1, 1)
  const failing = queue.tryRun(() => Promise.reject(new Error('broken')))
  const next = queue.tryRun(async () => 'next')
  await t.rejects(failing ?? Promise.resolve(), /broken/)
  t.equal(await next, 'next')
  t.equal(await queue.tryRun(async () => 'again'), 'again')
})

t.test('T20: waiting tasks can be rejected, and running ones continue', async (t) => {
  const { running, start, end } = tasks()
  const queue = new HashingQueue(1, 2)
  const [a, b, c] = ['a', 'b', 'c'].map((name) => queue.tryRun(start(name)))
  queue.rejectWaiting(new Error('the store does not reply'))
  for (const waited of await Promise.allSettled([b, c]))
    t.match(waited, { status: 'rejected', reason: { message: 'the store does not reply' } })
  t.strictSame(running, ['a'])
  const d = queue.tryRun(start('d'))
  end('a')
  t.equal(await a, 'a')
  await Promise.resolve()
  end('d')
  t.equal(await d, 'd', 'there is room for later ones')
  t.strictSame(running, ['a', 'd'])
})
