import t from 'tap'
import {
  cookiesFrom,
  EVERY_ROUTE,
  NEXT_PASSWORD,
  PASSWORD,
  renewed,
  SECRET,
  startService
} from './start-service.ts'

t.test('each route is a method for routes of the own, whose body no schema has checked', async (t) => {
  const { nodes, nextMail, errors } = await startService(t, 'memory', {
    account: { routes: false },
    routes: (app) => {
      app.post('/join', async (request, reply) => {
        const outcome = await app.account.register(request, request.body)
        if (outcome.status === 'registered')
          await app.sessionAuth.startSession(request, reply, outcome.signIn)
        return { status: outcome.status }
      })
      app.post('/lost', async (request) => {
        await app.account.forgotPassword(request, request.body)
        return {}
      })
      app.post('/found', async (request, reply) => {
        await app.sessionAuth.startSession(
          request,
          reply,
          await app.account.resetPassword(request, request.body)
        )
        return {}
      })
      app.post('/confirm', async (request) => ({ userId: await app.account.verify(request, request.body) }))
      app.post('/keys', { onRequest: app.bridge.guard }, (request, reply) =>
        app.account.createToken(request, reply, request.body)
      )
      app.get('/keys', { onRequest: app.bridge.guard }, (request) => app.account.listTokens(request))
      app.delete<{ Params: { id: string } }>(
        '/keys/:id',
        { onRequest: app.bridge.guard },
        async (request) => {
          await app.account.revokeToken(request, request.params.id)
          return {}
        }
      )
      app.delete('/everything', { onRequest: app.bridge.guard }, async (request, reply) => {
        await app.account.deleteAccount(request, reply)
        return {}
      })
    }
  })
  const [node] = nodes
  t.equal((await node.send('GET', '/account/logins', await node.signIn('token'))).status, 404)
  const joined = await node.send('POST', '/join', {}, { username: 'kim', password: PASSWORD })
  t.same([joined.status, joined.body], [200, { status: 'registered' }])
  t.equal(await node.me({ cookie: cookiesFrom(joined.headers) }), 200)
  await node.send('POST', '/lost', {}, { username: 'kim' })
  const { token } = await nextMail('reset')
  const found = await node.send('POST', '/found', {}, { token, newPassword: NEXT_PASSWORD })
  t.equal(await node.me({ cookie: cookiesFrom(joined.headers) }), 401)
  const cookie = cookiesFrom(found.headers)
  t.equal(await node.me({ cookie }), 200, 'the service has signed the user in')
  const key = { name: 'nightly', scopes: [], expiresAt: Date.now() + 60_000 }
  const { id, token: value } = (await node.send('POST', '/keys', { cookie }, key)).body
  t.match((await node.send('GET', '/keys', { cookie })).body, [{ id, name: 'nightly', lastUsedAt: null }])
  const program = { authorization: `Bearer ${String(value)}` }
  for (const [method, path] of [
    ['POST', '/keys'],
    ['GET', '/keys'],
    ['DELETE', `/keys/${String(id)}`]
  ] as const)
    t.match((await node.send(method, path, program, method === 'POST' ? key : undefined)).body, {
      code: 'DRAWBRIDGE_KEY_NOT_ALLOWED'
    })
  t.equal((await node.send('DELETE', `/keys/${String(id)}`, { cookie })).status, 200)
  t.equal((await node.send('DELETE', `/keys/${String(id)}`, { cookie })).status, 404)
  t.match((await node.send('POST', '/keys', { cookie }, { ...key, name: '' })).body, {
    code: 'DRAWBRIDGE_MALFORMED_KEY'
  })
  t.equal((await node.send('DELETE', '/everything', { cookie })).status, 200)
  t.equal(await node.me({ cookie }), 401)

  const malformed: unknown[] = [
    undefined,
    null,
    7,
    'text',
    [],
    {},
    { username: 7, password: {}, token: [], newPassword: null }
  ]
  malformed.push(
    { username: '', password: '', token: '', newPassword: '' },
    JSON.parse('{"__proto__":{"token":"a"}}')
  )
  for (const path of ['/join', '/lost', '/found', '/confirm'])
    for (const body of malformed) {
      const answer = await node.send('POST', path, {}, body)
      t.match(answer.body, { statusCode: 400 }, `${path} ${JSON.stringify(body)}`)
    }
  t.same(errors, [])
})

