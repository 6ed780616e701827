import type { SecondFactorBody } from '@drawbridge/carrier'
import t from 'tap'
import {
  type CarrierUnderTest,
  assertUnauthorized,
  testPasswordChange,
  startSignInTest,
  testSignInInFlight
} from '@drawbridge/test-support/carriers/sign-in-in-flight'
import { cookieFrom, makeApp } from './make-app.ts'

const session: CarrierUnderTest = {
  prefix: '/session',
  build: ({ credentials, store, clock }) => makeApp({ clock, store, session: { credentials } }),
  credentialFrom: (answer) => (answer.headers['set-cookie'] === undefined ? undefined : cookieFrom(answer)),
  authHeaders: (cookie) => ({ cookie }),
  customRoutes: async (credentials, { authenticate, beforeSignIn }) => {
    const routes: Parameters<typeof makeApp>[0] = {
      session: { credentials },
      routes: (app) => {
        const { startSession, pendingLogins } = app.sessionAuth
        app.post('/enter', async (request, reply) => startSession(request, reply, await authenticate()))
        app.post('/wait', async (request) => pendingLogins.start(request, await authenticate()))
        app.post<{ Body: SecondFactorBody }>('/finish', async (request, reply) => {
          const signIn = await pendingLogins.complete(request, request.body)
          await beforeSignIn()
          return startSession(request, reply, signIn)
        })
      }
    }
    return (await makeApp(routes)).app
  }
}

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
