import { Agent, request } from 'node:http'

/** A request under load: node's own client, which costs a fraction of fetch. */
export interface Asked {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
}

export interface Told {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readonly<Record<string, unknown>>
}

/** Longer than any answer may take; a server that never answers is a fault. */
const DEADLINE_MS = 30_000

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

export function ask(url: string, { method = 'GET', headers = {}, json }: Asked = {}): Promise<Told> {
  const body = json === undefined ? undefined : JSON.stringify(json)
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers: { ...type, ...headers } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk) => (text += chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: JSON.parse(text) })
      })
    })
    sent.setTimeout(DEADLINE_MS, () => sent.destroy(new Error(`no answer within ${DEADLINE_MS} ms: ${url}`)))
    sent.on('error', reject)
    sent.end(body)
  })
}
