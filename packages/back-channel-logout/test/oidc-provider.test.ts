import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLogins } from '@drawbridge/logins'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { sessionAuth } from '@drawbridge/session-auth'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { until } from '@drawbridge/test-support/until'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import Provider from 'oidc-provider'
import t, { type Test } from 'tap'
import { backChannelLogout } from '../src/index.ts'
import { createRedisProviderSessions } from '../src/redis/index.ts'

const SECRET = 'a root secret for tests, 0123456789'
const CLIENT = { client_id: 'our-client', client_secret: 'a secret of the client' }
const keys = [generateSigningKey()]
/** Far above what anything takes here, so that a busy machine fails nothing. */
const LONG_MS = 15_000

/** The cookies of one host in a browser. */
type Jar = Map<string, string>

/** One request of a browser; what it is redirected to is for the caller. */
async function visit(jar: Jar, url: string, init: Omit<RequestInit, 'headers'> = {}) {
  const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
  const response = await fetch(url, { redirect: 'manual', ...init, headers: { cookie } })
  for (const line of response.headers.getSetCookie()) {
    const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s)
    if (/expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) jar.delete(name)
    else jar.set(name, value)
  }
  return response
}

/** A node of a service, whose users sign in at the provider. */
async function openNode(t: Test, port: number, issuer: string) {
  const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true })
  const feed = createRedisFeed({ redis, publishTimeoutMs: LONG_MS, maxStalenessMs: LONG_MS })
  const store = createRedisLoginStore({ redis, commandTimeoutMs: LONG_MS })
  const logins = createLogins({ store, feed })
  const app = Fastify()
  t.teardown(async () => {
    await app.close()
    await store.close()
    redis.disconnect()
  })
  const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }
  const common = { credentials, logins, secret: SECRET }
  await app.register(sessionAuth, { ...common, cookie: { secure: false } })
  await app.register(tokenAuth, { ...common, keys })
  await app.register(backChannelLogout, {
    logins,
    providers: [
      {
        issuer,
        clientId: CLIENT.client_id,
        keys: `${issuer}/jwks`,
        algorithms: ['ES256'],
        userOf: (sub) => sub
      }
    ],
    sessions: createRedisProviderSessions({ redis, timeoutMs: LONG_MS })
  })
  const jwks = createRemoteJWKSet(new URL(`${issuer}/jwks`))
  app.get<{ Querystring: { code: string; carrier: string } }>('/callback', async (request, reply) => {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...CLIENT,
        grant_type: 'authorization_code',
        code: request.query.code,
        redirect_uri: `${url}/callback`
      })
    })
    const { id_token } = (await response.json()) as { id_token: string }
    const { payload } = await jwtVerify(id_token, jwks, { issuer, audience: CLIENT.client_id })
    const user = { id: payload.sub ?? '', username: payload.sub ?? '' }
    const claims = payload as { iss: string; sid?: string }
    const { loginId } = await app.sessionAuth.startSession(request, reply, { user })
    await app.backChannelLogout.link(loginId, claims)
    const tokens = await app.tokenAuth.issueTokens(request, { user })
    const ofToken = await app.tokenAuth.verify(tokens.token)
    if (ofToken.ok) await app.backChannelLogout.link(ofToken.principal.loginId, claims)
    return { token: tokens.token, id_token }
  })
  app.get('/by-cookie', { onRequest: app.sessionAuth.guard }, () => 'ok')
  app.get('/by-token', { onRequest: app.tokenAuth.guard }, () => 'ok')
  const url: string = await app.listen({ host: '127.0.0.1', port: 0 })
  await feed.renew(LONG_MS)
  return { url }
}

type Node = Awaited<ReturnType<typeof openNode>>

