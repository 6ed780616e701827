import { Redis } from 'ioredis'
import t from 'tap'
import { createRedisLoginStore } from '../../src/redis/index.ts'
import { skipWithoutRedis, startRedis, runCommand } from '@drawbridge/test-support/servers/redis'

t.test('S21: announcements of nodes in Redis', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const clock = { now: Date.now() }
  const node = (now?: () => number) => {
    const redis = new Redis({ host: '127.0.0.1', port: server.port, lazyConnect: true })
    const store = createRedisLoginStore({ redis, commandTimeoutMs: 5000, ...(now && { now }) })
    t.teardown(() => store.close())
    return (topic: string, text: string) => store.announce?.(topic, text, 180)
  }
  const [one, other] = [node(() => clock.now), node(() => clock.now)]

  await t.test('announce returns the unexpired texts of the topic', async (t) => {
    t.same(await one('secrets', 'a'), ['a'])
    t.same(new Set(await other('secrets', 'b')), new Set(['a', 'b']))
    t.same(new Set(await one('secrets', 'a')), new Set(['a', 'b']), 'each text once')
    t.same(await other('something else {x}', 'c'), ['c'])
    clock.now += 179_999
    t.same(new Set(await one('secrets', 'a')), new Set(['a', 'b']))
    clock.now += 1
    t.same(await one('secrets', 'a'), ['a'], 'and no expired text')
  })

  await t.test('announcements use the clock of Redis, and are under the prefix with a TTL', async (t) => {
    await runCommand(server.port, (client) => client.flushall())
    t.same(await node()('secrets', 'a'), ['a'])
    const keys = await runCommand(server.port, (client) => client.keys('*'))
    t.match(keys, [/^drawbridge:announced:[\w-]{22}$/])
    const [key] = keys as [string]
    const [expiresAt, now] = await runCommand(server.port, async (client) => [
      Number(await client.zscore(key, 'a')),
      Number((await client.time())[0]) * 1000
    ])
    t.ok(
      (expiresAt as number) > (now as number) + 100_000 && (expiresAt as number) < (now as number) + 181_000
    )
    const seconds = await runCommand(server.port, (client) => client.ttl(key))
    t.ok(seconds > 0 && seconds <= 180)
  })
})
