import { hasRoutes } from '@drawbridge/carrier'
import type { FastifyPluginAsync } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { createApi } from './api.ts'
import { createContext } from './context.ts'
import { findFoundation } from './foundation.ts'
import { type AccountOptions, checkRoutes, parseAccountOptions } from './options.ts'
import { addRoutes } from './routes/index.ts'

const plugin: FastifyPluginAsync<AccountOptions> = async (app, input) => {
  const options = parseAccountOptions(input)
  const foundation = findFoundation(app)
  checkRoutes(options, foundation)
  const context = createContext(app, foundation, options)
  const account = createApi(context)
  app.decorate('account', account)
  if (hasRoutes(options.routes)) addRoutes(app, context, account)
}

/**
 * What users do with their account, by either carrier: the list of their logins, change and reset of the password,
 * registration, deletion. On top of the bridge, which is registered before it. See {@link AccountOptions}.
 *
 * @throws OptionError where an option is wrong, or something that a route needs is missing.
 * @example
 * await app.register(account, { routes: { changePassword: true } })
 */
export const account = fastifyPlugin(plugin, { fastify: '5.x', name: '@drawbridge/account' })
