import { Agent, request } from 'node:http'
import type { Ready } from './server.ts'

/**
 * Sends at a steady pace, whether or not answers have come: what a user sees who has nothing to do with the load. A
 * program that waits for an answer before it sends again would be slowed down by what it is to measure.
 *
 * @returns ms of each answer, sorted.
 */
export async function probe({ url, requests }: Ready, value: string, pace: Pace): Promise<number[]> {
  const agent = new Agent({ keepAlive: true })
  const took: Array<Promise<number>> = []
  const began = performance.now()
  for (let due = began; due < began + pace.seconds * 1000; due += 1000 / pace.perSecond) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    took.push(timeOf(`${url}${requests.path}`, { [requests.place]: value }, agent))
  }
  const all = await Promise.all(took)
  agent.destroy()
  return all.sort((a, b) => a - b)
}

export interface Pace {
  readonly perSecond: number
  readonly seconds: number
}

function timeOf(url: string, headers: Record<string, string>, agent: Agent): Promise<number> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent }, (answer) => {
      answer.resume()
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve(performance.now() - began)
        else reject(new Error(`the guarded route answered ${answer.statusCode}`))
      })
    })
    sent.once('error', reject)
    sent.end()
  })
}
