import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

export interface Sent {
  /** Each as often as it has values. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** As JSON, unless it is text or bytes. */
  readonly body?: object | string
}

export interface Received {
  readonly statusCode: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Sends a request over a socket: also what `inject` cannot send, such as two headers of one name. @param route `POST /path` */
export async function send(
  app: FastifyInstance,
  route: string,
  { headers = {}, body }: Sent = {}
): Promise<Received> {
  const [method = '', path = ''] = route.split(' ')
  const { port } = app.server.address() as AddressInfo
  const payload = typeof body === 'object' && !(body instanceof Buffer) ? JSON.stringify(body) : body
  const all = {
    host: 'localhost',
    'content-length': String(payload?.length ?? 0),
    ...(payload !== undefined && { 'content-type': 'application/json' }),
    ...headers
  }
  const lines = Object.entries(all).flatMap(([name, values]) =>
    [values].flat().flatMap((value) => [name, value])
  )
  const request = httpRequest({ port, method, path, agent: false, headers: lines })
  request.end(payload)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const chunks = (await response.toArray()) as Buffer[]
  const text = Buffer.concat(chunks).toString()
  const { statusCode = 0 } = response
  return { statusCode, body: JSON.parse(text) as Received['body'] }
}
