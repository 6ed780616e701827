import { EventEmitter } from 'node:events'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { bridge, closeOnAbort, endOnAbort, principalOf } from '@drawbridge/bridge'
import { keyAuth } from '@drawbridge/key-auth'
import { createLogins, type Logins, type LoginsOptions } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { type SigningKey, tokenAuth } from '@drawbridge/token-auth'
import { fastifySSE } from '@fastify/sse'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'

export interface LiveServiceOptions {
  readonly keys: readonly SigningKey[]
  readonly logins: LoginsOptions
  /** How often each connection gets a message with the time at which it is sent, ms. */
  readonly beatMs?: number
}

export interface LiveService {
  readonly app: FastifyInstance
  readonly logins: Logins
  readonly url: string
  /** The messages that were handled. */
  readonly received: readonly string[]
}

const SECRET = 'a root secret for tests, 0123456789'
/** Whoever asks is signed in: these tests are of what comes afterwards. */
const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }

/** A service with connections that end with their login: WebSockets, and event streams of three kinds. */
export async function startLiveService({
  keys,
  beatMs = 50,
  ...options
}: LiveServiceOptions): Promise<LiveService> {
  const logins = createLogins(options.logins)
  const app = Fastify({ forceCloseConnections: true })
  const beats = new Beats(beatMs)
  const received: string[] = []
  app.addHook('preClose', async () => beats.stop())
  await app.register(websocket)
  await app.register(fastifySSE)
  await app.register(sessionAuth, { credentials, logins, secret: SECRET, cookie: { secure: false } })
  await app.register(tokenAuth, { credentials, logins, secret: SECRET, keys })
  await app.register(keyAuth, { logins, secret: SECRET })
  await app.register(bridge, { exchange: ['session-for-token'] })
  addSignIns(app, logins)
  addConnections(app, logins, beats, received)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { app, logins, url: `http://127.0.0.1:${port}`, received }
}

function addSignIns(app: FastifyInstance, logins: Logins): void {
  const userOf = ({ query }: FastifyRequest) => {
    const { user } = query as { readonly user: string }
    return { user: { id: user, username: user } }
  }
  app.post('/enter/session', (request, reply) =>
    app.sessionAuth.startSession(request, reply, userOf(request))
  )
  app.post('/enter/token', (request) => app.tokenAuth.issueTokens(request, userOf(request)))
  app.post('/enter/key', { onRequest: app.bridge.guard }, (request) =>
    app.keyAuth.create(request, { name: 'a key', scopes: [], expiresAt: Date.now() + 3_600_000 })
  )
  app.post('/revoke/:loginId', async (request) => {
    const { loginId } = request.params as { readonly loginId: string }
    return { wasActive: await logins.revoke(loginId) }
  })
  app.post('/revoke-user/:userId', async (request) => {
    const { userId } = request.params as { readonly userId: string }
    return { count: (await logins.revokeUser(userId)).revokedCount }
  })
  app.get('/ready', () => logins.ping().then(() => ({})))
  app.get('/open', async () => ({ open: logins.health().openConnections }))
  app.get('/me', { onRequest: app.bridge.guard }, (request) => principalOf(request))
}

function addConnections(app: FastifyInstance, logins: Logins, beats: Beats, received: string[]): void {
  const signedIn = { onRequest: app.bridge.guard }
  app.get('/socket', { ...signedIn, websocket: true }, (socket, request) => {
    const signal = logins.signalOf(principalOf(request), { until: socket })
    closeOnAbort(socket, signal)
    socket.on('message', (message: Buffer) => received.push(message.toString()))
    beats.on(signal, (beat) => socket.send(beat))
  })
  app.get('/stream', signedIn, (request, reply) => {
    const stream = new PassThrough()
    const signal = logins.signalOf(principalOf(request), { until: stream })
    endOnAbort(stream, signal)
    // Sends the head.
    stream.write(': open\n\n')
    beats.on(signal, (beat) => stream.write(`data: ${beat}\n\n`))
    return reply.type('text/event-stream').send(stream)
  })
  app.get('/raw', signedIn, (request, reply) => {
    const signal = logins.signalOf(principalOf(request), { until: reply.raw })
    signal.throwIfAborted()
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
    endOnAbort(reply.raw, signal)
    beats.on(signal, (beat) => reply.raw.write(`data: ${beat}\n\n`))
  })
  app.get('/sse', { ...signedIn, sse: 'only' }, async (request, reply) => {
    const signal = logins.signalOf(principalOf(request), { until: reply.raw })
    signal.throwIfAborted()
    reply.sse.keepAlive()
    reply.sse.sendHeaders()
    endOnAbort(reply.raw, signal)
    beats.on(signal, (beat) => void reply.sse.send({ data: Number(beat) }))
  })
}

/** Sends the time to all. One that is late itself is left out: a process that was stopped serves nobody in that time. */
class Beats {
  readonly #emitter = new EventEmitter().setMaxListeners(0)
  readonly #timer: NodeJS.Timeout
  #beatAt = performance.now()

  constructor(everyMs: number) {
    this.#timer = setInterval(() => {
      const lateMs = performance.now() - this.#beatAt - everyMs
      this.#beatAt = performance.now()
      if (lateMs < 500) this.#emitter.emit('beat', String(Date.now()))
    }, everyMs)
  }

  on(signal: AbortSignal, listener: (beat: string) => void): void {
    if (signal.aborted) return
    this.#emitter.on('beat', listener)
    signal.addEventListener('abort', () => this.#emitter.off('beat', listener), { once: true })
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
