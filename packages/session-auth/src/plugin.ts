import {
  acceptStrictJsonOnly,
  claimInstance,
  compareSecretsOnReady,
  createGuards,
  createPendingLogins,
  decoratePrincipal,
  describeGuards,
  describeRoutes,
  guardOf,
  markPublic
} from '@drawbridge/logins/fastify'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { SessionAuthenticator } from './authenticate.ts'
import { warnOfName } from './cookie-warnings.ts'
import { createEndOtherSessions } from './end-other-sessions.ts'
import { createEndSession } from './end-session.ts'
import { createFenceCookie } from './fence-cookie.ts'
import { createGuard, createOriginGuard } from './guard.ts'
import { parseSessionAuthOptions, type SessionAuthOptions } from './options.ts'
import { loginRoute } from './routes/login.ts'
import { logoutRoute } from './routes/logout.ts'
import { secondFactorRoute } from './routes/second-factor.ts'
import { createOriginCheck } from './same-origin.ts'
import { createSessionCookie } from './session-cookie.ts'
import { createSessionData } from './session-data.ts'
import { loadCookieWriter } from './set-cookie.ts'
import { createSnapshotCookie } from './snapshot-cookie.ts'
import { createStartSession } from './start-session.ts'
import type { SessionAuth } from './types.ts'

async function plugin(app: FastifyInstance, input: SessionAuthOptions): Promise<void> {
  const options = parseSessionAuthOptions(input)
  const { logins, prefix } = options
  const identity = options.cookie.name
  claimInstance(app, { plugin: 'sessionAuth', ...options, identity, identityOptions: ['cookie.name'] })
  warnOfName(options.cookie, app.log)
  await loadCookieWriter(app)
  decoratePrincipal(app)

  const cookie = createSessionCookie(options)
  const snapshots = createSnapshotCookie(options)
  const fences = createFenceCookie(options, logins)
  const authenticator = new SessionAuthenticator({ logins, cookie, snapshots, fences, now: options.now })
  const isSameOrigin = createOriginCheck(options)
  const parts = { logins, authenticator, cookie, snapshots, fences, isSameOrigin, options }
  const guards = createGuards('sessionAuth', logins, (wanted) =>
    guardOf('session', createGuard(parts, wanted))
  )
  const startSession = createStartSession(parts)
  const endSession = createEndSession(parts)
  const pendingLogins = createPendingLogins({
    ...options,
    secrets: options.secret,
    identity: `a session ${identity}`
  })
  compareSecretsOnReady(app, {
    logins,
    secrets: options.secret,
    purpose: `a session ${identity}`,
    option: 'sessionAuth.secret'
  })
  const sessionAuth: SessionAuth = {
    ...guards,
    sameOrigin: createOriginGuard(isSameOrigin),
    startSession,
    pendingLogins,
    endSession,
    endOtherSessions: createEndOtherSessions(parts),
    data: createSessionData(logins, cookie, guards.guard)
  }
  app.decorate('sessionAuth', sessionAuth)

  if (!options.routes) return
  describeGuards(app)
  const description = {
    tags: options.tags,
    schemes: { session: { type: 'apiKey', in: 'cookie', name: cookie.name } }
  }
  await app.register(
    async (scope) => {
      acceptStrictJsonOnly(scope)
      markPublic(scope)
      describeRoutes(scope, description)
      scope.addHook('onRequest', sessionAuth.sameOrigin)
      loginRoute(scope, { ...options, startSession, pendingLogins })
      if (options.credentials.verifySecondFactor !== undefined)
        secondFactorRoute(scope, { ...options, startSession, pendingLogins })
      await scope.register(async (logout) => logoutRoute(logout, endSession))
    },
    { prefix }
  )
}

/** Log-in with a cookie: `register(sessionAuth, { credentials, logins, secret })`. */
export const sessionAuth = fp(plugin, { fastify: '5.x', name: '@drawbridge/session-auth' })