t.test('the other logins stay after a change of password where the service keeps them', async (t) => {
  const body = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD }
  for (const [keepOthers, path, status] of [
    [true, '/account/password', 200],
    [true, '/password?keep=false', 401],
    [false, '/password?keep=true', 200],
    [false, '/account/password', 401]
  ] as const) {
    const { nodes } = await startService(t, 'memory', {
      account: { keepOthers },
      routes: (app) => {
        app.post<{ Querystring: { keep: string } }>(
          '/password',
          { onRequest: app.bridge.guard },
          async (request, reply) =>
            (await app.account.changePassword(request, reply, request.body, {
              keepOthers: request.query.keep === 'true'
            })) ?? {}
        )
      }
    })
    const [node] = nodes
    for (const carrier of ['session', 'token'] as const) {
      const username = carrier === 'session' ? 'ada' : 'bob'
      const others = [await node.signIn('session', username), await node.signIn('token', username)]
      const own = await node.signIn(carrier, username)
      const changed = await node.send('POST', path, own, body)
      t.equal(changed.status, 200)
      for (const each of others) t.equal(await node.me(each), status, `${path}, by ${carrier}`)
      if (carrier === 'session') t.equal(await node.me(own), 401, 'and this one gets a new credential')
      t.equal(await node.me(renewed(own, changed)), 200)
    }
  }
})

t.test('where the other logins stay, a sign-in in flight with the old password does not', async (t) => {
  const { nodes } = await startService(t, 'memory', { account: { keepOthers: true } })
  const [node] = nodes
  const own = await node.signIn('token')
  node.store.before('insert', async () => {
    const body = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD }
    t.equal((await node.send('POST', '/account/password', own, body)).status, 200)
  })
  const credentials = { username: 'ada', password: PASSWORD }
  t.equal((await node.send('POST', '/session/login', {}, credentials)).status, 401)
})

t.test('bodies that no route takes', async (t) => {
  const { nodes } = await startService(t)
  const [node] = nodes
  const own = await node.signIn('token')
  const doors = [
    ['/account/register', { username: 'kim', password: PASSWORD }, {}],
    ['/account/password/forgot', { username: 'kim' }, {}],
    ['/account/password/reset', { token: 'drbo_a', newPassword: NEXT_PASSWORD }, {}],
    ['/account/verify', { token: 'drbo_a' }, {}],
    ['/account/password', { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD }, own]
  ] as const
  for (const [path, body, headers] of doors) {
    const names = Object.keys(body)
    for (const wrong of [
      {},
      { ...body, more: 1 },
      { ...body, [names[0] as string]: 7 },
      { ...body, [names.at(-1) as string]: '' },
      [body]
    ])
      t.match(
        (await node.send('POST', path, headers, wrong)).body,
        { statusCode: 400, code: 'FST_ERR_VALIDATION' },
        path
      )
    const long = { ...body, [names[0] as string]: 'x'.repeat(20_000) }
    t.equal((await node.send('POST', path, headers, long)).status, 413)
    const asText = await node.send('POST', path, { ...headers, 'content-type': 'text/plain' }, undefined)
    t.ok(asText.status === 400 || asText.status === 415, `${path} ${asText.status}`)
  }
  t.equal(
    (await node.send('POST', '/account/logins/revoke-others', { ...own, 'content-type': 'text/plain' }))
      .status,
    200
  )
})

