import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import fastifyCookie from '@fastify/cookie'
import Fastify from 'fastify'
import t from 'tap'
import { type SessionAuthOptions, sessionAuth } from '../src/index.ts'
import { makeApp, SECRET } from './make-app.ts'

const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }

async function bootError(options: object): Promise<Error & { code?: string }> {
  const logins = createLogins({ store: createMemoryLoginStore() })
  const app = Fastify()
  try {
    await app.register(sessionAuth, { credentials, logins, secret: SECRET, ...options } as SessionAuthOptions)
    throw new Error('it booted')
  } catch (error) {
    return error as Error
  }
}

t.test('a wrong option fails at boot with its name and what was got', async (t) => {
  const cases: ReadonlyArray<readonly [object, string]> = [
    [
      { idleTimeoutSeconds: '30m' },
      'sessionAuth.idleTimeoutSeconds must be a whole number from 0 to 31536000, got "30m"'
    ],
    [
      { absoluteTimeoutSeconds: 0 },
      'sessionAuth.absoluteTimeoutSeconds must be a whole number from 1 to 31536000, got 0'
    ],
    [{ idleSecond: 5 }, 'sessionAuth.idleSecond is not an option'],
    [{ routes: { signIn: false } }, 'sessionAuth.routes.signIn is not an option'],
    [{ routes: { login: '/a/:b' } }, 'sessionAuth.routes.login must be false or a path like "/login"'],
    [{ routes: { login: '/a', logout: '/a' } }, 'sessionAuth.routes must have another path for each route'],
    [{ cookie: { maxAge: 5 } }, 'sessionAuth.cookie.maxAge is not an option'],
    [{ cookie: { name: 'a; Domain=x' } }, 'sessionAuth.cookie.name must be a cookie name, got "a; Domain=x"'],
    [{ cookie: { sameSite: 'none' } }, 'sessionAuth.cookie.sameSite must be "lax" or "strict", got "none"'],
    [
      { cookie: { name: '__Host-x', secure: false } },
      'sessionAuth.cookie.name "__Host-x" needs sessionAuth.cookie.secure'
    ],
    [{ trustedOrigins: ['https://app.example/'] }, 'sessionAuth.trustedOrigins.0 must be an origin like'],
    ...['*', 'https://*.preview.shop.test'].map(
      (wildcard) =>
        [
          { trustedOrigins: ['https://app.example', wildcard] },
          'sessionAuth.trustedOrigins.1 must not have a wildcard, which nothing matches: name each origin'
        ] as const
    ),
    ...[
      'null',
      'file://',
      'file://x',
      'Capacitor://localhost',
      'tauri://localhost/',
      'capacitor:localhost',
      '//x'
    ].map(
      (text) => [{ trustedOrigins: [text] }, 'sessionAuth.trustedOrigins.0 must be an origin like'] as const
    ),
    ...['session', '/session/', '//', '/*', '/:tenant', '/:a(', '/a b', '/a?b'].map(
      (prefix) =>
        [
          { prefix },
          `sessionAuth.prefix must be empty or a path like "/session", got ${JSON.stringify(prefix)}`
        ] as const
    ),
    [{ logins: {} }, 'sessionAuth.logins must be the logins that createLogins makes'],
    [{ credentials: undefined }, 'sessionAuth.credentials is missing'],
    [{ secret: 'short-and-secret' }, 'sessionAuth.secret must be a string of 32 bytes or more']
  ]
  for (const [options, message] of cases) {
    const error = await bootError(options)
    t.equal(error.code, 'DRAWBRIDGE_OPTION')
    t.ok(error.message.includes(message), `${error.message} ⊇ ${message}`)
    t.notOk(error.message.includes('short-and-secret'), 'never a secret')
  }
})

t.test('an insecure cookie is an error at boot where NODE_ENV is production', async (t) => {
  const before = process.env.NODE_ENV
  t.teardown(
    () => void (before === undefined ? delete process.env.NODE_ENV : (process.env.NODE_ENV = before))
  )
  process.env.NODE_ENV = 'production'
  t.match((await bootError({ cookie: { secure: false } })).message, /cookie\.secure must not be false/)
})

t.test('without Secure the cookie has a name that a browser keeps over plain http', async (t) => {
  const { signIn } = await makeApp({ session: { cookie: { secure: false, sameSite: 'strict' } } })
  t.match(await signIn(), /^drawbridge=/)
})

t.test('the @fastify/cookie of an application stays as it is', async (t) => {
  const logins = createLogins({ store: createMemoryLoginStore() })
  const app = Fastify()
  await app.register(fastifyCookie, { secret: 'of the application' })
  await app.register(sessionAuth, { credentials, logins, secret: SECRET })
  app.get('/cookies', async (request) => request.cookies)
  const answer = await app.inject({ url: '/cookies', headers: { cookie: 'a=1' } })
  t.same(answer.json(), { a: '1' })
})

t.test('L6 so does an application that registers it later', async (t) => {
  const { app } = await makeApp({
    routes: async (app) => {
      t.notOk(app.hasPlugin('@fastify/cookie') || app.hasRequestDecorator('cookies'), 'none of ours')
      await app.register(fastifyCookie, { secret: 'of the application' })
      app.get('/cookies', async (request) => request.cookies)
    }
  })
  t.same((await app.inject({ url: '/cookies', headers: { cookie: 'a=1' } })).json(), { a: '1' })
})

t.test('logins that an application has closed are rejected at registration', async (t) => {
  const logins = createLogins({ store: createMemoryLoginStore() })
  const app = Fastify()
  await app.register(sessionAuth, { credentials, logins, secret: SECRET })
  await app.close()
  await t.rejects(async () => Fastify().register(sessionAuth, { credentials, logins, secret: SECRET }), {
    message: /sessionAuth\.logins must not be closed, got logins that the last application has closed/
  })
})

t.test('logins with closeWithApp: false serve one application after the other', async (t) => {
  const logins = createLogins({ store: createMemoryLoginStore(), closeWithApp: false })
  for (const app of [Fastify(), Fastify()]) {
    await app.register(sessionAuth, { credentials, logins, secret: SECRET })
    await app.close()
  }
  await t.resolves(logins.ping())
})
