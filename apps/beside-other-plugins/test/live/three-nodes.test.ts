import { once } from 'node:events'
import { createMemoryLoginStore } from '@drawbridge/logins'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { generateSigningKey } from '@drawbridge/token-auth'
import { type RedisProcess, skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { TcpProxy } from '@drawbridge/test-support/servers/tcp-proxy'
import { until } from '@drawbridge/test-support/until'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { type Connection, endOf, type Headers, type Kind, open, STREAMS } from './connections.ts'
import { type LiveService, startLiveService } from './live-service.ts'
import { post, signIn } from './sign-in.ts'

const KINDS: readonly Kind[] = ['socket', ...STREAMS]
const keys = [generateSigningKey()]

interface Nodes {
  readonly nodes: readonly LiveService[]
  readonly server: RedisProcess
  /** Between the third node and Redis. */
  readonly proxy: TcpProxy
}

/** A machine that is busy for a moment must not look like an outage. */
const PATIENT = { commandTimeoutMs: 10_000, onStoreDown: { serveStaleForSeconds: 600 } } as const

/** Three nodes of a service on one Redis, the third of which can be cut off. @param third its timeout and policy. */
async function startNodes(t: Test, third: Partial<typeof PATIENT> = PATIENT): Promise<Nodes> {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const proxy = await TcpProxy.start(server.port)
  t.teardown(() => proxy.close())
  const start = async (port: number, { commandTimeoutMs, ...policy }: Partial<typeof PATIENT>) => {
    const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true })
    const store = createRedisLoginStore({ redis, ...(commandTimeoutMs && { commandTimeoutMs }) })
    const service = await startLiveService({
      keys,
      logins: { store, feed: createRedisFeed({ redis }), ...policy }
    })
    t.teardown(() => service.app.close())
    return service
  }
  const nodes = await Promise.all([
    start(server.port, PATIENT),
    start(server.port, PATIENT),
    start(proxy.port, third)
  ])
  for (const node of nodes) await untilReady(node)
  return { nodes, server, proxy }
}

const untilReady = ({ logins }: LiveService) =>
  until(() =>
    logins.ping().then(
      () => true,
      () => false
    )
  )

/** One connection of each kind on each node, once each has got a message. */
async function openAll(nodes: readonly LiveService[], headers: Headers): Promise<readonly Connection[]> {
  const all = await Promise.all(nodes.flatMap(({ url }) => KINDS.map((kind) => open(kind, url, headers))))
  await until(() => all.every(({ lastSentAt }) => lastSentAt > 0))
  return all
}

const ends = (connections: readonly Connection[]) => [...new Set(connections.map(endOf))].sort()
const allClosed = (connections: readonly Connection[]) =>
  until(() => connections.every(({ closedAt }) => closedAt !== Infinity))

/** Each gets another message. */
async function areServed(connections: readonly Connection[]): Promise<boolean> {
  const now = Date.now()
  await until(() =>
    connections.every(({ lastSentAt, closedAt }) => lastSentAt > now || closedAt !== Infinity)
  )
  return ends(connections).every((end) => end === 'open')
}

t.test(
  'a log-out on one node closes what the login has open on each',
  { skip: skipWithoutRedis },
  async (t) => {
    const { nodes } = await startNodes(t)
    const [one, two] = nodes as [LiveService, LiveService]
    const stays = await openAll(nodes, (await signIn(two.url, 'session', 'bob')).headers)
    const ways: ReadonlyArray<readonly ['session' | 'token', (headers: Headers) => Promise<unknown>]> = [
      ['session', (headers) => post(`${one.url}/session/logout`, headers)],
      ['token', (headers) => post(`${two.url}/token/logout`, headers)],
      ['session', (headers) => post(`${two.url}/logout`, headers)],
      ['token', (headers) => post(`${one.url}/logout`, headers)],
      ['session', () => post(`${two.url}/revoke-user/ada`)]
    ]
    for (const [carrier, logOut] of ways) {
      const { headers } = await signIn(one.url, carrier, 'ada')
      const open = await openAll(nodes, headers)
      await logOut(headers)
      await allClosed(open)
      t.same(ends(open), ['signed-out'])
      t.same(new Set(open.map(({ code }) => code)), new Set([4401, 'DRAWBRIDGE_LOGIN_REVOKED']))
    }
    t.ok(await areServed(stays), 'and not what another login has open')
    t.same(await Promise.all(nodes.map(openOn)), [4, 4, 4])
    for (const connection of stays) connection.close()
    await until(async () => (await Promise.all(nodes.map(openOn))).every((count) => count === 0))
  }
)

const openOn = async ({ url }: LiveService) =>
  ((await (await fetch(`${url}/open`)).json()) as { readonly open: number }).open

t.test('what a key has opened closes when the key is revoked', { skip: skipWithoutRedis }, async (t) => {
  const { nodes } = await startNodes(t)
  const [one, two] = nodes as [LiveService, LiveService]
  const { headers, loginId } = await signIn(one.url, 'session', 'ada')
  const { token } = (await (await post(`${one.url}/enter/key`, headers)).json()) as { readonly token: string }
  const byKey = await openAll(nodes, { authorization: `Bearer ${token}` })
  const bySession = await openAll(nodes, headers)
  const me = await fetch(`${two.url}/me`, { headers: { authorization: `Bearer ${token}` } })
  const { loginId: keyId } = (await me.json()) as { readonly loginId: string }
  t.not(keyId, loginId)
  await post(`${two.url}/revoke/${keyId}`)
  await allClosed(byKey)
  t.same(ends(byKey), ['signed-out'])
  t.ok(await areServed(bySession))
})

