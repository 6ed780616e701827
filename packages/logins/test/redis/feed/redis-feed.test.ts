import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createRedisFeed, type RedisFeedOptions } from '../../../src/redis/index.ts'
import { skipWithoutRedis, startRedis, runCommand, waitFor } from '@drawbridge/test-support/servers/redis'
import { checkContract } from './feed-contract.ts'

async function server(t: Test, ...args: readonly string[]) {
  const started = await startRedis(...args)
  t.teardown(() => started.stop())
  return started
}

function client(t: Test, port: number, options = {}): Redis {
  const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true, ...options })
  t.teardown(() => redis.disconnect())
  return redis
}

/** A node, and the revocations that it got. */
function open(t: Test, options: RedisFeedOptions) {
  const feed = createRedisFeed({ clockSkewMs: 0, ...options })
  t.teardown(() => feed.close())
  const heard = new Set<string>()
  feed.subscribe(
    ({ loginId }) => heard.add(loginId),
    () => heard
  )
  return { feed, heard }
}

t.test('the contract of RevocationFeed', { skip: skipWithoutRedis }, async (t) => {
  const { port } = await server(t)
  await t.test('one Redis', (t) => checkContract(t, { redis: client(t, port) }))
  await t.test('a client with any settings', (t) =>
    checkContract(t, {
      redis: client(t, port, {
        keyPrefix: 'app:',
        protocol: 2,
        enableAutoPipelining: true,
        lazyConnect: true
      })
    })
  )
  await t.test('replies as RESP3 has them', (t) =>
    checkContract(t, { redis: client(t, port, { replyMapping: 'resp3' }) })
  )
  await t.test('quorum', async (t) => {
    const others = [await server(t), await server(t)].map((other) => other.port)
    const redis = [port, ...others].map((one) => client(t, one))
    await checkContract(t, { redis, mode: 'quorum' })
  })
  await t.test('fenced', async (t) => {
    const replica = await server(t, '--replicaof', `127.0.0.1 ${port}`)
    const isUp = () => runCommand(replica.port, (one) => one.info('replication'))
    await waitFor(5000, 'the replica', async () => (await isUp()).includes('master_link_status:up'))
    await checkContract(t, { redis: client(t, port), mode: 'fenced' })
  })
})

t.test(
  'fenced without a replica: no node is fresh, and no revocation is confirmed',
  { skip: skipWithoutRedis },
  async (t) => {
    const { port } = await server(t)
    const { feed } = open(t, { redis: client(t, port), mode: 'fenced', publishTimeoutMs: 500 })
    t.equal(await feed.renew(700), false)
    await t.rejects(feed.publish([{ loginId: 'a' }]), /fewer than 1 of 1/)
  }
)

t.test(
  'a position is reached once one of its logs was read that far, or was audited since',
  { skip: skipWithoutRedis },
  async (t) => {
    const { port } = await server(t)
    const redis = client(t, port)
    const [one, other] = [open(t, { redis, publishTimeoutMs: 5000 }), open(t, { redis })]
    await Promise.all([one.feed.renew(5000), other.feed.renew(5000)])
    const position = await one.feed.publish([{ loginId: 'a' }])
    t.equal(await other.feed.waitForPosition(position, 5000), true)
    t.ok(other.heard.has('a'))
    t.equal(await other.feed.waitForPosition('0:an epoch of long ago:1-0', 5000), true)
    t.equal(await other.feed.waitForPosition('nonsense', 5000), true)
    t.equal(await other.feed.waitForPosition('nonsense', 1), false)
  }
)

t.test('what could not be published in time is published later', { skip: skipWithoutRedis }, async (t) => {
  const redisServer = await server(t)
  const redis = client(t, redisServer.port)
  const [one, other] = [open(t, { redis, publishTimeoutMs: 200 }), open(t, { redis })]
  await Promise.all([one.feed.renew(2000), other.feed.renew(2000)])
  redisServer.freeze()
  await t.rejects(one.feed.publish([{ loginId: 'a' }]))
  redisServer.resume()
  await waitFor(5000, 'the other node', async () => other.heard.has('a'))
})

