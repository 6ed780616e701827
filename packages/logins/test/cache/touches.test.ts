import { mock } from 'node:test'
import t from 'tap'
import type { Touch } from '../../src/stores/login-store.ts'
import { Touches } from '../../src/cache/touches.ts'

function setUp() {
  const batches: Array<readonly Touch[]> = []
  const inactive: string[] = []
  const errors: unknown[] = []
  const store = {
    reply: async (touches: readonly Touch[]): Promise<readonly boolean[]> => touches.map(() => true),
    touch: (touches: readonly Touch[]) => {
      batches.push(touches)
      return store.reply(touches)
    }
  }
  const touches = new Touches({
    store,
    onInactive: (loginId) => inactive.push(loginId),
    onError: (error) => errors.push(error)
  })
  return { touches, store, batches, inactive, errors }
}

t.test('uses within a second are written in one batch, each login once with its latest use', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  const { touches, batches } = setUp()
  touches.add('a', 1)
  touches.add('b', 2)
  mock.timers.tick(999)
  touches.add('a', 3)
  t.same(batches, [])
  mock.timers.tick(1)
  await touches.flush()
  t.same(batches, [
    [
      { loginId: 'a', seenAt: 3 },
      { loginId: 'b', seenAt: 2 }
    ]
  ])
  mock.timers.tick(10_000)
  await touches.flush()
  t.equal(batches.length, 1, 'nothing to write, nothing written')
  touches.add('a', 4)
  mock.timers.tick(1000)
  await touches.flush()
  t.equal(batches.length, 2)
})

t.test('a login that the store reports as inactive is reported', async (t) => {
  const { touches, store, inactive } = setUp()
  store.reply = async () => [true, false, true]
  for (const loginId of ['a', 'b', 'c']) touches.add(loginId, 1)
  await touches.flush()
  t.same(inactive, ['b'])
})

t.test('a batch that fails is retried, and does not overwrite later uses', async (t) => {
  const { touches, store, batches, inactive, errors } = setUp()
  const down = new Error('down')
  store.reply = async () => {
    touches.add('a', 5)
    throw down
  }
  touches.add('a', 1)
  touches.add('b', 2)
  await touches.flush()
  t.same(errors, [down])
  t.same(inactive, [])
  store.reply = async (batch) => batch.map(() => true)
  await touches.flush()
  t.same(
    new Map(batches[1]?.map(({ loginId, seenAt }) => [loginId, seenAt])),
    new Map([
      ['a', 5],
      ['b', 2]
    ])
  )
  await touches.flush()
  t.equal(batches.length, 2)
})

t.test('a batch that failed is retried a second later', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  const { touches, store, batches } = setUp()
  store.reply = async () => {
    throw new Error('down')
  }
  touches.add('a', 1)
  await touches.flush()
  store.reply = async () => [true]
  mock.timers.tick(999)
  t.equal(batches.length, 1)
  mock.timers.tick(1)
  await touches.flush()
  t.same(batches[1], batches[0])
  t.equal(batches.length, 2)
})

t.test('a flush waits for the batch in flight', async (t) => {
  const { touches, store } = setUp()
  const order: string[] = []
  let reply = (_active: readonly boolean[]) => {}
  store.reply = () => new Promise((resolve) => (reply = resolve))
  touches.add('a', 1)
  const first = touches.flush().then(() => order.push('first'))
  const second = touches.flush().then(() => order.push('second'))
  await new Promise((resolve) => setImmediate(resolve))
  t.same(order, [])
  reply([true])
  await Promise.all([first, second])
  t.same(order, ['first', 'second'])
})

t.test('an onError that throws does not stop the writing', async (t) => {
  const batches: Array<readonly Touch[]> = []
  const touches = new Touches({
    store: {
      touch: async (batch) => {
        batches.push(batch)
        throw new Error('down')
      }
    },
    onInactive: () => {},
    onError: (error) => {
      throw error
    }
  })
  touches.add('a', 1)
  await t.rejects(touches.flush())
  await t.rejects(touches.flush())
  t.equal(batches.length, 2)
})
