import cookie from '@fastify/cookie'
import session from '@fastify/session'
import { RedisStore } from 'connect-redis'
import Fastify from 'fastify'
import { createClient } from 'redis'
import type { Scenario, Setting } from '../harness/server.ts'
import { toCookieHeader, greetingFor, SECRET, USER } from './greeting.ts'

declare module 'fastify' {
  interface Session {
    user?: typeof USER
  }
}

/** @fastify/session, `saveUninitialized` off, in memory or with connect-redis, the store of its README. */
export const fastifySession: Scenario = async (setting) => {
  const { credentials = 1, rolling = true } = setting
  const app = Fastify()
  await app.register(cookie)
  await app.register(session, {
    secret: SECRET,
    saveUninitialized: false,
    rolling,
    cookie: { secure: false, maxAge: 1_800_000 },
    ...(await createStore(setting))
  })
  app.post('/login', async (request) => {
    request.session.user = USER
    return {}
  })
  app.get('/', async (request, reply) => {
    const { user } = request.session
    return user === undefined ? reply.code(401).send() : greetingFor(user.username)
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const values: string[] = []
  while (values.length < credentials) {
    const response = await fetch(`${url}/login`, { method: 'POST' })
    await response.text()
    values.push(toCookieHeader(response.headers.getSetCookie()))
  }
  return { url, requests: { method: 'GET', path: '/', place: 'cookie', values } }
}

async function createStore({ store, redisUrl, prefix = '' }: Setting) {
  if (store !== 'redis' || redisUrl === undefined) return {}
  const client = await createClient({ url: redisUrl }).connect()
  return { store: new RedisStore({ client, prefix: `${prefix}sess:` }) }
}
