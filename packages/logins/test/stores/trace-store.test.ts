import { tracingChannel } from 'node:diagnostics_channel'
import type { TracedCall } from '@drawbridge/options'
import t, { type Test } from 'tap'
import type { LoginStore } from '../../src/index.ts'
import { traceStore } from '../../src/stores/trace-store.ts'
import { newLoginInput, setUp } from '../logins-under-test.ts'

function record(t: Test): TracedCall[] {
  const calls: TracedCall[] = []
  const subscribers = { asyncEnd: (call: unknown) => void calls.push(call as TracedCall) } as never
  const channel = tracingChannel('drawbridge:store')
  channel.subscribe(subscribers)
  t.teardown(() => channel.unsubscribe(subscribers))
  return calls
}

t.test('each question to the store is on the channel drawbridge:store, with its outcome', async (t) => {
  const { logins } = setUp()
  const calls = record(t)
  const { id, userId } = await logins.create(newLoginInput())
  await logins.resolve(id)
  await logins.listByUser(userId)
  await logins.revoke(id)
  await logins.revokeUser(userId)
  t.same(calls, [
    { operation: 'insert' },
    { operation: 'find', outcome: 'found' },
    { operation: 'listByUser' },
    { operation: 'remove' },
    { operation: 'listByUser' },
    { operation: 'removeByUser' }
  ])
})

t.test('nothing of a login is in a message: no id, no secret, no hash', async (t) => {
  const { logins } = setUp()
  const calls = record(t)
  const { id } = await logins.create(newLoginInput())
  await logins.resolve(id)
  t.ok(calls.length >= 2)
  for (const call of calls)
    t.same(
      Object.keys(call).filter((key) => key !== 'operation' && key !== 'outcome'),
      []
    )
})

t.test('an outage is in the message, and the caller gets it', async (t) => {
  const calls = record(t)
  const down = new Error('down')
  const store = traceStore({ find: () => Promise.reject(down) } as unknown as LoginStore)
  t.equal(await store.find('x').catch((error: unknown) => error), down)
  t.match(calls, [{ operation: 'find', error: { message: 'down' } }])
})

t.test('a store without the methods that are optional has none of them afterwards', async (t) => {
  const traced = traceStore({ isShared: true } as LoginStore)
  for (const optional of ['announce', 'close', 'adoptions', 'openFeed']) t.notOk(optional in traced, optional)
  t.equal(traced.isShared, true)
})
