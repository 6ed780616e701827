import { once } from 'node:events'
import { connect } from 'node:net'
import type { Response } from './check-response.ts'

/** A last request that closes the connection; parsed as the rest of another request it gets no response. */
const LAST_REQUEST = 'GET /health/live HTTP/1.1\r\nhost: last\r\nconnection: close\r\n\r\n'
const IDLE_MS = 300

/** Sends bytes over a new connection. Resolves with all bytes received until it is closed. */
export async function sendRaw(port: number, bytes: Buffer, idleMs = IDLE_MS): Promise<readonly Response[]> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
  // The server may close the connection on malformed HTTP while more of it is sent.
  socket.on('error', () => {})
  // The server waits for announced bytes that never come; here for no longer than this.
  socket.setTimeout(idleMs, () => socket.end())
  socket.write(Buffer.concat([bytes, Buffer.from(LAST_REQUEST)]))
  await once(socket, 'close')
  return parseResponses(Buffer.concat(chunks).toString('latin1'))
}

/** Only Node itself sends chunks, for an unknown Expect, and they are empty. */
const LAST_CHUNK = '0\r\n\r\n'

/** A response to HEAD has a Content-Length, but no body. */
function parseResponses(text: string): readonly Response[] {
  const responses: Response[] = []
  for (let rest = text; rest !== '';) {
    const start = rest.indexOf('\r\n\r\n') + 4
    const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(rest) ?? []
    if (status === undefined || start < 4) throw new Error(`no HTTP response: ${rest.slice(0, 200)}`)
    const headers = parseHeaders(rest.slice(0, start - 4))
    const isChunked = headers['transfer-encoding'] === 'chunked'
    const length = isChunked
      ? rest.indexOf(LAST_CHUNK, start) - start
      : Number(headers['content-length'] ?? 0)
    const end = start + length
    // 100 Continue is not the final response.
    if (!status.startsWith('1'))
      responses.push({ statusCode: Number(status), headers, body: rest.slice(start, end) })
    rest = rest.slice(end + (isChunked ? LAST_CHUNK.length : 0))
  }
  return responses
}

function parseHeaders(head: string): Record<string, string> {
  const lines = head
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(/: ?(.*)/s, 2) as [string, string])
  return Object.fromEntries(lines.map(([name, value]) => [name.toLowerCase(), value]))
}
