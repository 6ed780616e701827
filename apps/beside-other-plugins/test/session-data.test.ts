/* `app.sessionAuth.sessionData` and the `request.session` of other plugins in one application. */
import cookie from '@fastify/cookie'
import secureSession from '@fastify/secure-session'
import session from '@fastify/session'
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import { account, toCookieHeader, registerDrawbridge } from './both-orders.ts'

const OTHERS: Readonly<Record<string, (scope: FastifyInstance) => Promise<void>>> = {
  '@fastify/session': async (scope) => {
    await scope.register(cookie)
    const options = { secret: 'of the service itself, for its own sessions', cookieName: 'its-own' }
    await scope.register(session, { ...options, cookie: { secure: false } })
  },
  '@fastify/secure-session': async (scope) => {
    await scope.register(secureSession, { key: Buffer.alloc(32, 7), cookieName: 'its-own' })
  }
}

/** Counts the requests of a session of either plugin. */
function countAt(scope: FastifyInstance, url: string): void {
  scope.get(url, async (request) => {
    const count = Number(request.session.get('count' as never) ?? 0) + 1
    request.session.set('count' as never, count as never)
    return { count }
  })
}

const toCookieJar = (response: LightMyRequestResponse) =>
  toCookieHeader([response.headers['set-cookie'] ?? []].flat())

/** Two requests to each, with all cookies: each counts separately. */
async function checkSeparateData(t: Test, app: FastifyInstance): Promise<void> {
  const login = toCookieJar(await app.inject({ method: 'POST', url: '/session/login', payload: account }))
  const own = toCookieJar(await app.inject({ url: '/theirs', headers: { cookie: login } }))
  const headers = { cookie: `${login}; ${own}` }
  const ask = async (url: string) => (await app.inject({ url, headers })).json()
  t.same([await ask('/ours'), await ask('/ours')], [{ count: 1 }, { count: 2 }])
  t.same(await ask('/theirs'), { count: 2 })
  t.equal((await app.inject('/ours')).statusCode, 401)
}

for (const [name, others] of Object.entries(OTHERS)) {
  const otherApp = async (scope: FastifyInstance) => {
    await others(scope)
    countAt(scope, '/theirs')
  }
  const ownApp = async (scope: FastifyInstance) => {
    await scope.register(scope.sessionAuth.sessionData)
    countAt(scope, '/ours')
  }

  for (const order of ['theirs first', 'ours first'] as const) {
    t.test(`L6: sessionData and ${name} in two scopes, ${order}`, async (t) => {
      const app = Fastify()
      t.teardown(() => app.close())
      await registerDrawbridge(app)
      for (const scope of order === 'theirs first' ? [otherApp, ownApp] : [ownApp, otherApp])
        await app.register(scope)
      await checkSeparateData(t, app)
    })
  }

  for (const order of ['before', 'after'] as const) {
    t.test(
      `L6: sessionData below ${name}, ${order} it, fails at boot, and the message says what to do`,
      async (t) => {
        const app = Fastify()
        if (order === 'before') await others(app)
        await registerDrawbridge(app)
        const boot = async () => {
          await app.register(ownApp)
          if (order === 'after') await others(app)
          await app.ready()
        }
        await t.rejects(boot(), {
          code: 'DRAWBRIDGE_OPTION',
          message:
            /app\.sessionAuth\.sessionData cannot .* request\.session: register that plugin and .* in two scopes/
        })
      }
    )
  }
}
