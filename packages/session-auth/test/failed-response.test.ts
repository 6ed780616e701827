import { once } from 'node:events'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { testFailedResponses } from '@drawbridge/test-support/carriers/failed-responses'
import { until } from '@drawbridge/test-support/until'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import t, { type Test } from 'tap'
import { session } from './carrier-under-test.ts'
import { cookieFrom, makeApp } from './make-app.ts'

testFailedResponses(session)

const user = { id: 'ada-1', username: 'ada' }

/** A service with a sign-in route of its own, `POST /enter`. */
async function withRoute(
  handler: (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
) {
  const test = await makeApp({ routes: (app) => void app.post('/enter', handler) })
  return {
    ...test,
    enter: (headers = {}) => test.app.inject({ method: 'POST', url: '/enter', headers }),
    count: async () => (await test.storeSpy.store.listByUser(user.id)).length
  }
}

t.test('where a route of the service fails after startSession, the session is taken back', async (t) => {
  const { enter, count } = await withRoute(async function (request, reply) {
    reply.header('set-cookie', ['theme=dark', 'lang=en'])
    await this.sessionAuth.startSession(request, reply, { user })
    throw new Error('the audit log is down')
  })
  const response = await enter()
  t.equal(response.statusCode, 500)
  t.strictSame(response.headers['set-cookie'], ['theme=dark', 'lang=en'], 'cookies of others stay')
  t.equal(await count(), 0)
})

t.test('a status that the route itself sends is no failure', async (t) => {
  const { enter, count } = await withRoute(async function (request, reply) {
    await this.sessionAuth.startSession(request, reply, { user })
    return reply.code(500).send({ ok: false })
  })
  t.ok(cookieFrom(await enter()).startsWith('__Host-'))
  t.equal(await count(), 1)
})

t.test('where the old session cannot be revoked, the new one is taken back', async (t) => {
  const { enter, count, storeSpy, app } = await withRoute(async function (request, reply) {
    return this.sessionAuth.startSession(request, reply, { user })
  })
  const cookie = cookieFrom(await enter())
  storeSpy.before('remove', () => Promise.reject(new Error('down')))
  const response = await enter({ cookie })
  t.strictSame([response.statusCode, response.headers['set-cookie']], [503, undefined])
  t.equal(await count(), 1)
  t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 200)
})

t.test(
  'where it cannot be taken back, the response is that of the failure, and the log says so',
  async (t) => {
    const lines: string[] = []
    const { app, storeSpy } = await makeApp({
      server: { logger: { stream: { write: (line: string) => lines.push(line) } } },
      routes: (app) =>
        void app.post('/enter', async (request, reply) => {
          await app.sessionAuth.startSession(request, reply, { user })
          throw Object.assign(new Error('no tea'), { statusCode: 418 })
        })
    })
    storeSpy.down.add('remove')
    const response = await app.inject({ method: 'POST', url: '/enter' })
    t.strictSame([response.statusCode, response.headers['set-cookie']], [418, undefined])
    t.match(lines.join(''), 'a login could not be revoked, although no client has it')
  }
)

t.test('a response without our headers has no session, and one that takes them has', async (t) => {
  const answer = (takesHeaders: boolean) =>
    withRoute(async function (request, reply) {
      await this.sessionAuth.startSession(request, reply, { user })
      reply.hijack()
      reply.raw.writeHead(200, takesHeaders ? (reply.getHeaders() as Record<string, string>) : {})
      reply.raw.end('ok')
    })
  const without = await answer(false)
  t.equal((await without.enter()).headers['set-cookie'], undefined)
  await until(async () => (await without.count()) === 0)
  const taken = await answer(true)
  const response = await taken.enter()
  t.ok(response.headers['set-cookie'])
  const me = await taken.app.inject({ url: '/me', headers: { cookie: cookieFrom(response) } })
  t.equal(me.statusCode, 200)
  t.equal(await taken.count(), 1)
})

t.test('a session that is started after the response is taken back', async (t) => {
  const { enter, count, storeSpy } = await withRoute(async function (request, reply) {
    reply.send({ ok: true })
    await this.sessionAuth.startSession(request, reply, { user })
    return reply
  })
  const removed = new Promise<void>((resolve) => storeSpy.after('remove', resolve))
  t.equal((await enter()).headers['set-cookie'], undefined)
  await removed
  t.equal(await count(), 0)
})

async function listenWithHttp2(t: Test) {
  const test = await makeApp({
    server: { http2: true } as never,
    routes: (app) =>
      void app.post('/enter', (request, reply) => app.sessionAuth.startSession(request, reply, { user }))
  })
  await test.app.listen({ port: 0, host: '127.0.0.1' })
  const client = http2.connect(`http://127.0.0.1:${(test.app.server.address() as AddressInfo).port}`)
  t.teardown(async () => {
    client.destroy()
    await test.app.close()
  })
  return { ...test, client, count: async () => (await test.storeSpy.store.listByUser(user.id)).length }
}

t.test(
  'over HTTP/2 a session that was sent stays, and one whose client has left is taken back',
  async (t) => {
    const { client, storeSpy, count } = await listenWithHttp2(t)
    const sent = client.request({ ':path': '/enter', ':method': 'POST' })
    sent.end()
    const [headers] = (await once(sent, 'response')) as [Record<string, unknown>]
    t.ok(headers['set-cookie'])
    await once(sent.resume(), 'close')
    t.equal(await count(), 1)
    const left = client.request({ ':path': '/enter', ':method': 'POST' })
    left.on('error', () => {})
    left.end()
    const removed = new Promise<void>((resolve) => storeSpy.after('remove', resolve))
    storeSpy.before('insert', async () => {
      left.close(http2.constants.NGHTTP2_CANCEL)
      await once(left, 'close')
      // A later request on the connection: the server has read that the first was cancelled.
      const ping = client.request({ ':path': '/me' })
      await once(ping.resume(), 'close')
    })
    await removed
    t.equal(await count(), 1)
  }
)
