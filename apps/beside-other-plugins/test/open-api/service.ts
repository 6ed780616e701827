import { bridge, describeErrors } from '@drawbridge/bridge'
import { createCredentials, createMemoryUserStore, seedUser } from '@drawbridge/credentials'
import { createTestLogins } from '@drawbridge/logins/testing'
import { sessionAuth } from '@drawbridge/session-auth'
import { spy } from '@drawbridge/test-support/spies/spy'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import swagger from '@fastify/swagger'
import Fastify from 'fastify'

export const PASSWORD = 'correct horse battery staple'

/** The right response of a second factor. */
export const CODE = '123456'

/** What waits until the test opens it. */
function createGate() {
  const waiting: Array<() => void> = []
  return {
    waiting,
    pass: () => new Promise<void>((resolve) => void waiting.push(resolve)),
    open: () => {
      for (const resolve of waiting.splice(0)) resolve()
    }
  }
}

/**
 * A service with all our plugins and guarded routes, which listens. Its stores can go down. Users whose name begins with
 * `two` need a second factor; the sign-in of `slow`, and the response `slow`, wait at the gate.
 */
export async function createService() {
  const users = spy(createMemoryUserStore())
  const gate = createGate()
  const credentials = createCredentials({
    users: users.store,
    hashing: { memoryKiB: 1024, passes: 1, concurrency: 1, maxQueued: 0 },
    throttle: { attemptsPerAccount: 2, attemptsPerAddress: 1000 },
    secondFactor: {
      isRequired: async ({ username }) => {
        if (username === 'slow') await gate.pass()
        return username.startsWith('two')
      },
      verify: async ({ response }) => {
        if (response === 'slow') await gate.pass()
        return response === CODE
      }
    }
  })
  const test = createTestLogins({ getClaims: () => ({ scopes: ['read'] }) })
  const { logins } = test
  const secret = 'a root secret for tests, 0123456789'
  const app = Fastify()
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'A service', version: '1' } },
    transformObject: describeErrors()
  })
  await app.register(sessionAuth, { credentials, logins, secret })
  await app.register(tokenAuth, { credentials, logins, secret, keys: [generateSigningKey()] })
  await app.register(bridge, { exchange: ['session-for-token', 'token-for-session'] })
  const handler = async () => ({})
  for (const [path, guard] of [
    ['/session', app.sessionAuth.guard],
    ['/token', app.tokenAuth.guard],
    ['/either', app.bridge.guard]
  ] as const) {
    app.get(`/by${path}`, { onRequest: guard }, handler)
    app.post(`/by${path}`, { preHandler: [guard({ scopes: ['read', 'write'] })] }, handler)
  }
  app.post('/checked', { onRequest: app.sessionAuth.requireSameOrigin }, handler)
  await app.listen({ port: 0 })
  const register = async (username: string) => seedUser(users.store, { username, password: PASSWORD })
  return { app, users, gate, register, ...test }
}

export type Service = Awaited<ReturnType<typeof createService>>
