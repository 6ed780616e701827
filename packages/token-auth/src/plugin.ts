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
import { findShortRsaKeys } from './keys/key-ring.ts'
import { createJwtCodecs } from './keys/jwt-codecs.ts'
import {
  createIdentity,
  createSigningPurpose,
  parseTokenAuthOptions,
  type TokenAuthOptions
} from './options.ts'
import { addRoutes } from './routes/index.ts'
import { securitySchemes } from './security-schemes.ts'

const plugin: FastifyPluginAsync<TokenAuthOptions> = async (app, input) => {
  const options = parseTokenAuthOptions(input)
  claimInstance(app, {
    plugin: 'tokenAuth',
    ...options,
    identity: createIdentity(options),
    identityOptions: ['issuer', 'audience']
  })
  closeWithApp(app, options.logins, options.credentials)
  for (const kid of findShortRsaKeys(options.ring))
    app.log.warn({ kid }, 'an RSA key of the ring has fewer than 3072 bits')
  const api = createApi(options, await createJwtCodecs(app, options.ring), app.log)
  compareSecretsOnReady(app, {
    logins: options.logins,
    secrets: options.refreshSecrets,
    purpose: createSigningPurpose(options),
    option: 'tokenAuth.secret (or tokenAuth.keys, where there is none)'
  })
  app.addHook('onError', api.unsent.onError)
  app.addHook('onError', createRejectionHook(options.logins))
  decoratePrincipal(app)
  app.decorate('tokenAuth', api.tokenAuth)
  describeGuards(app, securitySchemes, hasRoutes(options.routes))
  if (hasRoutes(options.routes)) addRoutes(app, options, api)
}

/**
 * Sign-in with access and refresh tokens, as `app.tokenAuth` and, unless switched off, as routes. See
 * {@link TokenAuthOptions}.
 *
 * @throws OptionError where an option is wrong.
 * @example
 * await app.register(tokenAuth, { credentials, logins, keys: [signingKey] })
 * app.get('/me', { onRequest: app.tokenAuth.guard }, async (request) => request.principal)
 */
export const tokenAuth = fastifyPlugin(plugin, { fastify: '5.x', name: '@drawbridge/token-auth' })
