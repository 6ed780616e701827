import {
  acceptStrictJsonOnly,
  claimInstance,
  compareSecretsOnReady,
  createGuards,
  createSecondFactorFlow,
  decoratePrincipal,
  describeGuards,
  describeRoutes,
  tagGuard,
  markPublic
} from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Authenticator } from './authenticate.ts'
import { warnAboutCookieName } from './cookies/warnings.ts'
import { createRevokeOtherSessions } from './sessions/revoke-others.ts'
import { createEndSession } from './sessions/end.ts'
import { createPositionCookie } from './cookies/position-cookie.ts'
import { createGuard, createOriginGuard } from './guard.ts'
import { parseSessionAuthOptions, type SessionAuthOptions } from './options.ts'
import { loginRoute } from './routes/login.ts'
import { logoutRoute } from './routes/logout.ts'
import { secondFactorRoute } from './routes/second-factor.ts'
import { createOriginCheck } from './origin.ts'
import { createSessionCookie } from './cookies/session-cookie.ts'
import { createSessionData } from './session-data/session-data.ts'
import { loadCookieWriter } from './cookies/set-cookie.ts'
import { createSnapshotCookie } from './cookies/snapshot-cookie.ts'
import { createStartSession } from './sessions/start.ts'
import type { SessionAuth } from './types.ts'

async function plugin(app: FastifyInstance, input: SessionAuthOptions): Promise<void> {
  const options = parseSessionAuthOptions(input)
  const { logins, prefix } = options
  const identity = options.cookie.name
  claimInstance(app, { plugin: 'sessionAuth', ...options, identity, identityOptions: ['cookie.name'] })
  warnAboutCookieName(options.cookie, app.log)
  await loadCookieWriter(app)
  decoratePrincipal(app)

  const cookie = createSessionCookie(options)
  const snapshots = createSnapshotCookie(options)
  const positions = createPositionCookie(options, logins)
  const authenticator = new Authenticator({ logins, cookie, snapshots, positions, now: options.now })
  const isSameOrigin = createOriginCheck(options)
  const dependencies = { logins, authenticator, cookie, snapshots, positions, isSameOrigin, options }
  const guards = createGuards('sessionAuth', logins, (guardOptions) =>
    tagGuard('session', createGuard(dependencies, guardOptions))
  )
  const startSession = createStartSession(dependencies)
  const endSession = createEndSession(dependencies)
  const pendingLogins = createSecondFactorFlow({
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
    requireSameOrigin: createOriginGuard(isSameOrigin),
    startSession,
    pendingLogins,
    endSession,
    revokeOtherSessions: createRevokeOtherSessions(dependencies),
    sessionData: createSessionData(logins, cookie, guards.guard)
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
      scope.addHook('onRequest', sessionAuth.requireSameOrigin)
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
