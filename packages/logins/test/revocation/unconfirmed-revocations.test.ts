import t from 'tap'
import { newLoginInput, setUp } from '../logins-under-test.ts'

/** Resolves when the condition is true; rejects after five seconds. */
async function waitUntil(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !condition();) {
    if (Date.now() > end) throw new Error('the condition did not become true')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

t.test('revocations without a reply of the store are published when the store is back', async (t) => {
  const { logins, store, spy, feed } = setUp()
  const [gone, spared] = [await logins.create(newLoginInput()), await logins.create(newLoginInput())]
  const published: string[] = []
  feed.subscribe(({ loginId }) => void published.push(loginId))
  spy.down.add('removeByUser').add('find')
  await t.rejects(logins.revokeUser('user-1', { except: spared.id }))
  // The store had removed it all the same.
  await store.remove(gone.id)
  spy.down.delete('removeByUser')
  spy.down.delete('find')
  t.match(
    await logins.revokeUser('user-1', { except: spared.id }),
    { revokedCount: 0 },
    'nothing is left to remove'
  )
  await waitUntil(() => published.length > 0)
  t.same(published, [gone.id], 'and only what was removed')
  await logins.close()
})

t.test('logins that are still active are not published', async (t) => {
  const { logins, spy, feed } = setUp()
  const login = await logins.create(newLoginInput())
  const published: string[] = []
  feed.subscribe(({ loginId }) => void published.push(loginId))
  spy.down.add('removeByUser')
  await t.rejects(logins.revokeUser('user-1'))
  await waitUntil(() => spy.calls.includes('find'))
  await new Promise((resolve) => setImmediate(resolve))
  t.same(published, [])
  t.ok(await logins.resolve(login.id))
  await logins.close()
})
