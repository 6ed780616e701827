import { Cluster, Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createCarrierLogins } from '../logins-under-test.ts'
import { createRedisLimiters } from '../../../credentials/src/redis/redis-limiters.ts'
import { checkRedis } from '../../src/redis/check-redis.ts'
import { createRedisFeed, createRedisLoginStore } from '../../src/redis/index.ts'
import type { AdoptionStore } from '../../src/stores/adoption-store.ts'
import { sha256, addedSession, newLogin, presentedToken } from '../../src/testing/store-case.ts'
import { startCluster } from '@drawbridge/test-support/servers/redis-cluster'
import { freePort, skipWithoutRedis, startRedis, runCommand } from '@drawbridge/test-support/servers/redis'

const skip = skipWithoutRedis

const FIT = ['--appendonly', 'yes']

/** Checks a server with these settings, by a client that never connects itself. */
async function checkServer(t: Test, ...args: readonly string[]) {
  const server = await startRedis(...args)
  t.teardown(() => server.stop())
  return checkRedis(new Redis({ port: server.port, lazyConnect: true }))
}

t.test('a server that drops nothing is fit', { skip }, async (t) => {
  t.same(await checkServer(t, ...FIT), { problems: [], warnings: [] })
})

t.test('a server that evicts any key is a problem that names the setting', { skip }, async (t) => {
  const { problems } = await checkServer(t, ...FIT, '--maxmemory-policy', 'allkeys-lru')
  t.same(problems, [
    'must have a maxmemory-policy of noeviction, got allkeys-lru: it would drop logins and revocations'
  ])
})

t.test(
  'a server that evicts keys with a TTL, or loses everything on a restart, is a warning',
  { skip },
  async (t) => {
    const { problems, warnings } = await checkServer(t, '--maxmemory-policy', 'volatile-ttl')
    t.same(problems, [])
    t.match(warnings, [/maxmemory-policy of noeviction, got volatile-ttl/, /appendonly yes/])
  }
)

t.test('a replica is a problem', { skip }, async (t) => {
  const { problems } = await checkServer(t, ...FIT, '--replicaof', '127.0.0.1 9')
  t.same(problems, ['must be a master, and is a replica'])
})

t.test('a server that is down is reported in time', { skip }, async (t) => {
  const redis = new Redis({ port: await freePort(), lazyConnect: true })
  const { problems } = await checkRedis(redis, { timeoutMs: 300 })
  t.match(problems, [/^cannot be used: connect ECONNREFUSED 127\.0\.0\.1:\d+$/])
  t.equal(redis.status, 'wait', 'the client was left alone')
})

t.test('a server that hangs is reported in time', { skip }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  server.freeze()
  const { problems } = await checkRedis(new Redis({ port: server.port, lazyConnect: true }), {
    timeoutMs: 300
  })
  t.match(problems, [/^cannot be used: /])
})

t.test('a wrong password is reported, and not printed', { skip }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  await runCommand(server.port, (client) => client.config('SET', 'requirepass', 'right'))
  const redis = new Redis({ port: server.port, password: 'canary', lazyConnect: true })
  const { problems } = await checkRedis(redis, { timeoutMs: 1500 })
  t.match(problems, [/^cannot be used: WRONGPASS/])
  t.notMatch(problems.join(), 'canary')
})

t.test('each master of a Cluster is checked', { skip }, async (t) => {
  const cluster = await startCluster(...FIT)
  t.teardown(() => cluster.stop())
  const redis = () =>
    new Cluster(
      cluster.ports.map((port) => ({ host: '127.0.0.1', port })),
      { lazyConnect: true }
    )
  t.same(await checkRedis(redis()), { problems: [], warnings: [] })
  const [, , last] = cluster.ports
  await runCommand(last as number, (client) => client.config('SET', 'maxmemory-policy', 'allkeys-random'))
  t.match((await checkRedis(redis())).problems, [/^must have a maxmemory-policy .* got allkeys-random/])
})

t.test('a Cluster that is down is reported in time', { skip }, async (t) => {
  const redis = new Cluster([{ host: '127.0.0.1', port: await freePort() }], { lazyConnect: true })
  const { problems } = await checkRedis(redis, { timeoutMs: 500 })
  t.match(problems, [/^cannot be used: /])
})

/** The ACL of README.md: everything that is needed, by categories and by command names. */
const ACL = ['~drawbridge:*', '+@read', '+@write', '+@connection', '+@scripting', '+info', '+time']
const EXACT = [
  '~drawbridge:*',
  '+hello',
  '+auth',
  '+select',
  '+client|setname',

  '+eval',
  '+evalsha',

  '+get',
  '+mget',
  '+set',
  '+del',
  '+exists',
  '+incrby',
  '+expire',
  '+pttl',
  '+pexpireat',
  '+pexpiretime',
  '+zadd',
  '+zrem',

  '+zrevrange',
  '+zrevrangebyscore',
  '+hmget',
  '+hget',
  '+hgetall',
  '+hincrby',
  '+scan',
  '+hset',
  '+xadd',
  '+xread',
  '+xrange',
  '+xinfo|stream',
  '+info',
  '+time'
]

async function serverWithUser(t: Test, ...rules: readonly string[]) {
  const server = await startRedis(...FIT)
  t.teardown(() => server.stop())
  const set = (...more: readonly string[]) =>
    runCommand(server.port, (client) => client.call('ACL', 'SETUSER', 'app', 'reset', 'on', '>pass', ...more))
  await set(...rules)
  const access = { username: 'app', password: 'pass', lazyConnect: true }
  return { set, redis: new Redis({ port: server.port, host: '127.0.0.1', ...access }) }
}

