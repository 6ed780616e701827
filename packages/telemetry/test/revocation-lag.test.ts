import type { RevocationFeed } from '@drawbridge/logins'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import { createRedisFeed } from '@drawbridge/logins/redis'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { TcpProxy } from '@drawbridge/test-support/servers/tcp-proxy'
import { until } from '@drawbridge/test-support/until'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { startMeasuring } from './measure.ts'

const NODES = 4
const CUT_MS = 400
const REVOCATIONS = 20

/** Both clocks are read in whole ms, and the offset of the server's is. */
const TOLERANCE_MS = 3

function openFeed(t: Test, port: number): RevocationFeed {
  const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true })
  const feed = createRedisFeed({ redis, maxStalenessMs: 60_000 })
  t.teardown(async () => {
    await feed.close()
    redis.disconnect()
  })
  return feed
}

t.test(
  'the lag is what is measured from outside, on nodes that hear at once and on one that was cut off',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const proxy = await TcpProxy.start(server.port)
    t.teardown(() => proxy.close())
    const feeds = Array.from({ length: NODES }, (_, node) =>
      openFeed(t, node === NODES - 1 ? proxy.port : server.port)
    )
    const [publisher] = feeds as [RevocationFeed]
    const distant = feeds.at(-1) as RevocationFeed
    await Promise.all(feeds.map((feed) => until(() => feed.isFresh())))
    const logins = createLogins({ store: createMemoryLoginStore() })
    t.teardown(() => logins.close())
    const { readDistribution } = startMeasuring(t, { logins })

    /** Of all nodes together, ms: when it was surely published, and when it surely was not. */
    const bounds = { least: 0, most: 0 }
    let id = 0
    const revoke = async (nodes: readonly RevocationFeed[]) => {
      const sentAt = Date.now()
      const position = await publisher.publish([{ loginId: `login-${(id += 1)}` }])
      const ackedAt = Date.now()
      const heard = nodes.map(async (feed) => {
        t.ok(await feed.waitForPosition(position, 30_000), 'it is heard')
        const heardAt = Date.now()
        bounds.least += Math.max(0, heardAt - ackedAt - TOLERANCE_MS)
        bounds.most += heardAt - sentAt + TOLERANCE_MS
      })
      return Promise.all(heard)
    }

    for (let count = 0; count < REVOCATIONS; count++) await revoke(feeds)
    const [atOnce] = await readDistribution('revocationLag')
    t.equal(atOnce?.count, NODES * REVOCATIONS, 'each node measures each revocation once')
    const sumMs = (atOnce?.sum ?? NaN) * 1000
    t.ok(sumMs >= bounds.least && sumMs <= bounds.most, `${bounds.least} <= ${sumMs} <= ${bounds.most}`)

    await proxy.cut()
    const cutAt = performance.now()
    const heard = revoke(feeds)
    await until(() => performance.now() - cutAt >= CUT_MS)
    await proxy.resume()
    await heard
    const [withCut] = await readDistribution('revocationLag')
    t.equal(withCut?.count, NODES * (REVOCATIONS + 1))
    const totalMs = (withCut?.sum ?? NaN) * 1000
    t.ok(totalMs >= bounds.least && totalMs <= bounds.most, `${bounds.least} <= ${totalMs} <= ${bounds.most}`)
    t.ok(totalMs - sumMs >= CUT_MS - 100, 'the node that was cut off has heard it late')
    t.ok(distant.isFresh())
  }
)

t.test(
  'a node that starts later does not measure what was there before',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const first = openFeed(t, server.port)
    await until(() => first.isFresh())
    await first.publish([{ loginId: 'earlier' }])
    const logins = createLogins({ store: createMemoryLoginStore() })
    t.teardown(() => logins.close())
    await first.close()
    const { readDistribution } = startMeasuring(t, { logins })
    const second = openFeed(t, server.port)
    await until(() => second.isFresh())
    t.same(await readDistribution('revocationLag'), [])
    await second.waitForPosition(await second.publish([{ loginId: 'later' }]), 30_000)
    t.match(await readDistribution('revocationLag'), [{ attributes: { 'drawbridge.feed.log': 0 }, count: 1 }])
  }
)
