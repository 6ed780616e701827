import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryFeed, createMemoryLoginStore } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { TestClock } from '@drawbridge/test-support/clock'
import { generateSigningKey, tokenAuth, type TokenResponse } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import type { Test } from 'tap'

const PASSWORD = 'correct horse battery staple'

/** A service with both carriers, and one user. */
export async function makeApp(t: Test) {
  const clock = new TestClock(Date.now())
  const now = clock.now
  const credentials = createCredentials({
    users: createMemoryUserStore(),
    hashing: { memoryKiB: 1024, passes: 1 },
    throttle: { attemptsPerAccount: 3 },
    now
  })
  await credentials.register({ username: 'ada', password: PASSWORD })
  const store = createMemoryLoginStore({ now })
  const node = { isFresh: true }
  const memory = createMemoryFeed({ now, store })
  const feed = {
    ...memory,
    isFresh: () => node.isFresh,
    renew: async () => node.isFresh,
    health: () => ({ ...memory.health(), isFresh: node.isFresh })
  }
  // Past the seconds in which a node asks about every token, since it may have been issued before its start.
  clock.advance(60_000)
  const logins = createLogins({ store, feed, now })
  const secret = 'a root secret for tests, 0123456789'
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(sessionAuth, { credentials, logins, secret, cookie: { secure: false } })
  await app.register(tokenAuth, { credentials, logins, keys: [generateSigningKey()], now })
  app.get('/page', { onRequest: app.sessionAuth.guard }, async () => ({}))
  app.post('/page', { onRequest: app.sessionAuth.guard }, async () => ({}))
  app.get('/api', { onRequest: app.tokenAuth.guard }, async () => ({}))
  await app.ready()

  const post = (url: string, payload: object, headers: Readonly<Record<string, string>> = {}) =>
    app.inject({ method: 'POST', url, payload, headers })
  const signIn = (path: string, password = PASSWORD) => post(path, { username: 'ada', password })
  return {
    app,
    clock,
    credentials,
    feed,
    logins,
    node,
    post,
    signIn,
    /** Signs in. @returns the cookie. */
    openSession: async () => {
      const { headers } = await signIn('/session/login')
      return String([headers['set-cookie']].flat()[0]).split(';', 1)[0] as string
    },
    /** Signs in. */
    issueTokens: async () => (await signIn('/token/login')).json<TokenResponse>(),
    get: (url: string, headers: Readonly<Record<string, string>>) => app.inject({ url, headers })
  }
}
