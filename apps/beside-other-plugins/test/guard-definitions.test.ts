import fastifyAuth from '@fastify/auth'
import t from 'tap'
import { createGuardedService } from './guarded-service.ts'

const OPTIONS: readonly (readonly [options: unknown, says: string])[] = [
  [{ scope: ['admin'] }, 'guard.scope is not an option'],
  [{ scopes: 'admin' }, 'guard.scopes must be a list of scopes, got "admin"'],
  [{ scopes: [] }, 'guard.scopes must have one scope or more, got an array'],
  [{ scopes: [['read']] }, 'guard.scopes.0 must be a string, got an array'],
  [{ scopes: [undefined] }, 'guard.scopes.0 is missing'],
  [{ scopes: ['read', ''] }, 'guard.scopes.1 must be a scope as RFC 6749 section 3.3 has it, got ""'],
  [{ scopes: ['read', 7] }, 'guard.scopes.1 must be a string, got 7'],
  [
    { scopes: ['read write'] },
    'guard.scopes.0 must be a scope as RFC 6749 section 3.3 has it, got "read write"'
  ],
  [{ onStale: 'close' }, 'guard.onStale must be "ask-store" or "fail-closed", got "close"'],
  [
    { onStoreDown: 'open' },
    'guard.onStoreDown must be "fail-closed" or { serveStaleForSeconds: a whole number }, got "open"'
  ],
  [{ onStoreDown: { serveStaleForSeconds: 0.5 } }, 'guard.onStoreDown'],
  // M2: for a route as for the service.
  [
    { onStoreDown: { serveStaleForSeconds: 841 } },
    'guard.onStoreDown.serveStaleForSeconds (841) with 60 for the skew'
  ],
  [undefined, 'guard is missing'],
  [['admin'], 'guard'],
  ['admin', 'guard must be an object, got a string of 5 characters']
]

t.test('M3: a guard with wrong options is an error that names the option', async (t) => {
  const { app } = await createGuardedService()
  for (const carrier of ['sessionAuth', 'tokenAuth'] as const) {
    const { guard } = app[carrier]
    const code = 'DRAWBRIDGE_OPTION'
    for (const [options, says] of OPTIONS)
      t.throws(() => guard(options as never), { code, message: `${carrier}.${says}` }, says)
    t.ok(
      guard({
        scopes: ['read', 'write'],
        onStale: 'fail-closed',
        onStoreDown: { serveStaleForSeconds: 5 }
      })
    )
    t.ok(guard({}))
  }
})

t.test('M3: a guard that is called with a request alone lets nobody in, and shows nothing', async (t) => {
  for (const carrier of ['sessionAuth', 'tokenAuth'] as const) {
    const { app, byCookie, log } = await createGuardedService({
      routes: (app) => {
        const guard = app[carrier].guard as (request: unknown) => unknown
        app.register(async (scope) => {
          scope.addHook('onRequest', async (request) => void guard(request))
          scope.get('/data', async () => 'data')
        })
        const preHandler = async (request: unknown) => void (await guard(request))
        app.get('/awaited', { preHandler }, async () => 'data')
      }
    })
    const headers = await byCookie()
    for (const url of ['/data', '/awaited']) {
      const response = await app.inject({ url, headers })
      t.ok(response.statusCode >= 400, `${carrier} ${url}`)
      const secret = headers.cookie.slice(headers.cookie.indexOf('=') + 1)
      t.notOk(response.body.includes(secret))
      t.notOk(log.join('').includes(secret))
      t.match(response.json(), { message: new RegExp(`${carrier}.guard`) })
    }
    await app.close()
  }
})

