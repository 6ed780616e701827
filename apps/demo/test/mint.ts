import type { LoginStore } from '@drawbridge/logins'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { buildBareNode } from './bare-node.ts'
import type { Environment } from './start-nodes.ts'
import { until } from './until.ts'

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
  /** Whether the store has it, whatever anybody has heard. */
  isKept(minted: Minted): Promise<boolean>
}

/** Below the limit of logins that a user may have. */
const LOGINS_OF_A_USER = 20
const STORE_DEADLINE_MS = 10_000

export async function openMint(t: Test, env: Environment): Promise<Mint> {
  const { app, store } = await buildBareNode(env)
  t.teardown(() => app.close())
  let made = 0
  return {
    logIn: (carrier) => logIn(app, carrier, `user${Math.floor(made++ / LOGINS_OF_A_USER)}`),
    isKept: (minted) => isKept(store, loginIdOf(minted))
  }
}

/** Asked again where there is no answer yet. */
async function isKept(store: LoginStore, loginId: string): Promise<boolean> {
  let found: unknown
  await until(async () => {
    found = await store.find(loginId).catch(() => undefined)
    return found !== undefined
  }, STORE_DEADLINE_MS)
  return found !== null
}

/** Asked again where the store had no time: on a busy machine many at once are more than it can answer in time. */
async function logIn(app: FastifyInstance, carrier: Carrier, username: string): Promise<Minted> {
  const payload = { username, password: 'any' }
  const deadline = performance.now() + STORE_DEADLINE_MS
  for (;;) {
    const answer = await app.inject({ method: 'POST', url: `/${carrier}/login`, payload })
    if (answer.statusCode === 200) return mintedBy(carrier, answer.headers['set-cookie'], answer.json())
    if (answer.statusCode !== 503 || performance.now() > deadline)
      throw new Error(`log-in answered ${answer.statusCode}: ${answer.body}`)
  }
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

/** The cookie says it in plain text, and so do the claims of an access token. */
function loginIdOf({ headers: { cookie = '', authorization = '' } }: Minted): string {
  const [, inCookie] = /(?:^|; )drawbridge=([^.]+)\./.exec(cookie) ?? []
  if (inCookie !== undefined) return inCookie
  const [, claims = ''] = authorization.split('.')
  return String((JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sid: unknown }).sid)
}
