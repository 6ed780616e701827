import { Redis } from 'ioredis'
import t from 'tap'
import type { Login } from '../../../src/login/login.ts'
import { createRedisLoginStore } from '../../../src/redis/index.ts'
import type { LoginStore } from '../../../src/stores/login-store.ts'
import { createMemoryLoginStore } from '../../../src/stores/memory-login-store.ts'
import {
  addedRefresh,
  addedSession,
  newLogin,
  NO_LIMIT,
  presentedToken,
  sha256
} from '../../../src/testing/store-case.ts'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'

const NOW = Date.UTC(2040, 0, 1)

const SESSIONS: ReadonlyArray<Login['session']> = [
  null,
  ...[null, NOW - 1, NOW, NOW + 1].map((expiresAt) => ({ secretHash: sha256('cookie'), expiresAt }))
]

/** The last one was written by a clock that was set back since. */
const REFRESH_STATES: ReadonlyArray<Login['refresh']> = [
  null,
  refreshState(0, NOW - 5000),
  refreshState(3, NOW - 5000),
  refreshState(3, NOW + 5000)
]

function refreshState(generation: number, rotatedAt: number): Login['refresh'] {
  const hash = sha256(`token ${generation}`)
  const state = { familyHash: sha256('family'), generation, hash, rotatedAt }
  if (generation === 0) return { ...state, previousHash: null, sealed: null }
  return { ...state, previousHash: sha256(`token ${generation - 1}`), sealed: 'sealed' }
}

/** Each generation around those of the states, with its secret and with another one. */
const TOKENS = [0, 1, 2, 3, 4].flatMap((generation) =>
  [0, 5, 10].flatMap((graceSeconds) => [
    presentedToken(generation, { graceSeconds }),
    presentedToken(generation, { graceSeconds, hash: sha256('another') }),
    presentedToken(generation, { graceSeconds, familyHash: sha256('another') })
  ])
)

const CALLS: ReadonlyArray<(store: LoginStore, loginId: string) => Promise<unknown>> = [
  ...TOKENS.map((token) => (store: LoginStore, loginId: string) => store.rotate(loginId, token)),
  ...TOKENS.map(
    (token) => (store: LoginStore, loginId: string) =>
      store.carry(loginId, addedSession(token.generation, NOW + 60_000, token))
  ),
  ...['cookie', 'another'].map(
    (secret) => (store: LoginStore, loginId: string) => store.carry(loginId, addedRefresh(secret))
  )
]

t.test(
  'the scripts decide as decideRotation and decideCarry, by which the memory store decides',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const client = new Redis({ port: server.port, host: '127.0.0.1' })
    t.teardown(() => client.disconnect())
    const now = () => NOW
    const redis = createRedisLoginStore({ redis: client, now, commandTimeoutMs: 20_000 })
    t.teardown(() => redis.close())
    const memory = createMemoryLoginStore({ now })

    const kinds = new Map<string, number>()
    for (const session of SESSIONS) {
      for (const refresh of REFRESH_STATES) {
        const login = (at: number) =>
          newLogin({ userId: `user ${at}`, session, refresh, lastSeenAt: NOW - 9 }, NOW)
        const after = CALLS.map(async (call, at) => {
          const record = login(at)
          const run = async (store: LoginStore) => {
            await store.insert(record, NO_LIMIT)
            return [await call(store, record.id), await store.find(record.id)] as const
          }
          return [await run(redis), await run(memory)] as const
        })
        for (const [actual, expected] of await Promise.all(after)) {
          const { kind } = expected[0] as { kind: string }
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
          t.same(actual, expected)
        }
      }
    }
    t.comment(Object.fromEntries(kinds))
    t.same([...kinds.keys()].toSorted(), ['added', 'kept', 'repeated', 'reused', 'rotated', 'unknown'])
  }
)
