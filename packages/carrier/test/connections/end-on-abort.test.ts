import { InactiveLoginError } from '@drawbridge/logins'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { endOnAbort } from '../../src/connections/end-on-abort.ts'

/** A response that is open, and what its client gets. */
async function openResponse(t: Test) {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n')
  const [incoming] = (await once(request, 'response')) as [IncomingMessage]
  return { response, incoming }
}

const text = async (incoming: IncomingMessage) => (await incoming.setEncoding('utf8').toArray()).join('')

t.test('an event stream ends with an event that says why', async (t) => {
  for (const code of ['DRAWBRIDGE_LOGIN_REVOKED', 'DRAWBRIDGE_LOGIN_UNCONFIRMED'] as const) {
    const { response, incoming } = await openResponse(t)
    const controller = new AbortController()
    endOnAbort(response, controller.signal)
    response.write('data: second\n\n')
    controller.abort(new InactiveLoginError(code))
    t.equal(await text(incoming), `data: first\n\ndata: second\n\nevent: end\ndata: {"code":"${code}"}\n\n`)
  }
})

t.test(
  'a signal that has aborted already ends it at once, and one of another kind without an event',
  async (t) => {
    const { response, incoming } = await openResponse(t)
    endOnAbort(response, AbortSignal.abort())
    t.equal(await text(incoming), 'data: first\n\n')
  }
)

t.test('one more write of the handler is no uncaught error', async (t) => {
  const { response, incoming } = await openResponse(t)
  endOnAbort(response, AbortSignal.abort(new InactiveLoginError('DRAWBRIDGE_LOGIN_EXPIRED')))
  response.write('data: late\n\n')
  t.match(await text(incoming), /"DRAWBRIDGE_LOGIN_EXPIRED"\}\n\n$/)
})

t.test('a client that does not read is disconnected', async (t) => {
  const stream = new PassThrough({ highWaterMark: 1 })
  // As the socket of a client does, this holds the process.
  const socket = setInterval(() => {}, 1000)
  t.teardown(() => clearInterval(socket))
  const controller = new AbortController()
  endOnAbort(stream, controller.signal)
  stream.write('data: unread\n\n')
  controller.abort(new InactiveLoginError('DRAWBRIDGE_LOGIN_REVOKED'))
  await once(stream, 'close')
  t.equal(stream.destroyed, true)
})

t.test('a stream that is closed already is left alone', async (t) => {
  const stream = new PassThrough().destroy()
  await once(stream, 'close')
  endOnAbort(stream, AbortSignal.abort())
  t.same([stream.listenerCount('error'), stream.listenerCount('close')], [0, 0])
})
