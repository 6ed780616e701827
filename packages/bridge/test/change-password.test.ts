import { createCredentials, createMemoryUserStore, type Credentials } from '@drawbridge/credentials'
import t from 'tap'
import { makeApp } from './make-app.ts'

const CURRENT = 'correct horse battery staple'
const NEXT = 'a bicycle made of rain'

async function setUp(change: Partial<Credentials> = {}) {
  const real = createCredentials({
    users: createMemoryUserStore(),
    hashing: { memoryKiB: 1024, passes: 1 },
    throttle: { attemptsPerAccount: 5 }
  })
  for (const username of ['ada', 'bob']) await real.register({ username, password: CURRENT })
  const credentials = { ...real, ...change }
  const node = await makeApp({
    session: { credentials },
    tokens: { credentials },
    routes: (app) => {
      app.post('/password', { onRequest: app.bridge.guard }, async (request, reply) => {
        const { user, passwordStamp } = await app.bridge.changePassword(request, reply, request.body)
        const isCurrent = await real.isStampCurrent({ userId: user.id, passwordStamp: passwordStamp ?? '' })
        return { ok: isCurrent && user.username === 'ada' }
      })
      app.post('/kept', { onRequest: app.bridge.guard }, async (request, reply) => {
        const options = { keepOthers: (request.body as { keepOthers?: boolean }).keepOthers }
        await app.bridge.changePassword(request, reply, request.body, options)
        return { ok: true }
      })
      app.post('/misspelt', { onRequest: app.bridge.guard }, async (request, reply) =>
        app.bridge.changePassword(request, reply, request.body, { keepOther: true } as never)
      )
      app.post('/unguarded', async (request, reply) => app.bridge.changePassword(request, reply, {}))
    }
  })
  return { ...node, credentials: real }
}

t.test(
  'by either carrier it changes the password and revokes all logins but that of the request',
  async (t) => {
    for (const carrier of ['cookie', 'token'] as const) {
      const { post, send, signInByCookie, signInByToken, credentials } = await setUp()
      const cookie = await signInByCookie('ada')
      const { token, refresh_token } = await signInByToken('ada')
      const bob = await signInByToken('bob')
      const presented = carrier === 'cookie' ? { cookie } : { token }
      const changed = await post(presented, '/password', { currentPassword: CURRENT, newPassword: NEXT })
      t.strictSame([changed.statusCode, changed.json()], [200, { ok: true }])
      t.equal((await send(presented)).statusCode, 200)
      t.equal((await send(carrier === 'cookie' ? { token } : { cookie })).statusCode, 401)
      const refreshed = await post({}, '/token/refresh', { refresh_token })
      t.equal(refreshed.statusCode, carrier === 'cookie' ? 401 : 200)
      t.equal((await send({ token: bob.token })).statusCode, 200, 'nobody else')
      const verify = (password: string) =>
        credentials.verify({ username: 'ada', password, address: '192.0.2.9' })
      t.equal((await verify(NEXT)).ok, true)
      t.equal((await verify(CURRENT)).ok, false)
    }
  }
)

t.test('with keepOthers the other logins stay, and only `true` keeps them', async (t) => {
  for (const [keepOthers, status] of [
    [true, 200],
    [false, 401],
    [undefined, 401],
    ['true', 401],
    [1, 401]
  ]) {
    const { post, send, signInByCookie, signInByToken } = await setUp()
    const [cookie, { token }] = [await signInByCookie('ada'), await signInByToken('ada')]
    const body = { currentPassword: CURRENT, newPassword: NEXT, keepOthers }
    t.equal((await post({ token }, '/misspelt', body)).statusCode, 500)
    t.equal((await post({ token }, '/kept', body)).statusCode, 200)
    t.equal((await send({ cookie })).statusCode, status, String(keepOthers))
    t.equal((await send({ token })).statusCode, 200)
  }
})

t.test('what changes nothing revokes nothing', async (t) => {
  const { post, send, signInByCookie, signInByToken } = await setUp()
  const [cookie, { token }] = [await signInByCookie('ada'), await signInByToken('ada')]
  const change = async (body?: object) => (await post({ token }, '/password', body)).json()
  const newPassword = NEXT
  t.match(await change({ currentPassword: 'a guess', newPassword }), {
    statusCode: 403,
    code: 'DRAWBRIDGE_WRONG_PASSWORD'
  })
  t.match(await change({ currentPassword: CURRENT, newPassword: 'short' }), {
    statusCode: 400,
    code: 'DRAWBRIDGE_PASSWORD_POLICY'
  })
  for (const body of [
    {},
    { currentPassword: CURRENT },
    { newPassword },
    { currentPassword: 1, newPassword },
    { currentPassword: CURRENT, newPassword: { length: 20 } },
    { currentPassword: CURRENT, newPassword: '' }
  ])
    t.match(await change(body), { statusCode: 400, code: 'DRAWBRIDGE_MALFORMED_CREDENTIALS' })
  t.match(await change(), { statusCode: 400 })
  t.equal((await send({ cookie })).statusCode, 200)
  for (let n = 0; n < 5; n++) await change({ currentPassword: 'a guess', newPassword })
  const throttled = await post({ token }, '/password', { currentPassword: CURRENT, newPassword })
  t.equal(throttled.statusCode, 429)
  t.match(throttled.headers['retry-after'], /^\d+$/)
})

t.test('a page of another origin changes nothing', async (t) => {
  const { app, signInByCookie, credentials } = await setUp()
  const response = await app.inject({
    method: 'POST',
    url: '/password',
    headers: { cookie: await signInByCookie('ada'), 'sec-fetch-site': 'cross-site' },
    payload: { currentPassword: CURRENT, newPassword: NEXT }
  })
  t.equal(response.statusCode, 403)
  t.equal((await credentials.verify({ username: 'ada', password: CURRENT, address: undefined })).ok, true)
})

t.test('where it is not certain that nothing was changed, the others are revoked', async (t) => {
  const { post, send, signInByCookie, signInByToken } = await setUp({
    changePassword: async () => Promise.reject(Object.assign(new Error('down'), { statusCode: 503 }))
  })
  const [cookie, { token }] = [await signInByCookie('ada'), await signInByToken('ada')]
  const body = { currentPassword: CURRENT, newPassword: NEXT }
  t.equal((await post({ token }, '/password', body)).statusCode, 503)
  t.equal((await send({ cookie })).statusCode, 401)
  t.equal((await send({ token })).statusCode, 200)
})

t.test('a route without a guard, and credentials that cannot, are faults of the service', async (t) => {
  const { post, signInByToken } = await setUp()
  t.match((await post({}, '/unguarded', {})).json(), { statusCode: 500, code: 'DRAWBRIDGE_UNGUARDED_ROUTE' })
  t.ok(await signInByToken('ada'))
  const user = { id: '1', username: 'ada' }
  const credentials = { verify: async () => ({ ok: true, user }) as const }
  const without = await makeApp({
    session: { credentials },
    tokens: { credentials },
    routes: (app) => {
      app.post('/password', { onRequest: app.bridge.guard }, (request, reply) =>
        app.bridge.changePassword(request, reply, { currentPassword: 'a', newPassword: 'b' })
      )
    }
  })
  const { token } = await without.signInByToken('ada')
  const response = await without.post({ token }, '/password', {})
  t.match(response.json(), { statusCode: 500, message: /changePassword/ })
})
