import t from 'tap'
import { spy } from '@drawbridge/test-support/spies/spy'
import { createLogins } from '../src/create-logins.ts'
import { createMemoryFeed } from '../src/revocation/memory-feed.ts'
import { createMemoryLoginStore } from '../src/stores/memory-login-store.ts'

function setUp() {
  const store = spy(Object.assign(createMemoryLoginStore(), { close: async () => {} }))
  const feed = spy(createMemoryFeed())
  return { logins: createLogins({ store: store.store, feed: feed.store }), store, feed }
}

t.test('closing closes the feed and the store, once', async (t) => {
  const { logins, store, feed } = setUp()
  await Promise.all([logins.close(), logins.close()])
  await logins.close()
  t.equal(feed.counts['close'], 1)
  t.equal(store.counts['close'], 1)
})

t.test('a feed that fails to close does not keep the store open', async (t) => {
  const { logins, store, feed } = setUp()
  feed.down.add('close')
  await t.rejects(logins.close(), { message: 'close is down' })
  t.equal(store.counts['close'], 1)
})
