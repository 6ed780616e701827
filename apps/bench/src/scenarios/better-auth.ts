import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { fromNodeHeaders } from 'better-auth/node'
import Fastify from 'fastify'
import type { Scenario } from '../harness/server.ts'
import { toCookieHeader, greetingFor, PASSWORD, SECRET, USER } from './greeting.ts'

/** better-auth with `getSession`, as in its guide for Fastify, with its memory adapter. */
export const betterAuthSession: Scenario = async ({ cache = false }) => {
  const auth = betterAuth({
    secret: SECRET,
    baseURL: 'http://127.0.0.1',
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    emailAndPassword: { enabled: true },
    session: { cookieCache: { enabled: cache, maxAge: 3600 } },
    telemetry: { enabled: false },
    logger: { level: 'error' }
  })
  const app = Fastify()
  app.get('/', async (request, reply) => {
    const found = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) })
    return found === null ? reply.code(401).send() : greetingFor(found.user.email)
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const body = { email: USER.username, name: USER.username, password: PASSWORD }
  const response = await auth.api.signUpEmail({ body, asResponse: true })
  const values = [toCookieHeader(response.headers.getSetCookie())]
  return { url, requests: { method: 'GET', path: '/', place: 'cookie', values } }
}
