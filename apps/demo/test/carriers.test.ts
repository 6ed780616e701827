import { createCredentials, createMemoryUserStore, seedUser } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore, type Logins } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { account, logInByCookie, logInByToken } from './build-demo.ts'

const secret = 'a root secret that is long enough to be one'
const keys = [generateSigningKey()]

/** A small service of the plugins alone, with what it asks of stores and caches counted. */
async function buildService(t: Test, carriers: readonly ('session' | 'token')[]) {
  const users = createMemoryUserStore()
  await seedUser(users, account)
  const credentials = createCredentials({ users })
  const asked: string[] = []
  const logins = createLogins({ store: listened(createMemoryLoginStore(), 'store', asked) })
  const app = Fastify()
  t.teardown(() => app.close())
  if (carriers.includes('session')) {
    const options = {
      credentials,
      logins: withCache(logins, 'session cache', asked),
      secret,
      cookie: { secure: false }
    }
    await app.register(sessionAuth, options)
    app.get('/session/protected', { onRequest: app.sessionAuth.guard }, async ({ principal }) => principal)
  }
  if (carriers.includes('token')) {
    await app.register(tokenAuth, {
      credentials,
      logins: withCache(logins, 'token cache', asked),
      secret,
      keys
    })
    app.get('/token/protected', { onRequest: app.tokenAuth.guard }, async ({ principal }) => principal)
  }
  return { app, asked }
}

/** Writes down each call of a verb of `target`. */
function listened<T extends object>(target: T, name: string, asked: string[]): T {
  return new Proxy(target, {
    get: (_, key) => {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        asked.push(`${name}.${String(key)}`)
        return Reflect.apply(value, target, args)
      }
    }
  })
}

/** The logins as one carrier gets them, with the cache that it opens listened to. */
function withCache(logins: Logins, name: string, asked: string[]): Logins {
  return new Proxy(logins, {
    get: (_, key) => {
      const value: unknown = Reflect.get(logins, key)
      if (typeof value !== 'function') return value
      if (key === 'openCache') return () => listened(logins.openCache(), name, asked)
      return value.bind(logins)
    }
  })
}

t.test('the cookie works without the token', async (t) => {
  const { app } = await buildService(t, ['session'])
  const headers = { cookie: await logInByCookie(app) }
  t.match((await app.inject({ url: '/session/protected', headers })).json(), {
    username: 'user',
    carrier: 'session'
  })
  t.equal((await app.inject({ method: 'POST', url: '/session/logout', headers })).statusCode, 200)
  t.equal((await app.inject({ url: '/session/protected', headers })).statusCode, 401)
  t.equal((await app.inject({ method: 'POST', url: '/token/login', payload: account })).statusCode, 404)
  t.notOk('tokenAuth' in app)
})

t.test('the token works without the cookie', async (t) => {
  const { app } = await buildService(t, ['token'])
  const headers = { authorization: `Bearer ${(await logInByToken(app)).token}` }
  t.match((await app.inject({ url: '/token/protected', headers })).json(), {
    username: 'user',
    carrier: 'token'
  })
  t.equal((await app.inject({ method: 'POST', url: '/token/logout', headers })).statusCode, 200)
  t.equal((await app.inject({ url: '/token/protected', headers })).statusCode, 401)
  t.equal((await app.inject({ method: 'POST', url: '/session/login', payload: account })).statusCode, 404)
  t.notOk('sessionAuth' in app)
  t.notOk(app.hasPlugin('@fastify/cookie') || app.hasPlugin('@fastify/session'))
})

t.test('both work side by side, and one ends without the other', async (t) => {
  const { app } = await buildService(t, ['session', 'token'])
  const cookie = { cookie: await logInByCookie(app) }
  const bearer = { authorization: `Bearer ${(await logInByToken(app)).token}` }
  t.equal((await app.inject({ method: 'POST', url: '/session/logout', headers: cookie })).statusCode, 200)
  t.equal((await app.inject({ url: '/session/protected', headers: cookie })).statusCode, 401)
  t.equal((await app.inject({ url: '/token/protected', headers: bearer })).statusCode, 200)
})

t.test('neither carrier takes the credential of the other', async (t) => {
  const { app } = await buildService(t, ['session', 'token'])
  const cookie = await logInByCookie(app)
  const { token, refresh_token } = await logInByToken(app)
  const [name, value] = cookie.split('=') as [string, string]
  const ask = async (url: string, headers: Record<string, string>) =>
    (await app.inject({ url, headers })).statusCode
  t.equal(await ask('/token/protected', { cookie }), 401)
  t.equal(await ask('/token/protected', { authorization: `Bearer ${decodeURIComponent(value)}` }), 401)
  t.equal(await ask('/token/protected', { authorization: `Bearer ${refresh_token}` }), 401)
  t.equal(await ask('/session/protected', { authorization: `Bearer ${token}` }), 401)
  t.equal(await ask('/session/protected', { cookie: `${name}=${token}` }), 401)
})

t.test('with both, a bearer request does no session work', async (t) => {
  const { app, asked } = await buildService(t, ['session', 'token'])
  const cookie = await logInByCookie(app)
  const authorization = `Bearer ${(await logInByToken(app)).token}`
  await app.inject({ url: '/token/protected', headers: { authorization } })

  for (const headers of [{ authorization }, { authorization, cookie }]) {
    asked.length = 0
    const answer = await app.inject({ url: '/token/protected', headers })
    t.equal(answer.json<{ carrier: string }>().carrier, 'token')
    t.same(asked, ['token cache.get'], 'one look into the cache of tokens is all')
    t.notOk('set-cookie' in answer.headers)
    t.notMatch(answer.headers.vary ?? '', /cookie/i)
  }
})

t.test('with both, a cookie request does no token work', async (t) => {
  const { app, asked } = await buildService(t, ['session', 'token'])
  const cookie = await logInByCookie(app)
  await app.inject({ url: '/session/protected', headers: { cookie } })
  asked.length = 0
  await app.inject({ url: '/session/protected', headers: { cookie } })
  t.same(asked, ['session cache.get'])
})
