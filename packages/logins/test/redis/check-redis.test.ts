import { Cluster, Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { checkRedis } from '../../src/redis/check-redis.ts'
import { startCluster } from './start-cluster.ts'
import { freePort, noRedis, startRedis, tell } from './start-redis.ts'

const skip = noRedis

const FIT = ['--appendonly', 'yes']

/** The check of a server with these settings, by a client that never connects itself. */
async function checkOf(t: Test, ...args: readonly string[]) {
  const server = await startRedis(...args)
  t.teardown(() => server.stop())
  return checkRedis(new Redis({ port: server.port, lazyConnect: true }))
}

t.test('a server that keeps what it is given is fit', { skip }, async (t) => {
  t.same(await checkOf(t, ...FIT), { problems: [], warnings: [] })
})

t.test('one that evicts any key is refused, by the name of the setting', { skip }, async (t) => {
  const { problems } = await checkOf(t, ...FIT, '--maxmemory-policy', 'allkeys-lru')
  t.same(problems, [
    'must have a maxmemory-policy of noeviction, got allkeys-lru: it would drop logins and revocations'
  ])
})

t.test(
  'one that evicts what has a TTL, or keeps nothing over a restart, is warned of',
  { skip },
  async (t) => {
    const { problems, warnings } = await checkOf(t, '--maxmemory-policy', 'volatile-ttl')
    t.same(problems, [])
    t.match(warnings, [/maxmemory-policy of noeviction, got volatile-ttl/, /appendonly yes/])
  }
)

t.test('a replica is refused', { skip }, async (t) => {
  const { problems } = await checkOf(t, ...FIT, '--replicaof', '127.0.0.1 9')
  t.same(problems, ['must be a master, and is a replica'])
})

t.test('one that is not there is told of in time', { skip }, async (t) => {
  const redis = new Redis({ port: await freePort(), lazyConnect: true })
  const { problems } = await checkRedis(redis, { withinMs: 300 })
  t.match(problems, [/^cannot be asked: connect ECONNREFUSED 127\.0\.0\.1:\d+$/])
  t.equal(redis.status, 'wait', 'the client was left alone')
})

t.test('one that hangs is told of in time', { skip }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  server.freeze()
  const { problems } = await checkRedis(new Redis({ port: server.port, lazyConnect: true }), {
    withinMs: 300
  })
  t.match(problems, [/^cannot be asked: /])
})

t.test('a wrong password is told of, and not shown', { skip }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  await tell(server.port, (client) => client.config('SET', 'requirepass', 'right'))
  const redis = new Redis({ port: server.port, password: 'canary', lazyConnect: true })
  const { problems } = await checkRedis(redis, { withinMs: 1500 })
  t.match(problems, [/^cannot be asked: WRONGPASS/])
  t.notMatch(problems.join(), 'canary')
})

t.test('each master of a Cluster is looked at', { skip }, async (t) => {
  const cluster = await startCluster(...FIT)
  t.teardown(() => cluster.stop())
  const redis = () =>
    new Cluster(
      cluster.ports.map((port) => ({ host: '127.0.0.1', port })),
      { lazyConnect: true }
    )
  t.same(await checkRedis(redis()), { problems: [], warnings: [] })
  const [, , last] = cluster.ports
  await tell(last as number, (client) => client.config('SET', 'maxmemory-policy', 'allkeys-random'))
  t.match((await checkRedis(redis())).problems, [/^must have a maxmemory-policy .* got allkeys-random/])
})

t.test('a Cluster that is not there is told of in time', { skip }, async (t) => {
  const redis = new Cluster([{ host: '127.0.0.1', port: await freePort() }], { lazyConnect: true })
  const { problems } = await checkRedis(redis, { withinMs: 500 })
  t.match(problems, [/^cannot be asked: /])
})
