import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { keyAuth } from '@drawbridge/key-auth'
import { createLogins, createMemoryLoginStore, type LoginStore } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify, { type LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { cookiesFrom } from '../start-service.ts'

/** What was made for one login of a victim. */
export interface Forged {
  readonly cookie: string
  readonly accessToken: string
  readonly refreshToken: string
  readonly key: string
  /** For the second step by cookie, and by token. */
  readonly tickets: readonly [string, string]
}

/** Makes credentials for a login of another service. */
export type Forge = (
  loginId: string,
  user: { readonly id: string; readonly username: string }
) => Promise<Forged>

/**
 * Our own software, with a store of its own, in the hands of a thief who knows a root secret and the ids of logins: whatever it issues
 * names the login that the thief wants.
 * A cookie comes with a snapshot.
 *
 * @param now ms since the epoch.
 */
export async function startThief(t: Test, secret: string, now: () => number = Date.now): Promise<Forge> {
  let wanted = ''
  const memory = createMemoryLoginStore({ now })
  const store = withInsert(memory, async (login, maxPerUser) => {
    await memory.remove(wanted)
    return memory.insert({ ...login, id: wanted }, maxPerUser)
  })
  const credentials = createCredentials({
    users: createMemoryUserStore(),
    secondFactor: { isRequired: () => true, verify: () => true }
  })
  const logins = createLogins({ store, now })
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(sessionAuth, {
    credentials,
    logins,
    secret,
    snapshotSeconds: 120,
    cookie: { secure: false },
    now
  })
  await app.register(tokenAuth, { credentials, logins, secret, keys: [generateSigningKey()] })
  await app.register(keyAuth, { logins, secret })
  let user = { id: '', username: '' }
  const pending = () => ({ ok: false, reason: 'second-factor-required', user }) as const
  app.post('/session', (request, reply) => app.sessionAuth.startSession(request, reply, { user }))
  app.post('/token', (request) => app.tokenAuth.issueTokens(request, { user }))
  app.post('/key', () =>
    app.keyAuth.createFor(user, { name: 'mine', scopes: [], expiresAt: Date.now() + 3_600_000 })
  )
  app.post('/ticket/session', (request) => app.sessionAuth.pendingLogins.start(request, pending()))
  app.post('/ticket/token', (request) => app.tokenAuth.pendingLogins.start(request, pending()))
  const ask = (url: string) => app.inject({ method: 'POST', url })
  const member = (response: LightMyRequestResponse, name: string) =>
    response.json<Record<string, string>>()[name] ?? ''
  return async (loginId, victim) => {
    wanted = loginId
    user = victim
    const tokens = await ask('/token')
    return {
      cookie: cookiesFrom(new Headers(toPairs(await ask('/session')))),
      accessToken: member(tokens, 'token'),
      refreshToken: member(tokens, 'refresh_token'),
      key: member(await ask('/key'), 'token'),
      tickets: [
        member(await ask('/ticket/session'), 'pending'),
        member(await ask('/ticket/token'), 'pending')
      ]
    }
  }
}

function withInsert(store: LoginStore, insert: LoginStore['insert']): LoginStore {
  return new Proxy(store, {
    get: (inner, name) => {
      const member: unknown = name === 'insert' ? insert : Reflect.get(inner, name)
      return typeof member === 'function' ? (member.bind(inner) as unknown) : member
    }
  })
}

const toPairs = ({ headers }: LightMyRequestResponse): Array<[string, string]> =>
  [headers['set-cookie'] ?? []].flat().map((line) => ['set-cookie', line])
