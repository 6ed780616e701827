import { randomBytes } from 'node:crypto'
import secureSessionPlugin from '@fastify/secure-session'
import Fastify from 'fastify'
import type { Scenario } from '../harness/server.ts'
import { toCookieHeader, greetingFor, USER } from './greeting.ts'

/** The whole session in a sealed cookie. It cannot be revoked. */
export const secureSession: Scenario = async () => {
  const app = Fastify()
  await app.register(secureSessionPlugin, { key: randomBytes(32), cookie: { path: '/', httpOnly: true } })
  app.post('/login', async (request) => {
    request.session.set('user' as never, USER as never)
    return {}
  })
  app.get('/', async (request, reply) => {
    const user = request.session.get('user' as never) as typeof USER | undefined
    return user === undefined ? reply.code(401).send() : greetingFor(user.username)
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const response = await app.inject({ method: 'POST', url: '/login' })
  const values = [toCookieHeader(response.headers['set-cookie'])]
  return { url, requests: { method: 'GET', path: '/', place: 'cookie', values } }
}
