import { once } from 'node:events'
import { connect } from 'node:net'

/** The response of a server, byte for byte. */
export interface RawResponse {
  readonly status: number
  /** As received, in order, without Date. */
  readonly headers: readonly string[]
  readonly body: string
}

/** A server that is silent for so long hangs. */
const TIMEOUT_MS = 20_000

/**
 * Sends exactly these bytes and reads until the server closes the connection. Bytes not yet sent when the response
 * arrives are dropped.
 */
export async function sendBytes(
  port: number,
  head: readonly string[],
  body: Iterable<Buffer> | AsyncIterable<Buffer> = []
): Promise<RawResponse> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no response')))
  const received: Buffer[] = []
  let fault: unknown
  socket.on('data', (chunk) => received.push(chunk))
  socket.on('error', (error) => (fault = error))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  socket.write(`${[...head, 'Host: 127.0.0.1', 'Connection: close'].join('\r\n')}\r\n\r\n`)
  for await (const chunk of body) {
    if (received.length > 0 || socket.destroyed) break
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => {}), closed])
  }
  await closed
  // A server that closes while more bytes arrive may reset the connection after its response.
  if (received.length === 0) throw new Error('the connection was closed without a response', { cause: fault })
  return parse(Buffer.concat(received).toString('latin1'))
}

function parse(text: string): RawResponse {
  const [head = '', body = ''] = text.split('\r\n\r\n', 2)
  const [line = '', ...headers] = head.split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1])
  return { status, headers: headers.filter((header) => !/^date:/i.test(header)), body }
}

/** A POST of a body with its length. */
export function postBytes(
  port: number,
  path: string,
  body: Buffer,
  headers: readonly string[] = ['Content-Type: application/json']
): Promise<RawResponse> {
  return sendBytes(port, [`POST ${path} HTTP/1.1`, ...headers, `Content-Length: ${body.length}`], [body])
}
