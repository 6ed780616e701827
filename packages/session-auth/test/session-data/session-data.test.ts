import type { FastifyInstance, FastifyRequest } from 'fastify'
import t from 'tap'
import { makeApp } from '../make-app.ts'

type Bag = Record<string, unknown>
const bag = (request: FastifyRequest) => request.session as unknown as Bag

async function counter(app: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(app.sessionAuth.sessionData)
    scope.get('/count', async (request) => ({ count: bag(request).count ?? 0 }))
    scope.post('/count', async (request) => {
      bag(request).count = Number(bag(request).count ?? 0) + 1
      return { count: bag(request).count }
    })
    scope.post<{ Body: Bag }>('/put', async (request) => {
      Object.assign(request.session, request.body)
      return {}
    })
    scope.post('/big', async (request) => {
      bag(request).big = {}
      Object.assign(bag(request).big as object, { loop: bag(request).big })
      return {}
    })
    scope.post('/regenerate', async (request) => {
      await request.session.regenerate()
      return {}
    })
    scope.post('/destroy', async (request) => {
      await request.session.destroy()
      return {}
    })
  })
}

t.test('request.session stores data with the login, on the routes of the scope', async (t) => {
  const { app, signIn, logins } = await makeApp({ routes: counter })
  const cookie = await signIn()
  const post = () => app.inject({ method: 'POST', url: '/count', headers: { cookie } })
  t.same((await post()).json(), { count: 1 })
  t.same((await post()).json(), { count: 2 })
  t.same((await app.inject({ url: '/count', headers: { cookie } })).json(), { count: 2 })
  const { loginId } = (await app.inject({ url: '/me', headers: { cookie } })).json()
  t.same((await logins.resolve(loginId))?.data, { count: 2 })
  const other = await signIn()
  t.same((await app.inject({ url: '/count', headers: { cookie: other } })).json(), { count: 0 })
})

t.test('a request that only reads writes nothing and sets no cookie', async (t) => {
  const { app, signIn, storeSpy } = await makeApp({ routes: counter })
  const cookie = await signIn()
  const answer = await app.inject({ url: '/count', headers: { cookie } })
  t.equal(answer.headers['set-cookie'], undefined)
  t.equal(storeSpy.counts.update ?? 0, 0)
})

t.test('routes outside the scope have no session and do not read the store for one', async (t) => {
  const { app, signIn, storeSpy } = await makeApp({
    routes: async (app) => {
      await counter(app)
      app.get('/plain', async (request) => ({ session: request.session === undefined }))
    }
  })
  const cookie = await signIn()
  const before = storeSpy.counts.find ?? 0
  t.same((await app.inject({ url: '/plain', headers: { cookie } })).json(), { session: true })
  t.equal(storeSpy.counts.find ?? 0, before)
})

t.test(
  'the routes are guarded: without a login there is no session, and no row for an anonymous request',
  async (t) => {
    const { app, storeSpy } = await makeApp({ routes: counter })
    t.equal((await app.inject({ method: 'POST', url: '/count' })).statusCode, 401)
    t.same(storeSpy.counts, {})
  }
)

t.test('a change is saved where a Secure cookie meets plain http, as behind a proxy', async (t) => {
  const { app, signIn } = await makeApp({ routes: counter })
  const cookie = await signIn()
  const headers = { cookie, host: 'app.example' }
  await app.inject({ method: 'POST', url: '/count', headers })
  t.same((await app.inject({ url: '/count', headers })).json(), { count: 1 })
})

t.test('F13 a save after the log-out is a 401 and restores nothing, in both orders', async (t) => {
  for (let run = 0; run < 100; run++) {
    let open = () => {}
    const gate = new Promise<void>((resolve) => (open = resolve))
    const { app, signIn, logins } = await makeApp({
      routes: async (app) => {
        await counter(app)
        await app.register(async (scope) => {
          await scope.register(app.sessionAuth.sessionData)
          scope.post('/slow', async (request) => {
            bag(request).late = true
            await gate
            return {}
          })
        })
      }
    })
    const cookie = await signIn()
    const { loginId } = (await app.inject({ url: '/me', headers: { cookie } })).json()
    const slow = app.inject({ method: 'POST', url: '/slow', headers: { cookie } })
    const logout = () => app.inject({ method: 'POST', url: '/session/logout', headers: { cookie } })
    if (run % 2 === 0) {
      // The log-out overtakes the slow request.
      t.equal((await logout()).statusCode, 200)
      open()
      t.equal((await slow).statusCode, 401)
    } else {
      // Both at once.
      open()
      const [first, second] = await Promise.all([slow, logout()])
      t.equal(second.statusCode, 200)
      t.ok([200, 401].includes(first.statusCode))
    }
    t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 401)
    t.equal(await logins.resolve(loginId), null, 'no record')
  }
})

t.test('a save while the store is down is a 503, not a lost change behind a 200', async (t) => {
  const { app, signIn, storeSpy } = await makeApp({
    routes: async (app) => {
      await app.register(async (scope) => {
        await scope.register(app.sessionAuth.sessionData)
        scope.post('/then-down', async (request) => {
          bag(request).x = 1
          storeSpy.outage = new Error('gone')
          return {}
        })
      })
    }
  })
  const cookie = await signIn()
  const answer = await app.inject({ method: 'POST', url: '/then-down', headers: { cookie } })
  t.equal(answer.statusCode, 503)
  t.equal(answer.headers['retry-after'], '1')
})

