import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createRedisFeed, createRedisLoginStore } from '../../src/redis/index.ts'
import { newLogin, NO_LIMIT, addedRefresh, presentedToken } from '../../src/testing/store-case.ts'
import { TcpProxy } from '@drawbridge/test-support/servers/tcp-proxy'
import {
  freePort,
  skipWithoutRedis,
  type RedisProcess,
  startRedis,
  runCommand,
  waitFor
} from '@drawbridge/test-support/servers/redis'

const skip = skipWithoutRedis
const RECOVERY_MS = 30_000
const LONG_TIMEOUT_MS = 10_000

/**
 * Two servers behind one name. After `failOver` the name points to the other one; the old primary continues
 * as a replica that has lost its primary, and closes no connection.
 */
async function twoServers(t: Test) {
  const old = await startRedis()
  const next = await startRedis('--replicaof', `127.0.0.1 ${old.port}`)
  const proxy = await TcpProxy.start(old.port)
  t.teardown(async () => {
    proxy.close()
    await Promise.all([old.stop(), next.stop()])
  })
  await waitFor(RECOVERY_MS, 'the replica', async () => {
    return (await runCommand(next.port, (one) => one.info('replication'))).includes('master_link_status:up')
  })
  const redis = new Redis({ port: proxy.port, host: '127.0.0.1', lazyConnect: true })
  const failOver = async () => {
    await runCommand(next.port, (one) => one.replicaof('NO', 'ONE'))
    const nobody = await freePort()
    await runCommand(old.port, (one) => one.replicaof('127.0.0.1', nobody))
    proxy.pointTo(next.port)
  }
  const direct = new Redis({ port: next.port, host: '127.0.0.1', lazyConnect: true })
  return { old, next, redis, direct, failOver }
}

function createStore(t: Test, redis: Redis) {
  const store = createRedisLoginStore({ redis, commandTimeoutMs: LONG_TIMEOUT_MS })
  t.teardown(() => store.close())
  return store
}

/** The names of our connections to this server. */
async function namesAt({ port }: RedisProcess): Promise<readonly string[]> {
  const list = String(await runCommand(port, (one) => one.client('LIST')))
  return [...list.matchAll(/ name=(drawbridge:[\w-]+)/g)].map(([, name]) => name as string)
}

t.test(
  'T07c: no method says that a login is gone that only the old primary does not have',
  { skip },
  async (t) => {
    const methods = [
      'find',
      'touch',
      'update',
      'rotate',
      'carry',
      'remove',
      'removeByUser',
      'listByUser'
    ] as const
    for (const method of methods) {
      const { redis, direct, failOver, old } = await twoServers(t)
      const store = createStore(t, redis)
      await store.ping()
      await failOver()
      const login = newLogin({ userId: 'ada' }, Date.now())
      await createStore(t, direct).insert(login, NO_LIMIT)
      t.ok((await namesAt(old)).includes('drawbridge:store'), 'the connection is still open')
      const calls = {
        find: async () => (await store.find(login.id))?.id === login.id,
        touch: async () => (await store.touch([{ loginId: login.id, seenAt: Date.now() }]))[0],
        update: async () => (await store.update(login.id, { data: {} }))?.id === login.id,
        rotate: async () => (await store.rotate(login.id, presentedToken(0))).kind === 'rotated',
        carry: async () => (await store.carry(login.id, addedRefresh())).kind === 'kept',
        remove: async () => (await store.remove(login.id))?.id === login.id,
        removeByUser: async () => (await store.removeByUser('ada')).length === 1,
        listByUser: async () => (await store.listByUser('ada')).length === 1
      }
      await t.rejects(calls[method](), method)
      // By that rejection it has left the old primary.
      const recovered = waitFor(
        RECOVERY_MS,
        method,
        async () => (await calls[method]().catch(() => false)) === true
      )
      await t.resolves(recovered, method)
    }
  }
)

t.test('T07c S30: a store whose server is a replica is not ready', { skip }, async (t) => {
  const { redis, failOver } = await twoServers(t)
  const store = createStore(t, redis)
  await store.ping()
  await failOver()
  await t.rejects(store.ping(), { message: /^READONLY/ })
  await waitFor(RECOVERY_MS, 'the other server', () =>
    store.ping().then(
      () => true,
      () => false
    )
  )
})

t.test(
  'T07c: when the feed detects that its server is no longer the primary, an idle store moves too',
  { skip },
  async (t) => {
    const { redis, old, next, failOver } = await twoServers(t)
    const store = createStore(t, redis)
    const feed = createRedisFeed({ redis, publishTimeoutMs: LONG_TIMEOUT_MS })
    t.teardown(() => feed.close())
    await waitFor(RECOVERY_MS, 'a fresh node', () => feed.renew(1000))
    await store.ping()
    await failOver()
    await waitFor(RECOVERY_MS, 'all connections to leave', async () => (await namesAt(old)).length === 0)
    await waitFor(RECOVERY_MS, 'all connections to arrive', async () => (await namesAt(next)).length === 3)
    t.same((await namesAt(next)).toSorted(), [
      'drawbridge:feed',
      'drawbridge:feed-writer',
      'drawbridge:store'
    ])
    await waitFor(RECOVERY_MS, 'a fresh node', () => feed.renew(1000))
  }
)
