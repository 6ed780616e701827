import { acceptStrictJsonOnly, describeRoutes, markPublic } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import { createSecuritySchemes } from '../security-schemes.ts'
import type { SessionAuthApi } from '../api.ts'
import { loginRoute } from './login.ts'
import { logoutRoute } from './logout.ts'
import { secondFactorRoute } from './second-factor.ts'

/** Adds our routes in a scope of their own, which takes strict JSON from our own pages only. */
export function addRoutes(app: FastifyInstance, options: ParsedOptions, api: SessionAuthApi): void {
  const { sessionAuth } = api
  app.register(
    async (scope) => {
      acceptStrictJsonOnly(scope)
      markPublic(scope)
      describeRoutes(scope, options, createSecuritySchemes(options.cookie))
      scope.addHook('onRequest', sessionAuth.requireSameOrigin)
      const { login, secondFactor, logout } = options.routes
      if (login !== false) await scope.register(async (inner) => loginRoute(inner, login, options, api))
      if (secondFactor !== false && options.credentials.verifySecondFactor !== undefined)
        secondFactorRoute(scope, secondFactor, options, api)
      if (logout !== false)
        await scope.register(async (inner) => logoutRoute(inner, logout, options, sessionAuth))
    },
    { prefix: options.prefix }
  )
}