for (const [name, rules] of Object.entries({ categories: ACL, commands: EXACT })) {
  t.test(
    `T06 L15: the ACL of the README, by ${name}, is enough for store, feed and limiters`,
    { skip },
    async (t) => {
      const { redis } = await serverWithUser(t, ...rules)
      t.same(await checkRedis(redis), { problems: [], warnings: [] })
      const errors: unknown[] = []
      const onError = (error: unknown) => errors.push(error)
      const store = createRedisLoginStore({ redis, commandTimeoutMs: 10_000, onError })
      const feed = createRedisFeed({ redis, publishTimeoutMs: 10_000, maxStalenessMs: 10_000 })
      const limiters = createRedisLimiters({ redis, timeoutMs: 10_000, onError })
      t.teardown(async () => {
        await feed.close()
        await store.close()
        limiters.close()
      })
      const logins = createCarrierLogins({ store, feed })
      const input = {
        user: { id: '1', username: 'ada' },
        device: { userAgent: 'test', address: '192.0.2.1' },
        idleTimeoutSeconds: 600,
        absoluteTimeoutSeconds: 3600,
        refresh: { familyHash: sha256('family'), hash: sha256('token 0') }
      }
      t.equal(await feed.renew(10_000), true)
      const [one, other] = [await logins.create(input), await logins.create(input)]
      t.match(await logins.rotate(one.id, presentedToken(0)), { kind: 'rotated' })
      t.match(await logins.carry(one.id, addedSession(1, one.expiresAt)), { kind: 'added' })
      t.match(await store.touch([{ loginId: one.id, seenAt: Date.now() + 1000 }]), [true])
      t.match(await logins.update(one.id, { data: { a: 1 } }), { data: { a: 1 } })
      t.equal((await logins.listByUser('1')).length, 2)
      t.match(await useAdoptions(store.adoptions), {
        old: 1,
        new: 0,
        returned: 0,
        mostOfOneUser: { count: 1 }
      })
      t.equal(await logins.revoke(one.id), true)
      t.match(await logins.revokeUser('1'), { revokedCount: 1 })
      t.equal(await logins.resolve(other.id), null)
      await logins.ping()
      t.same(await store.announce?.('topic', 'text', 60), ['text'])
      const limiter = limiters.createLimiter({ keyPrefix: 'test', points: 4, duration: 900 })
      t.equal((await limiter.penalty('ada')).consumedPoints, 1)
      t.equal((await limiter.penalty('ada')).consumedPoints, 2)
      t.match(await limiter.get('ada'), { consumedPoints: 2 })
      await limiter.reward('ada')
      await limiter.delete('ada')
      t.same(errors, [])
    }
  )
}

/** Every method of adoptions. */
async function useAdoptions(adoptions: AdoptionStore | undefined) {
  if (adoptions === undefined) throw new Error('the store has no adoptions')
  const login = newLogin({ userId: '2' }, Date.now())
  const claimedUntil = Date.now() + 60_000
  const old = { migration: 'express', key: 'key', ledBy: 'old', issuedAt: 1, claimedUntil } as const
  await adoptions.bar('2', 0, claimedUntil)
  await adoptions.bar(null, 0, claimedUntil)
  await adoptions.adopt(login, old, 100)
  await adoptions.adopt(login, old, 100)
  await adoptions.findClaim('2', old, 1)
  await adoptions.claim('2', { ...old, key: 'another', owner: { loginId: login.id, ledBy: 'old' } })
  await adoptions.find(login.id)
  await adoptions.lead(login.id, { ...old, ledBy: 'new' })
  await adoptions.lead(login.id, old)
  await adoptions.findInactive([login.id])
  await adoptions.list('express', null)
  await adoptions.readPhase('express')
  await adoptions.listInactive('2')
  await adoptions.forget([login.id])
  await adoptions.movePhase('express', { from: null, to: 'both', by: 'ada', minIntervalMs: 0 })
  await adoptions.addCounts('express', 'both', { add: { passed: 1 }, raise: { lastAt: 1 } })
  await adoptions.readCounts('express')
  return adoptions.countByLead('express', 0)
}

t.test('T06 L15: a missing right is named', { skip }, async (t) => {
  const { redis, set } = await serverWithUser(t, ...EXACT)
  const problemsWith = async (...rules: readonly string[]) => {
    await set(...EXACT, ...rules)
    return (await checkRedis(redis)).problems.join()
  }
  const must = (rights: string) =>
    `must let the user of this client run ${rights} on the keys drawbridge:*, by its ACL`
  for (const right of [
    'info',
    'time',
    'xadd',
    'get',
    'mget',
    'zrevrangebyscore',
    'xinfo',
    'evalsha',
    'incrby',
    'hincrby',
    'hgetall',
    'scan',
    'eval'
  ]) {
    t.equal(await problemsWith(`-${right}`), must(right), right)
  }
  t.equal(await problemsWith('-set', '-xread'), must('set, xread'))
  t.match(
    await problemsWith('resetkeys', '~other:*'),
    /^must let .* run get, mget, set, .* on the keys drawbridge:\*/
  )
  t.match((await checkRedis(redis, { prefix: 'other' })).problems, [])
})
