import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { until } from '@drawbridge/test-support/until'
import { WebSocket } from 'ws'

export type Headers = Readonly<Record<string, string>>

export const STREAMS = ['stream', 'raw', 'sse'] as const
export type Kind = 'socket' | (typeof STREAMS)[number]

/** A connection, as its client sees it. Times are of `Date.now()`. */
export interface Connection {
  readonly kind: Kind
  /** When the service sent the last message, by its own clock, which is that of this machine. */
  lastSentAt: number
  closedAt: number
  /** Of a WebSocket the number of its close frame, of a stream the code in its last event; undefined where it broke off. */
  code: number | string | undefined
  readonly closed: Promise<void>
  close(): void
}

/** Opens a connection, again after each 503, as a client does. Rejects with `the status is …` where it is refused. */
export async function open(kind: Kind, url: string, headers: Headers): Promise<Connection> {
  let connection: Connection | null = null
  await until(async () => {
    connection = await (kind === 'socket' ? openSocket(url, headers) : openStream(kind, url, headers)).catch(
      nullIfUnavailable
    )
    return connection !== null
  })
  return connection as unknown as Connection
}

function nullIfUnavailable(error: unknown): null {
  if (error instanceof Error && error.message === 'the status is 503') return null
  throw error
}

function newConnection(kind: Kind, closed: Promise<unknown>, close: () => void): Connection {
  const connection: Connection = {
    kind,
    lastSentAt: 0,
    closedAt: Infinity,
    code: undefined,
    closed: closed.then(() => void (connection.closedAt = Date.now())),
    close
  }
  return connection
}

async function openSocket(url: string, headers: Headers): Promise<Connection> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`, { headers })
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const connection = newConnection('socket', closed, () => socket.terminate())
  socket.on('message', (message) => (connection.lastSentAt = Number(message) || connection.lastSentAt))
  socket.on('close', (code) => (connection.code = code))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('close', (code) => reject(new Error(`the socket was closed: ${code}`)))
    socket.once('unexpected-response', (_request, { statusCode }) => {
      socket.terminate()
      reject(new Error(`the status is ${statusCode}`))
    })
  })
  return connection
}

async function openStream(kind: Kind, url: string, headers: Headers): Promise<Connection> {
  const request = get(`${url}/${kind}`, {
    headers: { accept: 'text/event-stream', ...headers },
    agent: false
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  if (response.statusCode !== 200) {
    response.resume()
    throw new Error(`the status is ${response.statusCode}`)
  }
  response.on('error', () => {})
  request.on('error', () => {})
  const closed = new Promise<void>((resolve) => response.once('close', () => resolve()))
  const connection = newConnection(kind, closed, () => request.destroy())
  let rest = ''
  response.setEncoding('utf8').on('data', (text: string) => {
    const events = (rest + text).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) readEvent(connection, event)
  })
  return connection
}

function readEvent(connection: Connection, event: string): void {
  const [, data = ''] = /^data: (.*)$/m.exec(event) ?? []
  if (/^event: end$/m.test(event)) connection.code = (JSON.parse(data) as { readonly code: string }).code
  else if (/^\d+$/.test(data)) connection.lastSentAt = Number(data)
}

/** How a connection was ended, whatever its kind. */
export function endOf({ code, closedAt }: Connection): 'open' | 'signed-out' | 'try-again' | 'broken' {
  if (closedAt === Infinity) return 'open'
  if (code === 4401 || code === 'DRAWBRIDGE_LOGIN_REVOKED' || code === 'DRAWBRIDGE_LOGIN_EXPIRED')
    return 'signed-out'
  return code === 1013 || code === 'DRAWBRIDGE_LOGIN_UNCONFIRMED' ? 'try-again' : 'broken'
}
