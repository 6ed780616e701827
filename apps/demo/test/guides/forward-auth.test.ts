import { bridge, forwardAuth, type ForwardAuthProxy } from '@drawbridge/bridge'
import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { keyAuth } from '@drawbridge/key-auth'
import { createLogins, createMemoryLoginStore, type LoginsOptions } from '@drawbridge/logins'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { createTestLogins } from '@drawbridge/logins/testing'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import { skipWithoutNginx, startNginx } from '@drawbridge/test-support/servers/nginx'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { TcpProxy } from '@drawbridge/test-support/servers/tcp-proxy'
import { until } from '@drawbridge/test-support/until'
import Fastify, { type FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { request, type RequestOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { parseBlocks } from '../../../../scripts/docs/blocks.ts'
import { createCertificate } from '../create-certificate.ts'
import { makeDataDir } from '../start-demo.ts'

const blocksOf = (guide: string, language: string) =>
  parseBlocks(guide, readFileSync(new URL(`../../../../${guide}`, import.meta.url), 'utf8'))
    .filter((block) => block.language === language)
    .map(({ text }) => text)

const [server = ''] = blocksOf('docs/guides/production.md', 'nginx')
const [locations = ''] = blocksOf('docs/guides/forward-auth.md', 'nginx')
const [traefik = '', envoy = ''] = blocksOf('docs/guides/forward-auth.md', 'yaml')

const account = { username: 'ada', password: 'correct horse battery staple' }
const SECRET = 'a root secret for tests: 0123456789'
const keys = [generateSigningKey()]
const credentials = createCredentials({
  users: createMemoryUserStore(),
  hashing: { memoryKiB: 1024, passes: 1 }
})
const registered = credentials.register(account)

type Headers = Readonly<Record<string, string>>

/** A node of the sign-in service of the guide. */
async function createNode(t: Test, logins: ReturnType<typeof createLogins>, proxy: ForwardAuthProxy) {
  await registered
  const app = Fastify({ trustProxy: 'loopback' })
  t.teardown(() => app.close())
  await app.register(sessionAuth, { credentials, logins, secret: SECRET })
  await app.register(tokenAuth, { credentials, logins, secret: SECRET, keys })
  await app.register(keyAuth, { logins, secret: SECRET })
  await app.register(bridge)
  await app.register(forwardAuth, { guard: app.bridge.guard, proxy })
  const guard = app.bridge.guard({ scopes: ['admin'] })
  await app.register(forwardAuth, { guard, proxy, path: '/verify/admin' })
  await app.ready()
  return app
}

/** Signs in by each carrier at a node. @returns the headers of later requests. */
async function signIn(app: FastifyInstance) {
  const post = async (url: string) => {
    const response = await app.inject({ method: 'POST', url, payload: account })
    if (response.statusCode !== 200) throw new Error(`${url}: ${response.body}`)
    return response
  }
  const cookie = (await post('/session/login')).cookies
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
  const { access_token: token } = (await post('/token/login')).json<{ access_token: string }>()
  const { headers } = await app.inject({ url: '/verify', headers: toQuestion({ cookie }) })
  const userId = String(headers['x-user-id'])
  const expiresAt = Date.now() + 3_600_000
  const input = { name: 'a program', scopes: [], expiresAt }
  const key = await app.keyAuth.createFor({ id: userId, username: account.username }, input)
  return {
    userId,
    byCookie: { cookie } as Headers,
    byToken: { authorization: `Bearer ${token}` } as Headers,
    byKey: { authorization: `Bearer ${key.token}` } as Headers,
    keyId: key.id
  }
}

/** As any of the three proxies asks about a GET. */
const toQuestion = (headers: Headers): Headers => ({
  ...headers,
  'x-original-method': 'GET',
  'x-forwarded-method': 'GET'
})

async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

/** What the protected service has got. */
interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A service that knows nothing of Drawbridge: it responds with the request that it got. */
async function startProtected(t: Test) {
  const seen: Seen[] = []
  const respond = async (received: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = received
    let body = ''
    for await (const chunk of received) body += String(chunk)
    seen.push({ method, url, headers, body })
    response.writeHead(url.endsWith('/fault') ? 500 : 200).end(JSON.stringify({ method, url, headers, body }))
  }
  const service = createServer((received, response) => void respond(received, response))
  service.on('upgrade', ({ method = '', url = '', headers }, socket) => {
    seen.push({ method, url, headers, body: '' })
    socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  })
  await once(service.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => service.close())
  return { port: (service.address() as AddressInfo).port, seen }
}

/** A text of the guide with what differs here; each must be in it. */
function replaceAll(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((replaced, [from, to]) => {
    if (!replaced.includes(from)) throw new Error(`the guide has no ${from}`)
    return replaced.replaceAll(from, to)
  }, text)
}

interface Ports {
  readonly signIn: number
  readonly reports: number
}

/** nginx with the locations of the guide, in the server of production.md. @param changes of them. */
async function startProxy(t: Test, ports: Ports, changes: Readonly<Record<string, string>> = {}) {
  const { key, cert } = createCertificate(await makeDataDir(t))
  const complete = server.replace(/\}\s*$/, `${replaceAll(locations, changes)}\n}\n`)
  const port = await startNginx(t, (at) =>
    replaceAll(complete, {
      'http://127.0.0.1:3000': `http://127.0.0.1:${ports.signIn}`,
      'http://127.0.0.1:4000': `http://127.0.0.1:${ports.reports}`,
      'listen 443': `listen 127.0.0.1:${at}`,
      '/etc/ssl/app.example.pem': cert,
      '/etc/ssl/app.example.key': key
    })
  )
  const ca = readFileSync(cert)
  const begin = (options: RequestOptions) =>
    request({ host: 'localhost', port, path: '/reports/7?page=2', ca, agent: false, ...options })
  const send = async (options: RequestOptions = {}, body?: string) => {
    const sent = begin(options)
    sent.end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    let text = ''
    for await (const chunk of response) text += String(chunk)
    return { status: response.statusCode, headers: response.headers, text }
  }
  /** The status of the response to a handshake of a WebSocket. */
  const shakeHands = async (headers: Headers) => {
    const handshake = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13'
    }
    const sent = begin({ headers: { ...handshake, ...headers } })
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve).once('upgrade', resolve).once('error', reject)
      sent.end()
    })
    response.destroy()
    return response.statusCode
  }
  return { send, shakeHands, origin: `https://localhost:${port}` }
}