t.test('a guard of the whole service leaves the doors for visitors open, and no others', async (t) => {
  const { nodes } = await startService(t, 'memory', {
    before: (app) => void app.addHook('onRequest', app.bridge.guard)
  })
  const [node] = nodes
  t.equal(
    (await node.send('POST', '/account/register', {}, { username: 'kim', password: PASSWORD })).status,
    201
  )
  t.equal((await node.send('POST', '/account/password/forgot', {}, { username: 'kim' })).status, 202)
  t.equal(
    (await node.send('POST', '/account/password/reset', {}, { token: 'a', newPassword: 'b' })).status,
    400
  )
  for (const [method, path] of [
    ['GET', '/account/logins'],
    ['DELETE', '/account/logins/a'],
    ['POST', '/account/logins/revoke-others'],
    ['POST', '/account/password'],
    ['GET', '/account/tokens'],
    ['POST', '/account/tokens'],
    ['DELETE', '/account/tokens/a'],
    ['DELETE', '/account']
  ] as const) {
    const answer = await node.send(method, path)
    t.equal(answer.status, 401, `${method} ${path}`)
    t.match(answer.headers.get('www-authenticate'), /^Bearer/)
  }
})

t.test('mails that were begun are waited for when the application closes', async (t) => {
  let release = () => {}
  const gate = new Promise<void>((resolve) => (release = resolve))
  const sent: string[] = []
  let begun = () => {}
  const hasBegun = new Promise<void>((resolve) => (begun = resolve))
  const { nodes } = await startService(t, 'memory', {
    account: {
      routes: EVERY_ROUTE,
      secret: SECRET,
      sendReset: async ({ username }) => {
        begun()
        await gate
        sent.push(username)
      }
    }
  })
  const [node] = nodes
  await node.send('POST', '/account/password/forgot', {}, { username: 'ada' })
  await hasBegun
  const closed = node.app.close()
  t.same(sent, [])
  release()
  await closed
  t.same(sent, ['ada'])
})

t.test('where a user needs a second factor, it is presented with the password', async (t) => {
  const { nodes } = await startService(t, 'memory', {
    credentials: {
      secondFactor: { isRequired: () => true, verify: ({ response }) => response === '492039' }
    }
  })
  const [node] = nodes
  const first = await node.send('POST', '/token/login', {}, { username: 'ada', password: PASSWORD })
  const { pending } = first.body as { pending: string }
  const second = await node.send('POST', '/token/login/second-factor', {}, { pending, response: '492039' })
  const own = { authorization: `Bearer ${String(second.body['token'])}` }
  const present = (body: object) => node.send('POST', '/account/reauthenticate', own, body)
  t.match((await present({ password: PASSWORD })).body, {
    statusCode: 400,
    code: 'DRAWBRIDGE_MALFORMED_CREDENTIALS'
  })
  for (const wrong of [
    { password: 'a guess', response: '492039' },
    { password: PASSWORD, response: '000000' }
  ])
    t.match((await present(wrong)).body, { statusCode: 403, code: 'DRAWBRIDGE_WRONG_PASSWORD' })
  t.match((await present({ password: PASSWORD, response: '492039' })).body, {
    message: 'Authenticated',
    token: String
  })
})

t.test('a personal access token reads and changes no account', async (t) => {
  const { nodes } = await startService(t)
  const [node] = nodes
  const { id = '' } = (await node.users.store.findByUsernameKey('ada')) ?? {}
  const key = { name: 'nightly', scopes: [], expiresAt: Date.now() + 60_000 }
  const { token, id: keyId } = await node.app.keyAuth.createFor({ id, username: 'ada' }, key)
  const own = { authorization: `Bearer ${token}` }
  t.equal(await node.me(own), 200)
  const change = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD }
  for (const [method, path, body] of [
    ['GET', '/account/logins', undefined],
    ['DELETE', `/account/logins/${keyId}`, undefined],
    ['POST', '/account/logins/revoke-others', undefined],
    ['POST', '/account/password', change],
    ['POST', '/account/reauthenticate', { password: PASSWORD }],
    ['GET', '/account/tokens', undefined],
    ['POST', '/account/tokens', key],
    ['DELETE', `/account/tokens/${keyId}`, undefined],
    ['DELETE', '/account', undefined]
  ] as const)
    t.match(
      (await node.send(method, path, own, body)).body,
      { statusCode: 403, code: 'DRAWBRIDGE_KEY_NOT_ALLOWED' },
      `${method} ${path}`
    )
  const logins = (await node.send('GET', '/account/logins', await node.signIn('token'))).body['logins']
  t.match(logins, [{ carriers: ['token'] }, { id: keyId, keyName: 'nightly', carriers: ['key'] }])
})
