import { createHmac } from 'node:crypto'
import { createCredentials, createMemoryUserStore, type Credentials } from '@drawbridge/credentials'
import {
  createLogins,
  createMemoryLoginStore,
  type Logins,
  type LoginStore,
  type Phase
} from '@drawbridge/logins'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify, { type FastifyInstance } from 'fastify'
import { spy } from '@drawbridge/test-support/spies/spy'
import type { Test } from 'tap'
import {
  type ForeignMigrationOptions,
  migrations,
  type MigrationsOptions
} from '../../src/migration/index.ts'
import { jwt } from '../../src/migration/sources/jwt/index.ts'

export const OLD_SECRET = 'a secret that the service before signed with'

/** A token as the service before signs them. */
export function signOld(claims: object): string {
  const parts = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url')
  )
  const text = parts.join('.')
  return `${text}.${createHmac('sha256', OLD_SECRET).update(text).digest('base64url')}`
}

/** What differs from the usual. */
export interface TokenMigrationOptions extends Partial<ForeignMigrationOptions> {
  readonly routes?: MigrationsOptions['routes']
  /** Adds to each node, before its route. */
  readonly extend?: (
    app: FastifyInstance,
    shared: { readonly logins: Logins; readonly credentials: Credentials }
  ) => Promise<void>
}

/** Two nodes of a service that users are moved to, from the tokens of another one, with clocks by hand. */
export async function makeTokenMigration(
  t: Test,
  { extend, routes, ...options }: TokenMigrationOptions = {}
) {
  const clock = { now: Date.now() }
  const now = () => clock.now
  const storeSpy = spy<LoginStore>(createMemoryLoginStore({ now }))
  const credentials = createCredentials({ users: createMemoryUserStore(), closeWithApp: false })
  const keys = [generateSigningKey()]
  const create = async () => {
    const logins = createLogins({ store: storeSpy.store, now, closeWithApp: false })
    const app = Fastify()
    await app.register(tokenAuth, {
      credentials,
      logins,
      keys,
      now,
      secret: 'a root secret for tests, 0123456789'
    })
    await app.register(migrations, {
      monotonicNow: now,
      wait: async () => {},
      ...(routes !== undefined && { routes }),
      migrations: [
        {
          name: 'seed',
          from: jwt({ algorithm: 'HS256', secret: OLD_SECRET, userIdClaim: 'user_id', now }),
          userOf: ({ userId }) => (userId === 'nobody' ? null : { id: userId, username: userId }),
          acceptUntil: new Date(clock.now + 30 * 86_400_000),
          ...options
        }
      ]
    })
    await extend?.(app, { logins, credentials })
    app.get('/me', { onRequest: app.tokenAuth.guard }, ({ principal }) => principal)
    await app.ready()
    return { app, logins }
  }
  const nodes = [await create(), await create()] as const
  t.teardown(async () => {
    for (const { app, logins } of nodes) {
      await app.close()
      await logins.close()
    }
  })
  const refresh = () => Promise.all(nodes.map(({ app }) => app.migrations.refresh()))
  const send = (node: 0 | 1, token: string, method: 'GET' | 'POST' = 'GET', url = '/me') =>
    nodes[node].app.inject({ method, url, headers: { authorization: `Bearer ${token}` } })
  return {
    clock,
    nodes,
    storeSpy,
    send,
    exchange: (node: 0 | 1, token: string) => send(node, token, 'POST', '/exchange/old'),
    moveTo: async (...phases: readonly Phase[]) => {
      for (const phase of phases) {
        clock.now += 60_000
        await refresh()
        await nodes[0].app.migrations.move('seed', phase, { by: 'ada' })
        await refresh()
      }
    }
  }
}
