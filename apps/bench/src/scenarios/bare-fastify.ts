import Fastify from 'fastify'
import type { Scenario } from '../harness/server.ts'
import { greetingFor, USER } from './greeting.ts'

/** The floor: the cost of Node and Fastify for a request whose credential is ignored. */
export const bareFastify: Scenario = async () => {
  const app = Fastify()
  app.get('/', async () => greetingFor(USER.username))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, requests: { method: 'GET', path: '/', place: 'cookie', values: ['a=b'] } }
}
