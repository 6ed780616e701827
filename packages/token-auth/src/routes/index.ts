import { acceptStrictJsonOnly, describeRoutes, markPublic, useOwnCompilers } from '@drawbridge/logins/fastify'
import type { FastifyInstance } from 'fastify'
import { challenge } from '../challenge.ts'
import type { Settings } from '../options.ts'
import type { Verbs } from '../verbs.ts'
import { jwksRoute } from './jwks.ts'
import { logInRoute } from './login.ts'
import { logOutRoute } from './logout.ts'
import { refreshRoute } from './refresh.ts'
import { secondFactorRoute } from './second-factor.ts'

/** Of OpenAPI: what carries a login by token. */
const SCHEME = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }

/** A scope of its own for the routes that take credentials; the key set stays where the application is. */
export function addRoutes(app: FastifyInstance, settings: Settings, verbs: Verbs): void {
  const description = { tags: settings.tags, schemes: { token: SCHEME } }
  app.register(
    async (scope) => {
      acceptStrictJsonOnly(scope)
      markPublic(scope)
      describeRoutes(scope, description)
      neverStore(scope)
      challengeEveryRefusal(scope)
      logInRoute(scope, settings.credentials, verbs.tokenAuth)
      if (settings.credentials.verifySecondFactor !== undefined) secondFactorRoute(scope, verbs.tokenAuth)
      refreshRoute(scope, verbs.tokenAuth)
      await scope.register(async (logout) => logOutRoute(logout, verbs))
    },
    { prefix: settings.prefix }
  )
  const { jwksPath } = settings
  if (jwksPath === false) return
  app.register(async (scope) => {
    useOwnCompilers(scope)
    markPublic(scope)
    describeRoutes(scope, description)
    jwksRoute(scope, jwksPath, verbs.tokenAuth)
  })
}

/** RFC 6749 section 5.1; errors too, which depend on who asks. */
function neverStore(scope: FastifyInstance): void {
  scope.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store')
    done()
  })
}

/** RFC 9110 section 15.5.2: a 401 says what would do, that of a failed log-in too. */
function challengeEveryRefusal(scope: FastifyInstance): void {
  scope.addHook('onSend', (_request, reply, payload, done) => {
    if (reply.statusCode === 401 && !reply.hasHeader('www-authenticate')) reply.headers(challenge())
    done(null, payload)
  })
}
