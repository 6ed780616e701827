import { createLogins, type RevocationFeed, type LoginStore } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { tokenAuth } from '@drawbridge/token-auth'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { readConfig } from '../src/config.ts'
import { openLoginStores } from '../src/login-stores.ts'
import { loadSecret, loadTokenKeys } from '../src/secrets.ts'
import type { Environment } from './start-nodes.ts'

export interface BareNode {
  readonly app: FastifyInstance
  readonly store: LoginStore
}

/**
 * The plugins over the shared stores of a service, without the rest of the demo: sign-in accepts any password without
 * a hash, and the feed can be replaced.
 */
export async function buildBareNode(env: Environment, otherFeed?: () => RevocationFeed): Promise<BareNode> {
  const config = readConfig(env)
  const [secret, keys] = await Promise.all([loadSecret(config), loadTokenKeys(config)])
  const ignore = () => {}
  const listeners = { onError: ignore, onWarning: ignore, onFeedEvent: ignore }
  const { store, feed: ownFeed, throttle, close } = await openLoginStores(config, 900, listeners)
  if (otherFeed !== undefined) await ownFeed?.close()
  const feed = otherFeed?.() ?? ownFeed
  const logins = createLogins({ store, ...(feed && { feed }) })
  const verify = async ({ username }: { username: string }) =>
    ({ ok: true, user: { id: username, username } }) as const
  const dependencies = { credentials: { verify }, logins, secret }
  const app = Fastify()
  app.addHook('onClose', async () => {
    // No credentials have them, which would close them.
    await throttle.limiters?.close?.()
    await close()
  })
  await app.register(sessionAuth, { ...dependencies, cookie: { secure: false } })
  await app.register(tokenAuth, { ...dependencies, keys, issuer: config.issuer, audience: config.audience })
  const greet = async (request: FastifyRequest) => ({ message: `Hello, ${request.principal?.username}!` })
  app.get('/session/protected', { onRequest: app.sessionAuth.guard }, greet)
  app.get('/token/protected', { onRequest: app.tokenAuth.guard }, greet)
  app.get('/health/ready', async () => ({ status: 'ready' }))
  return { app, store }
}
