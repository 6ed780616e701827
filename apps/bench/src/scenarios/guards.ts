import { bridge, type GuardHook } from '@drawbridge/bridge'
import { keyAuth } from '@drawbridge/key-auth'
import { sessionAuth } from '@drawbridge/session-auth'
import { startTelemetry } from '@drawbridge/telemetry'
import { generateSigningKey, tokenAuth, type TokenResponse } from '@drawbridge/token-auth'
import { verifier } from '@drawbridge/verifier'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import type { Scenario, Setting } from '../harness/server.ts'
import { createAdoptedLogin } from './adopted-guard.ts'
import { createBenchCredentials, createBenchLogins, userAt } from './bench-logins.ts'
import { createConnections } from './connections.ts'
import { SECRET, toCookieHeader, USER_AGENT } from './greeting.ts'
import { createIssuer } from './verifier-guard.ts'

/** Long enough that a call takes what it takes once it is compiled, short enough that rounds alternate. */
const CALLS = 100_000

/** A response that a guard sets headers of; nothing is sent. */
const REPLY = {
  getHeader: () => undefined,
  header: () => REPLY,
  sent: false
} as unknown as FastifyReply

/** What a browser sends besides the credential. */
const BROWSER_HEADERS = {
  'user-agent': USER_AGENT,
  accept: 'application/json',
  'accept-language': 'en-US,en;q=0.9',
  'accept-encoding': 'gzip, deflate, br, zstd',
  'sec-ch-ua-platform': '"Linux"',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  referer: 'http://localhost:3000/'
}

/** The guards alone, called as Fastify calls them, with requests of credentials that were seen before. */
export const guards: Scenario = async (setting) => {
  const [logins, credentials] = await Promise.all([
    createBenchLogins(setting),
    createBenchCredentials(setting)
  ])
  const app = Fastify()
  await app.register(sessionAuth, { credentials, logins, secret: SECRET })
  await app.register(tokenAuth, { credentials, logins, secret: SECRET, keys: [generateSigningKey()] })
  await app.register(keyAuth, { logins, secret: SECRET })
  await app.register(bridge)
  let captured: FastifyRequest | undefined
  app.get('/', { onRequest: app.bridge.guard }, async (request) => {
    captured = request
    return {}
  })
  app.post('/session', async (request, reply) => {
    await app.sessionAuth.startSession(request, reply, { user: userAt(0) })
    return {}
  })
  app.post('/token', async (request) => app.tokenAuth.issueTokens(request, { user: userAt(1) }))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const post = (path: string) => app.inject({ method: 'POST', url: path })
  const cookie = toCookieHeader([(await post('/session')).headers['set-cookie'] ?? []].flat())
  const authorization = `Bearer ${(await post('/token')).json<TokenResponse>().token}`
  const key = await app.keyAuth.createFor(userAt(2), {
    name: 'bench',
    scopes: [],
    expiresAt: Date.now() + 3_600_000
  })
  /** A request whose credentials the node knows by now. */
  const capture = async (credential: Readonly<Record<string, string>>) => {
    const headers = { ...BROWSER_HEADERS, ...credential }
    for (let sent = 0; sent < 2; sent++) await app.inject({ url: '/', headers })
    if (captured === undefined) throw new Error('the request was rejected')
    return captured
  }
  const [bySession, byToken] = [await capture({ cookie }), await capture({ authorization })]
  const byBoth = await capture({ cookie, authorization })
  const byKey = await capture({ authorization: `Bearer ${key.token}` })
  const [moved, verified] = [await captureAdopted(setting), await captureVerified(setting)]
  const session = () => measure(app.sessionAuth.guard, bySession)
  const token = () => measure(app.tokenAuth.guard, byToken)
  /** The same calls in the same process, so that nothing but the telemetry differs. */
  const withTelemetry = (call: () => number) => () => {
    const telemetry = startTelemetry({ logins, credentials })
    if (telemetry.isActive) throw new Error('an SDK is registered')
    const ns = call()
    telemetry.stop()
    return ns
  }
  const calls: Calls = {
    session,
    'telemetry-session': withTelemetry(session),
    moved: () => measure(moved.guard, moved.request),
    'moved-native': () => measure(moved.guard, moved.native),
    'bridge-session': () => measure(app.bridge.guard, bySession),
    token,
    'telemetry-token': withTelemetry(token),
    verifier: () => measure(verified.guard, verified.request),
    'bridge-token': () => measure(app.bridge.guard, byToken),
    key: () => measure(app.keyAuth.guard, byKey),
    'bridge-key': () => measure(app.bridge.guard, byKey),
    'bridge-both': () => measure(app.bridge.guard, byBoth)
  }
  const connections = await createConnections(logins)
  return {
    url,
    requests: { method: 'GET', path: '/', place: 'cookie', values: [cookie] },
    methods: {
      /** ns of a call, one value for each. */
      measureGuards: async () => {
        const alone = measureEach(calls)
        await connections.open()
        // What opening them has left is not for the guards to collect; and after a collection the first calls find no warm caches.
        globalThis.gc?.()
        measureEach({ session, token })
        const beside = measureEach({ 'connections-session': session, 'connections-token': token })
        await connections.close()
        globalThis.gc?.()
        return { ...alone, ...beside }
      }
    }
  }
}

type Calls = Readonly<Record<string, () => number>>

const measureEach = (calls: Calls) =>
  Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, call()]))

/** A login that was adopted from another system, and one of a sign-in at the same service, with the guard of the same carrier. */
async function captureAdopted(setting: Setting) {
  let captured: FastifyRequest | undefined
  const { app, cookie, nativeCookie } = await createAdoptedLogin(setting, (request) => {
    captured = request
    return {}
  })
  const capture = async (presented: string) => {
    captured = undefined
    const headers = { ...BROWSER_HEADERS, cookie: presented }
    for (let sent = 0; sent < 3; sent++) await app.inject({ url: '/', headers })
    if (captured === undefined) throw new Error('the request was rejected')
    return captured
  }
  return {
    guard: app.sessionAuth.guard,
    request: await capture(cookie),
    native: await capture(nativeCookie)
  }
}

/** A token that a service verifies whose logins are elsewhere. */
async function captureVerified(setting: Setting) {
  const { verifierOptions, token } = await createIssuer(setting)
  const app = Fastify()
  await app.register(verifier, verifierOptions)
  let captured: FastifyRequest | undefined
  app.get('/', { onRequest: app.verifier.guard }, async (request) => {
    captured = request
    return {}
  })
  const headers = { ...BROWSER_HEADERS, authorization: `Bearer ${token}` }
  for (let sent = 0; sent < 2; sent++) await app.inject({ url: '/', headers })
  if (captured === undefined) throw new Error('the request was rejected')
  return { guard: app.verifier.guard, request: captured }
}

/** Each call has header strings of its own, as Node parses them: the hash of a string that was looked up before is known. */
function measure(guard: GuardHook, request: FastifyRequest): number {
  const { headers } = request.raw
  const credentials = (['authorization', 'cookie'] as const).flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [{ name, bytes: Buffer.from(value) }]
  })
  let accepted = 0
  const done = (error?: Error) => {
    if (error === undefined) accepted += 1
  }
  const start = process.hrtime.bigint()
  for (let call = 0; call < CALLS; call++) {
    for (const { name, bytes } of credentials) headers[name] = bytes.toString('latin1')
    guard(request, REPLY, done)
  }
  const ns = Number(process.hrtime.bigint() - start)
  if (accepted !== CALLS) throw new Error('a guard asked the store, or rejected a request')
  return ns / CALLS
}
