import { connect } from 'node:net'

/** A response as it came over the wire, without its date, which is the only part that may differ. */
export interface RawResponse {
  readonly status: number
  readonly text: string
}

/** Sends bytes as they are: Node's own client writes no header twice and rejects odd ones. */
export async function sendRaw(port: number, request: string | Buffer): Promise<RawResponse> {
  const socket = connect(port, '127.0.0.1')
  // A server that has rejected a request may reset the rest of the connection.
  socket.on('error', () => {})
  socket.write(request)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  await new Promise((resolve) => socket.once('close', resolve))
  const text = Buffer.concat(chunks)
    .toString('latin1')
    .replace(/^date: .*\r\n/im, '')
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]), text }
}

/** GET with these header lines, which go out byte for byte. */
export function getRaw(
  port: number,
  path: string,
  lines: readonly (string | Buffer)[]
): Promise<RawResponse> {
  const all = [`GET ${path} HTTP/1.1`, 'Host: x', 'Connection: close', ...lines, '', '']
  return sendRaw(port, Buffer.from(all.map((line) => line.toString('latin1')).join('\r\n'), 'latin1'))
}
