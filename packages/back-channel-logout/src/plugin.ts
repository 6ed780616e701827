import { announceEffect, markPublic, setNoStore, speakOAuth } from '@drawbridge/carrier'
import { wrapOutage } from '@drawbridge/logins/carrier'
import type { FastifyPluginAsync } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { endLogins } from './end-logins.ts'
import { invalidLogoutToken } from './errors.ts'
import { nameOf } from './names.ts'
import {
  type BackChannelLogoutOptions,
  parseBackChannelLogoutOptions,
  type ParsedOptions
} from './options.ts'
import type { BackChannelLogout } from './types.ts'
import { createVerifyLogoutToken } from './verify-logout-token.ts'

const plugin: FastifyPluginAsync<BackChannelLogoutOptions> = async (app, input) => {
  const options = parseBackChannelLogoutOptions(input)
  const { logins, sessions, path } = options
  const verify = createVerifyLogoutToken(options)
  app.decorate('backChannelLogout', createApi(options))
  app.addHook('onClose', async () => sessions.close?.())
  await app.register(async (scope) => {
    speakOAuth(scope)
    markPublic(scope)
    scope.addHook('onRequest', (_request, reply, done) => {
      setNoStore(reply)
      done()
    })
    // For @fastify/swagger: no client calls it.
    const schema: object = { hide: true }
    scope.post<{ Body: { readonly logout_token?: string } | undefined }>(
      path,
      { schema },
      async (request, reply) => {
        const token = request.body?.logout_token
        if (token === undefined) throw invalidLogoutToken('the form has no logout_token')
        await endLogins(options, await verify(token, logins.now()))
        announceEffect(reply, logins)
        return reply.code(200).send()
      }
    )
  })
}

function createApi({ logins, sessions, providers }: ParsedOptions): BackChannelLogout {
  const issuers = new Set(providers.map(({ issuer }) => issuer))
  return Object.freeze<BackChannelLogout>({
    link: async (loginId, { iss, sid }) => {
      if (!issuers.has(iss)) throw new TypeError('backChannelLogout.link: claims.iss is of no provider')
      if (sid === undefined) return
      if (typeof sid !== 'string' || sid === '')
        throw new TypeError('backChannelLogout.link: claims.sid must be a text')
      const login = await logins.resolve(loginId)
      if (login !== null)
        await wrapOutage(() => sessions.link(nameOf('session', iss, sid), loginId, login.expiresAt))
    }
  })
}

/**
 * Receives the logout tokens of identity providers (OpenID Connect Back-Channel Logout 1.0): a user who is logged out there is logged out
 * here, on every node. See {@link BackChannelLogoutOptions}.
 *
 * @throws OptionError where an option is wrong.
 * @example
 * await app.register(backChannelLogout, {
 *   logins,
 *   providers: [{ issuer, clientId, keys: `${issuer}/jwks`, userOf: (subject) => findUserId(subject) }]
 * })
 */
export const backChannelLogout = fastifyPlugin(plugin, {
  fastify: '5.x',
  name: '@drawbridge/back-channel-logout'
})
