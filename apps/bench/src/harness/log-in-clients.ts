import { setMaxListeners } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** What became of the log-ins. */
export interface LoggedIn {
  answered: number
  /** With 503: the service has more log-ins than it can check. */
  refused: number
}

/**
 * So many clients, with these bodies in turn, that each have a log-in in flight until told to stop. One that is refused
 * waits for as long as the answer says, and up to as long again, as a client should: or all of them come back together.
 */
export async function logInAtOnce(
  url: string,
  bodies: readonly string[],
  clients: number,
  stop: AbortSignal
): Promise<LoggedIn> {
  setMaxListeners(clients, stop)
  const agent = new Agent({ keepAlive: true })
  const became: LoggedIn = { answered: 0, refused: 0 }
  let sent = 0
  const client = async (): Promise<void> => {
    while (!stop.aborted) {
      const body = bodies[sent++ % bodies.length] ?? ''
      const { status, retryAfterSeconds } = await logIn(url, body, agent)
      if (status === 200) became.answered += 1
      else if (status === 503) {
        became.refused += 1
        await wait(retryAfterSeconds * 1000 * (1 + Math.random()), undefined, { signal: stop }).catch(
          () => {}
        )
      } else throw new Error(`a log-in was answered ${status}`)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  agent.destroy()
  return became
}

interface Answer {
  readonly status: number | undefined
  readonly retryAfterSeconds: number
}

function logIn(url: string, body: string, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const sent = request(`${url}/session/login`, { method: 'POST', headers, agent }, (answer) => {
      answer.resume()
      const retryAfterSeconds = Number(answer.headers['retry-after'] ?? 1)
      answer.once('end', () => resolve({ status: answer.statusCode, retryAfterSeconds }))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}
