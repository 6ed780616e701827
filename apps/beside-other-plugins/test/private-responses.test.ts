import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryFeed } from '@drawbridge/logins'
import fastifyStatic from '@fastify/static'
import t from 'tap'
import { createGuardedService } from './guarded-service.ts'

const OLDER = 'the root secret that was used before this'
const NEWER = 'the root secret that is used from now on'

const root = mkdtempSync(join(tmpdir(), 'drawbridge-static-'))
writeFileSync(join(root, 'map.txt'), 'a map')
t.teardown(() => rmSync(root, { recursive: true }))

/** A service that has rotated its root secret, and the cookie of a login from before. */
async function renewCookie() {
  const { store, byCookie } = await createGuardedService({ session: { secret: OLDER } })
  const { cookie } = await byCookie()
  const service = await createGuardedService({
    store,
    session: { secret: [NEWER, OLDER] },
    routes: (app) => {
      app.register(
        async (scope) => {
          scope.addHook('onRequest', app.sessionAuth.guard)
          // Runs after all hooks of ours.
          scope.addHook('onSend', async (_request, reply) => {
            if (reply.request.url.includes('by-hook')) reply.header('cache-control', 'public, max-age=600')
          })
          await scope.register(fastifyStatic, { root })
          scope.get('/by-handler', async (_request, reply) => {
            reply.header('cache-control', 'public, max-age=600').header('vary', 'Accept-Encoding')
            reply
              .header('cdn-cache-control', 'public, max-age=600')
              .header('surrogate-control', 'max-age=600')
            return 'map'
          })
          scope.get('/by-hook', async () => 'map')
          scope.get('/empty', async (_request, reply) => {
            reply.code(204).header('cache-control', 'public, max-age=600')
          })
        },
        { prefix: '/maps' }
      )
    }
  })
  const url = await service.app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => service.app.close())
  return {
    ...service,
    cookie,
    get: (path: string, value = cookie) => fetch(url + path, { headers: { cookie: value } })
  }
}

t.test('S10: a response that sets a cookie of ours is private, whatever the handler sets', async (t) => {
  for (const path of ['/maps/map.txt', '/maps/by-handler', '/maps/by-hook', '/maps/empty']) {
    const { get } = await renewCookie()
    const renewed = await get(path)
    t.ok(renewed.ok, path)
    t.equal(renewed.headers.getSetCookie().length, 1, `${path}: the cookie is signed again`)
    t.equal(renewed.headers.get('cache-control'), 'no-store', path)
    t.match(renewed.headers.get('vary') ?? '', /\bCookie\b/, path)
    for (const name of ['cdn-cache-control', 'surrogate-control'])
      t.match(renewed.headers.get(name) ?? 'no-store', /^no-store$/, path)
    const [next] = renewed.headers.getSetCookie()
    const known = await get(path, next?.split(';')[0])
    t.equal(known.headers.getSetCookie().length, 0, path)
    t.match(known.headers.get('cache-control'), /^public, max-age=/, `${path}: its own header is unchanged`)
  }
})

t.test('S10: other values of Vary stay beside Cookie', async (t) => {
  const { get } = await renewCookie()
  t.equal((await get('/maps/by-handler')).headers.get('vary'), 'Accept-Encoding, Cookie')
})

t.test('S10: a response with a snapshot is private too', async (t) => {
  const feed = () => Object.assign(createMemoryFeed(), { isShared: true as const })
  const { store, byCookie } = await createGuardedService({ logins: { feed: feed() } })
  const { cookie } = await byCookie()
  const { app } = await createGuardedService({
    store,
    logins: { feed: feed() },
    routes: (app) => {
      app.get('/map', { onRequest: app.sessionAuth.guard }, async (_request, reply) => {
        reply.header('cache-control', 'public, max-age=600').header('vary', 'Accept')
        return 'map'
      })
    }
  })
  const response = await app.inject({ url: '/map', headers: { cookie } })
  t.match(response.headers['set-cookie'], /-snapshot=/)
  t.equal(response.headers['cache-control'], 'no-store')
  t.equal(response.headers.vary, 'Accept, Cookie')
})

t.test('S10: sign-in and log-out by own routes are private too', async (t) => {
  const { app } = await createGuardedService({
    session: { routes: false },
    routes: (app) => {
      app.get('/callback', async (request, reply) => {
        await app.sessionAuth.startSession(request, reply, { user: { id: 'user-1', username: 'ada' } })
        return reply.header('cache-control', 'public').header('vary', '*').send('in')
      })
      app.post('/leave', async (request, reply) => {
        await app.sessionAuth.endSession(request, reply)
        return reply.header('cache-control', 'public').removeHeader('vary').send('out')
      })
    }
  })
  const entered = await app.inject({ url: '/callback' })
  t.equal(entered.headers['cache-control'], 'no-store')
  const cookie = String(entered.headers['set-cookie']).split(';')[0] as string
  const left = await app.inject({ method: 'POST', url: '/leave', headers: { cookie } })
  t.equal(left.headers['cache-control'], 'no-store')
  t.equal(left.headers.vary, 'Cookie')
})
