import jwt from '@fastify/jwt'
import type { GuardHook } from '@drawbridge/bridge'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth, type TokenResponse } from '@drawbridge/token-auth'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Scenario } from '../harness/server.ts'
import { createBenchCredentials, createBenchLogins, userAt } from './bench-logins.ts'
import { newClaims } from './claims.ts'
import { SECRET, toCookieHeader } from './greeting.ts'

/** More than the cache stores: by the time one is presented again it has been evicted. */
const CREDENTIALS = 6000
const SETTING = { credentials: CREDENTIALS, cacheMaxEntries: 2000 }

/** A response that a guard sets headers of; nothing is sent. */
const REPLY = {
  getHeader: () => undefined,
  header: () => REPLY,
  sent: false
} as unknown as FastifyReply

type Header = 'authorization' | 'cookie'

/** A check of one request whose header is replaced for each call. */
type Check = (request: FastifyRequest) => unknown

/**
 * Guards alone, called as Fastify calls them with requests whose credentials were not seen before, and the `jwtVerify` of
 * @fastify/jwt with as many tokens.
 */
export const coldGuards: Scenario = async () => {
  const common = async () => {
    const [logins, credentials] = await Promise.all([
      createBenchLogins(SETTING),
      createBenchCredentials(SETTING)
    ])
    return { logins, credentials, secret: SECRET }
  }
  let minted = 0
  const sessions = await openService(async (app) => {
    // The longest lifetime, so that snapshots stay fresh for the whole run.
    await app.register(sessionAuth, { ...(await common()), snapshotSeconds: 3600 })
    app.post('/mint', async (request, reply) => {
      await app.sessionAuth.startSession(request, reply, { user: userAt((minted += 1)) })
      return {}
    })
  })
  const tokens = await openService(async (app) => {
    const keys = [generateSigningKey('HS256')]
    await app.register(tokenAuth, { ...(await common()), keys, accessTokenTtlSeconds: 3600 })
    app.post('/mint', (request) => app.tokenAuth.issueTokens(request, { user: userAt((minted += 1)) }))
  })
  const [peer, cachingPeer] = [await openPeer(false), await openPeer(SETTING.cacheMaxEntries)]
  const bearer = (text: string) => `Bearer ${(JSON.parse(text) as Pick<TokenResponse, 'token'>).token}`
  const bySnapshot = await mint(sessions, (_text, setCookie) => toCookieHeader(setCookie))
  const byToken = await mint(tokens, bearer)
  const byPeer = await mint(peer, bearer)
  const verify: Check = (request) => request.jwtVerify()
  const calls = {
    snapshot: () => measure(sessions.request, 'cookie', bySnapshot, pass(sessions.app.sessionAuth.guard)),
    token: () => measure(tokens.request, 'authorization', byToken, pass(tokens.app.tokenAuth.guard)),
    jwt: () => measure(peer.request, 'authorization', byPeer, verify),
    jwtCache: () => measure(cachingPeer.request, 'authorization', byPeer, verify)
  }
  return {
    url: sessions.url,
    requests: { method: 'GET', path: '/', place: 'cookie', values: [] },
    methods: {
      /** CPU µs of a call, one value for each. */
      measureColdGuards: async () => ({
        snapshot: await calls.snapshot(),
        token: await calls.token(),
        jwt: await calls.jwt(),
        jwtCache: await calls.jwtCache()
      })
    }
  }
}

/** @param cache off, or how many results it caches, as a guard of ours does. */
function openPeer(cache: false | number): Promise<Service> {
  return openService(async (app) => {
    await app.register(jwt, {
      secret: SECRET,
      sign: { algorithm: 'HS256', kid: 'b0f1nQ7Jx2mZ4h8t' },
      verify: { algorithms: ['HS256'], cache }
    })
    app.post('/mint', async () => ({ token: app.jwt.sign(newClaims()) }))
  })
}

interface Service {
  readonly app: FastifyInstance
  readonly url: string
  readonly request: FastifyRequest
}

async function openService(register: (app: FastifyInstance) => Promise<void>): Promise<Service> {
  const app = Fastify()
  await register(app)
  let captured: FastifyRequest | undefined
  app.get('/', async (request) => {
    captured = request
    return {}
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  await app.inject('/')
  if (captured === undefined) throw new Error('there was no request')
  return { app, url, request: captured }
}

/** Over HTTP: thousands of `inject` calls slow down garbage collection for the rest of the process. */
async function mint(
  { url }: Service,
  toValue: (text: string, setCookie: string[]) => string
): Promise<readonly Buffer[]> {
  const values: Buffer[] = []
  while (values.length < CREDENTIALS) {
    const response = await fetch(`${url}/mint`, { method: 'POST' })
    values.push(Buffer.from(toValue(await response.text(), response.headers.getSetCookie())))
  }
  return values
}

/** A guard of ours as a check: it answers at once, for it asks no store. */
function pass(guard: GuardHook): Check {
  return (request) => {
    let isAccepted = false
    guard(request, REPLY, (error) => (isAccepted = error === undefined))
    if (!isAccepted) throw new Error('a guard asked the store, or rejected a request')
  }
}

/** Each header is a string of its own, as the parser of Node makes it. */
async function measure(
  request: FastifyRequest,
  name: Header,
  values: readonly Buffer[],
  check: Check
): Promise<number> {
  const { raw } = request
  const before = process.cpuUsage()
  for (const bytes of values) {
    const value = bytes.toString('latin1')
    Object.assign(raw, { headers: { [name]: value }, rawHeaders: [name, value] })
    Object.assign(request, { principal: null })
    await check(request)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / values.length
}
