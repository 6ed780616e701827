import { randomBytes } from 'node:crypto'
import { createCredentials, createMemoryUserStore, type Credentials } from '@drawbridge/credentials'
import {
  createLogins,
  createMemoryFeed,
  createMemoryLoginStore,
  type Logins,
  type LoginsOptions
} from '@drawbridge/logins'
import type { Setting } from '../harness/server.ts'
import { signInBodies, PASSWORD, USER, USER_AGENT } from './greeting.ts'

/** Logins as in a service: embedded, or shared by Redis with its feed. Revocation is always on. */
export async function createBenchLogins(setting: Setting): Promise<Logins> {
  const { cacheMaxEntries = 200_000, touchIntervalSeconds = 60 } = setting
  return createLogins({
    ...(await createStores(setting)),
    cacheMaxEntries,
    touchIntervalSeconds,
    retentionSeconds: 3660,
    onError: (error) => console.error(error)
  })
}

async function createStores({
  store,
  redisUrl,
  prefix = 'drawbridge'
}: Setting): Promise<Pick<LoginsOptions, 'store' | 'feed'>> {
  if (store === 'sqlite') {
    const [{ createSqliteLoginStore }, { default: Database }] = await Promise.all([
      import('@drawbridge/logins/sqlite'),
      import('libsql')
    ])
    return { store: createSqliteLoginStore({ database: new Database(':memory:') }), feed: seasonedFeed() }
  }
  if (store !== 'redis' || redisUrl === undefined)
    return { store: createMemoryLoginStore(), feed: seasonedFeed() }
  const [{ createRedisFeed, createRedisLoginStore }, { Redis }] = await Promise.all([
    import('@drawbridge/logins/redis'),
    import('ioredis')
  ])
  const redis = new Redis(redisUrl, { lazyConnect: true })
  return {
    store: createRedisLoginStore({ redis, prefix, commandTimeoutMs: 10_000 }),
    feed: createRedisFeed({ redis, prefix, retentionSeconds: 3660 })
  }
}

/**
 * Simulates a process that has run for a while: in its first seconds it asks the store about every token, since one
 * issued within the clock skew before its start may have been revoked before its start.
 */
export function seasonedFeed() {
  return createMemoryFeed({ now: () => Date.now() - 60_000 })
}

/**
 * No limit on attempts, the default cost of a hash. The users of {@link signInBodies} exist only where sign-ins are
 * measured, or garbage collection would slow down every other server.
 */
export async function createBenchCredentials({
  operation,
  hasUsers = operation === 'log-in'
}: Setting): Promise<Credentials> {
  const users = createMemoryUserStore()
  const credentials = createCredentials({ users, throttle: false })
  if (!hasUsers) return credentials
  await credentials.register({ username: USER.username, password: PASSWORD })
  const { passwordHash = '' } = (await users.findByUsernameKey(USER.username)) ?? {}
  for (const body of signInBodies) {
    const { username } = JSON.parse(body) as { username: string }
    await users.insert({ username, usernameKey: username, passwordHash, disabled: false })
  }
  return credentials
}

const LOGINS_PER_USER = 3

/** Many users, each with the few logins of a person. */
export function userAt(position: number): { readonly id: string; readonly username: string } {
  const user = Math.floor(position / LOGINS_PER_USER)
  return { id: USER.id.slice(0, -6) + String(user).padStart(6, '0'), username: USER.username }
}

/** What `logins.create` gets for a session of that user, with the limits of session-auth. */
export const newSession = (position: number) => ({
  user: userAt(position),
  device: { userAgent: USER_AGENT, address: '203.0.113.195' },
  idleTimeoutSeconds: 1800,
  absoluteTimeoutSeconds: 43_200,
  session: { secretHash: randomBytes(32).toString('base64url') }
})

/** Methods of a node that the run may call. */
export function nodeMethods(logins: Logins) {
  let revokedCount = 0
  return {
    /** Revokes so many unknown logins at this rate: the feed publishes each to every node. */
    revokeAtPace: async ({ perSecond, seconds }: { perSecond: number; seconds: number }) => {
      const TICK_MS = 5
      const began = performance.now()
      const all: Array<Promise<boolean>> = []
      while (performance.now() - began < seconds * 1000) {
        const due = Math.floor(((performance.now() - began) / 1000) * perSecond)
        while (all.length < due) all.push(logins.revoke(unknownLoginId((revokedCount += 1))))
        await new Promise((resolve) => setTimeout(resolve, TICK_MS))
      }
      await Promise.all(all)
      return all.length
    }
  }
}

/** A well-formed loginId of no active login. */
function unknownLoginId(position: number): string {
  return Buffer.from(`nobody ${process.pid} ${position}`.padEnd(21, '.').slice(0, 21)).toString('base64url')
}
