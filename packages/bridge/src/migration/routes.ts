import {
  acceptStrictJsonOnly,
  type BridgedTokens,
  describeRoutes,
  ignoreBodies,
  markPublic,
  setNoStore
} from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { InstalledMove } from './engine.ts'
import type { ParsedOptions } from './options.ts'
import { exchangeOldSchema } from './schemas.ts'

/** `POST /exchange/old`, in a scope of its own: whatever body it gets is ignored. */
export function addExchangeRoute(
  app: FastifyInstance,
  exchangeTokens: NonNullable<InstalledMove['exchange']>,
  tokens: BridgedTokens,
  { routes: { exchange }, tags }: ParsedOptions
): void {
  if (exchange === false) return
  app.register(async (scope) => {
    acceptStrictJsonOnly(scope)
    ignoreBodies(scope)
    markPublic(scope)
    describeRoutes(scope, { tags, hideRoutes: false }, tokens.securitySchemes)
    scope.post(exchange, { schema: exchangeOldSchema }, (request, reply) => {
      setNoStore(reply)
      return exchangeTokens(request)
    })
  })
}
