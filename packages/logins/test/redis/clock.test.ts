import { EventEmitter, once } from 'node:events'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createLogins, type NewLogin } from '../../src/index.ts'
import { createRedisFeed, createRedisLoginStore, type FeedEvent } from '../../src/redis/index.ts'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'

const HOUR_MS = 3_600_000
/** An offset is known to within the time of a reply; on a machine that stalls, that is long. */
const SLACK_MS = 600_000
const skip = skipWithoutRedis

const input: NewLogin = {
  user: { id: '1', username: 'ada' },
  device: { userAgent: 'test', address: '192.0.2.1' },
  idleTimeoutSeconds: 1800,
  absoluteTimeoutSeconds: 3000,
  session: { secretHash: 'h'.repeat(43) }
}

async function startClient(t: Test) {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const redis = new Redis({ port: server.port, host: '127.0.0.1', lazyConnect: true })
  return redis
}

/** A node whose clock is off by `offsetMs`, which a test can correct. */
function createNode(t: Test, redis: Redis, offsetMs: number) {
  const clock = { offsetMs }
  const now = () => Date.now() + clock.offsetMs
  const clockEvents = new EventEmitter()
  const events: Extract<FeedEvent, { type: 'clock-offset' }>[] = []
  const store = createRedisLoginStore({ redis, commandTimeoutMs: 10_000 })
  const feed = createRedisFeed({
    redis,
    now,
    maxStalenessMs: 60_000,
    publishTimeoutMs: 10_000,
    onEvent: (event) => {
      if (event.type !== 'clock-offset') return
      events.push(event)
      clockEvents.emit(event.type)
    }
  })
  const logins = createLogins({ store, feed, now })
  t.teardown(async () => {
    await logins.close()
    await store.close()
  })
  return { logins, feed, clock, events, clockEvents }
}

t.test(
  'T08 S23: a login of a node whose clock is an hour off expires like any other, on every node',
  { skip },
  async (t) => {
    const redis = await startClient(t)
    const right = createNode(t, redis, 0)
    const nodes = [right, createNode(t, redis, -HOUR_MS), createNode(t, redis, HOUR_MS)]
    for (const { logins } of nodes) {
      const from = Date.now()
      const login = await logins.create(input)
      const to = Date.now()
      t.ok(Math.abs(login.createdAt - (from + to) / 2) < to - from + SLACK_MS)
      t.equal(login.expiresAt, login.createdAt + 3_000_000)
      for (const other of nodes) t.match(await other.logins.resolve(login.id), { id: login.id })
    }
  }
)

t.test(
  'T08: a clock that is off is reported once, and once when it is right again; meanwhile the node is not ready',
  { skip },
  async (t) => {
    const redis = await startClient(t)
    const server = redis.duplicate()
    t.teardown(() => server.disconnect())
    const { logins, feed, clock, events, clockEvents } = createNode(t, redis, -HOUR_MS)
    t.equal(await feed.renew(10_000), true)
    t.match(events, [{ isTooFar: true }])
    const offsetMs = events[0]?.offsetMs ?? 0
    t.ok(Math.abs(offsetMs - HOUR_MS) < SLACK_MS, `${offsetMs} ms`)
    t.match(logins.health(), { isFresh: true, isClockRight: false })
    await t.rejects(logins.ping(), { cause: { message: /clock of this node is off by \d+ ms/ } })

    const recovered = once(clockEvents, 'clock-offset')
    clock.offsetMs = 0
    // Audited at once, as after a lost connection, and not a quarter of a minute later.
    await server.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await recovered
    t.match(events, [{ isTooFar: true }, { isTooFar: false }])
    t.match(logins.health(), { isClockRight: true })
    await feed.renew(10_000)
    await logins.ping()
  }
)
