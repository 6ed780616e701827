import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import type { Login } from '../../../src/login/login.ts'
import { createRedisLoginStore } from '../../../src/redis/index.ts'
import { newLogin, NO_LIMIT } from '../../../src/testing/store-case.ts'
import { skipWithoutRedis, startRedis, runCommand, waitFor } from '@drawbridge/test-support/servers/redis'

const skip = skipWithoutRedis
const SLOTS = 16_384

async function open(t: Test, ...args: readonly string[]) {
  const server = await startRedis(...args)
  t.teardown(() => server.stop())
  const redis = new Redis({ port: server.port, host: '127.0.0.1' })
  t.teardown(() => redis.disconnect())
  const store = createRedisLoginStore({ redis, commandTimeoutMs: 5000 })
  t.teardown(() => store.close())
  const insert = async (count: number) => {
    const logins = Array.from({ length: count }, (_, at) => newLogin({ userId: `user ${at}` }, Date.now()))
    await Promise.all(logins.map((login) => store.insert(login, NO_LIMIT)))
    return logins
  }
  /** How often the server has executed a command. */
  const callsOf = (command: string) =>
    runCommand(server.port, async (client) =>
      Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await client.info('commandstats'))?.[1] ?? 0)
    )
  const findAll = (logins: readonly Login[]) => Promise.all(logins.map(({ id }) => store.find(id)))
  return { server, redis, store, insert, callsOf, findAll }
}

t.test('finds of one turn of the event loop are one command', { skip }, async (t) => {
  const { insert, callsOf, findAll } = await open(t)
  const logins = await insert(50)
  // The script of an insert reads a key of its own.
  const read = await callsOf('get')
  t.same(await findAll(logins), logins)
  t.equal(await callsOf('mget'), 1)
  t.equal(await callsOf('get'), read)
  t.same(await findAll(logins.slice(0, 1)), logins.slice(0, 1))
  t.equal(await callsOf('mget'), 2)
})

t.test('a command has at most 128 keys, and each find gets its own login', { skip }, async (t) => {
  const { insert, callsOf, findAll } = await open(t)
  const logins = await insert(300)
  t.same(await findAll(logins), logins)
  t.equal(await callsOf('mget'), 3)
})

t.test('a login that is missing, and a key that is no text, affect no other find', { skip }, async (t) => {
  const { redis, store, insert, findAll } = await open(t)
  const [one, list, gone, other] = (await insert(4)) as [Login, Login, Login, Login]
  const [key] = (await redis.keys(`*:l:${list.id}`)) as [string]
  await redis.del(key)
  await redis.rpush(key, 'not a login')
  await store.remove(gone.id)
  t.same(await findAll([one, list, gone, other]), [one, null, null, other])
})

t.test('where Redis does not reply, each find rejects, and a later one is served', { skip }, async (t) => {
  const { server, redis, insert } = await open(t)
  const [one, other] = (await insert(2)) as [Login, Login]
  const store = createRedisLoginStore({ redis, commandTimeoutMs: 300 })
  t.teardown(() => store.close())
  await store.ping()
  server.freeze()
  const results = await Promise.allSettled([store.find(one.id), store.find(other.id), store.find(one.id)])
  server.resume()
  t.match(
    results,
    results.map(() => ({
      status: 'rejected',
      reason: { message: 'Redis did not reply to find within 300 ms' }
    }))
  )
  await waitFor(10_000, 'a reply', async () => (await store.find(other.id).catch(() => null)) !== null)
})

t.test('a client of one server finds logins of several slots at a node of a Cluster', { skip }, async (t) => {
  const { redis, insert, callsOf, findAll } = await open(t, '--cluster-enabled', 'yes')
  await redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, SLOTS - 1)
  await waitFor(10_000, 'the slots', async () => (await redis.cluster('INFO')).includes('cluster_state:ok'))
  const logins = await insert(20)
  const read = await callsOf('get')
  t.same(await findAll(logins), logins)
  t.equal(await callsOf('get'), read + 20)
  t.same(await findAll(logins), logins)
  t.equal(await callsOf('get'), read + 40)
  t.equal(await callsOf('mget'), 0, 'the one that was rejected was not executed')
})
