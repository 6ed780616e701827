import t from 'tap'
import {
  type CarrierUnderTest,
  testPasswordChange,
  testSignInInFlight
} from '@drawbridge/test-support/carriers/sign-in-in-flight'
import type { TokenResponse } from '../src/index.ts'
import { makeApp, spyOnStore } from './make-app.ts'

const token: CarrierUnderTest = {
  prefix: '/token',
  build: ({ credentials, store, clock }) =>
    makeApp({ clock, storeSpy: spyOnStore(store), tokens: { credentials } }),
  credentialFrom: (answer) => answer.json<Partial<TokenResponse>>().token,
  authHeaders: (token) => ({ authorization: `Bearer ${token}` }),
  customRoute: async (credentials, prove) => {
    const { app } = await makeApp({ tokens: { credentials } })
    app.post('/enter', async (request) => app.tokenAuth.issueTokens(request, await prove()))
    return app
  }
}

t.test('a log-in in flight does not survive a change of password (S03)', (t) => testPasswordChange(t, token))

testSignInInFlight(token)
