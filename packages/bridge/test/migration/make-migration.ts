import { createCredentials, createMemoryUserStore, type Credentials } from '@drawbridge/credentials'
import {
  createLogins,
  createMemoryFeed,
  createMemoryLoginStore,
  type LoginStore,
  type Phase
} from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { sessionAuth } from '@drawbridge/session-auth'
import type { MemoryStore } from 'express-session'
import Fastify, { type FastifyInstance } from 'fastify'
import { type ForeignMigrationOptions, migrations } from '../../src/migration/index.ts'
import { expressSession } from '../../src/migration/sources/express-session/index.ts'
import { spy, type Spy } from '@drawbridge/test-support/spies/spy'
import { type Jar, OLD_SECRET, store } from './old-service.ts'

const PASSWORD = 'correct horse battery staple'
const NAME = 'express'

const credentials = createCredentials({
  users: createMemoryUserStore(),
  hashing: { memoryKiB: 1024, passes: 1 },
  closeWithApp: false
})
const ids = new Map<string, string>()
const registered = Promise.all(
  ['ada', 'bob'].map(async (username) => {
    const outcome = await credentials.register({ username, password: PASSWORD })
    if (outcome.ok) ids.set(username, outcome.user.id)
  })
)

/** A service of several nodes that users are moved to, with clocks by hand. */
export interface Moving {
  readonly clock: { now: number }
  readonly nodes: readonly FastifyInstance[]
  readonly logins: CarrierLogins
  /** Of all nodes. */
  readonly storeSpy: Spy<LoginStore>
  readonly userId: (username: string) => string
  /** `GET /me` at a node. @returns the status, and who was served. */
  get(node: number, jar: Jar, path?: string): Promise<{ status: number; body: string }>
  post(node: number, jar: Jar, path: string, username?: string): Promise<number>
  /** Takes one step, so long after the last one. */
  moveTo(phase: Phase, afterMs?: number): Promise<void>
  close(): Promise<void>
}

/** Options of {@link makeMoving} that are none of the migration. */
export interface MovingOptions {
  readonly nodeCount?: number
  readonly requestTimeoutSeconds?: number
  /** Of the carrier. Default: of two users. */
  readonly credentials?: Credentials
  readonly maxLoginsPerUser?: number
  /** Adds routes to each node. */
  readonly routes?: (app: FastifyInstance) => void | Promise<void>
}

/** @param sessions the store of the other system. */
export async function makeMoving(
  sessions: MemoryStore,
  options: Partial<ForeignMigrationOptions> = {},
  {
    nodeCount = 2,
    requestTimeoutSeconds = 30,
    credentials: own,
    maxLoginsPerUser,
    routes
  }: MovingOptions = {}
): Promise<Moving> {
  await registered
  const clock = { now: Date.UTC(2027, 0, 1) }
  const now = () => clock.now
  const storeSpy = spy<LoginStore>(createMemoryLoginStore({ now }))
  const feed = createMemoryFeed({ now })
  const from = expressSession({
    secret: OLD_SECRET,
    store: sessions as never,
    createSession: ({ username }) => ({ passport: { user: username } }),
    cookie: { secure: false },
    now
  })
  const nodes: FastifyInstance[] = []
  const all: CarrierLogins[] = []
  for (let node = 0; node < nodeCount; node++) {
    const logins = createLogins({
      store: storeSpy.store,
      feed,
      now,
      closeWithApp: false,
      ...(maxLoginsPerUser !== undefined && { maxLoginsPerUser })
    }) as CarrierLogins
    all.push(logins)
    const app = Fastify()
    await app.register(sessionAuth, {
      credentials: own ?? credentials,
      logins,
      secret: 'a root secret for tests, 0123456789',
      now
    })
    await app.register(migrations, {
      monotonicNow: now,
      requestTimeoutSeconds,
      wait: async (ms) => {
        clock.now += ms
        // What the timer of each node does once a second.
        await Promise.all(nodes.map((each) => each.migrations.refresh()))
      },
      migrations: [
        {
          name: NAME,
          from,
          userOf: ({ userId }) => {
            const id = ids.get(userId)
            return id === undefined ? null : { id, username: userId }
          },
          ...options
        }
      ]
    })
    app.get('/me', { onRequest: app.sessionAuth.guard }, ({ principal }) => principal?.username)
    app.get('/principal', { onRequest: app.sessionAuth.guard }, ({ principal }) => principal)
    app.post('/others', { onRequest: app.sessionAuth.guard }, async (request, reply) => ({
      revokedCount: await app.sessionAuth.revokeOthers(request, reply)
    }))
    await routes?.(app)
    await app.ready()
    nodes.push(app)
  }
  const send = async (node: number, jar: Jar, request: object) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await (nodes[node] as FastifyInstance).inject({
      ...request,
      headers: { ...(cookie !== '' && { cookie }), 'sec-fetch-site': 'same-origin' }
    })
    store(jar, [response.headers['set-cookie'] ?? []].flat())
    return response
  }
  return {
    clock,
    nodes,
    logins: all[0] as CarrierLogins,
    storeSpy,
    userId: (username) => ids.get(username) ?? '',
    get: async (node, jar, path = '/me') => {
      const { statusCode: status, body } = await send(node, jar, { url: path })
      return { status, body: status === 200 ? body : '' }
    },
    post: async (node, jar, path, username) => {
      const payload = username === undefined ? undefined : { username, password: PASSWORD }
      return (await send(node, jar, { method: 'POST', url: path, ...(payload && { payload }) })).statusCode
    },
    moveTo: async (phase, afterMs = 60_000) => {
      clock.now += afterMs
      await Promise.all(nodes.map((each) => each.migrations.refresh()))
      await (nodes[0] as FastifyInstance).migrations.move(NAME, phase, { by: 'ada' })
    },
    close: async () => {
      for (const app of nodes) await app.close()
      for (const logins of all) await logins.close()
    }
  }
}
