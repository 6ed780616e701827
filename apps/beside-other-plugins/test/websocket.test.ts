import { request as httpRequest } from 'node:http'
import { connect as connectHttp2, type Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'
import { createGuardedService } from './guarded-service.ts'

const PAGE = '<!doctype html><title>a page</title>'

/** A service that sends data over a WebSocket, registered before or after our plugins. */
async function serviceWithSocket(t: Test, order: 'ours first' | 'ours last', session = {}) {
  const socket = (app: FastifyInstance) => app.register(fastifyWebsocket)
  const service = await createGuardedService({
    // Plain http: a browser sends the cookie to every port of the host.
    session: { cookie: { secure: false }, ...session },
    before: async (app) => void (order === 'ours last' && (await socket(app))),
    routes: async (app) => {
      if (order === 'ours first') await socket(app)
      app.get('/data', { websocket: true, onRequest: app.sessionAuth.guard }, (socket, { principal }) => {
        socket.send(`data of ${principal?.username}`)
        socket.close()
      })
      const { requireSameOrigin } = app.sessionAuth
      app.get('/enter', { websocket: true, onRequest: requireSameOrigin }, (socket) => socket.close())
      app.get('/', async (_request, reply) => reply.type('text/html').send(PAGE))
    }
  })
  await service.app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => service.app.close())
  const { port } = service.app.server.address() as AddressInfo
  return { ...service, port }
}

/** The first message of the WebSocket, or `refused`. */
const READ = `(url) => new Promise((resolve) => {
  const socket = new WebSocket(url)
  socket.onmessage = ({ data }) => resolve(data)
  socket.onerror = () => resolve('refused')
})`

t.test('H2: a WebSocket in a browser', { skip: noBrowser }, async (t) => {
  const browser = await startBrowser(t)
  const elsewhere = Fastify()
  elsewhere.get('/', async (_request, reply) => reply.type('text/html').send(PAGE))
  await elsewhere.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => elsewhere.close())
  const other = `http://127.0.0.1:${(elsewhere.server.address() as AddressInfo).port}`

  for (const order of ['ours first', 'ours last'] as const) {
    const { port, byCookie } = await serviceWithSocket(t, order)
    const own = `http://127.0.0.1:${port}`
    const { cookie } = await byCookie()
    const [name = '', value = ''] = cookie.split(/=(.*)/s)
    const context = await browser.newContext()
    await context.addCookies([{ name, value, url: own, httpOnly: true, sameSite: 'Lax' }])
    const page = await context.newPage()
    const readFrom = async (origin: string) => {
      await page.goto(origin)
      return readBy(page, `ws://127.0.0.1:${port}/data`)
    }
    t.equal(await readFrom(other), 'refused', `${order}: a page of another port, of the same site`)
    t.equal(await readFrom(own), 'data of ada', `${order}: a page of our own`)
    await context.close()

    const trusting = await serviceWithSocket(t, order, { trustedOrigins: [other] })
    const trusted = await browser.newContext()
    const there = (await trusting.byCookie()).cookie.split(/=(.*)/s)
    await trusted.addCookies([{ name: there[0] ?? '', value: there[1] ?? '', url: other }])
    const trustedPage = await trusted.newPage()
    await trustedPage.goto(other)
    const read = await readBy(trustedPage, `ws://127.0.0.1:${trusting.port}/data`)
    t.equal(read, 'data of ada', `${order}: a page that is trusted`)
    await trusted.close()
  }
})

function readBy(page: Page, url: string): Promise<unknown> {
  return page.evaluate(`(${READ})(${JSON.stringify(url)})`)
}

/**
 * Refused: another response, or a closed connection, as @fastify/websocket may do before the whole response is sent.
 */
type Handshake = 'taken' | 'refused'

function handshake(port: number, path: string, headers: Record<string, string>): Promise<Handshake> {
  return new Promise((resolve) => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ=='
    }
    // A new connection each time: @fastify/websocket closes rejected ones.
    const agent = false
    const request = httpRequest({ host: '127.0.0.1', port, path, agent, headers: { ...upgrade, ...headers } })
    request.on('upgrade', (_response, socket) => {
      socket.destroy()
      resolve('taken')
    })
    request.on('response', (response) => {
      response.resume()
      resolve('refused')
    })
    request.on('error', () => resolve('refused')).end()
  })
}

t.test('H2: C19 a WebSocket needs our own or a trusted origin, as an unsafe method does', async (t) => {
  for (const order of ['ours first', 'ours last'] as const) {
    const { port, byCookie } = await serviceWithSocket(t, order)
    const headers = await byCookie()
    const own = `http://127.0.0.1:${port}`
    const cases: readonly (readonly [what: string, headers: Record<string, string>, response: Handshake])[] =
      [
        ['our page', { origin: own }, 'taken'],
        ['no browser', {}, 'taken'],
        ['another site', { origin: 'https://evil.example' }, 'refused'],
        ['another port', { origin: 'http://127.0.0.1:1' }, 'refused'],
        ['another scheme', { origin: `https://127.0.0.1:${port}` }, 'refused'],
        ['a sandboxed page', { origin: 'null' }, 'refused'],
        ['a sibling domain, with Sec-Fetch-Site', { origin: own, 'sec-fetch-site': 'same-site' }, 'refused']
      ]
    for (const [what, more, response] of cases) {
      for (const path of ['data', 'enter'])
        t.equal(await handshake(port, `/${path}`, { ...headers, ...more }), response, `${path}: ${what}`)
    }
    const strict = await serviceWithSocket(t, order, { rejectMissingOrigin: true })
    const known = await strict.byCookie()
    t.equal(await handshake(strict.port, '/data', known), 'refused', 'rejectMissingOrigin: neither header')
    const proven = { ...known, origin: `http://127.0.0.1:${strict.port}` }
    t.equal(await handshake(strict.port, '/data', proven), 'taken')
  }
})

t.test('H2: C19 a WebSocket over HTTP/2 is a CONNECT', async (t) => {
  const { app, byCookie } = await createGuardedService({
    server: { http2: true } as never,
    routes: (app) => {
      app.addHttpMethod('CONNECT')
      app.route({
        method: 'CONNECT' as never,
        url: '/data',
        onRequest: app.sessionAuth.guard,
        handler: async () => 'data'
      })
      // Required of servers of WebSockets over HTTP/2.
      const server = app.server as unknown as Http2Server
      server.updateSettings({ enableConnectProtocol: true })
      server.on('connect', (request, response) => app.routing(request as never, response as never))
    }
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const client = connectHttp2(`http://127.0.0.1:${port}`)
  t.teardown(() => client.close())
  await new Promise((resolve) => client.once('remoteSettings', resolve))
  const headers = await byCookie()
  const status = (origin: string) =>
    new Promise((resolve, reject) => {
      const stream = client.request({
        ':method': 'CONNECT',
        ':protocol': 'websocket',
        ':scheme': 'http',
        ':path': '/data',
        ':authority': `127.0.0.1:${port}`,
        origin,
        ...headers
      })
      stream.on('response', (response) => resolve(response[':status']))
      stream.on('error', reject)
      stream.resume()
    })
  t.equal(await status('https://evil.example'), 403)
  t.equal(await status(`http://127.0.0.1:${port}`), 200)
})