t.test('M3: a guard is a hook at every place where one can be given', async (t) => {
  for (const carrier of ['sessionAuth', 'tokenAuth'] as const) {
    const { app, byCookie, byToken } = await createGuardedService({
      before: (app) => void app.register(fastifyAuth),
      routes: (app) => {
        const { guard } = app[carrier]
        const hooks = { plain: guard, made: guard({}) }
        for (const [name, hook] of Object.entries(hooks)) {
          for (const at of ['onRequest', 'preValidation', 'preHandler'] as const) {
            app.get(`/${name}/${at}`, { [at]: hook }, async () => 'data')
            app.get(`/${name}/${at}/list`, { [at]: [hook] }, async () => 'data')
          }
          app.get(`/${name}/composed`, { preHandler: app.auth([hook]) }, async () => 'data')
          app.register(async (scope) => {
            scope.addHook('onRequest', hook)
            scope.get(`/${name}/scope`, async () => 'data')
          })
        }
      }
    })
    const headers = carrier === 'sessionAuth' ? await byCookie() : await byToken()
    for (const name of ['plain', 'made']) {
      const places = ['onRequest', 'preValidation', 'preHandler'].flatMap((at) => [at, `${at}/list`])
      for (const place of [...places, 'composed', 'scope']) {
        const url = `/${name}/${place}`
        t.equal((await app.inject({ url })).statusCode, 401, `${carrier} ${url}`)
        t.equal((await app.inject({ url, headers })).statusCode, 200, `${carrier} ${url}`)
      }
    }
    await app.close()
  }
})

t.test('L16: a guard in a hook that runs too late is an error where the route is defined', async (t) => {
  const { app } = await createGuardedService()
  for (const guard of [
    app.sessionAuth.guard,
    app.tokenAuth.guard({ scopes: ['read'] }),
    app.sessionAuth.requireSameOrigin
  ]) {
    for (const at of ['preParsing', 'preSerialization', 'onSend', 'onResponse', 'onError', 'onTimeout']) {
      t.throws(
        () => app.get('/data', { [at]: guard }, async () => 'data'),
        { message: `${at} of GET /data has a guard, which must be at onRequest, preValidation, preHandler` },
        at
      )
    }
  }
  t.doesNotThrow(() =>
    app.get('/data', { onSend: async () => {}, preHandler: app.sessionAuth.guard }, async () => 1)
  )
})

t.test('L16: a guard as an application hook that runs too late is a 500', async (t) => {
  for (const at of ['preParsing', 'preSerialization', 'onSend'] as const) {
    const { app, log, byCookie } = await createGuardedService({
      routes: (app) => {
        app.register(async (scope) => {
          scope.addHook(at as 'onRequest', app.sessionAuth.guard)
          scope.get('/data', async () => ({ data: 1 }))
        })
      }
    })
    for (const headers of [{}, await byCookie()]) {
      const response = await app.inject({ url: '/data', headers })
      t.equal(response.statusCode, 500, at)
      t.equal(response.json().code, 'DRAWBRIDGE_MISPLACED_GUARD')
    }
    t.ok(log.some((line) => line.includes('DRAWBRIDGE_MISPLACED_GUARD')))
    await app.close()
  }
})

t.test('L16: a guard at onResponse is an error in the log', async (t) => {
  let write = (_line: string): void => {}
  const logged = new Promise<void>((resolve) => {
    write = (line) => void (line.includes('DRAWBRIDGE_MISPLACED_GUARD') && resolve())
  })
  const { app } = await createGuardedService({
    server: { logger: { stream: { write } } },
    routes: (app) => {
      app.register(async (scope) => {
        scope.addHook('onResponse', app.sessionAuth.guard)
        scope.get('/data', async () => ({ data: 1 }))
      })
    }
  })
  await app.inject({ url: '/data' })
  await t.resolves(logged)
})

t.test('M4: an invalid mark is an error where the route is defined', async (t) => {
  const { app } = await createGuardedService()
  const define = (drawbridge: unknown) => () =>
    app.get('/open', { config: { drawbridge: drawbridge as never } }, async () => 'open')
  t.throws(define({ pubic: true }), { message: 'config.drawbridge of GET /open.pubic is not an option' })
  t.throws(define({ public: 'yes' }), {
    message: 'config.drawbridge of GET /open.public must be true or false'
  })
  t.throws(define(true), { message: 'config.drawbridge of GET /open must be an object' })
  t.doesNotThrow(define({ public: false }))
})
