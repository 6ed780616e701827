import { createCredentials, createMemoryUserStore, seedUser } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore, type Logins } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { account, signInByCookie, signInByToken } from './build-demo.ts'

const secret = 'a root secret that is long enough to be one'
const keys = [generateSigningKey()]

/** A small service with the plugins only, which records calls of stores and caches. */
async function buildService(t: Test, carriers: readonly ('session' | 'token')[]) {
  const users = createMemoryUserStore()
  await seedUser(users, account)
  const credentials = createCredentials({ users })
  const calls: string[] = []
  const logins = createLogins({ store: recordCalls(createMemoryLoginStore(), 'store', calls) })
  const app = Fastify()
  t.teardown(() => app.close())
  if (carriers.includes('session')) {
    const options = {
      credentials,
      logins: withoutCache(logins, 'session cache', calls),
      secret,
      cookie: { secure: false }
    }
    await app.register(sessionAuth, options)
    app.get('/session/protected', { onRequest: app.sessionAuth.guard }, async ({ principal }) => principal)
  }
  if (carriers.includes('token')) {
    await app.register(tokenAuth, {
      credentials,
      logins: withoutCache(logins, 'token cache', calls),
      secret,
      keys
    })
    app.get('/token/protected', { onRequest: app.tokenAuth.guard }, async ({ principal }) => principal)
  }
  return { app, calls }
}

/** Records each method call of `target`. */
function recordCalls<T extends object>(target: T, name: string, calls: string[]): T {
  return new Proxy(target, {
    get: (_, key) => {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        calls.push(`${name}.${String(key)}`)
        return Reflect.apply(value, target, args)
      }
    }
  })
}

/** The logins for one carrier, recording the calls of the cache that it opens. */
function withoutCache(logins: Logins, name: string, calls: string[]): Logins {
  return new Proxy(logins, {
    get: (_, key) => {
      const value: unknown = Reflect.get(logins, key)
      if (typeof value !== 'function') return value
      if (key === 'openCache') return () => recordCalls((logins as CarrierLogins).openCache(), name, calls)
      return value.bind(logins)
    }
  })
}

t.test('the cookie works without the token', async (t) => {
  const { app } = await buildService(t, ['session'])
  const headers = { cookie: await signInByCookie(app) }
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
  const headers = { authorization: `Bearer ${(await signInByToken(app)).token}` }
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

t.test('both work side by side, and each can be logged out without the other', async (t) => {
  const { app } = await buildService(t, ['session', 'token'])
  const cookie = { cookie: await signInByCookie(app) }
  const bearer = { authorization: `Bearer ${(await signInByToken(app)).token}` }
  t.equal((await app.inject({ method: 'POST', url: '/session/logout', headers: cookie })).statusCode, 200)
  t.equal((await app.inject({ url: '/session/protected', headers: cookie })).statusCode, 401)
  t.equal((await app.inject({ url: '/token/protected', headers: bearer })).statusCode, 200)
})

t.test('neither carrier accepts the credential of the other', async (t) => {
  const { app } = await buildService(t, ['session', 'token'])
  const cookie = await signInByCookie(app)
  const { token, refresh_token } = await signInByToken(app)
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
  const { app, calls } = await buildService(t, ['session', 'token'])
  const cookie = await signInByCookie(app)
  const authorization = `Bearer ${(await signInByToken(app)).token}`
  await app.inject({ url: '/token/protected', headers: { authorization } })

  for (const headers of [{ authorization }, { authorization, cookie }]) {
    calls.length = 0
    const response = await app.inject({ url: '/token/protected', headers })
    t.equal(response.json<{ carrier: string }>().carrier, 'token')
    t.same(calls, ['token cache.get'], 'one look-up in the token cache, nothing else')
    t.notOk('set-cookie' in response.headers)
    t.notMatch(response.headers.vary ?? '', /cookie/i)
  }
})

t.test('with both, a cookie request does no token work', async (t) => {
  const { app, calls } = await buildService(t, ['session', 'token'])
  const cookie = await signInByCookie(app)
  await app.inject({ url: '/session/protected', headers: { cookie } })
  calls.length = 0
  await app.inject({ url: '/session/protected', headers: { cookie } })
  t.same(calls, ['session cache.get'])
})
