import { setMaxListeners } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** The results of the sign-ins. */
export interface SignInCounts {
  accepted: number
  /** With 503: the service has more sign-ins than it can check. */
  rejected: number
}

/**
 * So many clients, with these bodies in turn, that each have a sign-in in flight until stopped. A rejected client
 * waits for Retry-After and up to as long again, as a client should, so that they do not all return together.
 */
export async function signInConcurrently(
  url: string,
  bodies: readonly string[],
  clients: number,
  signal: AbortSignal
): Promise<SignInCounts> {
  setMaxListeners(clients, signal)
  const agent = new Agent({ keepAlive: true })
  const counts: SignInCounts = { accepted: 0, rejected: 0 }
  let sentRequest = 0
  const client = async (): Promise<void> => {
    while (!signal.aborted) {
      const body = bodies[sentRequest++ % bodies.length] ?? ''
      const { status, retryAfterSeconds } = await signIn(url, body, agent)
      if (status === 200) counts.accepted += 1
      else if (status === 503) {
        counts.rejected += 1
        await wait(retryAfterSeconds * 1000 * (1 + Math.random()), undefined, { signal: signal }).catch(
          () => {}
        )
      } else throw new Error(`a sign-in got ${status}`)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  agent.destroy()
  return counts
}

interface SignInResponse {
  readonly status: number | undefined
  readonly retryAfterSeconds: number
}

function signIn(url: string, body: string, agent: Agent): Promise<SignInResponse> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const sentRequest = request(`${url}/session/login`, { method: 'POST', headers, agent }, (response) => {
      response.resume()
      const retryAfterSeconds = Number(response.headers['retry-after'] ?? 1)
      response.once('end', () => resolve({ status: response.statusCode, retryAfterSeconds }))
    })
    sentRequest.once('error', reject)
    sentRequest.end(body)
  })
}
