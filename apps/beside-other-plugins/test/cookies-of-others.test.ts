import { join } from 'node:path'
import autoload from '@fastify/autoload'
import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import csrfProtection from '@fastify/csrf-protection'
import { Authenticator, Strategy } from '@fastify/passport'
import rateLimit from '@fastify/rate-limit'
import secureSession from '@fastify/secure-session'
import session from '@fastify/session'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import t from 'tap'
import { account, toCookieHeader, inBothOrders, registerDrawbridge } from './both-orders.ts'

const secureSessionOptions = { key: Buffer.alloc(32, 7), cookieName: 'its-own' }
const setBy = ({ headers }: { headers: Record<string, unknown> }) =>
  [(headers['set-cookie'] as string | string[] | undefined) ?? []].flat()

t.test('L6: @fastify/cookie parses and sets the cookies of the service', async (t) => {
  await inBothOrders(
    t,
    {
      others: (app) => app.register(cookie, { secret: 'of the service, for its own' }),
      routes: (app) => {
        app.get('/cookies', async ({ cookies }, reply) => {
          reply.setCookie('theme', 'dark', { signed: true })
          return cookies
        })
        app.post('/enter', async (request, reply) => {
          reply.setCookie('before', '1')
          await app.sessionAuth.startSession(request, reply, { user: { id: '1', username: 'ada' } })
          return reply.setCookie('after', '1').send({})
        })
      }
    },
    async (t, { app, post }) => {
      const response = await app.inject({ url: '/cookies', headers: { cookie: 'a=1; b=2' } })
      t.same(response.json(), { a: '1', b: '2' })
      t.match(setBy(response), [/^theme=dark\./])
      const names = setBy(await post('/enter')).map((line) => line.split('=', 1)[0])
      t.same(new Set(names), new Set(['before', '__Host-drawbridge', 'after']), 'and ours beside them')
    }
  )
})

t.test('L6: @fastify/csrf-protection', async (t) => {
  await inBothOrders(
    t,
    {
      others: async (app) => {
        await app.register(cookie)
        await app.register(csrfProtection)
      },
      routes: (app) => {
        app.get('/form', { onRequest: app.sessionAuth.guard }, async (_request, reply) => ({
          token: reply.generateCsrf()
        }))
        app.post(
          '/act',
          { onRequest: app.sessionAuth.guard, preHandler: app.csrfProtection },
          async () => 'done'
        )
      }
    },
    async (t, { app, post, signIn }) => {
      const login = await signIn()
      const form = await app.inject({ url: '/form', headers: { cookie: login } })
      const both = `${login}; ${toCookieHeader(setBy(form))}`
      t.equal((await post('/act', { headers: { cookie: both } })).statusCode, 403)
      const headers = { cookie: both, 'csrf-token': form.json().token }
      t.equal((await post('/act', { headers })).body, 'done')
    }
  )
})

/** Counts the requests of a session. */
const countRequests = (app: FastifyInstance) => {
  app.get('/count', { onRequest: app.sessionAuth.guard }, async (request) => {
    const count = Number(request.session.get('count' as never) ?? 0) + 1
    request.session.set('count' as never, count as never)
    return { count, username: request.principal?.username }
  })
}

for (const [name, others] of Object.entries({
  '@fastify/secure-session, which brings its cookies along': (app: FastifyInstance) =>
    app.register(secureSession, secureSessionOptions),
  '@fastify/secure-session beside @fastify/cookie': async (app: FastifyInstance) => {
    await app.register(cookie)
    await app.register(secureSession, secureSessionOptions)
  },
  '@fastify/session': async (app: FastifyInstance) => {
    await app.register(cookie)
    const options = { secret: 'of the service itself, for its own sessions', cookieName: 'its-own' }
    await app.register(session, { ...options, cookie: { secure: false } })
  }
})) {
  t.test(`L6: ${name}`, async (t) => {
    await inBothOrders(t, { others, routes: countRequests }, async (t, { app, signIn }) => {
      const login = await signIn()
      const first = await app.inject({ url: '/count', headers: { cookie: login } })
      t.same(first.json(), { count: 1, username: 'ada' })
      const both = `${login}; ${toCookieHeader(setBy(first))}`
      t.same((await app.inject({ url: '/count', headers: { cookie: both } })).json(), {
        count: 2,
        username: 'ada'
      })
    })
  })
}

