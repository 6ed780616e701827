import type { LoginStore } from '@drawbridge/logins'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { buildBareNode } from './bare-node.ts'
import type { Environment } from './start-nodes.ts'
import { until } from '@drawbridge/test-support/until'

export type Carrier = 'session' | 'token'

/** The credentials of a client. */
export interface IssuedCredential {
  readonly carrier: Carrier
  readonly headers: Readonly<Record<string, string>>
  /** Of a token login. */
  readonly refreshToken: string
}

/** A further node of a service whose sign-in accepts any password: thousands of sign-ins without hashes. */
export interface LoginIssuer {
  signIn(carrier: Carrier): Promise<IssuedCredential>
  /** Whether the store has it, whatever caches and feeds say. */
  isStored(credential: IssuedCredential): Promise<boolean>
}

/** Below the limit of logins per user. */
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

/** Retried after a 503. */
async function isKept(store: LoginStore, loginId: string): Promise<boolean> {
  let found: unknown
  await until(async () => {
    found = await store.find(loginId).catch(() => undefined)
    return found !== undefined
  }, STORE_TIMEOUT_MS)
  return found !== null
}

/** Retried where the store timed out: on a busy machine it cannot serve many requests in time. */
async function logIn(app: FastifyInstance, carrier: Carrier, username: string): Promise<IssuedCredential> {
  const payload = { username, password: 'any' }
  const deadline = performance.now() + STORE_TIMEOUT_MS
  for (;;) {
    const response = await app.inject({ method: 'POST', url: `/${carrier}/login`, payload })
    if (response.statusCode === 200)
      return credentialFrom(carrier, response.headers['set-cookie'], response.json())
    if (response.statusCode !== 503 || performance.now() > deadline)
      throw new Error(`sign-in responded ${response.statusCode}: ${response.body}`)
  }
}

/** The credentials in the response to a sign-in. */
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

/** The loginId, in plain text in the cookie and in the claims of an access token. */
function parseLoginId({ headers: { cookie = '', authorization = '' } }: IssuedCredential): string {
  const [, inCookie] = /(?:^|; )drawbridge=([^.]+)\./.exec(cookie) ?? []
  if (inCookie !== undefined) return inCookie
  const [, claims = ''] = authorization.split('.')
  return String((JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sid: unknown }).sid)
}
