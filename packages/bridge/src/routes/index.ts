import { acceptStrictJsonOnly, describeRoutes, markPublic, setNoStore } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import { type Carriers, createSecuritySchemes } from '../carriers.ts'
import type { ParsedOptions } from '../options.ts'
import type { Bridge } from '../types.ts'
import { exchangeRoutes } from './exchange.ts'
import { logoutRoute } from './logout.ts'

/** Adds our routes in a scope of their own, which takes strict JSON only. */
export function addRoutes(
  app: FastifyInstance,
  carriers: Carriers,
  options: ParsedOptions,
  bridge: Bridge
): void {
  const { prefix, routes } = options
  app.register(
    async (scope) => {
      acceptStrictJsonOnly(scope)
      markPublic(scope)
      describeRoutes(scope, options, createSecuritySchemes(carriers))
      scope.addHook('onRequest', (_request, reply, done) => {
        setNoStore(reply, 'Cookie, Authorization')
        done()
      })
      exchangeRoutes(scope, options, bridge)
      const { logout } = routes
      if (logout !== false) await scope.register(async (inner) => logoutRoute(inner, logout, bridge))
    },
    { prefix }
  )
}
