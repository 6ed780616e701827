import { claimInstance, compareSecretsOnReady, decoratePrincipal, describeGuards } from '@drawbridge/carrier'
import type { FastifyPluginAsync } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { findShortRsaKeys } from './keys/key-ring.ts'
import { createJwtCodecs } from './keys/jwt-codecs.ts'
import { createIdentity, parseTokenAuthOptions } from './options.ts'
import { addRoutes } from './routes/index.ts'
import type { TokenAuthOptions } from './types.ts'
import { createApi } from './api.ts'

const plugin: FastifyPluginAsync<TokenAuthOptions> = async (app, input) => {
  const options = parseTokenAuthOptions(input)
  claimInstance(app, {
    plugin: 'tokenAuth',
    ...options,
    identity: createIdentity(options),
    identityOptions: ['issuer', 'audience']
  })
  for (const kid of findShortRsaKeys(options.ring))
    app.log.warn({ kid }, 'an RSA key of the ring has fewer than 3072 bits')
  const api = createApi(options, await createJwtCodecs(app, options.ring), app.log)
  compareSecretsOnReady(app, {
    logins: options.logins,
    secrets: options.refreshSecrets,
    purpose: `a token ${options.instance}`,
    option: 'tokenAuth.secret (or tokenAuth.keys, where there is none)'
  })
  decoratePrincipal(app)
  app.decorate('tokenAuth', api.tokenAuth)
  if (!options.routes) return
  describeGuards(app)
  addRoutes(app, options, api)
}

/** Log-in with access and refresh tokens, as `app.tokenAuth` and, unless switched off, as routes. */
export const tokenAuth = fastifyPlugin(plugin, { fastify: '5.x', name: '@drawbridge/token-auth' })
