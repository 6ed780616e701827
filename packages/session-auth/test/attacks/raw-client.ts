import { once } from 'node:events'
import { connect } from 'node:net'

/** A request as it goes over the wire: no client in between that joins, drops, checks or adds a header. */
export interface RawRequest {
  readonly method?: string
  readonly path?: string
  /** `HTTP/1.1` unless said otherwise. */
  readonly version?: string
  /** Null for none at all. */
  readonly host?: string | null
  /** Whole header lines, in this order; a character is a byte (Latin-1). */
  readonly lines?: readonly string[]
  readonly body?: string
}

/** A response as it came over the wire. */
export interface RawResponse {
  readonly status: number
  /** Values by lower-case name, in their order. */
  header(name: string): readonly string[]
  readonly body: string
  /** Status line, headers and body without the date: the same in all responses of a class. */
  readonly bytes: string
}

/** Sends one request over a connection of its own and reads until the server closes it. */
export async function sendRaw(port: number, request: RawRequest): Promise<RawResponse> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  // A server that has rejected the head closes while we may still be writing.
  socket.on('error', () => {})
  socket.write(Buffer.from(formatRequest(request), 'latin1'))
  await once(socket, 'close')
  return parseResponse(Buffer.concat(chunks).toString('latin1'))
}

function formatRequest({
  method = 'GET',
  path = '/me',
  version = 'HTTP/1.1',
  host = 'localhost',
  lines = [],
  body
}: RawRequest): string {
  const head = [
    `${method} ${path} ${version}`,
    ...(host === null ? [] : [`Host: ${host}`]),
    'Connection: close',
    ...lines,
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`])
  ]
  return `${head.join('\r\n')}\r\n\r\n${body ?? ''}`
}

function parseResponse(text: string): RawResponse {
  const end = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const body = text.slice(end + 4)
  const stable = lines.filter((line) => !/^date:/i.test(line))
  const values = (name: string) =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trim())
  return {
    status: Number(first.split(' ')[1]),
    header: values,
    body,
    bytes: [first, ...stable, '', body].join('\n')
  }
}
