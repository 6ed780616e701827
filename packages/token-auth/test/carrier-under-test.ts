import type { SecondFactorBody } from '@drawbridge/carrier'
import type { CarrierUnderTest } from '@drawbridge/test-support/carriers/sign-in-in-flight'
import { spy } from '@drawbridge/test-support/spies/spy'
import type { TokenResponse } from '../src/index.ts'
import { makeApp } from './make-app.ts'

/** Tokens, for tests that are the same for both carriers. */
export const token: CarrierUnderTest = {
  prefix: '/token',
  build: ({ credentials, store, ...options }) =>
    makeApp({ ...options, storeSpy: spy(store), tokens: { credentials } }),
  credentialFrom: (answer) => answer.json<Partial<TokenResponse>>().token,
  authHeaders: (token) => ({ authorization: `Bearer ${token}` }),
  customRoutes: async (credentials, { authenticate, beforeSignIn }) => {
    const { app } = await makeApp({ tokens: { credentials } })
    const { issueTokens, pendingLogins } = app.tokenAuth
    app.post('/enter', async (request) => issueTokens(request, await authenticate()))
    app.post('/wait', async (request) => pendingLogins.start(request, await authenticate()))
    app.post<{ Body: SecondFactorBody }>('/finish', async (request) => {
      const signIn = await pendingLogins.complete(request, request.body)
      await beforeSignIn()
      return issueTokens(request, signIn)
    })
    return app
  }
}