class ByHeader extends Strategy {
  override authenticate(request: FastifyRequest): void {
    if (request.headers['x-partner'] === 'yes') this.success({ partner: true })
    else this.fail(401)
  }
}

t.test('L6: @fastify/passport', async (t) => {
  const passport = new Authenticator()
  passport.use('by-header', new ByHeader('by-header'))
  await inBothOrders(
    t,
    {
      others: async (app) => {
        await app.register(secureSession, secureSessionOptions)
        await app.register(passport.initialize())
        await app.register(passport.secureSession())
      },
      routes: (app) => {
        const preValidation = passport.authenticate('by-header', { session: false })
        app.get('/partner', { preValidation }, async ({ user }) => user)
      }
    },
    async (t, { app }) => {
      t.equal((await app.inject('/partner')).statusCode, 401)
      t.same((await app.inject({ url: '/partner', headers: { 'x-partner': 'yes' } })).json(), {
        partner: true
      })
    }
  )
})

t.test('L6: @fastify/cors lets a trusted origin sign in with credentials, and no other', async (t) => {
  const origin = 'https://app.example'
  await inBothOrders(
    t,
    {
      session: { trustedOrigins: [origin] },
      others: (app) => app.register(cors, { origin: [origin], credentials: true, methods: ['GET', 'POST'] })
    },
    async (t, { app, post, signIn }) => {
      const preflight = await app.inject({
        method: 'OPTIONS',
        url: '/session/login',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type'
        }
      })
      t.equal(preflight.statusCode, 204)
      t.match(preflight.headers, {
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-headers': 'content-type'
      })
      const headers = { origin, 'sec-fetch-site': 'cross-site' }
      const cookie = await signIn(headers)
      const me = await app.inject({ url: '/me', headers: { ...headers, cookie } })
      t.equal(me.statusCode, 200)
      t.match(me.headers, {
        'access-control-allow-origin': origin,
        vary: /\bOrigin\b.*\bCookie\b|\bCookie\b.*\bOrigin\b/
      })
      const evil = { ...headers, origin: 'https://evil.example' }
      t.equal((await post('/session/login', { headers: evil, payload: account })).statusCode, 403)
    }
  )
})

t.test('L6: @fastify/rate-limit', async (t) => {
  await inBothOrders(
    t,
    {
      others: (app) => app.register(rateLimit, { max: 12, timeWindow: '1 hour' }),
      routes: (app) => void app.get('/limited', { config: { rateLimit: { max: 2 } } }, async () => 'in')
    },
    async (t, { app }) => {
      const statuses = []
      for (let at = 0; at < 3; at += 1) statuses.push((await app.inject('/limited')).statusCode)
      t.same(statuses, [200, 200, 429])
    }
  )
})

t.test('L6: @fastify/autoload, in either order of the file names', async (t) => {
  for (const folder of ['cookie-first', 'cookie-last']) {
    const app = Fastify()
    t.teardown(() => app.close())
    await app.register(autoload, {
      dir: join(import.meta.dirname, 'autoloaded', folder),
      options: { registerDrawbridge },
      forceESM: true
    })
    app.get('/cookies', async ({ cookies }) => cookies)
    await app.ready()
    t.same((await app.inject({ url: '/cookies', headers: { cookie: 'a=1' } })).json(), { a: '1' }, folder)
    const login = await app.inject({ method: 'POST', url: '/session/login', payload: account })
    t.equal(login.statusCode, 200, folder)
  }
})
