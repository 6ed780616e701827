import t from 'tap'
import { presentedToken } from '../src/testing/store-case.ts'
import { newLoginInput, authenticate, setUp } from './logins-under-test.ts'

/** A login that was revoked, and is back in a store that lost its newest writes. */
async function restoredLogin() {
  const { logins, store } = setUp()
  const login = await logins.create(newLoginInput())
  await logins.rotate(login.id, presentedToken(0))
  const saved = await logins.resolve(login.id)
  if (saved === null) throw new Error('the login is not active')
  await logins.revoke(login.id)
  await store.insert(saved, 100)
  return { logins, login, cache: logins.openCache() }
}

t.test('a login that the store brings back is rejected by a node that knows of its revocation', async (t) => {
  const { logins, login, cache } = await restoredLogin()
  t.equal(await authenticate(logins, cache, login), null)
  t.equal(await logins.resolve(login.id), null)
})

for (const [token, rotation] of Object.entries({
  'the newest token': presentedToken(1),
  'a repeated token within the window': presentedToken(0),
  'a token that the store has lost': presentedToken(2)
})) {
  t.test(`a login that the store brings back is not refreshed with ${token}`, async (t) => {
    const { logins, login } = await restoredLogin()
    t.same(await logins.rotate(login.id, rotation), { kind: 'unknown' })
  })
}