/** The sign-in service, a protected one, and nginx in front of both. */
async function startAll(t: Test, options: LoginsOptions = { store: createMemoryLoginStore() }) {
  const app = await createNode(t, createLogins(options), 'nginx')
  const { port: reports, seen } = await startProtected(t)
  const ports = { signIn: await listen(app), reports }
  return { app, ports, seen, ...(await signIn(app)), ...(await startProxy(t, ports)) }
}

t.test(
  'nginx lets in whoever is signed in, by cookie, token or key',
  { skip: skipWithoutNginx },
  async (t) => {
    const { app, send, seen, userId, byCookie, byToken, byKey, keyId } = await startAll(t)
    for (const headers of [byCookie, byToken, byKey]) {
      const { status, text } = await send({ headers: { ...headers, accept: 'a/b' } })
      t.equal(status, 200)
      const got = JSON.parse(text) as Seen
      t.match(got, { method: 'GET', url: '/reports/7?page=2', headers: { accept: 'a/b' } })
      t.match(got.headers, { 'x-user-id': userId, 'x-user-name': 'ada' })
      t.notOk('cookie' in got.headers || 'authorization' in got.headers, 'no credential goes further')
    }
    t.equal(seen.length, 3)
    const revoked = [byCookie, byToken, byKey]
    await app.inject({ method: 'POST', url: '/session/logout', headers: byCookie })
    await app.inject({ method: 'POST', url: '/token/logout', headers: byToken })
    await app.keyAuth.revoke(userId, keyId, { by: 'user' })
    for (const headers of [{}, ...revoked, { authorization: 'Bearer x' }, { cookie: 'a=b' }]) {
      const response = await send({ headers })
      t.equal(response.status, 401)
      t.match(response.headers['www-authenticate'], /^Bearer realm="drawbridge"/)
    }
    t.equal(seen.length, 3, 'none of these reaches the protected service')
    t.equal((await send({ path: '/verify', headers: byCookie })).status, 404, 'nobody else asks')
  }
)