t.test(
  'a log that lost everything gets it again, from one node and not from all',
  { skip: skipWithoutRedis },
  async (t) => {
    const { port } = await server(t)
    const redis = client(t, port)
    const nodes = Array.from({ length: 5 }, () => open(t, { redis, publishTimeoutMs: 5000 }))
    await Promise.all(nodes.map(({ feed }) => feed.renew(5000)))
    const logins = Array.from({ length: 50 }, (_, at) => ({ loginId: `login-${at}` }))
    await nodes[0]?.feed.publish(logins)
    await waitFor(5000, 'the nodes', async () => nodes.every(({ heard }) => heard.size === 50))
    // The delay of each node is random, up to 300 ms. Here the first has none and the others 0.9 s.
    const delays: number[] = []
    t.intercept(Math, 'random', { value: () => (delays.push(delays.length > 0 ? 3 : 0), delays.at(-1)) })
    await runCommand(port, (one) => one.flushall())
    await waitFor(5000, 'all nodes to detect it', async () => delays.length === nodes.length)
    await sleep(1100)
    const late = open(t, { redis })
    t.equal(await late.feed.renew(5000), true)
    t.equal(late.heard.size, 50)
    const entries = await runCommand(port, (one) => one.xlen('drawbridge:{a}:feed'))
    t.ok(entries < 1 + nodes.length, `${entries} entries`)
  }
)

t.test('it can be closed at any moment', { skip: skipWithoutRedis }, async (t) => {
  const redisServer = await server(t)
  const redis = client(t, redisServer.port)
  const byDefault = createRedisFeed({ redis })
  t.equal(byDefault.maxStalenessMs, 1000)
  await byDefault.close()
  for (const ms of [1, 5, 20, 100]) {
    const feed = createRedisFeed({ redis })
    const published = feed.publish([{ loginId: 'a' }])
    await sleep(ms)
    await Promise.all([feed.close(), Promise.allSettled([published])])
    await t.rejects(feed.publish([{ loginId: 'b' }]), /closed/)
    t.equal(await feed.renew(10), feed.isFresh())
  }
  redisServer.freeze()
  const feed = createRedisFeed({ redis })
  await sleep(50)
  await feed.close()
  redisServer.resume()
})

t.test('a listener for events that throws stops nothing', { skip: skipWithoutRedis }, async (t) => {
  const { port } = await server(t)
  const feed = createRedisFeed({
    redis: client(t, port),
    onEvent: () => {
      throw new Error('of the application')
    }
  })
  t.teardown(() => feed.close())
  t.equal(await feed.renew(5000), true)
})

t.test('a server that is down at first is used when it starts', { skip: skipWithoutRedis }, async (t) => {
  const redisServer = await server(t)
  await redisServer.kill()
  const { feed } = open(t, { redis: client(t, redisServer.port), publishTimeoutMs: 150 })
  t.equal(await feed.renew(300), false)
  await t.rejects(feed.publish([{ loginId: 'a' }]), /fewer than 1 of 1/)
  await t.rejects(feed.ping(), /stale/)
  await redisServer.restart()
  t.equal(await feed.renew(5000), true)
  await feed.ping()
})

t.test(
  'quorum: two logs are enough at first, and the third gets what it missed',
  { skip: skipWithoutRedis },
  async (t) => {
    const servers = [await server(t), await server(t), await server(t)]
    const last = servers[2] as (typeof servers)[0]
    await last.kill()
    const redis = servers.map(({ port }) => client(t, port))
    const { feed } = open(t, { redis, mode: 'quorum', publishTimeoutMs: 5000 })
    t.equal(await feed.renew(5000), true)
    await feed.publish([{ loginId: 'a' }])
    await last.restart()
    const heard = async () =>
      (await runCommand(last.port, (one) => one.xrange('drawbridge:{c}:feed', '-', '+'))).flat(2)
    await waitFor(5000, 'the third log', async () => (await heard()).includes('a'))
    t.equal(feed.trustEpoch, 1)
  }
)
