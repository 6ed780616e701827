import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import t from 'tap'
import { parseSignalOptions } from '../../src/signals/signal-options.ts'

const parse = (options: unknown) => () => parseSignalOptions(options as never, 900)

t.test('the options of a signal name what is wrong', async (t) => {
  const until = new EventEmitter()
  const cases: ReadonlyArray<readonly [unknown, RegExp]> = [
    [undefined, /signalOf is missing/],
    [{}, /signalOf\.until is missing/],
    [{ until: null }, /signalOf\.until must be what closes: .* got null/],
    [{ until: { close() {} } }, /signalOf\.until must be what closes/],
    [{ until, expiresAt: '15m' }, /signalOf\.expiresAt must be ms since the epoch/],
    [{ until, countsAsUse: 'yes' }, /signalOf\.countsAsUse must be true or false/],
    [{ until, countAsUse: true }, /signalOf\.countAsUse is not an option/],
    [{ until, onStale: 'never' }, /signalOf\.onStale must be/],
    [{ until, onStoreDown: { serveStaleForSeconds: 900 } }, /serveStaleForSeconds \(900\).*must not be above/]
  ]
  for (const [options, message] of cases) t.throws(parse(options), { code: 'DRAWBRIDGE_OPTION', message })
  t.equal(parse({ until })().countsAsUse, false)
})

t.test('a request is not what a connection is open until', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, EventEmitter]
  t.throws(parse({ until: request }), { message: /must not be a request/ })
  t.doesNotThrow(parse({ until: response }))
  t.doesNotThrow(parse({ until: request.socket }))
  client.destroy()
  server.close()
})
