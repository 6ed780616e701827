import fastifyAuth from '@fastify/auth'
import t from 'tap'
import { createGuardedService } from './guarded-service.ts'

const OPTIONS: readonly (readonly [options: unknown, says: string])[] = [
  [{ scope: ['admin'] }, 'guardWith.scope is not an option'],
  [{ scopes: 'admin' }, 'guardWith.scopes must be a list of scopes, got "admin"'],
  [{ scopes: [] }, 'guardWith.scopes must have one scope or more, got an array'],
  [{ scopes: ['read', 7] }, 'guardWith.scopes.1 must be a string, got 7'],
  [
    { scopes: ['read write'] },
    'guardWith.scopes.0 must be a scope as RFC 6749 section 3.3 has it, got "read write"'
  ],
  [{ onStale: 'close' }, 'guardWith.onStale must be "ask-store" or "fail-closed", got "close"'],
  [
    { onStoreDown: 'open' },
    'guardWith.onStoreDown must be "fail-closed" or { serveStaleForSeconds: a whole number }, got "open"'
  ],
  [{ onStoreDown: { serveStaleForSeconds: 0.5 } }, 'guardWith.onStoreDown'],
  // M2: of a route as of the service.
  [
    { onStoreDown: { serveStaleForSeconds: 841 } },
    'guardWith.onStoreDown.serveStaleForSeconds (841) with 60 for the skew'
  ],
  [undefined, 'guardWith is missing'],
  [['admin'], 'guardWith']
]

const SCOPES: readonly (readonly [scopes: unknown[], says: string])[] = [
  [[], 'guardScopes must be called with scopes, and what it returns is the hook'],
  [[['read']], 'guardScopes must be called with scopes, and what it returns is the hook'],
  [[undefined], 'guardScopes.0 is missing'],
  [['read', ''], 'guardScopes.1 must be a scope as RFC 6749 section 3.3 has it, got ""'],
  [['a b'], 'guardScopes.0 must be a scope as RFC 6749 section 3.3 has it, got "a b"']
]

t.test('M3: a guard with wrong options is an error that names the option', async (t) => {
  const { app } = await createGuardedService()
  for (const carrier of ['sessionAuth', 'tokenAuth'] as const) {
    const { guardWith, guardScopes } = app[carrier]
    const code = 'DRAWBRIDGE_OPTION'
    for (const [options, says] of OPTIONS)
      t.throws(() => guardWith(options as never), { code, message: `${carrier}.${says}` }, says)
    for (const [scopes, says] of SCOPES)
      t.throws(() => guardScopes(...(scopes as string[])), { code, message: `${carrier}.${says}` }, says)
    t.ok(
      guardWith({
        scopes: ['read', 'write'],
        onStale: 'fail-closed',
        onStoreDown: { serveStaleForSeconds: 5 }
      })
    )
    t.ok(guardWith({}))
  }
})

t.test('M3: a maker of guards that is not called is an error where the route is defined', async (t) => {
  const { app } = await createGuardedService()
  for (const carrier of ['sessionAuth', 'tokenAuth'] as const) {
    for (const maker of ['guardScopes', 'guardWith'] as const) {
      const hook = app[carrier][maker] as never
      for (const at of ['onRequest', 'preValidation', 'preHandler', 'onSend'] as const) {
        for (const hooks of [hook, [hook]]) {
          t.throws(() => app.get('/data', { [at]: hooks }, async () => 'data'), {
            code: 'DRAWBRIDGE_OPTION',
            message: `${at} of GET /data is ${carrier}.${maker} itself and must be what it returns`
          })
        }
      }
    }
  }
})

t.test('M3: a maker of guards as a hook of the application lets nobody in, and shows nothing', async (t) => {
  for (const carrier of ['sessionAuth', 'tokenAuth'] as const) {
    for (const maker of ['guardScopes', 'guardWith'] as const) {
      const { app, byCookie, log } = await createGuardedService({
        before: (app) => void app.register(fastifyAuth),
        routes: (app) => {
          app.register(async (scope) => {
            scope.addHook('onRequest', app[carrier][maker] as never)
            scope.get('/data', async () => 'data')
          })
          const preHandler = app.auth([app[carrier][maker] as never])
          app.get('/composed', { preHandler }, async () => 'data')
        }
      })
      const headers = await byCookie()
      for (const url of ['/data', '/composed']) {
        const response = await app.inject({ url, headers })
        t.ok(response.statusCode >= 400, `${carrier}.${maker} ${url}`)
        const secret = headers.cookie.slice(headers.cookie.indexOf('=') + 1)
        t.notOk(response.body.includes(secret))
        t.notOk(log.join('').includes(secret))
        t.match(response.json(), { message: new RegExp(`${carrier}.${maker}`) })
      }
      await app.close()
    }
  }
})

t.test('L16: a guard that comes too late is an error where the route is defined', async (t) => {
  const { app } = await createGuardedService()
  for (const guard of [
    app.sessionAuth.guard,
    app.tokenAuth.guardScopes('read'),
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

t.test('L16: a guard that comes too late as a hook of the application is a 500', async (t) => {
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
      const answer = await app.inject({ url: '/data', headers })
      t.equal(answer.statusCode, 500, at)
      t.equal(answer.json().code, 'DRAWBRIDGE_MISPLACED_GUARD')
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

t.test('M4: a mark that is none is an error where the route is defined', async (t) => {
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
