import t from 'tap'
import { aNewLogin, setUp } from './logins-under-test.ts'

/** Resolves when the condition holds; rejects after five seconds. */
async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !holds();) {
    if (Date.now() > end) throw new Error('it never came to be')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

t.test('logins whose end was not heard of are told when the store can be asked again', async (t) => {
  const { logins, store, line, feed } = setUp()
  const [gone, spared] = [await logins.create(aNewLogin()), await logins.create(aNewLogin())]
  const told: string[] = []
  feed.subscribe(({ loginId }) => void told.push(loginId))
  line.down.add('removeByUser').add('find')
  await t.rejects(logins.revokeUser('user-1', { except: spared.id }))
  // The store had done it all the same.
  await store.remove(gone.id)
  line.down.delete('removeByUser')
  line.down.delete('find')
  t.match(await logins.revokeUser('user-1', { except: spared.id }), { ended: 0 }, 'nothing is left to end')
  await until(() => told.length > 0)
  t.same(told, [gone.id], 'and only what has ended')
  await logins.close()
})

t.test('logins that live on are not told to have ended', async (t) => {
  const { logins, line, feed } = setUp()
  const login = await logins.create(aNewLogin())
  const told: string[] = []
  feed.subscribe(({ loginId }) => void told.push(loginId))
  line.down.add('removeByUser')
  await t.rejects(logins.revokeUser('user-1'))
  await until(() => line.calls.includes('find'))
  await new Promise((resolve) => setImmediate(resolve))
  t.same(told, [])
  t.ok(await logins.resolve(login.id))
  await logins.close()
})
