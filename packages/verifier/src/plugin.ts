import { createRejectionHook, decoratePrincipal, describeGuards } from '@drawbridge/carrier'
import type { FastifyPluginAsync } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { createApi } from './api.ts'
import { parseVerifierOptions, type VerifierOptions } from './options.ts'
import { securitySchemes } from './security-schemes.ts'

const plugin: FastifyPluginAsync<VerifierOptions> = async (app, input) => {
  const logError = (err: unknown) =>
    app.log.error({ err }, 'the verifier could not fetch the keys of the issuer')
  const options = parseVerifierOptions({ onError: logError, ...input })
  const { verifier, logins, close } = createApi(options)
  app.addHook('onClose', close)
  app.addHook('onError', createRejectionHook(logins))
  decoratePrincipal(app)
  app.decorate('verifier', verifier)
  describeGuards(app, securitySchemes, false)
}

/**
 * Verifies the access tokens of another service, as `app.verifier`. It has no routes. See {@link VerifierOptions}.
 *
 * @throws OptionError where an option is wrong.
 * @example
 * await app.register(verifier, { issuer, audience, keys: `${issuer}/.well-known/jwks.json`, feed: createRedisFeedReader({ redis }) })
 * app.get('/orders', { onRequest: app.verifier.guard({ scopes: ['orders'] }) }, async (request) => request.principal)
 */
export const verifier = fastifyPlugin(plugin, { fastify: '5.x', name: '@drawbridge/verifier' })
