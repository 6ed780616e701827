import { type IncomingHttpHeaders, request } from 'node:http'

/** The origin under which the services are reached in tests, whatever port they listen on. */
export const ORIGIN = 'http://shop.test'

/** Headers of a request. */
export type Headers = Readonly<Record<string, string>>

/** A response that has been read. */
export interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  json<T>(): T
}

/** A request of a client that is no browser, with no header that the test has not named. */
export function send(
  url: string,
  method: string,
  path: string,
  headers: Headers = {},
  body?: object
): Promise<Received> {
  const json = body === undefined ? undefined : JSON.stringify(body)
  const sent = {
    host: new URL(ORIGIN).host,
    ...(json && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(json)) }),
    ...headers
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(url + path, { method, headers: sent, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: <T>() => JSON.parse(text) as T
        })
      })
    })
    outgoing.once('upgrade', (response, socket) => {
      socket.destroy()
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: '',
        json: <T>() => null as T
      })
    })
    outgoing.once('error', reject)
    outgoing.end(json)
  })
}

/** What a browser sends with a request of a page of the service. */
export const OWN_PAGE: Headers = { origin: ORIGIN, 'sec-fetch-site': 'same-origin' }

/** The `Cookie` header for what the responses have set; a cookie that was removed is left out. */
export function toCookieHeader(...responses: readonly Received[]): string {
  const jar = new Map<string, string>()
  for (const field of responses.flatMap(({ headers }) => headers['set-cookie'] ?? [])) {
    const [pair = '', ...attributes] = field.split('; ')
    const at = pair.indexOf('=')
    const isRemoved = attributes.some((attribute) => /^max-age=0$|^expires=Thu, 01 Jan 1970/i.test(attribute))
    if (isRemoved) jar.delete(pair.slice(0, at))
    else jar.set(pair.slice(0, at), pair.slice(at + 1))
  }
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
}
