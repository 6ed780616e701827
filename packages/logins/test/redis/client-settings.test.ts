import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { knownSettings } from '@drawbridge/options'
import { ioredis5 } from '@drawbridge/test-support/servers/ioredis-5'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import t from 'tap'
import { createRedisFeed, createRedisLoginStore } from '../../src/redis/index.ts'
import { duplicate } from '../../src/redis/redis-client.ts'
import { skipWithoutRedis, startRedis, runCommand, waitFor } from '@drawbridge/test-support/servers/redis'

const newest = dirname(createRequire(import.meta.url).resolve('ioredis'))

/** The names of the options of ioredis as it declares them. */
function declaredOptions(built: string, ...files: readonly string[]): readonly string[] {
  const text = files.map((file) => readFileSync(join(built, file), 'utf8')).join('\n')
  return [...text.matchAll(/^ {4}(\w+)\?: /gm)].map(([, name]) => name as string)
}

for (const [version, built] of Object.entries({ oldest: ioredis5.folder, newest })) {
  t.test(`L10: each setting of the ${version} ioredis is known, inherited or not`, async (t) => {
    const files = [
      'redis/RedisOptions',
      'connectors/SentinelConnector/index',
      'connectors/StandaloneConnector'
    ]
    const declared = declaredOptions(built, ...files.map((file) => `${file}.d.ts`))
    const names = [...declared, 'host', 'port', 'keyPrefix']
    t.ok(names.includes('commandTimeout') && names.includes('disconnectTimeout'))
    // Members of a sentinel address and of a script: no options.
    const others = new Set(['flags', 'prio'])
    t.same(
      names.filter((name) => !knownSettings.has(name) && !others.has(name)),
      []
    )
  })
}

t.test('L10: a duplicate inherits only the address from the client of the service', async (t) => {
  const theirs: RedisOptions = {
    host: '127.0.0.1',
    port: 1,
    keyPrefix: 'app:',
    lazyConnect: true,
    commandTimeout: 7,
    socketTimeout: 7,
    blockingTimeout: 7,
    connectTimeout: 7,
    maxRetriesPerRequest: 7,
    enableReadyCheck: false,
    enableOfflineQueue: true,
    enableAutoPipelining: true,
    autoResendUnfulfilledCommands: true,
    readOnly: true,
    stringNumbers: true,
    protocol: 2,
    retryStrategy: () => null
  }
  const inherited = new Set(['host', 'port', 'keyPrefix'])
  const own = duplicate(new Redis(theirs as never), {}, () => {}) as Redis
  const cluster = duplicate(
    new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true, redisOptions: theirs as never }),
    {},
    () => {}
  ) as Cluster
  t.teardown(() => {
    own.disconnect()
    cluster.disconnect()
  })
  for (const [name, value] of Object.entries(theirs)) {
    const [ours, ofNode] = [own.options, cluster.options.redisOptions].map(
      (options) => (options as Record<string, unknown>)[name]
    )
    if (inherited.has(name)) t.equal(ours, value, name)
    else t.notSame([ours, ofNode], [value, value], name)
    if (!inherited.has(name)) t.notSame(ours, value, name)
  }
})

t.test(
  'L10: with a commandTimeout and a socketTimeout of the service the feed keeps its connections',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const settings = { lazyConnect: true, commandTimeout: 50, socketTimeout: 50 }
    const redis = new Redis({ port: server.port, host: '127.0.0.1', ...settings })
    const errors: unknown[] = []
    const store = createRedisLoginStore({
      redis,
      commandTimeoutMs: 10_000,
      onError: (error) => errors.push(error)
    })
    // The feed waits for entries for up to fifteen seconds at a time.
    const feed = createRedisFeed({
      redis,
      maxStalenessMs: 60_000,
      onEvent: (event) => event.type === 'error' && errors.push(event.error)
    })
    t.teardown(async () => {
      await feed.close()
      await store.close()
    })
    t.equal(await feed.renew(10_000), true)
    await store.ping()
    errors.length = 0
    const received = () =>
      runCommand(
        server.port,
        async (client) => /total_connections_received:(\d+)/.exec(await client.info('stats'))?.[1]
      )
    const before = Number(await received())
    const startedAt = performance.now()
    await waitFor(30_000, 'a second', async () => performance.now() - startedAt > 1000)
    // Each check makes one connection, and the duplicates make none.
    t.equal(Number(await received()), before + 1)
    t.same(errors, [])
  }
)
