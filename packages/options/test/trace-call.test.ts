import { AsyncLocalStorage } from 'node:async_hooks'
import t, { type Test } from 'tap'
import { openCallChannels, traceCall, type TracedCall } from '../src/trace-call.ts'

const channels = openCallChannels('drawbridge:test')

/** What the channels have from then on: the name of the channel, and the message as it was then. */
function record(t: Test) {
  const messages: Array<readonly [string, TracedCall]> = []
  const calls = new Set<TracedCall>()
  const listener = (name: string) => (call: TracedCall) => {
    calls.add(call)
    messages.push([name, { ...call }])
  }
  const subscribers = {
    start: listener('start'),
    end: listener('end'),
    asyncStart: listener('asyncStart'),
    asyncEnd: listener('asyncEnd'),
    error: listener('error')
  }
  channels.subscribe(subscribers)
  t.teardown(() => channels.unsubscribe(subscribers))
  return { messages, calls }
}

t.test('where nobody listens it is the call alone, and its result is not described', async (t) => {
  const promise = Promise.resolve(1)
  const described: number[] = []
  const traced = traceCall(
    channels,
    'find',
    () => promise,
    (result) => String(described.push(result))
  )
  t.equal(traced, promise)
  await traced
  t.same(described, [])
})

t.test('a call is published when it starts and when it is done, always as the same object', async (t) => {
  const { messages, calls } = record(t)
  let resolve = (_: string) => {}
  const traced = traceCall(
    channels,
    'find',
    () => new Promise<string>((resolved) => (resolve = resolved)),
    (login) => `found ${login.length}`
  )
  t.same(messages, [
    ['start', { operation: 'find' }],
    ['end', { operation: 'find' }]
  ])
  resolve('one')
  t.equal(await traced, 'one')
  t.same(messages.slice(2), [
    ['asyncStart', { operation: 'find', outcome: 'found 3' }],
    ['asyncEnd', { operation: 'find', outcome: 'found 3' }]
  ])
  t.equal(calls.size, 1)
})

t.test('a failure is published without what a driver adds to it, and the caller gets it whole', async (t) => {
  const { messages } = record(t)
  const thrown = Object.assign(new Error('down'), { code: 'ECONNREFUSED', args: ['a secret'] })
  for (const fail of [
    async () => Promise.reject(thrown),
    () => {
      throw thrown
    }
  ]) {
    messages.length = 0
    t.equal(await traceCall(channels, 'find', fail).catch((error: unknown) => error), thrown)
    const failed = messages.find(([name]) => name === 'error')?.[1].error
    t.match(failed, { message: 'down', code: 'ECONNREFUSED' })
    t.notOk('args' in (failed as object))
    t.equal(messages.at(-1)?.[0], 'asyncEnd', 'last')
  }
})

t.test('a store that is bound to the start of calls has its value while the work runs', async (t) => {
  const storage = new AsyncLocalStorage<TracedCall>()
  channels.start.bindStore(storage as AsyncLocalStorage<unknown>)
  t.teardown(() => void channels.start.unbindStore(storage as AsyncLocalStorage<unknown>))
  record(t)
  const seen = await traceCall(channels, 'find', async () => storage.getStore()?.operation)
  t.equal(seen, 'find')
  t.equal(storage.getStore(), undefined)
})
