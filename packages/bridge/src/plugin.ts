import { describeGuards, hasRoutes } from '@drawbridge/carrier'
import type { FastifyPluginAsync } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { createApi } from './api.ts'
import { createSecuritySchemes, findCarriers } from './carriers.ts'
import { type BridgeOptions, checkIdleTimeout, parseBridgeOptions } from './options.ts'
import { addRoutes } from './routes/index.ts'

const plugin: FastifyPluginAsync<BridgeOptions> = async (app, input) => {
  const options = parseBridgeOptions(input)
  const carriers = findCarriers(app)
  checkIdleTimeout(options, carriers)
  const bridge = createApi(carriers, options)
  app.decorate('bridge', bridge)
  describeGuards(app, createSecuritySchemes(carriers), hasRoutes(options.routes))
  if (hasRoutes(options.routes)) addRoutes(app, carriers, options, bridge)
}

/**
 * Joins session-auth and token-auth, which are registered before it: one guard for either carrier, one log-out for both, and
 * the exchange of one for the other. See {@link BridgeOptions}.
 *
 * @throws OptionError where an option is wrong, or a carrier is missing.
 * @example
 * await app.register(bridge, { exchange: ['session-for-token'] })
 * app.get('/me', { onRequest: app.bridge.guard }, async (request) => request.principal)
 */
export const bridge = fastifyPlugin(plugin, { fastify: '5.x', name: '@drawbridge/bridge' })