function createProvider(issuer: string, [one, two]: readonly [Node, Node], isSessionNamed: boolean) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return new Provider(issuer, {
    clients: [
      {
        ...CLIENT,
        redirect_uris: [`${one.url}/callback`, `${two.url}/callback`],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: 'ES256',
        backchannel_logout_uri: `${one.url}/backchannel-logout`,
        backchannel_logout_session_required: isSessionNamed
      }
    ],
    cookies: { keys: ['keys of the cookies of the provider'] },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true }
    },
    // Without its own dispatcher, which refuses loopback.
    fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined as never }),
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    pkce: { required: () => false }
  })
}

/** What the pages of a provider do: its user `ada` signs in, and consents. */
async function interact(provider: Provider, ...http: Parameters<Provider['interactionDetails']>) {
  const { params, prompt } = await provider.interactionDetails(...http)
  if (prompt.name === 'login') return provider.interactionFinished(...http, { login: { accountId: 'ada' } })
  const grant = new provider.Grant({ accountId: 'ada', clientId: String(params['client_id']) })
  grant.addOIDCScope(String(params['scope']))
  await provider.interactionFinished(...http, { consent: { grantId: await grant.save() } })
}

async function start(t: Test, isSessionNamed: boolean) {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const nodes = [await openNode(t, redis.port, issuer), await openNode(t, redis.port, issuer)] as const
  const provider = createProvider(issuer, nodes, isSessionNamed)
  const respond = provider.callback()
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') === true) void interact(provider, request, response)
    else void respond(request, response)
  })

  /** A device of the user, signed in there, and by it at a node of ours: by cookie, and by token. */
  const openDevice = async (node: Node) => {
    const there: Jar = new Map()
    const query = new URLSearchParams({
      client_id: CLIENT.client_id,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${node.url}/callback`
    })
    let next = `${issuer}/auth?${query.toString()}`
    while (!next.startsWith(node.url))
      next = new URL((await visit(there, next)).headers.get('location') ?? '', issuer).href
    const ours: Jar = new Map()
    const { token, id_token } = (await (await visit(ours, next)).json()) as {
      token: string
      id_token: string
    }
    const statuses = async () => {
      const found: number[] = []
      for (const { url } of nodes) {
        found.push((await visit(ours, `${url}/by-cookie`)).status)
        found.push((await fetch(`${url}/by-token`, { headers: { authorization: `Bearer ${token}` } })).status)
      }
      return found
    }
    /** Of the provider, by its own page. Resolves when it has told us. */
    const logOut = async () => {
      const page = await visit(there, `${issuer}/session/end?id_token_hint=${id_token}`)
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
      const told = once(provider, 'backchannel.success')
      await visit(there, `${issuer}/session/end/confirm`, {
        method: 'POST',
        body: new URLSearchParams({ xsrf, logout: 'yes' })
      })
      await told
    }
    return { statuses, logOut }
  }
  return { nodes, openDevice }
}

const all = (status: number) => [status, status, status, status]
const areAll = async (status: number, statuses: () => Promise<readonly number[]>) =>
  (await statuses()).every((each) => each === status)

t.test(
  'a log-out at oidc-provider ends the logins of that session on every node',
  { skip: skipWithoutRedis },
  async (t) => {
    const { nodes, openDevice } = await start(t, true)
    const [one, other] = [await openDevice(nodes[0]), await openDevice(nodes[1])]
    t.same([await one.statuses(), await other.statuses()], [all(200), all(200)])
    await one.logOut()
    await until(() => areAll(401, one.statuses))
    t.same(await other.statuses(), all(200), 'another device stays')
    await other.logOut()
    await until(() => areAll(401, other.statuses))
    t.same([await one.statuses(), await other.statuses()], [all(401), all(401)])
  }
)

t.test(
  'where oidc-provider names no session, all logins of the user end',
  { skip: skipWithoutRedis },
  async (t) => {
    const { nodes, openDevice } = await start(t, false)
    const [one, other] = [await openDevice(nodes[0]), await openDevice(nodes[1])]
    t.same([await one.statuses(), await other.statuses()], [all(200), all(200)])
    await one.logOut()
    for (const { statuses } of [one, other]) await until(() => areAll(401, statuses))
    t.same([await one.statuses(), await other.statuses()], [all(401), all(401)])
  }
)
