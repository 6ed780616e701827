import {
  runCommand,
  skipWithoutRedis,
  startLoneNode,
  startRedis
} from '@drawbridge/test-support/servers/redis'
import { until } from '@drawbridge/test-support/until'
import { createRedisFeed, createRedisFeedReader } from '@drawbridge/logins/redis'
import { Cluster, Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { readAcl, readClusterRules } from './read-acl.ts'
import { addReader, startRedisHouse, untilCovered } from './start-house.ts'

const skip = skipWithoutRedis

async function start(t: Test, introspects = false) {
  const server = await startRedis()
  t.teardown(() => server.stop())
  await addReader(server.port)
  const house = await startRedisHouse(t, { port: server.port, introspects })
  await untilCovered(house)
  const status = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` }
    return (await house.service.inject({ url: '/me', headers })).statusCode
  }
  return { ...house, server, status }
}

t.test('a service hears of log-outs with a Redis user that may only read', { skip }, async (t) => {
  const { issue, logins, status } = await start(t)
  const lags: number[] = []
  for (let at = 0; at < 50; at += 1) {
    const { token, loginId } = await issue()
    t.equal(await status(token), 200)
    await logins.revoke(loginId)
    const confirmedAt = performance.now()
    await until(async () => (await status(token)) === 401)
    lags.push(performance.now() - confirmedAt)
  }
  const sorted = lags.toSorted((a, b) => a - b)
  t.comment(
    `a log-out is heard p50 ${sorted[25]?.toFixed(1)} ms, max ${sorted.at(-1)?.toFixed(1)} ms after it is confirmed`
  )
})

t.test('all logins of a user that are revoked at once are heard of', { skip }, async (t) => {
  const { issue, logins, status } = await start(t)
  const [mine, others] = [[await issue('u1'), await issue('u1')], await issue('u2')]
  for (const { token } of [...mine, others]) t.equal(await status(token), 200)
  await logins.revokeUser('u1')
  for (const { token } of mine) await until(async () => (await status(token)) === 401)
  t.equal(await status(others.token), 200)
})

t.test('V06 the user of the guide can change nothing, and read nothing but the feed', { skip }, async (t) => {
  const { server } = await start(t)
  const { name: username, password } = readAcl()
  const client = new Redis({
    port: server.port,
    host: '127.0.0.1',
    username,
    password,
    enableReadyCheck: false
  })
  t.teardown(() => client.disconnect())
  await runCommand(server.port, (admin) => admin.set('drawbridge:{AAAA}:login', 'a record'))
  const feed = 'drawbridge:{a}:feed'
  const denied: ReadonlyArray<readonly [string, ...Array<string | number>]> = [
    ['xadd', feed, '*', 'e', 'x', 'k', 'revoked', 'v', 'x'],
    ['del', feed],
    ['xtrim', feed, 'MAXLEN', 0],
    ['hset', 'drawbridge:{a}:epoch', 'id', 'x'],
    ['expire', feed, 1],
    ['flushall'],
    ['eval', 'return 1', 0],
    ['eval_ro', `return redis.call('XADD', KEYS[1], '*', 'k', 'v')`, 1, feed],
    ['eval_ro', `return redis.call('GET', KEYS[1])`, 1, 'drawbridge:{AAAA}:login'],
    ['get', 'drawbridge:{AAAA}:login'],
    ['hmget', 'drawbridge:{AAAA}:login', 'id'],
    ['keys', '*'],
    ['scan', 0],
    ['publish', 'channel', 'x'],
    ['subscribe', 'channel'],
    ['acl', 'whoami'],
    ['config', 'get', '*'],
    ['client', 'kill', 'type', 'normal'],
    ['replicaof', 'no', 'one'],
    ['shutdown']
  ]
  for (const [command, ...args] of denied)
    await t.rejects(client.call(command, ...args), /NOPERM|can't run this command/, command)
  const [entries] = (await client.call('xread', 'COUNT', 1, 'STREAMS', feed, '0-0')) as unknown[]
  t.ok(entries, 'the control')
})

t.test('a reader waits for a node that starts the log, and writes nothing itself', { skip }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  await addReader(server.port)
  const { name: username, password } = readAcl()
  const redis = new Redis({ port: server.port, host: '127.0.0.1', username, password, lazyConnect: true })
  let errors = 0
  const onEvent = ({ type }: { readonly type: string }) => void (errors += type === 'error' ? 1 : 0)
  const reader = createRedisFeedReader({ redis, onEvent })
  t.teardown(async () => {
    await reader.close()
    redis.disconnect()
  })
  await until(() => errors > 0)
  t.equal(reader.isFresh(), false)
  t.equal(await runCommand(server.port, (client) => client.dbsize()), 0)
  t.notOk('publish' in reader && (await tryToPublish(reader)), 'and cannot publish')
  await startRedisHouse(t, { port: server.port, introspects: false })
  t.equal(await reader.renew(30_000), true)
})

async function tryToPublish(reader: object): Promise<boolean> {
  const { publish } = reader as { publish: (revocations: readonly object[]) => Promise<string> }
  return publish.call(reader, [{ loginId: 'a' }]).then(
    () => true,
    () => false
  )
}

t.test('a reader of a Cluster needs to ask for its slots, and nothing more', { skip }, async (t) => {
  const server = await startLoneNode()
  t.teardown(() => server.stop())
  await addReader(server.port)
  const { name: username, password } = readAcl()
  const rules = readClusterRules()
  t.ok(rules.length > 0)
  await runCommand(server.port, (client) => client.call('ACL', 'SETUSER', username, ...rules))
  const nodes = [{ port: server.port, host: '127.0.0.1' }]
  const writing = new Cluster(nodes, { lazyConnect: true })
  const reading = new Cluster(nodes, { lazyConnect: true, redisOptions: { username, password } })
  const feed = createRedisFeed({ redis: writing })
  const reader = createRedisFeedReader({ redis: reading })
  t.teardown(async () => {
    await Promise.all([feed.close(), reader.close()])
    for (const client of [writing, reading]) client.disconnect()
  })
  const heard: string[] = []
  reader.subscribe(({ loginId }) => heard.push(loginId))
  t.equal(await reader.renew(30_000), true)
  await until(() =>
    feed.publish([{ loginId: 'revoked-login' }]).then(
      () => true,
      () => false
    )
  )
  await until(() => heard.includes('revoked-login'))
})
