import {
  claimInstance,
  compareSecretsOnReady,
  decoratePrincipal,
  describeGuards
} from '@drawbridge/logins/fastify'
import type { FastifyPluginAsync } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { shortRsaKeys } from './keys/key-ring.ts'
import { openJwtCodecs } from './keys/jwt-codecs.ts'
import { identityOf, readOptions } from './options.ts'
import { addRoutes } from './routes/index.ts'
import type { TokenAuthOptions } from './types.ts'
import { createVerbs } from './verbs.ts'

const plugin: FastifyPluginAsync<TokenAuthOptions> = async (app, input) => {
  const settings = readOptions(input)
  claimInstance(app, {
    plugin: 'tokenAuth',
    ...settings,
    identity: identityOf(settings),
    identityOptions: ['issuer', 'audience']
  })
  for (const kid of shortRsaKeys(settings.ring))
    app.log.warn({ kid }, 'an RSA key of the ring has fewer than 3072 bits')
  const verbs = createVerbs(settings, await openJwtCodecs(app, settings.ring), app.log)
  compareSecretsOnReady(app, {
    logins: settings.logins,
    secrets: settings.refreshSecrets,
    purpose: `a token ${settings.instance}`,
    option: 'tokenAuth.secret (or tokenAuth.keys, where there is none)'
  })
  decoratePrincipal(app)
  app.decorate('tokenAuth', verbs.tokenAuth)
  if (!settings.routes) return
  describeGuards(app)
  addRoutes(app, settings, verbs)
}

/** Log-in with access and refresh tokens, as `app.tokenAuth` and, unless switched off, as routes. */
export const tokenAuth = fastifyPlugin(plugin, { fastify: '5.x', name: '@drawbridge/token-auth' })
