import {
  claimInstance,
  closeWithApp,
  compareSecretsOnReady,
  createRejectionHook,
  decoratePrincipal,
  describeGuards,
  hasRoutes
} from '@drawbridge/carrier'
import type { FastifyPluginAsync } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { createApi } from './api.ts'
import { loadCookieWriter } from './cookies/set-cookie.ts'
import { warnAboutCookieName } from './cookies/warnings.ts'
import { createSigningPurpose, parseSessionAuthOptions, type SessionAuthOptions } from './options.ts'
import { addRoutes } from './routes/index.ts'
import { createSecuritySchemes } from './security-schemes.ts'

const plugin: FastifyPluginAsync<SessionAuthOptions> = async (app, input) => {
  const options = parseSessionAuthOptions(input)
  claimInstance(app, {
    plugin: 'sessionAuth',
    ...options,
    identity: options.cookie.name,
    identityOptions: ['cookie.name']
  })
  closeWithApp(app, options.logins, options.credentials)
  warnAboutCookieName(options.cookie, app.log)
  await loadCookieWriter(app)
  const api = createApi(options)
  compareSecretsOnReady(app, {
    logins: options.logins,
    secrets: options.secret,
    purpose: createSigningPurpose(options),
    option: 'sessionAuth.secret'
  })
  app.addHook('onError', api.unsent.onError)
  app.addHook('onError', createRejectionHook(options.logins))
  decoratePrincipal(app)
  app.decorate('sessionAuth', api.sessionAuth)
  describeGuards(app, createSecuritySchemes(options.cookie), hasRoutes(options.routes))
  if (hasRoutes(options.routes)) addRoutes(app, options, api)
}

/**
 * Sign-in with a cookie, as `app.sessionAuth` and, unless switched off, as routes. See {@link SessionAuthOptions}.
 *
 * @throws OptionError where an option is wrong.
 * @example
 * await app.register(sessionAuth, { credentials, logins, secret })
 * app.get('/me', { onRequest: app.sessionAuth.guard }, async (request) => request.principal)
 */
export const sessionAuth = fastifyPlugin(plugin, { fastify: '5.x', name: '@drawbridge/session-auth' })
