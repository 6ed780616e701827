import t from 'tap'
import {
  assertUnauthorized,
  testPasswordChange,
  startSignInTest,
  testSignInInFlight
} from '@drawbridge/test-support/carriers/sign-in-in-flight'
import { session } from './carrier-under-test.ts'
import { cookieFrom } from './make-app.ts'

t.test('a sign-in in flight fails after a change of password (S03)', (t) => testPasswordChange(t, session))

testSignInInFlight(session)

t.test('where a sign-in in flight is rejected, the login of its request stays active', async (t) => {
  const { store, signIn, changePassword, countLogins, me } = await startSignInTest(session)
  const before = await signIn()
  store.before('insert', changePassword)
  assertUnauthorized(t, session, await signIn(undefined, { cookie: cookieFrom(before) }))
  t.equal(await me(before), 200)
  t.equal(await countLogins(), 1)
})
