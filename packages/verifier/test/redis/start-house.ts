import { writeFileSync } from 'node:fs'
import { createLogins, createMemoryLoginStore, type Logins } from '@drawbridge/logins'
import { createRedisFeed, createRedisFeedReader } from '@drawbridge/logins/redis'
import { runCommand } from '@drawbridge/test-support/servers/redis'
import { until } from '@drawbridge/test-support/until'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import { asUser } from '@drawbridge/token-auth/testing'
import Fastify, { type FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import { verifier } from '../../src/index.ts'
import { AUDIENCE, CLIENT, ISSUER } from '../make-house.ts'
import { readAcl } from './read-acl.ts'

export const MAX_STALENESS_MS = 1000

export interface RedisHouseOptions {
  readonly port: number
  /** Where the service reaches the server, if not there. */
  readonly readerPort?: number
  readonly prefix?: string
  readonly introspects: boolean
}

/** An issuer that writes to a feed in Redis, and a service that may only read it. */
export interface RedisHouse {
  readonly issuer: FastifyInstance
  readonly service: FastifyInstance
  readonly logins: Logins
  /** A new login of a user, and its access token. */
  issue(userId?: string): Promise<IssuedToken>
}

export interface IssuedToken {
  readonly token: string
  readonly loginId: string
}

const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }

/** Gives the user of the guide to a server that is running. */
export async function addReader(port: number): Promise<void> {
  const { name, rules } = readAcl()
  await runCommand(port, (client) => client.call('ACL', 'SETUSER', name, 'reset', ...rules))
}

/** The user of the guide, for a server that may be restarted, and for keys of another prefix. */
export function writeAclFile(path: string, prefix: string): readonly string[] {
  const { name, rules } = readAcl()
  const renamed = rules.map((rule) => rule.replace('~drawbridge:', `~${prefix}:`))
  writeFileSync(path, `user ${[name, ...renamed].join(' ')}\n`)
  return ['--aclfile', path]
}

export async function startRedisHouse(
  t: Test,
  { port, readerPort = port, prefix = 'drawbridge', introspects }: RedisHouseOptions
): Promise<RedisHouse> {
  const { name: username, password } = readAcl()
  const at = { port, host: '127.0.0.1', lazyConnect: true }
  const [redis, reading] = [new Redis(at), new Redis({ ...at, port: readerPort, username, password })]
  const shared = { prefix, maxStalenessMs: MAX_STALENESS_MS, clockSkewMs: 0 }
  const logins = createLogins({
    store: createMemoryLoginStore(),
    feed: createRedisFeed({ redis, ...shared }),
    maxLoginsPerUser: 10_000
  })
  const issuer = Fastify()
  await issuer.register(tokenAuth, {
    credentials,
    logins,
    keys: [generateSigningKey()],
    issuer: ISSUER,
    audience: AUDIENCE,
    clients: [CLIENT],
    routes: { introspect: true }
  })
  const url = await issuer.listen({ port: 0, host: '127.0.0.1' })
  const service = Fastify()
  await service.register(verifier, {
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: `${url}/.well-known/jwks.json`,
    feed: createRedisFeedReader({ redis: reading, ...shared }),
    ...(introspects && { introspection: { url: `${url}/token/introspect`, ...CLIENT } }),
    clockSkewSeconds: 0
  })
  service.get('/me', { onRequest: service.verifier.guard }, async ({ principal }) => principal)
  await service.ready()
  t.teardown(async () => {
    await service.close()
    await issuer.close()
    for (const client of [redis, reading]) client.disconnect()
  })
  const issue = async (userId = 'u1') => {
    const { authorization } = await asUser(issuer, { id: userId, username: userId })
    const token = authorization.slice('Bearer '.length)
    const { sid } = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as {
      sid: string
    }
    return { token, loginId: sid }
  }
  return { issuer, service, logins, issue }
}

/** Resolves when the feed covers new tokens: those of the very second in which the log was started are older than it. */
export async function untilCovered({ service, issue }: RedisHouse): Promise<void> {
  await until(() =>
    service.verifier.ping().then(
      () => true,
      () => false
    )
  )
  await until(async () => {
    const { token } = await issue()
    return service
      .inject({ url: '/me', headers: { authorization: `Bearer ${token}` } })
      .then(({ statusCode }) => statusCode === 200)
  })
}
