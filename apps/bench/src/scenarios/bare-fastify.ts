import Fastify from 'fastify'
import type { Scenario } from '../harness/server.ts'
import { greetingFor, USER } from './greeting.ts'

/** The floor: what Node and Fastify cost for a request that shows a credential nobody looks at. */
export const bareFastify: Scenario = async () => {
  const app = Fastify()
  app.get('/', async () => greetingFor(USER.username))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, requests: { method: 'GET', path: '/', place: 'cookie', values: ['a=b'] } }
}
