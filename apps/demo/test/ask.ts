import { Agent, request } from 'node:http'

/** A request for load tests: Node's own client, which costs a fraction of fetch. */
export interface RequestOptions {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
}

export interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readonly<Record<string, unknown>>
}

/** Longer than any response may take; a server that never responds is a fault. */
const TIMEOUT_MS = 30_000

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

export function sendRequest(
  url: string,
  { method = 'GET', headers = {}, json }: RequestOptions = {}
): Promise<Response> {
  const body = json === undefined ? undefined : JSON.stringify(json)
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const clientRequest = request(url, { method, agent, headers: { ...type, ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => (text += chunk))
      response.on('error', reject)
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) })
      })
    })
    clientRequest.setTimeout(TIMEOUT_MS, () =>
      clientRequest.destroy(new Error(`no response within ${TIMEOUT_MS} ms: ${url}`))
    )
    clientRequest.on('error', reject)
    clientRequest.end(body)
  })
}