t.test(
  'a connection that is opened with a revoked login is refused by its guard',
  { skip: skipWithoutRedis },
  async (t) => {
    const { nodes } = await startNodes(t)
    const [one] = nodes as [LiveService]
    const { headers } = await signIn(one.url, 'token', 'ada')
    await openAll(nodes, headers)
    await post(`${one.url}/token/logout`, headers)
    for (const kind of KINDS) await t.rejects(open(kind, one.url, headers), { message: 'the status is 401' })
  }
)

t.test(
  'a node that is cut off from Redis closes all, and says that nobody was logged out',
  { skip: skipWithoutRedis },
  async (t) => {
    const { nodes, proxy } = await startNodes(t, {})
    const [one, two, third] = nodes as [LiveService, LiveService, LiveService]
    const [ada, bob] = [await signIn(one.url, 'session', 'ada'), await signIn(two.url, 'token', 'bob')]
    const there = [...(await openAll([third], ada.headers)), ...(await openAll([third], bob.headers))]
    const here = await openAll([one, two], ada.headers)
    await proxy.cut()
    const cutAt = Date.now()
    await post(`${one.url}/revoke/${bob.loginId}`)
    await allClosed(there)
    t.same(ends(there), ['try-again'])
    for (const { closedAt } of there) t.ok(closedAt - cutAt < 5000, `closed after ${closedAt - cutAt} ms`)
    t.ok(await areServed(here))
    await proxy.resume()
    await untilReady(third)
    await until(async () => areServed(await openAll([third], ada.headers)))
    t.pass('and opens them again when it is back')
    for (const kind of KINDS)
      await t.rejects(open(kind, third.url, bob.headers), { message: 'the status is 401' })
  }
)

t.test(
  'a node that is cut off serves stale logins where the policy says so',
  { skip: skipWithoutRedis },
  async (t) => {
    const { nodes, proxy } = await startNodes(t, { onStoreDown: PATIENT.onStoreDown })
    const [one, , third] = nodes as [LiveService, LiveService, LiveService]
    const [ada, bob] = [await signIn(one.url, 'session', 'ada'), await signIn(one.url, 'token', 'bob')]
    const stays = await openAll([third], ada.headers)
    const revoked = await openAll([third], bob.headers)
    await proxy.cut()
    await until(() => !third.logins.health().isFresh)
    await post(`${one.url}/revoke/${bob.loginId}`)
    t.ok(await areServed([...stays, ...revoked]), 'it cannot know of the log-out')
    await proxy.resume()
    await allClosed(revoked)
    t.same(ends(revoked), ['signed-out'], 'until it is back')
    t.ok(await areServed(stays))
  }
)

t.test(
  'a Redis that was flushed has no logins: their connections are signed out',
  { skip: skipWithoutRedis },
  async (t) => {
    const { nodes, server } = await startNodes(t)
    const [one] = nodes as [LiveService]
    const open = await openAll(nodes, (await signIn(one.url, 'session', 'ada')).headers)
    const redis = new Redis({ port: server.port, host: '127.0.0.1' })
    await redis.flushall()
    redis.disconnect()
    await allClosed(open)
    t.same(ends(open), ['signed-out'])
  }
)

t.test('messages that a client sends after the log-out are not handled', async (t) => {
  const service = await startLiveService({ keys, logins: { store: createMemoryLoginStore() } })
  t.teardown(() => service.app.close())
  const { headers, loginId } = await signIn(service.url, 'session', 'ada')
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}/socket`, { headers })
  const closed = once(socket, 'close')
  await once(socket, 'open')
  socket.send('before')
  await until(() => service.received.length === 1)
  // A client that does not read goes on to send.
  socket.pause()
  await service.logins.revoke(loginId)
  for (let count = 0; count < 10; count++) socket.send('after')
  socket.resume()
  t.equal((await closed)[0], 4401)
  t.same(service.received, ['before'])
})

t.test('a WebSocket whose client never answers is disconnected', async (t) => {
  const service = await startLiveService({ keys, logins: { store: createMemoryLoginStore() } })
  t.teardown(() => service.app.close())
  const { headers, loginId } = await signIn(service.url, 'session', 'ada')
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}/socket`, { headers })
  await once(socket, 'open')
  socket.pause()
  await service.logins.revoke(loginId)
  await until(() => service.app.websocketServer.clients.size === 0)
  t.pass('without a close frame of the client')
  socket.terminate()
})

t.test('the logins of a service without a shared store end their connections too', async (t) => {
  const service = await startLiveService({ keys, logins: { store: createMemoryLoginStore() } })
  t.teardown(() => service.app.close())
  const { headers } = await signIn(service.url, 'session', 'ada')
  const open = await openAll([service], headers)
  await post(`${service.url}/session/logout`, headers)
  await allClosed(open)
  t.same(ends(open), ['signed-out'])
})

t.test('C19: a page of another site opens no WebSocket with the cookie of its visitor', async (t) => {
  const service = await startLiveService({ keys, logins: { store: createMemoryLoginStore() } })
  t.teardown(() => service.app.close())
  const { headers } = await signIn(service.url, 'session', 'ada')
  const token = await signIn(service.url, 'token', 'ada')
  const from = (origin: string, credential: Headers) => open('socket', service.url, { ...credential, origin })
  for (const origin of [
    'https://evil.example',
    'null',
    `${service.url}0`,
    service.url.replace('http', 'https')
  ])
    await t.rejects(from(origin, headers), { message: 'the status is 403' }, origin)
  await t.resolves(from(service.url, headers))
  await t.resolves(from('https://app.example', token.headers), 'no browser adds a token by itself')
})
