import {
  createLogins,
  createMemoryFeed,
  createMemoryLoginStore,
  type LoginsOptions
} from '@drawbridge/logins'
import type { TokenResponse } from '@drawbridge/token-auth'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { makeApp } from './make-app.ts'

const boundOf = ({ headers }: LightMyRequestResponse) =>
  headers['drawbridge-effective-within'] as string | undefined

const withHeader = (options: Partial<LoginsOptions> = {}) =>
  makeApp({
    logins: { effectiveWithinHeader: true, ...options },
    tokens: { routes: { revoke: true } },
    routes: (app) => {
      app.post('/others', async (request, reply) => ({
        revoked: await app.bridge.revokeOthers(request, reply)
      }))
    }
  })

t.test('each response that has revoked logins says how soon no node serves them', async (t) => {
  const feed = { ...createMemoryFeed(), maxStalenessMs: 700 }
  for (const [options, bound] of [
    [{}, 0],
    [{ feed }, 700],
    [{ feed, onStoreDown: { serveStaleForSeconds: 45 } }, 45_000]
  ] as const) {
    const { logins, post, signInByCookie, signInByToken } = await withHeader(options)
    t.equal(logins.effectiveWithinMs, bound)
    for (const [url, by] of [
      ['/logout', 'cookie'],
      ['/logout', 'token'],
      ['/session/logout', 'cookie'],
      ['/token/logout', 'token'],
      ['/others', 'cookie'],
      ['/others', 'token']
    ] as const) {
      const presented =
        by === 'cookie' ? { cookie: await signInByCookie() } : { token: (await signInByToken()).token }
      const response = await post(presented, url)
      t.strictSame([response.statusCode, boundOf(response)], [200, String(bound)], `${url} by ${by}`)
    }
    const { refresh_token } = await signInByToken()
    const response = await post({}, '/logout', { refresh_token })
    t.equal(boundOf(response), String(bound), 'by a refresh token')
  }
})

t.test('the revocation of RFC 7009 says it too', async (t) => {
  const { app, signInByToken } = await withHeader()
  const { token } = await signInByToken()
  const response = await app.inject({
    method: 'POST',
    url: '/token/revoke',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `token=${token}`
  })
  t.strictSame([response.statusCode, boundOf(response)], [200, '0'])
})

t.test('a response that has revoked nothing for sure does not say it', async (t) => {
  const { post, signInByCookie, signInByToken, storeSpy } = await withHeader()
  const cookie = await signInByCookie()
  const { token } = await signInByToken()
  storeSpy.down.add('remove')
  for (const [url, presented] of [
    ['/logout', { cookie }],
    ['/session/logout', { cookie }],
    ['/token/logout', { token }]
  ] as const) {
    const response = await post(presented, url)
    t.strictSame([response.statusCode, boundOf(response)], [503, undefined], url)
  }
  t.equal(boundOf(await post({ token: 'forged' }, '/token/logout')), undefined)
})

t.test('no response says it unless the service wants it to', async (t) => {
  const { post, signInByCookie, signInByToken } = await makeApp()
  const login = (await signInByToken()) satisfies TokenResponse
  t.equal(boundOf(await post({ token: login.token }, '/token/logout')), undefined)
  t.equal(boundOf(await post({ cookie: await signInByCookie() }, '/logout')), undefined)
})

t.test('a feed of JavaScript without a bound is no feed to promise by', async (t) => {
  const { maxStalenessMs: _bound, ...feed } = createMemoryFeed()
  const options = { store: createMemoryLoginStore(), feed: feed as never }
  t.throws(() => createLogins({ ...options, effectiveWithinHeader: true }), {
    code: 'DRAWBRIDGE_OPTION',
    message: /effectiveWithinHeader needs a feed with maxStalenessMs/
  })
  await createLogins(options).close()
})
