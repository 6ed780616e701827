import {
  acceptStrictJsonOnly,
  challenge,
  describeRoutes,
  markPublic,
  setNoStore,
  speakOAuth,
  useOwnCompilers
} from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import type { TokenAuthApi } from '../api.ts'
import { clientSecuritySchemes, securitySchemes } from '../security-schemes.ts'
import { introspectRoute } from './introspect.ts'
import { jwksRoute } from './jwks.ts'
import { loginRoute } from './login.ts'
import { logoutRoute } from './logout.ts'
import { metadataRoute } from './metadata.ts'
import { refreshRoute } from './refresh.ts'
import { revokeRoute } from './revoke.ts'
import { secondFactorRoute } from './second-factor.ts'

/** Adds our routes: those that take credentials in a scope of their own, that of the key set below the application's prefix. */
export function addRoutes(app: FastifyInstance, options: ParsedOptions, api: TokenAuthApi): void {
  const { login, secondFactor, refresh, logout, jwks, introspect, revoke, metadata } = options.routes
  app.register(
    async (scope) => {
      acceptStrictJsonOnly(scope)
      markPublic(scope)
      describeRoutes(scope, options, securitySchemes)
      addNoStore(scope)
      addChallengeTo401(scope)
      if (login !== false) loginRoute(scope, login, options, api)
      if (secondFactor !== false && options.credentials.verifySecondFactor !== undefined)
        secondFactorRoute(scope, secondFactor, api)
      if (refresh !== false) refreshRoute(scope, refresh, api.tokenAuth)
      if (logout !== false) await scope.register(async (inner) => logoutRoute(inner, logout, api))
    },
    { prefix: options.prefix }
  )
  app.register(
    async (scope) => {
      speakOAuth(scope)
      markPublic(scope)
      describeRoutes(scope, options, { ...securitySchemes, ...clientSecuritySchemes })
      addNoStore(scope)
      if (introspect !== false) introspectRoute(scope, introspect, api)
      if (revoke !== false) revokeRoute(scope, revoke, api)
    },
    { prefix: options.prefix }
  )
  app.register(async (scope) => {
    useOwnCompilers(scope)
    markPublic(scope)
    describeRoutes(scope, options, securitySchemes)
    if (jwks !== false) jwksRoute(scope, jwks, api.tokenAuth)
    if (metadata !== false) metadataRoute(scope, metadata, options)
  })
}

/** RFC 6749 section 5.1; for errors too, which depend on the client. */
function addNoStore(scope: FastifyInstance): void {
  scope.addHook('onRequest', (_request, reply, done) => {
    setNoStore(reply)
    done()
  })
}

/** RFC 9110 section 15.5.2: every 401 has a challenge, that of a failed sign-in too. */
function addChallengeTo401(scope: FastifyInstance): void {
  scope.addHook('onSend', (_request, reply, payload, done) => {
    if (reply.statusCode === 401 && !reply.hasHeader('www-authenticate')) reply.headers(challenge())
    done(null, payload)
  })
}
