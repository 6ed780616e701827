import { tracingChannel } from 'node:diagnostics_channel'
import t from 'tap'
import { createCredentials, createMemoryUserStore } from '../../src/index.ts'

t.test(
  'hashes and comparisons are on the channel drawbridge:hashing, and say nothing of the user',
  async (t) => {
    const calls: unknown[] = []
    const subscribers = { asyncEnd: (call: unknown) => void calls.push(call) } as never
    const channel = tracingChannel('drawbridge:hashing')
    const credentials = createCredentials({
      users: createMemoryUserStore(),
      hashing: { memoryKiB: 1024, passes: 1 }
    })
    channel.subscribe(subscribers)
    t.teardown(() => channel.unsubscribe(subscribers))
    const password = 'correct horse battery staple'
    await credentials.register({ username: 'ada', password })
    await credentials.verify({ username: 'ada', password, address: undefined })
    await credentials.verify({ username: 'nobody', password, address: undefined })
    t.same(calls, [{ operation: 'hash' }, { operation: 'compare' }, { operation: 'compare' }])
    t.same(credentials.health(), { hashing: { running: 0, waiting: 0, rejectedCount: 0 } })
  }
)
