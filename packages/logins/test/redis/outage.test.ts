import { setImmediate as turn } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import {
  createRedisLoginStore,
  type RedisLoginStore,
  type RedisLoginStoreOptions
} from '../../src/redis/index.ts'
import type { Login } from '../../src/login/login.ts'
import { newLogin, NO_LIMIT, addedRefresh, presentedToken } from '../../src/testing/store-case.ts'
import { TcpProxy } from '@drawbridge/test-support/servers/tcp-proxy'
import {
  freePort,
  skipWithoutRedis,
  type RedisProcess,
  spawnRedis,
  startRedis,
  runCommand,
  waitFor
} from '@drawbridge/test-support/servers/redis'
import { insertLogins } from './background-load.ts'

const TIMEOUT_MS = 250
/** Used where no outage is tested: a machine that stalls must not fail the store. */
const LONG_TIMEOUT_MS = 5000
/** Far above the timeout, for a busy machine; far below what ioredis waits by default. */
const MAX_REJECT_MS = 2500
const RECOVERY_MS = 15_000
const UNREACHABLE = /^Redis cannot be reached: \w+ was not sent$/
const CUT = /max retries per request/

t.test('outages', { skip: skipWithoutRedis }, async (t) => {
  await t.test('the first calls, before there is a connection', async (t) => {
    const { store } = await openStore(t, await start(t), { commandTimeoutMs: LONG_TIMEOUT_MS })
    const login = newLogin({ userId: 'user' }, Date.now())
    const [, found] = await Promise.all([store.insert(login, NO_LIMIT), store.find('none'), store.ping()])
    t.equal(found, null)
    t.same(await store.find(login.id), login)
  })

  await t.test('Redis is down at boot, and starts later', async (t) => {
    const port = await freePort()
    const { store } = await openStore(t, { port })
    await rejectsSoon(t, store, UNREACHABLE)
    const server = spawnRedis(port)
    t.teardown(() => server.stop())
    await server.waitUntilReady()
    await recovers(store)
  })

  await t.test('Redis is killed, and restarted', async (t) => {
    const server = await start(t)
    const { store, errors } = await openStore(t, server)
    await recovers(store)
    await server.kill()
    await rejectsSoon(t, store, /cannot be reached|max retries/)
    await rejectsSoon(t, store, UNREACHABLE)
    await waitFor(RECOVERY_MS, 'a long outage: nothing waits', () => rejectsAtOnce(store))
    await server.restart()
    await recovers(store)
    t.match(errors.join(), /ECONN/)
  })

  await t.test('a rejected command is not executed when Redis is back', async (t) => {
    const server = await start(t)
    const { store } = await openStore(t, server)
    await recovers(store)
    await server.kill()
    await waitFor(RECOVERY_MS, 'the outage', () =>
      store.ping().then(
        () => false,
        () => true
      )
    )
    const made = Array.from({ length: 50 }, (_, at) => newLogin({ userId: `user ${at}` }, Date.now()))
    const results = await Promise.allSettled(made.map((login) => store.insert(login, NO_LIMIT)))
    t.ok(results.every(({ status }) => status === 'rejected'))
    await server.restart()
    await recovers(store)
    t.equal(await runCommand(server.port, (client) => client.dbsize()), 0)
  })

  await t.test('Redis hangs, and resumes', async (t) => {
    const server = await start(t)
    const { store } = await openStore(t, server)
    const [login] = (await insertLogins(store, 1)) as [Login]
    server.freeze()
    await rejectsSoon(t, store, /^Redis did not reply to \w+ within 250 ms$/)
    // Then the connection is dropped, and made again to a server that accepts it and never replies.
    await waitFor(RECOVERY_MS, 'another connection', () =>
      store.ping().then(
        () => false,
        ({ message }) => UNREACHABLE.test(message as string)
      )
    )
    await rejectsSoon(t, store, /did not reply|cannot be reached|max retries/)
    server.resume()
    await recovers(store)
    t.same(await store.find(login.id), login)
  })

  await t.test('Redis hangs, and so does this process: the error is the same', async (t) => {
    const server = await start(t)
    const { store } = await openStore(t, server)
    await recovers(store)
    server.freeze()
    const rejection = t.rejects(store.find('x'), { message: 'Redis did not reply to find within 250 ms' })
    for (let turns = 0; turns < 3; turns++) await turn()
    // The timeout of ioredis is then over as well, and is checked first.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * TIMEOUT_MS)
    await rejection
  })

  await t.test('a reply of Redis that arrives while this process stalls counts', async (t) => {
    const server = await start(t)
    const { store } = await openStore(t, server)
    await recovers(store)
    server.freeze()
    const found = store.find('x')
    for (let turns = 0; turns < 3; turns++) await turn()
    server.resume()
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * TIMEOUT_MS)
    t.equal(await found, null)
  })

  await t.test('Redis hangs for less than the timeout of a command', async (t) => {
    const server = await start(t)
    const { store } = await openStore(t, server, { commandTimeoutMs: LONG_TIMEOUT_MS })
    await store.ping()
    server.freeze()
    const calls = [store.ping(), store.find('x'), store.listByUser('x')]
    setTimeout(() => server.resume(), 100)
    t.same(
      (await Promise.allSettled(calls)).map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled']
    )
  })

  await t.test('the connection is closed ten times, and only commands in flight fail', async (t) => {
    const server = await start(t)
    const { store } = await openStore(t, server, { commandTimeoutMs: LONG_TIMEOUT_MS })
    await store.ping()
    let failed = 0
    for (let cut = 0; cut < 10; cut++) {
      const kill = runCommand(server.port, (client) =>
        client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
      )
      const calls = Array.from({ length: 20 }, async (_, at) => {
        await new Promise((resolve) => setTimeout(resolve, at))
        await store.find('x').catch(async (error: Error) => {
          failed++
          t.match(error.message, CUT)
          // How many were in flight is random. A call after the connection is known to be closed was not, and
          // succeeds.
          await store.find('x')
        })
      })
      const results = await Promise.allSettled(calls)
      await kill
      t.same(
        results.filter(({ status }) => status === 'rejected'),
        []
      )
    }
    t.comment(`${failed} of 200 were in flight`)
  })

  await t.test('a call whose reply is lost rejects, and is not executed twice', async (t) => {
    const server = await start(t)
    const proxy = await TcpProxy.start(server.port)
    t.teardown(() => proxy.close())
    const { store } = await openStore(t, proxy, { commandTimeoutMs: LONG_TIMEOUT_MS })
    const login = newLogin({ userId: 'user' }, Date.now())
    await store.insert(login, NO_LIMIT)
    await store.removeByUser('nobody')
    await runCommand(server.port, (client) => client.config('RESETSTAT'))
    proxy.dropNextReply()
    await t.rejects(store.removeByUser('user'), { message: CUT })
    await recovers(store)
    const stats = await runCommand(server.port, (client) => client.info('commandstats'))
    // Of all scripts here, only removeByUser reads the index of a user.
    t.match(stats, /cmdstat_zrevrange:calls=1,/)
    t.equal(await store.find(login.id), null)
  })

  await t.test('a closed store rejects', async (t) => {
    const { store } = await openStore(t, await start(t), { commandTimeoutMs: LONG_TIMEOUT_MS })
    await store.ping()
    await store.close()
    await t.rejects(store.find('x'), { message: UNREACHABLE })
  })
})

