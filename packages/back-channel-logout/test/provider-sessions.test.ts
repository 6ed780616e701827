import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import type { ProviderSessions } from '../src/index.ts'
import { createRedisProviderSessions } from '../src/redis/index.ts'
import { createMemoryProviderSessions } from '../src/sessions/memory-provider-sessions.ts'

const LATER = Date.UTC(2100, 0, 1)

/** @param nodes that share it. */
async function testStore(t: Test, [one, two]: readonly [ProviderSessions, ProviderSessions]) {
  t.same(await one.find('s1'), [])
  await one.link('s1', 'login 1', LATER)
  await two.link('s1', 'login 2', LATER)
  await two.link('s1', 'login 2', LATER)
  await one.link('s2', 'login 3', LATER)
  for (const node of [one, two]) {
    t.same([...(await node.find('s1'))].sort(), ['login 1', 'login 2'])
    t.same(await node.find('s2'), ['login 3'])
    t.same(await node.find('s3'), [])
  }
  t.equal(await one.wasAccepted('t1'), false)
  await one.accept('t1', LATER)
  await one.accept('t1', LATER)
  for (const node of [one, two]) {
    t.equal(await node.wasAccepted('t1'), true)
    t.equal(await node.wasAccepted('t2'), false)
  }
}

t.test('in memory', async (t) => {
  const sessions = createMemoryProviderSessions(Date.now)
  await testStore(t, [sessions, sessions])
})

t.test('in memory, what has expired is forgotten with the next that is noted', async (t) => {
  let now = 1000
  const sessions = createMemoryProviderSessions(() => now)
  await sessions.link('s1', 'login 1', 2000)
  await sessions.link('s1', 'login 2', 3000)
  await sessions.accept('t1', 2000)
  now = 2000
  await sessions.link('s2', 'login 3', 4000)
  await sessions.accept('t2', 4000)
  t.same([await sessions.find('s1'), await sessions.wasAccepted('t1')], [['login 2'], false])
  now = 3000
  await sessions.link('s2', 'login 4', 4000)
  t.same([await sessions.find('s1'), await sessions.find('s2')], [[], ['login 3', 'login 4']])
})

t.test('in Redis, for as long as the login or the token', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  const redis = new Redis({ port: server.port, host: '127.0.0.1' })
  const now = () => 1000
  const open = () => createRedisProviderSessions({ redis, timeoutMs: 15_000, now })
  const nodes = [open(), open()] as const
  t.teardown(async () => {
    for (const node of nodes) node.close?.()
    redis.disconnect()
    await server.stop()
  })
  await testStore(t, nodes)
  await nodes[0].link('short', 'login 1', 1000 + 600_000)
  await nodes[0].link('short', 'login 2', 1000 + 10_000)
  await nodes[0].accept('short', 1000 + 10_000)
  const ttlOf = (key: string) => redis.pttl(`drawbridge:${key}`)
  const [session, token] = [await ttlOf('provider-session:short'), await ttlOf('logout-token:short')]
  t.ok(session > 600_000 && session <= 660_000, `the login that expires last counts: ${session}`)
  t.ok(token > 10_000 && token <= 70_000, `with a margin for the clocks of the nodes: ${token}`)
  await nodes[0].link('short', 'login 3', 1000 + 900_000)
  t.ok((await ttlOf('provider-session:short')) > 900_000)
})

t.test('while Redis cannot be reached every method rejects', async (t) => {
  const redis = new Redis({ port: 1, host: '127.0.0.1', lazyConnect: true })
  const errors: unknown[] = []
  const sessions = createRedisProviderSessions({
    redis,
    timeoutMs: 100,
    onError: (error) => errors.push(error)
  })
  t.teardown(() => {
    sessions.close?.()
    redis.disconnect()
  })
  for (const call of [
    () => sessions.link('s', 'l', LATER),
    () => sessions.find('s'),
    () => sessions.accept('t', LATER),
    () => sessions.wasAccepted('t')
  ])
    await t.rejects(Promise.resolve(call()) as Promise<unknown> as Promise<void>)
  t.ok(errors.length > 0)
})
