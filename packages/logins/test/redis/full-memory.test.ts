import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createLogins, type NewLogin } from '../../src/index.ts'
import { createRedisFeed, createRedisLoginStore } from '../../src/redis/index.ts'
import { shown, hashOf } from '../../src/testing/store-case.ts'
import { noRedis, startRedis, tell, within } from './start-redis.ts'

const input: NewLogin = {
  user: { id: '1', username: 'ada' },
  device: { userAgent: 'test', address: '192.0.2.1' },
  idleSeconds: 1800,
  absoluteSeconds: 3000,
  session: { secretHash: 'h'.repeat(43) },
  refresh: { familyHash: hashOf('family'), hash: hashOf('token 0') }
}

function nodeOf(t: Test, redis: Redis) {
  const store = createRedisLoginStore({ redis, commandTimeoutMs: 10_000 })
  const feed = createRedisFeed({ redis, maxStalenessMs: 10_000, publishTimeoutMs: 10_000 })
  const logins = createLogins({ store, feed })
  t.teardown(async () => {
    await logins.close()
    await store.close()
  })
  return { store, feed, logins }
}

t.test(
  'T04: Redis whose memory is full, with noeviction, keeps nodes fresh and ends logins; it takes no new one',
  { skip: noRedis },
  async (t) => {
    const server = await startRedis('--maxmemory-policy', 'noeviction')
    t.teardown(() => server.stop())
    const redis = new Redis({ port: server.port, host: '127.0.0.1', lazyConnect: true })
    const node = nodeOf(t, redis)
    t.equal(await node.feed.renew(10_000), true)
    const [kept, ended] = [await node.logins.create(input), await node.logins.create(input)]

    await tell(server.port, (client) => client.config('SET', 'maxmemory', '1mb'))
    await t.rejects(
      tell(server.port, (client) => client.set('x', 'y')),
      /OOM/
    )
    // It has nothing but what the full server tells it.
    const late = nodeOf(t, redis)
    t.equal(await late.feed.renew(10_000), true)
    t.equal(await late.logins.revoke(ended.id), true)
    await within(10_000, 'the other node', async () => node.logins.standing(ended.id, Infinity) === 'ended')
    t.match(await node.logins.resolve(kept.id), { id: kept.id })
    t.equal(await late.logins.resolve(ended.id), null)
    const seenAt = kept.lastSeenAt + 5000
    t.same(await node.store.touch([{ loginId: kept.id, seenAt }]), [true])
    t.match(await node.logins.rotate(kept.id, shown(0)), { kind: 'rotated' })
    t.match(await node.logins.listByUser('1'), [{ id: kept.id }])

    const full = { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE', cause: { message: /^OOM / } }
    await t.rejects(node.logins.create(input), full)
    await t.rejects(node.logins.update(kept.id, { data: { cart: [1] } }), full)
    t.match(await node.logins.revokeUser('1'), { ended: 1 })
    t.equal(node.feed.isFresh(), true)

    await t.rejects(node.logins.ping(), full, 'S30: a store that takes no log-in is not ready')
    await tell(server.port, (client) => client.config('SET', 'maxmemory', '0'))
    await node.logins.ping()
    await node.logins.create(input)
  }
)
