import t from 'tap'
import { newLoginInput, setUp } from '../logins-under-test.ts'

/** Resolves when the condition holds; rejects after five seconds. */
async function waitUntil(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !condition();) {
    if (Date.now() > end) throw new Error('it never came to be')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

t.test('logins whose end was not heard of are told when the store can be asked again', async (t) => {
  const { logins, store, spy, feed } = setUp()
  const [gone, spared] = [await logins.create(newLoginInput()), await logins.create(newLoginInput())]
  const told: string[] = []
  feed.subscribe(({ loginId }) => void told.push(loginId))
  spy.down.add('removeByUser').add('find')
  await t.rejects(logins.revokeUser('user-1', { except: spared.id }))
  // The store had done it all the same.
  await store.remove(gone.id)
  spy.down.delete('removeByUser')
  spy.down.delete('find')
  t.match(
    await logins.revokeUser('user-1', { except: spared.id }),
    { revokedCount: 0 },
    'nothing is left to end'
  )
  await waitUntil(() => told.length > 0)
  t.same(told, [gone.id], 'and only what has ended')
  await logins.close()
})

t.test('logins that live on are not told to have ended', async (t) => {
  const { logins, spy, feed } = setUp()
  const login = await logins.create(newLoginInput())
  const told: string[] = []
  feed.subscribe(({ loginId }) => void told.push(loginId))
  spy.down.add('removeByUser')
  await t.rejects(logins.revokeUser('user-1'))
  await waitUntil(() => spy.calls.includes('find'))
  await new Promise((resolve) => setImmediate(resolve))
  t.same(told, [])
  t.ok(await logins.resolve(login.id))
  await logins.close()
})
