import t from 'tap'
import { shown } from '../src/testing/store-case.ts'
import { aNewLogin, guard, setUp } from './logins-under-test.ts'

/** A login that was ended, and is there once more in a store that lost its newest writes. */
async function broughtBack() {
  const { logins, store } = setUp()
  const login = await logins.create(aNewLogin())
  await logins.rotate(login.id, shown(0))
  const kept = await logins.resolve(login.id)
  if (kept === null) throw new Error('the login does not live')
  await logins.revoke(login.id)
  await store.insert(kept, 100)
  return { logins, login, cache: logins.openCache() }
}

t.test('a login that the store brings back is refused by a node that knows of its end', async (t) => {
  const { logins, login, cache } = await broughtBack()
  t.equal(await guard(logins, cache, login), null)
  t.equal(await logins.resolve(login.id), null)
})

for (const [token, rotation] of Object.entries({
  'the newest token': shown(1),
  'a repeated one, within the window': shown(0),
  'one that the store does not remember': shown(2)
})) {
  t.test(`and is not refreshed, by ${token}`, async (t) => {
    const { logins, login } = await broughtBack()
    t.same(await logins.rotate(login.id, rotation), { kind: 'unknown' })
  })
}