t.test('nginx refuses what a page of another site sends', { skip: skipWithoutNginx }, async (t) => {
  const { send, shakeHands, seen, origin, byCookie, byToken } = await startAll(t)
  const post = (headers: Headers) => send({ method: 'POST', headers }, 'a body')
  const refused = [
    { ...byCookie, origin: 'https://evil.example' },
    { ...byCookie, 'sec-fetch-site': 'cross-site' },
    { ...byCookie, origin: origin.replace(/\d+$/, '1') },
    byCookie,
    // G07 the client names a method itself.
    { ...byCookie, origin: 'https://evil.example', 'x-original-method': 'GET', 'X-Original-Method': 'GET' }
  ]
  for (const headers of refused) t.equal((await post(headers)).status, 403, JSON.stringify(headers))
  t.equal(await shakeHands({ ...byCookie, origin: 'https://evil.example' }), 403, 'a WebSocket')
  t.equal(await shakeHands({ origin }), 401)
  t.strictSame(seen, [])
  for (const headers of [
    { ...byCookie, origin },
    { ...byCookie, 'sec-fetch-site': 'same-origin' },
    byToken
  ]) {
    const { status, text } = await post(headers as Headers)
    t.equal(status, 200)
    t.match(JSON.parse(text), { method: 'POST', body: 'a body' })
  }
  t.equal(await shakeHands({ ...byCookie, origin }), 101)
})

t.test(
  'G05 G07 what a client says of the user, or of its method, does not count',
  { skip: skipWithoutNginx },
  async (t) => {
    const { send, userId, byCookie, seen } = await startAll(t)
    const lies = {
      'x-user-id': '0',
      'x-user-name': 'root',
      'X-User-Scopes': 'admin',
      'x-original-method': 'GET',
      'x-original-uri': '/',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'evil.example'
    }
    const { status, text } = await send({ headers: { ...byCookie, ...lies } })
    t.equal(status, 200)
    const { headers } = JSON.parse(text) as Seen
    t.match(headers, { 'x-user-id': userId, 'x-user-name': 'ada' })
    t.notOk('x-user-scopes' in headers, 'an empty one is none')
    const post = { method: 'POST', headers: { ...byCookie, ...lies, origin: 'https://evil.example' } }
    t.equal((await send(post)).status, 403)
    t.equal(seen.length, 1)
  }
)

t.test('nginx passes on what a scope is missing for', { skip: skipWithoutNginx }, async (t) => {
  const { ports, byToken, byCookie } = await startAll(t)
  const { send } = await startProxy(t, ports, { 'auth_request /verify;': 'auth_request /verify/admin;' })
  for (const headers of [byToken, byCookie]) {
    const response = await send({ headers })
    t.equal(response.status, 403)
    t.match(response.headers['www-authenticate'], 'error="insufficient_scope", scope="admin"')
  }
  t.equal((await send()).status, 401)
})

