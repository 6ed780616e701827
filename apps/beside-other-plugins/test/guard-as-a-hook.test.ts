import fastifyAuth from '@fastify/auth'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify'
import t from 'tap'
import { createGuardedService } from './guarded-service.ts'

type Callback = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void
type Awaited = (request: FastifyRequest, reply: FastifyReply) => Promise<void>
type Guard = Callback & Awaited

/** The ways to put a guard before a route. */
const WAYS: Readonly<Record<string, (guard: Guard, app: FastifyInstance) => RouteShorthandOptions>> = {
  onRequest: (guard) => ({ onRequest: guard }),
  preValidation: (guard) => ({ preValidation: guard }),
  preHandler: (guard) => ({ preHandler: guard }),
  'a list': (guard) => ({ onRequest: [guard] }),
  awaited: (guard) => ({
    onRequest: async (request, reply) => {
      await guard(request, reply)
    }
  }),
  'awaited at preValidation': (guard) => ({
    preValidation: async (request, reply) => {
      await guard(request, reply)
    }
  }),
  returned: (guard) => ({ preHandler: async (request, reply) => guard(request, reply) }),
  'with a callback of its own': (guard) => ({
    onRequest: (request, reply, done) => guard(request, reply, done)
  }),
  '@fastify/auth': (guard, app) => ({ preHandler: app.auth([guard as Callback]) }),
  '@fastify/auth, a promise': (guard, app) => ({
    preHandler: app.auth([async (request: FastifyRequest, reply: FastifyReply) => guard(request, reply)])
  }),
  decorated: (guard, app) => {
    if (!app.hasDecorator('authenticate'))
      app.decorate('authenticate', async (request: FastifyRequest, reply: FastifyReply) => {
        await guard(request, reply)
      })
    return { onRequest: (app as unknown as { authenticate: Awaited }).authenticate }
  }
}

for (const carrier of ['session', 'token'] as const) {
  t.test(`H1: a ${carrier} guard accepts valid credentials only, however it is called`, async (t) => {
    for (const [way, optionsOf] of Object.entries(WAYS)) {
      const { app, findCalls, byCookie, byToken } = await createGuardedService({
        before: (app) => void app.register(fastifyAuth),
        routes: (app) => {
          const guard = (carrier === 'session' ? app.sessionAuth.guard : app.tokenAuth.guard) as Guard
          app.get('/data', optionsOf(guard, app), async ({ principal }) => principal)
        }
      })
      const get = (headers: Record<string, string> = {}) => app.inject({ url: '/data', headers })
      t.equal((await get()).statusCode, 401, `${way}: nobody`)
      const wrong = carrier === 'session' ? { cookie: '__Host-drawbridge=x' } : { authorization: 'Bearer x' }
      t.equal((await get(wrong)).statusCode, 401, `${way}: a forged credential`)
      const headers = await (carrier === 'session' ? byCookie() : byToken())
      for (const state of ['from the store', 'cached']) {
        const response = await get(headers)
        t.equal(response.statusCode, 200, `${way}: ${state}`)
        t.match(response.json(), { username: 'ada', carrier }, `${way}: ${state}`)
      }
      t.ok(findCalls.count > 0, 'the first was read from the store')
      await app.close()
    }
  })
}

t.test('H1: requireSameOrigin rejects another origin, however it is called', async (t) => {
  for (const [way, optionsOf] of Object.entries(WAYS)) {
    const { app } = await createGuardedService({
      before: (app) => void app.register(fastifyAuth),
      routes: (app) => {
        app.post('/enter', optionsOf(app.sessionAuth.requireSameOrigin as Guard, app), async () => 'in')
      }
    })
    const post = (site: string) =>
      app.inject({ method: 'POST', url: '/enter', headers: { 'sec-fetch-site': site } })
    t.equal((await post('cross-site')).statusCode, 403, way)
    t.equal((await post('same-origin')).statusCode, 200, way)
    await app.close()
  }
})
