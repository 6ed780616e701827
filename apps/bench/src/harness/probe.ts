import { Agent, request } from 'node:http'
import type { Ready } from './server.ts'

/**
 * Sends at a constant rate, whether or not responses have arrived: the view of a user unrelated to the load. A
 * program that waits for a response before it sends again would be slowed down by what it measures.
 *
 * @returns response times in ms, sorted.
 */
export async function probe({ url, requests }: Ready, value: string, pace: Pace): Promise<number[]> {
  const agent = new Agent({ keepAlive: true })
  const times: Array<Promise<number>> = []
  const startedAt = performance.now()
  for (let due = startedAt; due < startedAt + pace.seconds * 1000; due += 1000 / pace.perSecond) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    times.push(measureRequest(`${url}${requests.path}`, { [requests.place]: value }, agent))
  }
  const sortedTimes = await Promise.all(times)
  agent.destroy()
  return sortedTimes.sort((a, b) => a - b)
}

export interface Pace {
  readonly perSecond: number
  readonly seconds: number
}

function measureRequest(url: string, headers: Record<string, string>, agent: Agent): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent }, (response) => {
      response.resume()
      response.once('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - startedAt)
        else reject(new Error(`the guarded route responded ${response.statusCode}`))
      })
    })
    sent.once('error', reject)
    sent.end()
  })
}