t.test(
  'what contradicts itself is a 400, and a fault of the service stays one',
  { skip: skipWithoutNginx },
  async (t) => {
    const { app, send, byCookie, byToken } = await startAll(t)
    await credentials.register({ ...account, username: 'bob' })
    const login = await app.inject({
      method: 'POST',
      url: '/token/login',
      payload: { ...account, username: 'bob' }
    })
    const { access_token: token } = login.json<{ access_token: string }>()
    const both = { ...byCookie, authorization: `Bearer ${token}` }
    t.equal((await send({ headers: both })).status, 400)
    const fault = await send({ path: '/reports/fault', headers: byToken })
    t.equal(fault.status, 500)
    t.equal((JSON.parse(fault.text) as Seen).url, '/reports/fault')
    await app.close()
    const response = await send({ headers: byCookie })
    t.strictSame([response.status, response.headers['retry-after']], [503, '1'], 'nobody responds')
  }
)

t.test(
  'a log-out on another node is heard within the bound, and an outage of Redis is no 401',
  { skip: skipWithoutNginx || !skipWithoutRedis ? skipWithoutNginx : skipWithoutRedis },
  async (t) => {
    const redisServer = await startRedis()
    t.teardown(() => redisServer.stop())
    const link = await TcpProxy.start(redisServer.port)
    t.teardown(() => link.close())
    const stores = (port: number): LoginsOptions => {
      const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true })
      return { store: createRedisLoginStore({ redis }), feed: createRedisFeed({ redis }) }
    }
    const behind = await startAll(t, stores(link.port))
    const other = await createNode(t, createLogins(stores(redisServer.port)), 'nginx')
    const { send, byCookie, byToken } = behind
    const statusOf = async (headers: Headers) => (await send({ headers })).status

    for (const [headers, url] of [
      [byCookie, '/session/logout'],
      [byToken, '/token/logout']
    ] as const) {
      t.equal(await statusOf(headers), 200)
      t.equal((await other.inject({ method: 'POST', url, headers })).statusCode, 200)
      const loggedOutAt = Date.now()
      let lastSentAt = 0
      await until(async () => {
        const sentAt = Date.now()
        const status = await statusOf(headers)
        if (status === 200) lastSentAt = sentAt
        return status === 401
      })
      t.ok(lastSentAt - loggedOutAt <= 1000, `served until ${lastSentAt - loggedOutAt} ms after the log-out`)
    }

    const again = await signIn(behind.app)
    t.equal(await statusOf(again.byCookie), 200)
    await link.cut()
    const seen = new Set<number | undefined>()
    const untilStatus = (wanted: number) =>
      until(async () => {
        const statuses = [await statusOf(again.byCookie), await statusOf(again.byToken)]
        for (const status of statuses) seen.add(status)
        return statuses.every((status) => status === wanted)
      })
    await untilStatus(503)
    const response = await send({ headers: again.byToken })
    t.strictSame([response.status, response.headers['retry-after']], [503, '1'])
    await link.resume()
    await untilStatus(200)
    t.strictSame(seen, new Set([200, 503]))
  }
)

/** The items below a key of a YAML text: those of `- exact: x`, or of `- x`. */
function listBelow(yaml: string, key: string): readonly string[] {
  const [, indent = '', rest = ''] = new RegExp(`^( *)${key}:\\n(.*)`, 'ms').exec(yaml) ?? []
  const lines = rest.split('\n')
  const end = lines.findIndex((line) => !line.startsWith(`${indent} `))
  return lines.slice(0, end).flatMap((line) => /^ *- (?:exact: )?(\S+)$/.exec(line)?.[1]?.toLowerCase() ?? [])
}

/** The value of a key of a YAML text. */
function valueOf(yaml: string, key: string): string {
  const value = new RegExp(`^ *${key}: (\\S+)$`, 'm').exec(yaml)?.[1]
  if (value === undefined) throw new Error(`the guide has no ${key}`)
  return value
}

interface Sent {
  readonly method?: string
  readonly uri?: string
  readonly headers?: Headers
}

