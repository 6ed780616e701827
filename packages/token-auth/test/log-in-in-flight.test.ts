import t from 'tap'
import {
  type CarrierUnderTest,
  passwordChanges,
  testLogInInFlight
} from '../../logins/test/log-in-in-flight.ts'
import type { TokenAnswer } from '../src/index.ts'
import { makeApp, watch } from './make-app.ts'

const token: CarrierUnderTest = {
  prefix: '/token',
  build: ({ credentials, store, clock }) =>
    makeApp({ clock, watched: watch(store), tokens: { credentials } }),
  credentialOf: (answer) => answer.json<Partial<TokenAnswer>>().token,
  shown: (token) => ({ authorization: `Bearer ${token}` }),
  ownRoute: async (credentials, prove) => {
    const { app } = await makeApp({ tokens: { credentials } })
    app.post('/enter', async (request) => app.tokenAuth.issueTokens(request, await prove()))
    return app
  }
}

t.test('a log-in in flight does not survive a change of password (S03)', (t) => passwordChanges(t, token))

testLogInInFlight(token)