async function start(t: Test): Promise<RedisProcess> {
  const server = await startRedis()
  t.teardown(() => server.stop())
  return server
}

async function openStore(
  t: Test,
  { port }: { readonly port: number },
  options: Partial<RedisLoginStoreOptions> = {}
): Promise<{ store: RedisLoginStore; errors: string[] }> {
  const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true })
  const errors: string[] = []
  const onError = (error: unknown) => void errors.push((error as Error).message)
  const store = createRedisLoginStore({ redis, commandTimeoutMs: TIMEOUT_MS, onError, ...options })
  t.teardown(() => store.close())
  t.teardown(() => redis.disconnect())
  return { store, errors }
}

/** Calls every method, all at the same time. */
async function rejectsSoon(t: Test, store: RedisLoginStore, message: RegExp): Promise<void> {
  const login = newLogin({ userId: 'somebody' }, Date.now())
  const calls: Record<string, () => Promise<unknown>> = {
    insert: () => store.insert(login, NO_LIMIT),
    find: () => store.find(login.id),
    touch: () => store.touch([{ loginId: login.id, seenAt: Date.now() }]),
    update: () => store.update(login.id, { data: {} }),
    rotate: () => store.rotate(login.id, presentedToken(0)),
    carry: () => store.carry(login.id, addedRefresh()),
    remove: () => store.remove(login.id),
    removeByUser: () => store.removeByUser('somebody'),
    listByUser: () => store.listByUser('somebody'),
    ping: () => store.ping()
  }
  const startedAt = performance.now()
  const checks = Object.entries(calls).map(([name, call]) => t.rejects(call(), { message: message }, name))
  await Promise.all(checks)
  const took = performance.now() - startedAt
  t.ok(took < MAX_REJECT_MS, `${Math.round(took)} ms`)
}

/** Whether a call rejects before the next turn of the event loop, so without any waiting. */
function rejectsAtOnce(store: RedisLoginStore): Promise<boolean> {
  const isRejected = store.find('x').then(
    () => false,
    ({ message }: Error) => UNREACHABLE.test(message)
  )
  return Promise.race([isRejected, turn(false)])
}

async function recovers(store: RedisLoginStore): Promise<void> {
  await waitFor(RECOVERY_MS, 'the recovery', () =>
    store.ping().then(
      () => true,
      () => false
    )
  )
}
