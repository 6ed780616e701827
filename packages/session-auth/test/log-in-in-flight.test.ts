import t from 'tap'
import {
  type CarrierUnderTest,
  isRefused,
  passwordChanges,
  startInFlight,
  testLogInInFlight
} from '../../logins/test/log-in-in-flight.ts'
import { cookieOf, makeApp } from './make-app.ts'

const session: CarrierUnderTest = {
  prefix: '/session',
  build: ({ credentials, store, clock }) => makeApp({ clock, store, session: { credentials } }),
  credentialOf: (answer) => (answer.headers['set-cookie'] === undefined ? undefined : cookieOf(answer)),
  shown: (cookie) => ({ cookie }),
  ownRoute: async (credentials, prove) => {
    const routes: Parameters<typeof makeApp>[0] = {
      session: { credentials },
      routes: (app) => {
        app.post('/enter', async (request, reply) =>
          app.sessionAuth.startSession(request, reply, await prove())
        )
      }
    }
    return (await makeApp(routes)).app
  }
}

t.test('a log-in in flight does not survive a change of password (S03)', (t) => passwordChanges(t, session))

testLogInInFlight(session)

t.test(
  'where a log-in in flight is refused, the login that its request came with stays as it is',
  async (t) => {
    const { store, enter, changePassword, living, me } = await startInFlight(session)
    const before = await enter()
    store.before('insert', changePassword)
    isRefused(t, session, await enter(undefined, { cookie: cookieOf(before) }))
    t.equal(await me(before), 200)
    t.equal(await living(), 1)
  }
)
