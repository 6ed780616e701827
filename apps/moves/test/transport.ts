import { Agent, request as send } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** A request of a person. */
export interface Asked {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: object
}

/** A response as the network gave it. */
export interface Received {
  readonly status: number
  readonly body: string
  readonly cookies: readonly string[]
}

/** What the network does to one request: ms that it is late on its way there and back, and whether its answer may be lost. */
export interface Fate {
  readonly heldMs: number
  readonly delayedMs: number
  readonly isLossy: boolean
}

/** How long requests are late at most, ms, and how many answers with a credential are lost. */
export interface Network {
  readonly holdMs: number
  readonly lossRate: number
}

/** The network between people and servers: requests are late, and answers are late or lost. Numbers are of `random`. */
export function drawFate(random: () => number, { holdMs, lossRate }: Network): Fate {
  return {
    heldMs: random() < 0.3 ? random() * holdMs : 0,
    delayedMs: random() < 0.15 ? random() * 500 : 0,
    isLossy: random() < lossRate
  }
}

export const PROMPT: Fate = { heldMs: 0, delayedMs: 0, isLossy: false }

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const TIMEOUT_MS = 30_000

/** @returns null for an answer that was lost. Only those that set a credential are worth losing. */
export async function exchange(url: string, asked: Asked, fate: Fate): Promise<Received | null> {
  if (fate.heldMs > 0) await sleep(fate.heldMs)
  const received = await receive(url, asked).catch(() => null)
  if (fate.delayedMs > 0) await sleep(fate.delayedMs)
  const sets = received !== null && (received.cookies.length > 0 || received.body.startsWith('{"token'))
  return sets && fate.isLossy ? null : received
}

function receive(url: string, { method, path, headers, body }: Asked): Promise<Received> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const contentHeaders = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const sent = send(
      url + path,
      {
        method,
        agent,
        timeout: TIMEOUT_MS,
        headers: {
          ...headers,
          ...contentHeaders,
          'sec-fetch-site': 'same-origin',
          'content-length': Buffer.byteLength(text)
        }
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString(),
            cookies: response.headers['set-cookie'] ?? []
          })
        )
      }
    )
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
    sent.on('error', reject)
    sent.end(text)
  })
}
