// The real programs and the adapters, on the same sessions: what one makes the other reads, and what one ends is ended.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expressSession, redisRows, type SessionStore } from '@drawbridge/bridge/express-session'
import { flaskSession } from '@drawbridge/bridge/flask'
import type { OldLogins, PresentedOldLogin } from '@drawbridge/bridge/old-logins'
import { startProcess } from '@drawbridge/test-support/processes/start-process'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import fastifyCookie from '@fastify/cookie'
import fastifySession from '@fastify/session'
import { RedisStore } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import Fastify, { type FastifyReply } from 'fastify'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import t, { type Test } from 'tap'
import { loadRecipes } from './load-recipes.ts'

const secret = 'a secret of the other system, 0123456789'
const login = (userId: string) => ({
  id: 'a login',
  userId,
  username: 'ada',
  expiresAt: Date.UTC(2100, 0, 1)
})

async function listen(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A browser of one origin. */
function browse(url: string) {
  let cookie = ''
  const send = async (method: string, path: string) => {
    const response = await fetch(url + path, { method, headers: { cookie } })
    const [line] = response.headers.getSetCookie()
    if (line !== undefined) cookie = line.split(';', 1)[0] as string
    return (await response.json()) as { readonly user?: unknown }
  }
  return {
    send,
    user: async () => (await send('GET', '/me')).user ?? null,
    headers: () => ({ cookie }),
    show: (shown: string) => void (cookie = shown)
  }
}

async function read(logins: OldLogins, headers: Record<string, string>): Promise<PresentedOldLogin> {
  const app = Fastify()
  let presented: PresentedOldLogin = { kind: 'none' }
  app.get('/', async (request) => void (presented = await logins.read(request)))
  await app.inject({ url: '/', headers })
  return presented
}

async function respond(work: (reply: FastifyReply) => unknown): Promise<string> {
  const app = Fastify()
  app.get('/', async (_request, reply) => {
    await work(reply)
    return ''
  })
  const { cookies } = await app.inject('/')
  return cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ')
}

declare module 'express-session' {
  interface SessionData {
    userId: number
  }
}

async function startExpress(t: Test, store: session.Store): Promise<string> {
  const app = express()
  app.use(session({ secret, store, resave: false, saveUninitialized: false, cookie: { maxAge: 3_600_000 } }))
  app.post('/login/:user', (request, response) => {
    request.session.userId = Number(request.params.user)
    response.json({})
  })
  app.post('/logout', (request, response) => void request.session.destroy(() => response.json({})))
  app.get('/me', (request, response) => void response.json({ user: request.session.userId }))
  return listen(t, app as unknown as RequestListener)
}

async function checkExpress(t: Test, theirs: session.Store, ours: SessionStore): Promise<void> {
  const url = await startExpress(t, theirs)
  const old = expressSession({
    secret,
    store: ours,
    timeoutMs: 30_000,
    getUserId: (row) => row.userId,
    createSession: ({ userId }) => ({ userId: Number(userId) }),
    cookie: { secure: false, maxAgeSeconds: 3600 }
  })
  const browser = browse(url)
  await browser.send('POST', '/login/7')
  const presented = await read(old, browser.headers())
  t.match(presented, { kind: 'found', old: { userId: '7' } })
  const key = (presented as { readonly old: { readonly key: string } }).old.key
  t.equal(await old.count?.(), 1)

  await old.revoke?.(key)
  t.equal(await browser.user(), null, 'what we end is ended there')

  let given = ''
  browser.show(
    await respond(async (reply) => void (given = (await old.give?.(reply, login('8'), key)) ?? ''))
  )
  t.not(given, key)
  t.equal(await browser.user(), 8, 'what we give is read there')
  t.match(await read(old, browser.headers()), { kind: 'found', old: { key: given } })

  await browser.send('POST', '/logout')
  t.equal(await old.isActive?.(given), false, 'what ends there is ended here')
}

t.test('express-session, with its memory store', async (t) => {
  const store = new session.MemoryStore()
  await checkExpress(t, store, store as unknown as SessionStore)
})

t.test('express-session, with connect-redis', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const client = await createClient({ url: `redis://127.0.0.1:${server.port}` }).connect()
  t.teardown(() => client.destroy())
  const redis = new Redis({ port: server.port, host: '127.0.0.1' })
  t.teardown(() => redis.disconnect())
  const store = new RedisStore({ client })
  await checkExpress(t, store, redisRows({ redis }))
  await checkExpress(t, store, store as unknown as SessionStore)
})

/** Debian's own: another `python3` in PATH may lack the module. */
const python = '/usr/bin/python3'
const hasFlask =
  spawnSync(python, ['-c', 'import flask'], { stdio: 'ignore', cwd: import.meta.dirname }).status === 0
const noFlask = hasFlask ? false : 'no Flask here (apt-get install python3-flask)'

t.test('Flask', { skip: noFlask }, async (t) => {
  const { url } = await startProcess(t, {
    command: python,
    args: [join(import.meta.dirname, 'flask', 'service.py'), secret],
    ready: /listening at (\S+)/
  })
  const old = flaskSession({ secret, createSession: ({ userId }) => ({ user_id: userId, _permanent: true }) })
  const browser = browse(url)
  await browser.send('POST', '/login/ada')
  t.match(await read(old, browser.headers()), { kind: 'found', old: { userId: 'ada' } })

  await browser.send('POST', '/logout')
  t.same(await read(old, browser.headers()), { kind: 'empty' }, 'a log-out there leaves nobody')

  for (const userId of ['7', 'ädä', `${'x'.repeat(500)}`]) {
    browser.show(await respond((reply) => old.give?.(reply, login(userId), null)))
    t.equal(await browser.user(), userId, 'what we give is read there')
    t.match(
      await read(old, browser.headers()),
      { kind: 'found', old: { userId } },
      'and what it makes of it, here'
    )
  }
  await browser.send('POST', `/login/${'y'.repeat(900)}`)
  t.match(browser.headers().cookie, /^session=\./, 'it is compressed')
  t.match(await read(old, browser.headers()), { kind: 'found', old: { userId: 'y'.repeat(900) } })
})

t.test('@fastify/session, by its recipe', async (t) => {
  const store = new fastifySession.MemoryStore()
  const app = Fastify()
  await app.register(fastifyCookie)
  await app.register(fastifySession, { secret, store, cookie: { secure: false, maxAge: 3_600_000 } })
  app.post<{ Params: { user: string } }>('/login/:user', async (request) => {
    Object.assign(request.session, { userId: Number(request.params.user) })
    return {}
  })
  app.get('/me', async (request) => ({ user: (request.session as { userId?: number }).userId }))
  t.teardown(() => app.close())
  const browser = browse(await app.listen({ port: 0, host: '127.0.0.1' }))
  await browser.send('POST', '/login/7')
  const recipes = await loadRecipes()
  const old = (await recipes.get('fastifySession')?.([secret], store)) as OldLogins
  const presented = await read(old, browser.headers())
  t.match(presented, { kind: 'found', old: { userId: '7' } })
  await old.revoke?.((presented as { readonly old: { readonly key: string } }).old.key)
  t.equal(await browser.user(), null)
})
