import { createLogins } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { tokenAuth } from '@drawbridge/token-auth'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { readConfig } from '../src/config.ts'
import { openLoginStores } from '../src/login-stores.ts'
import { loadSecret, loadTokenKeys } from '../src/secrets.ts'
import type { Environment } from './start-nodes.ts'

export type Carrier = 'session' | 'token'

/** What a client holds of a login. */
export interface Minted {
  readonly carrier: Carrier
  readonly headers: Readonly<Record<string, string>>
  /** Of a token. */
  readonly refreshToken: string
}

/** One more node of a service, whose log-in takes any password: log-ins by the thousand, without their hashes. */
export interface Mint {
  logIn(carrier: Carrier): Promise<Minted>
}

/** Below the limit of logins that a user may have. */
const LOGINS_OF_A_USER = 20

export async function openMint(t: Test, env: Environment): Promise<Mint> {
  const config = readConfig(env)
  const [secret, keys] = await Promise.all([loadSecret(config), loadTokenKeys(config)])
  const nobody = () => {}
  const listeners = { onError: nobody, onWarning: nobody, onFeedEvent: nobody }
  const { store, feed, close } = await openLoginStores(config, 900, listeners)
  const logins = createLogins({ store, feed })
  const verify = async ({ username }: { username: string }) =>
    ({ ok: true, user: { id: username, username } }) as const
  const parts = { credentials: { verify }, logins, secret }
  const app = Fastify()
  await app.register(sessionAuth, { ...parts, cookie: { secure: false } })
  await app.register(tokenAuth, { ...parts, keys, issuer: config.issuer, audience: config.audience })
  app.addHook('onClose', async () => {
    await logins.close()
    await close()
  })
  t.teardown(() => app.close())
  let made = 0
  return { logIn: (carrier) => logIn(app, carrier, `user${Math.floor(made++ / LOGINS_OF_A_USER)}`) }
}

async function logIn(app: FastifyInstance, carrier: Carrier, username: string): Promise<Minted> {
  const payload = { username, password: 'any' }
  const answer = await app.inject({ method: 'POST', url: `/${carrier}/login`, payload })
  if (answer.statusCode !== 200) throw new Error(`log-in answered ${answer.statusCode}: ${answer.body}`)
  return mintedBy(carrier, answer.headers['set-cookie'], answer.json())
}

/** What the answer to a log-in gives its client. */
export function mintedBy(
  carrier: Carrier,
  setCookie: string | string[] | undefined,
  body: Readonly<Record<string, unknown>>
): Minted {
  if (carrier === 'token') {
    const headers = { authorization: `Bearer ${String(body.token)}` }
    return { carrier, headers, refreshToken: String(body.refresh_token) }
  }
  const cookie = [setCookie ?? []].flat().map((line) => line.split(';', 1)[0])
  return { carrier, headers: { cookie: cookie.join('; ') }, refreshToken: '' }
}
