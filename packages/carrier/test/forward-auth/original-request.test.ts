import Fastify, { type FastifyRequest } from 'fastify'
import t from 'tap'
import { isForwarded } from '../../src/forward-auth/forwarded.ts'
import { createOriginalRequest } from '../../src/forward-auth/original-request.ts'
import { decoratePrincipal } from '../../src/request-principal.ts'

const PRINCIPAL = { username: 'ada' } as NonNullable<FastifyRequest['principal']>

/** A request of a proxy, and the one that it asks about. */
async function receive(headers: Readonly<Record<string, string>> = {}) {
  const app = Fastify({ trustProxy: 'loopback' })
  decoratePrincipal(app)
  app.decorateRequest('summary', {
    getter(this: FastifyRequest) {
      return `${this.method} ${this.host}`
    }
  })
  const requests: FastifyRequest[] = []
  app.get('/verify', { config: { drawbridge: { public: true } } }, async (request) => {
    requests.push(request)
    return {}
  })
  await app.inject({ url: '/verify', headers: { host: 'app.example', cookie: 'a=b', ...headers } })
  await app.close()
  const [request] = requests as [FastifyRequest]
  return { request, original: createOriginalRequest(request, { method: 'POST', uri: '/orders?a=b' }) }
}

t.test('method, URI and route are those of the original, and all else is of the request', async (t) => {
  const { request, original } = await receive({
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'b.example'
  })
  t.strictSame([original.method, original.originalUrl], ['POST', '/orders?a=b'])
  t.not(original.routeOptions.config?.drawbridge?.public, true)
  t.strictSame([request.method, request.originalUrl], ['GET', '/verify'])
  t.equal(original.headers, request.headers)
  t.strictSame([original.protocol, original.host, original.ip], ['https', 'b.example', '127.0.0.1'])
  t.match(original, { summary: 'POST b.example' }, 'getters of plugins too')
  t.equal(original.raw, request.raw)
  t.ok(isForwarded(original))
  t.notOk(isForwarded(request))
})

t.test('what a guard finds is of the original alone', async (t) => {
  const { request, original } = await receive()
  request.principal = PRINCIPAL
  t.equal(original.principal, null)
  const found = { ...PRINCIPAL, username: 'bob' }
  original.principal = found
  t.equal(original.principal, found)
  t.equal(request.principal, PRINCIPAL)
})

t.test('what else is written is of the request too', async (t) => {
  const { request, original } = await receive()
  Object.assign(original, { noted: 'by a hook' })
  t.match(request, { noted: 'by a hook' })
})

t.test('a handshake has an upgrade, and nothing else has', async (t) => {
  for (const headers of [{ 'sec-websocket-version': '13' }, { 'sec-websocket-key': 'x' }] as const) {
    const { request, original } = await receive(headers as unknown as Record<string, string>)
    t.equal(original.headers.upgrade, 'websocket')
    t.equal(original.headers.cookie, 'a=b')
    t.equal(request.headers.upgrade, undefined)
  }
  t.equal((await receive({ upgrade: 'h2c' })).original.headers.upgrade, 'h2c')
  t.equal((await receive({ 'sec-fetch-mode': 'navigate' })).original.headers.upgrade, undefined)
})
