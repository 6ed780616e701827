import type { LoginStore } from '@drawbridge/logins'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { buildBareNode } from './bare-node.ts'
import type { Environment } from './start-nodes.ts'
import { until } from '@drawbridge/test-support/until'

export type Carrier = 'session' | 'token'

/** What a client holds of a login. */
export interface IssuedCredential {
  readonly carrier: Carrier
  readonly headers: Readonly<Record<string, string>>
  /** Of a token. */
  readonly refreshToken: string
}

/** One more node of a service, whose log-in takes any password: log-ins by the thousand, without their hashes. */
export interface LoginIssuer {
  signIn(carrier: Carrier): Promise<IssuedCredential>
  /** Whether the store has it, whatever anybody has heard. */
  isStored(credential: IssuedCredential): Promise<boolean>
}

/** Below the limit of logins that a user may have. */
const LOGINS_PER_USER = 20
const STORE_TIMEOUT_MS = 10_000

export async function openLoginIssuer(t: Test, env: Environment): Promise<LoginIssuer> {
  const { app, store } = await buildBareNode(env)
  t.teardown(() => app.close())
  let issuedCount = 0
  return {
    signIn: (carrier) => logIn(app, carrier, `user${Math.floor(issuedCount++ / LOGINS_PER_USER)}`),
    isStored: (credential) => isKept(store, parseLoginId(credential))
  }
}

/** Asked again where there is no answer yet. */
async function isKept(store: LoginStore, loginId: string): Promise<boolean> {
  let found: unknown
  await until(async () => {
    found = await store.find(loginId).catch(() => undefined)
    return found !== undefined
  }, STORE_TIMEOUT_MS)
  return found !== null
}

/** Asked again where the store had no time: on a busy machine many at once are more than it can answer in time. */
async function logIn(app: FastifyInstance, carrier: Carrier, username: string): Promise<IssuedCredential> {
  const payload = { username, password: 'any' }
  const deadline = performance.now() + STORE_TIMEOUT_MS
  for (;;) {
    const response = await app.inject({ method: 'POST', url: `/${carrier}/login`, payload })
    if (response.statusCode === 200)
      return credentialFrom(carrier, response.headers['set-cookie'], response.json())
    if (response.statusCode !== 503 || performance.now() > deadline)
      throw new Error(`log-in answered ${response.statusCode}: ${response.body}`)
  }
}

/** What the answer to a log-in gives its client. */
export function credentialFrom(
  carrier: Carrier,
  setCookie: string | string[] | undefined,
  body: Readonly<Record<string, unknown>>
): IssuedCredential {
  if (carrier === 'token') {
    const headers = { authorization: `Bearer ${String(body.token)}` }
    return { carrier, headers, refreshToken: String(body.refresh_token) }
  }
  const cookie = [setCookie ?? []].flat().map((line) => line.split(';', 1)[0])
  return { carrier, headers: { cookie: cookie.join('; ') }, refreshToken: '' }
}

/** The cookie says it in plain text, and so do the claims of an access token. */
function parseLoginId({ headers: { cookie = '', authorization = '' } }: IssuedCredential): string {
  const [, inCookie] = /(?:^|; )drawbridge=([^.]+)\./.exec(cookie) ?? []
  if (inCookie !== undefined) return inCookie
  const [, claims = ''] = authorization.split('.')
  return String((JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sid: unknown }).sid)
}