/** What a proxy does: the status that the client gets, or the headers that the protected service gets. */
type Decision = { readonly status: number } | { readonly forwarded: Headers }
type Decide = (app: FastifyInstance, sent: Required<Sent>) => Promise<Decision>

const pick = (headers: IncomingHttpHeaders | object, names: readonly string[]): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name))) as Headers
const omit = (headers: Headers, names: readonly string[]): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))

/** By its documentation: hop-by-hop headers are not copied; the user's headers are removed, then set. */
const asTraefik: Decide = async (app, { method, uri, headers }) => {
  const names = listBelow(traefik, 'authResponseHeaders')
  const response = await app.inject({
    url: new URL(valueOf(traefik, 'address')).pathname,
    headers: {
      ...omit(headers, ['connection', 'upgrade']),
      host: '127.0.0.1:3000',
      'x-forwarded-method': method,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'app.example',
      'x-forwarded-uri': uri
    }
  })
  if (response.statusCode < 200 || response.statusCode > 299) return { status: response.statusCode }
  return { forwarded: { ...omit(headers, names), ...pick(response.headers, names) } }
}

const STATUS: Readonly<Record<string, number>> = { ServiceUnavailable: 503, Forbidden: 403 }

/** By its documentation: what is listed, `Host` and `Authorization`; 200 alone is a yes, 5xx an error. */
const asEnvoy: Decide = async (app, { method, uri, headers }) => {
  const { statusCode, headers: answer } = await app.inject({
    method: method as 'GET',
    url: valueOf(envoy, 'path_prefix') + uri,
    headers: {
      ...pick({ ...headers, 'x-forwarded-proto': 'https' }, [
        'authorization',
        ...listBelow(envoy, 'allowed_headers')
      ]),
      host: 'app.example',
      'content-length': '0'
    }
  })
  if (statusCode >= 500) return { status: STATUS[valueOf(envoy, 'code')] ?? 0 }
  if (statusCode !== 200) return { status: statusCode }
  return { forwarded: { ...headers, ...pick(answer, listBelow(envoy, 'allowed_upstream_headers')) } }
}

for (const [proxy, decide] of [
  ['traefik', asTraefik],
  ['envoy', asEnvoy]
] as const) {
  t.test(`${proxy}, by what its configuration in the guide passes on`, async (t) => {
    const outage = createTestLogins()
    const app = await createNode(t, outage.logins, proxy)
    const { userId, byCookie, byToken, byKey } = await signIn(app)
    const send = ({ method = 'GET', uri = '/reports/7?page=2', headers = {} }: Sent) =>
      decide(app, { method, uri, headers })
    const origin = 'https://app.example'
    const lies = { 'x-user-id': '0', 'x-user-name': 'root', 'x-user-scopes': 'admin' }
    const user = { 'x-user-id': userId, 'x-user-name': 'ada', 'x-user-scopes': '' }
    for (const headers of [byCookie, byToken, byKey])
      t.match(await send({ headers: { ...headers, ...lies } }), { forwarded: user })
    t.match(await send({ headers: lies }), { status: 401 })
    const post = (headers: Headers) => send({ method: 'POST', headers })
    t.match(await post({ ...byCookie, origin: 'https://evil.example' }), { status: 403 })
    t.match(await post({ ...byCookie, 'sec-fetch-site': 'cross-site' }), { status: 403 })
    t.match(await post({ ...byCookie, origin }), { forwarded: user })
    t.match(await post({ ...byCookie, 'sec-fetch-site': 'same-origin' }), { forwarded: user })
    t.match(await post(byToken), { forwarded: user })
    const handshake = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    t.match(await send({ headers: { ...byCookie, ...handshake, origin: 'https://evil.example' } }), {
      status: 403
    })
    t.match(await send({ headers: { ...byCookie, ...handshake, origin } }), { forwarded: user })
    outage.makeStale()
    outage.storeDown()
    for (const headers of [byCookie, byToken]) t.match(await send({ headers }), { status: 503 })
  })
}
