import type { SecondFactorBody } from '@drawbridge/carrier'
import type { CarrierUnderTest } from '@drawbridge/test-support/carriers/sign-in-in-flight'
import { cookieFrom, makeApp } from './make-app.ts'

/** Sessions, for tests that are the same for both carriers. */
export const session: CarrierUnderTest = {
  prefix: '/session',
  build: ({ credentials, ...options }) => makeApp({ ...options, session: { credentials } }),
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
