import {
  closeWithApp,
  compareSecretsOnReady,
  createRejectionHook,
  decoratePrincipal,
  describeGuards,
  UnsentLogins
} from '@drawbridge/carrier'
import { OptionError } from '@drawbridge/options'
import type { FastifyPluginAsync } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { createApi } from './api.ts'
import { type KeyAuthOptions, parseKeyAuthOptions } from './options.ts'
import { securitySchemes } from './security-schemes.ts'

const plugin: FastifyPluginAsync<KeyAuthOptions> = async (app, input) => {
  const options = parseKeyAuthOptions(input)
  if (app.hasDecorator('bridge'))
    throw new OptionError('keyAuth must be registered before the bridge, whose guard takes keys only then')
  closeWithApp(app, options.logins)
  compareSecretsOnReady(app, {
    logins: options.logins,
    secrets: options.secret,
    purpose: 'a personal access token',
    option: 'keyAuth.secret'
  })
  const unsent = new UnsentLogins(options.logins)
  app.addHook('onError', unsent.onError)
  app.addHook('onError', createRejectionHook(options.logins))
  decoratePrincipal(app)
  app.decorate('keyAuth', createApi(options, unsent))
  describeGuards(app, securitySchemes, false)
}

/**
 * Personal access tokens, as `app.keyAuth`: a login that a program presents. It has no routes. See {@link KeyAuthOptions}.
 *
 * @throws OptionError where an option is wrong, or the bridge is registered before it.
 * @example
 * await app.register(keyAuth, { logins, secret })
 * app.get('/report', { onRequest: app.keyAuth.guard({ scopes: ['read'] }) }, async (request) => request.principal)
 */
export const keyAuth = fastifyPlugin(plugin, { fastify: '5.x', name: '@drawbridge/key-auth' })
