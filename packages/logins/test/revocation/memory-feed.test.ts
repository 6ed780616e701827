import t from 'tap'
import { createMemoryFeed } from '../../src/revocation/memory-feed.ts'
import { feedCases } from '../../src/testing/index.ts'

t.test('the contract', async (t) => {
  for (const { name, run } of feedCases) {
    await t.test(name, () =>
      run(() => {
        const feed = createMemoryFeed()
        return { nodes: [feed], delivered: async () => {}, close: () => feed.close() }
      })
    )
  }
})

t.test('it covers the time since it was created', (t) => {
  t.equal(createMemoryFeed({ now: () => 5 }).coveredFrom, 5)
  t.end()
})