t.test('a reserved name of sessions is an error that names it', async (t) => {
  const { app, signIn } = await makeApp({ routes: counter })
  const cookie = await signIn()
  const put = (payload: string) =>
    app.inject({
      method: 'POST',
      url: '/put',
      headers: { cookie, 'content-type': 'application/json' },
      payload
    })
  const answer = await put('{"isSaved":1}')
  t.equal(answer.statusCode, 500)
  t.match(answer.json(), { code: 'DRAWBRIDGE_SESSION_DATA', message: /request\.session\.isSaved/ })
  t.equal((await put('{"ok":{"nested":[1,null]}}')).statusCode, 200)
  const big = await app.inject({ method: 'POST', url: '/big', headers: { cookie } })
  t.match(big.json(), {
    code: 'DRAWBRIDGE_SESSION_DATA',
    message: 'request.session.big has a value that JSON cannot represent'
  })
})

t.test('destroy revokes the login', async (t) => {
  const { app, signIn } = await makeApp({ routes: counter })
  const cookie = await signIn()
  t.equal((await app.inject({ method: 'POST', url: '/destroy', headers: { cookie } })).statusCode, 200)
  t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 401)
})

t.test('L7: regenerate is an error that names startSession, and revokes nothing', async (t) => {
  const { app, signIn } = await makeApp({
    routes: async (app) => {
      await counter(app)
      await app.register(async (scope) => {
        await scope.register(app.sessionAuth.sessionData)
        scope.post('/reload', async (request) => {
          await request.session.reload()
          await request.session.regenerate(['count' as never])
          return {}
        })
        scope.post('/call-back', (request, reply) => {
          request.session.regenerate(() => void reply.send({}))
        })
      })
    }
  })
  const headers = { cookie: await signIn() }
  await app.inject({ method: 'POST', url: '/count', headers })
  for (const url of ['/regenerate', '/reload', '/call-back']) {
    const answer = await app.inject({ method: 'POST', url, headers })
    t.match(
      answer.json(),
      {
        statusCode: 500,
        code: 'DRAWBRIDGE_SESSION_REGENERATE',
        message: /call app\.sessionAuth\.startSession/
      },
      url
    )
    t.same((await app.inject({ url: '/count', headers })).json(), { count: 1 })
  }
})

t.test(
  'S11: a value that JSON leaves out is an error that names it, alone or nested, and nothing is saved',
  async (t) => {
    const put: { value: unknown } = { value: null }
    const { app, signIn } = await makeApp({
      routes: async (app) => {
        await app.register(async (scope) => {
          await scope.register(app.sessionAuth.sessionData)
          scope.post('/put', async (request) => {
            bag(request).what = put.value
            return {}
          })
          scope.post('/put-inside', async (request) => {
            Object.assign(bag(request).kept as object, { inside: [put.value] })
            return {}
          })
          scope.get('/kept', async (request) => bag(request))
          scope.post('/keep', async (request) => {
            bag(request).kept = {}
            return {}
          })
        })
      }
    })
    const headers = { cookie: await signIn() }
    const post = (url: string) => app.inject({ method: 'POST', url, headers })
    t.equal((await post('/keep')).statusCode, 200)
    for (const value of [1n, () => 1, Symbol('x'), new Map([[1, 2]]), new Set([1])])
      for (const [url, name] of [
        ['/put', 'what'],
        ['/put-inside', 'kept']
      ] as const) {
        put.value = value
        const answer = await post(url)
        const message = `request.session.${name} has a value that JSON cannot represent`
        t.match(answer.json(), { statusCode: 500, code: 'DRAWBRIDGE_SESSION_DATA', message }, typeof value)
        t.strictSame((await app.inject({ url: '/kept', headers })).json().kept, {})
      }
    put.value = new Date(0)
    t.equal((await post('/put')).statusCode, 200)
    put.value = undefined
    t.equal((await post('/put')).statusCode, 200, 'which removes it')
    t.notOk('what' in (await app.inject({ url: '/kept', headers })).json())
  }
)

t.test('S11: a change before reply.hijack() is saved by the handler, or an error', async (t) => {
  const { app, signIn } = await makeApp({
    routes: async (app) => {
      await counter(app)
      await app.register(async (scope) => {
        await scope.register(app.sessionAuth.sessionData)
        scope.post<{ Querystring: { change?: string; save?: string } }>('/stream', async (request, reply) => {
          if (request.query.change !== undefined) bag(request).count = 7
          if (request.query.save !== undefined) await request.session.save()
          reply.hijack()
          reply.raw.end('streamed')
        })
      })
    }
  })
  const headers = { cookie: await signIn() }
  const stream = (query: string) => app.inject({ method: 'POST', url: `/stream?${query}`, headers })
  const count = async () => (await app.inject({ url: '/count', headers })).json<{ count: number }>().count
  t.equal((await stream('')).body, 'streamed', 'without a change')
  const answer = await stream('change')
  t.match(answer.json(), {
    statusCode: 500,
    code: 'DRAWBRIDGE_SESSION_DATA',
    message: /before reply\.hijack\(\)/
  })
  t.equal((await stream('change&save')).body, 'streamed')
  t.equal(await count(), 7)
})
