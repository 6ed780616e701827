import { account } from '@drawbridge/account'
import { bridge } from '@drawbridge/bridge'
import { migrations } from '@drawbridge/bridge/migration'
import { jwt } from '@drawbridge/bridge/jwt'
import {
  createCredentials,
  createMemoryUserStore,
  type CredentialsEvent,
  credentialsChannel,
  seedUser
} from '@drawbridge/credentials'
import { keyAuth, principalOf } from '@drawbridge/key-auth'
import { createLogins, type LoginEvent, loginsChannel } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { sessionAuth } from '@drawbridge/session-auth'
import { startRedis } from '@drawbridge/test-support/servers/redis'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { createHmac } from 'node:crypto'
import type { Test } from 'tap'

export const PASSWORD = 'correct horse battery staple'
const SECRET = 'a root secret for tests, 0123456789'
const OLD_SECRET = 'a secret that the service before signed with'
const HASHING = { memoryKiB: 1024, passes: 1, concurrency: 2 }

/** Far above what anything takes here, so that a busy machine fails nothing. */
const LONG_TIMEOUT_MS = 15_000

type Headers = Readonly<Record<string, string>>

/** A response, read. */
export interface Answer {
  readonly status: number
  readonly cookie: string
  readonly body: Readonly<Record<string, unknown>>
}

/** A node over real HTTP. */
export interface EventNode {
  readonly name: string
  readonly app: ReturnType<typeof Fastify>
  readonly logins: CarrierLogins
  send(method: string, path: string, headers?: Headers, json?: unknown): Promise<Answer>
}

type Shared = Awaited<ReturnType<typeof createShared>>

/** What all nodes of a service have in common. The clock is that of the machine, and goes ahead of it where the test says so. */
async function createShared(t: Test) {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const users = createMemoryUserStore()
  await seedUser(users, { username: 'ada', password: PASSWORD }, HASHING)
  const clock = {
    aheadMs: 0,
    now: () => Date.now() + clock.aheadMs,
    monotonicNow: () => performance.now() + clock.aheadMs
  }
  return { port: server.port, users, clock, keys: [generateSigningKey()], resetTokens: [] as string[] }
}

/** Two nodes of a service with everything that has events, on one Redis, and the events of both. */
export async function startEventNodes(t: Test) {
  const shared = await createShared(t)
  const nodes = [await startNode(t, 'a', shared), await startNode(t, 'b', shared)] as const
  return { ...shared, nodes, events: recordEvents(t) }
}

/** The messages of both channels from then on. */
function recordEvents(t: Test) {
  const [ofLogins, ofCredentials] = [[] as LoginEvent[], [] as CredentialsEvent[]]
  const listeners = [
    [loginsChannel, (event: unknown) => void ofLogins.push(event as LoginEvent)],
    [credentialsChannel, (event: unknown) => void ofCredentials.push(event as CredentialsEvent)]
  ] as const
  for (const [channel, listen] of listeners) {
    channel.subscribe(listen)
    t.teardown(() => channel.unsubscribe(listen))
  }
  return { logins: ofLogins, credentials: ofCredentials }
}

async function startNode(
  t: Test,
  name: string,
  { port, users, clock, keys, resetTokens }: Shared
): Promise<EventNode> {
  const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true })
  const feed = createRedisFeed({ redis, publishTimeoutMs: LONG_TIMEOUT_MS, maxStalenessMs: LONG_TIMEOUT_MS })
  const { now, monotonicNow } = clock
  const logins = createLogins({
    store: createRedisLoginStore({ redis, now, commandTimeoutMs: LONG_TIMEOUT_MS }),
    feed,
    nodeName: name,
    maxLoginsPerUser: 2,
    touchIntervalSeconds: 1,
    now,
    monotonicNow
  }) as CarrierLogins
  const credentials = createCredentials({ users, hashing: HASHING, throttle: false })
  const app = Fastify()
  t.teardown(async () => {
    await app.close()
    redis.disconnect()
  })
  const auth = { credentials, logins, secret: SECRET, now }
  await app.register(sessionAuth, {
    ...auth,
    cookie: { secure: false },
    idleTimeoutSeconds: 660,
    absoluteTimeoutSeconds: 1200
  })
  await app.register(tokenAuth, { ...auth, keys })
  await app.register(keyAuth, { logins, secret: SECRET })
  await app.register(bridge, { exchange: ['session-for-token', 'token-for-session'] })
  await app.register(migrations, {
    monotonicNow,
    wait: async () => {},
    migrations: [
      {
        name: 'before',
        from: jwt({ algorithm: 'HS256', secret: OLD_SECRET, now }),
        userOf: ({ userId }) => ({ id: userId, username: userId }),
        acceptUntil: new Date(now() + 30 * 86_400_000)
      }
    ]
  })
  await app.register(account, {
    routes: {
      changePassword: true,
      reauthenticate: true,
      forgotPassword: true,
      resetPassword: true,
      deleteAccount: true
    },
    secret: SECRET,
    throttle: false,
    sendReset: (_user, token) => void resetTokens.push(token)
  })
  const { guard } = app.bridge
  app.get('/me', { onRequest: guard }, ({ principal }) => principal)
  app.get('/admin', { onRequest: guard({ scopes: ['admin'] }) }, () => 'ok')
  app.post('/me', { onRequest: guard }, () => 'ok')
  app.post('/keys', { onRequest: guard }, (request) =>
    app.keyAuth.create(request, { name: 'nightly', scopes: [], expiresAt: now() + 60_000 })
  )
  app.delete<{ Params: { id: string } }>('/keys/:id', { onRequest: guard }, async (request) => ({
    wasActive: await app.keyAuth.revoke(principalOf(request).userId, request.params.id, { by: 'user' })
  }))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  await feed.renew(LONG_TIMEOUT_MS)
  return { name, app, logins, send: (...args) => send(url, ...args) }
}

async function send(
  url: string,
  method: string,
  path: string,
  headers: Headers = {},
  json?: unknown
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
    ...(json !== undefined && { body: JSON.stringify(json) })
  })
  const text = await response.text()
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
  const body = /^[{[]/.test(text) ? (JSON.parse(text) as Answer['body']) : {}
  return { status: response.status, cookie, body }
}

/** A token as the service before signed them. */
export function signOld(claims: object): string {
  const parts = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url')
  )
  const text = parts.join('.')
  return `${text}.${createHmac('sha256', OLD_SECRET).update(text).digest('base64url')}`
}
