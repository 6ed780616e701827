import {
  type RedisProcess,
  skipWithoutRedis,
  startLoneNode,
  startRedis
} from '@drawbridge/test-support/servers/redis'
import { RedisMonitor } from '@drawbridge/test-support/servers/redis-monitor'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createRedisLoginStore } from '../../../src/redis/index.ts'
import { newLogin, NO_LIMIT } from '../../../src/testing/store-case.ts'

const LOGINS = 610

/** Touches of many users at once, every seventh of a login that is gone. */
async function touchMany(t: Test, server: RedisProcess) {
  t.teardown(() => server.stop())
  const redis = new Redis({ port: server.port, host: '127.0.0.1' })
  t.teardown(() => redis.disconnect())
  const store = createRedisLoginStore({ redis, commandTimeoutMs: 10_000 })
  t.teardown(() => store.close())
  const now = Date.now()
  const logins = Array.from({ length: LOGINS }, (_, at) => newLogin({ userId: `user ${at}` }, now))
  await Promise.all(logins.map((login) => store.insert(login, NO_LIMIT)))
  const isGone = (at: number) => at % 7 === 0
  await Promise.all(logins.filter((_, at) => isGone(at)).map(({ id }) => store.remove(id)))

  const touches = logins.map(({ id }, at) => ({ loginId: id, seenAt: now + 1 + at }))
  const active = await store.touch(touches)
  const monitor = await RedisMonitor.start(server.port)
  t.teardown(() => monitor.stop())
  const again = await store.touch(touches)
  const sent = (await monitor.take()).filter(({ name, source }) => source !== 'lua' && name === 'evalsha')
  t.strictSame(
    active,
    logins.map((_, at) => !isGone(at)),
    'each result is that of its own login'
  )
  t.strictSame(again, active)
  for (const at of [1, 101, 305, 608])
    t.equal((await store.find(logins[at]?.id ?? ''))?.lastSeenAt, now + 1 + at)
  return { sent: sent.length, none: await store.touch([]) }
}

t.test('a hundred touches are one script', { skip: skipWithoutRedis }, async (t) => {
  const { sent, none } = await touchMany(t, await startRedis())
  t.equal(sent, Math.ceil(LOGINS / 100))
  t.same(none, [])
})

t.test(
  'in a Cluster each touch is a script, since one has keys of one slot',
  { skip: skipWithoutRedis },
  async (t) => {
    const { sent } = await touchMany(t, await startLoneNode())
    t.equal(sent, LOGINS)
  }
)
