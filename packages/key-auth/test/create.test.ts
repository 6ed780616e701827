import type { Principal } from '@drawbridge/logins'
import t from 'tap'
import type { CreatedKey } from '../src/index.ts'
import { codeOf, HOUR_MS, makeApp, newKey, START } from './make-app.ts'

t.test('a user who is signed in by either carrier makes a key that authenticates', async (t) => {
  const { ask, read, signInByCookie, signInByToken } = await makeApp()
  for (const presented of [{ cookie: await signInByCookie() }, { token: (await signInByToken()).token }]) {
    const created = (await ask(presented)).json<CreatedKey>()
    t.match(created, { name: 'deploy', scopes: ['read'], createdAt: START, expiresAt: START + HOUR_MS })
    const principal = (await read(created.token)).json<Principal>()
    t.match(principal, {
      carrier: 'key',
      username: 'ada',
      loginId: created.id,
      scopes: ['read'],
      expiresAt: START + HOUR_MS
    })
  }
})

t.test('the time of authentication is that of the sign-in, which a key does not renew', async (t) => {
  const { ask, read, signInByToken, clock } = await makeApp()
  const { token } = await signInByToken()
  clock.now += 60_000
  const created = (await ask({ token })).json<CreatedKey>()
  t.match((await read(created.token)).json(), { authenticatedAt: START })
})

t.test('only a hash is stored', async (t) => {
  const { createKey, storeSpy } = await makeApp()
  const { token, id } = await createKey()
  const stored = JSON.stringify(await storeSpy.store.find(id))
  t.match(stored, /"secretHash":"[\w-]{43}"/)
  t.equal(token.slice(5, 33), id)
  t.notOk(stored.includes(token.slice(33, 65)))
})

t.test('a scope that the user does not have is refused, whatever the cache says', async (t) => {
  const scopes = ['read', 'write']
  const { ask, signInByToken, storeSpy, logins } = await makeApp({
    logins: { getClaims: () => ({ scopes }) }
  })
  const { token } = await signInByToken()
  const refused = await ask({ token }, { scopes: ['read', 'admin'] })
  t.strictSame([refused.statusCode, codeOf(refused)], [403, 'DRAWBRIDGE_INSUFFICIENT_SCOPE'])
  t.match(refused.headers['www-authenticate'], 'scope="admin"')
  t.equal((await ask({ token }, { scopes: ['write'] })).statusCode, 200)
  scopes.pop()
  t.equal((await ask({ token }, { scopes: ['write'] })).statusCode, 403, 'the user has lost it since')
  t.equal(storeSpy.calls.filter((call) => call === 'insert').length, 2)
  t.equal((await logins.listByUser('2')).length, 0)
})

t.test('a key has no scope that its user has lost since', async (t) => {
  let scopes = ['read', 'write']
  const { createKey, read, logins } = await makeApp({ logins: { getClaims: () => ({ scopes }) } })
  const { token } = await createKey('ada', { scopes: ['read', 'write'] })
  const principal = (await read(token)).json<Principal>()
  t.strictSame(principal.scopes, ['read', 'write'])
  scopes = ['write', 'admin']
  await logins.refreshClaims(principal.userId)
  t.strictSame((await read(token)).json<Principal>().scopes, ['write'])
})

t.test('a key makes no key', async (t) => {
  const { createKey, ask, storeSpy } = await makeApp()
  const { token } = await createKey()
  storeSpy.calls.length = 0
  const refused = await ask({ token })
  t.strictSame(
    [refused.statusCode, codeOf(refused), refused.json<{ message: string }>().message],
    [403, 'DRAWBRIDGE_KEY_NOT_ALLOWED', 'A personal access token may not do this']
  )
  t.notOk(storeSpy.calls.includes('insert'))
})

t.test('behind a guard that a key has passed no user is signed in', async (t) => {
  const { createKey, post } = await makeApp({
    routes: (app) => {
      const user = { id: '1', username: 'ada' }
      app.post('/as-session', { onRequest: app.bridge.guard }, (request, reply) =>
        app.sessionAuth.startSession(request, reply, { user })
      )
      app.post('/as-token', { onRequest: app.bridge.guard }, (request) =>
        app.tokenAuth.issueTokens(request, { user })
      )
    }
  })
  const { token } = await createKey()
  for (const url of ['/as-session', '/as-token']) {
    const refused = await post({ token }, url)
    t.strictSame([refused.statusCode, codeOf(refused)], [403, 'DRAWBRIDGE_KEY_NOT_ALLOWED'])
    t.equal(refused.headers['set-cookie'], undefined)
  }
})

t.test('the login of the request is read from the store: one that is revoked makes no key', async (t) => {
  const { signInByToken, send, ask, storeSpy } = await makeApp()
  const { token } = await signInByToken()
  const { loginId } = (await send({ token })).json<Principal>()
  await storeSpy.store.remove(loginId)
  t.equal((await send({ token })).statusCode, 200, 'served from the cache')
  const refused = await ask({ token })
  t.strictSame([refused.statusCode, codeOf(refused)], [401, 'DRAWBRIDGE_UNAUTHORIZED'])
  t.notOk(storeSpy.calls.slice(-3).includes('insert'))
})

t.test('a key that is written after a log-out of all is revoked at once', async (t) => {
  const { signInByToken, send, ask, storeSpy, logins, app } = await makeApp()
  const { token } = await signInByToken()
  const { userId } = (await send({ token })).json<Principal>()
  storeSpy.before('insert', () => logins.revokeUser(userId))
  t.equal((await ask({ token })).statusCode, 401)
  t.strictSame(await app.keyAuth.list(userId), [])
})

t.test('a credential from before its user authenticated again makes no key', async (t) => {
  for (const carrier of ['session', 'token'] as const) {
    const { signInByCookie, signInByToken, send, ask, logins, clock, storeSpy, app } = await makeApp()
    const presented = carrier === 'session' ? { cookie: await signInByCookie() } : await signInByToken()
    const { loginId, userId } = (await send(presented)).json<Principal>()
    t.equal((await ask(presented)).statusCode, 200, 'before')
    storeSpy.before('insert', async () => {
      clock.now += 1000
      await logins.reauthenticate(loginId, {})
    })
    t.equal((await ask(presented)).statusCode, 401, 'in flight')
    t.equal((await app.keyAuth.list(userId)).length, 1, 'and it is revoked')
    storeSpy.calls.length = 0
    const principal = { ...(await send(presented)).json<Principal>(), authenticatedAt: START }
    await t.rejects(app.keyAuth.createByPrincipal(principal, newKey(clock.now)), {
      code: 'DRAWBRIDGE_UNAUTHORIZED'
    })
    t.notOk(storeSpy.calls.includes('insert'), 'later, with what a node has in its cache')
  }
})

t.test('one key too many is refused, and revokes nothing', async (t) => {
  const { ask, read, signInByToken, app } = await makeApp({ logins: { maxKeysPerUser: 2 } })
  const { token } = await signInByToken()
  const keys = [await ask({ token }), await ask({ token })].map((created) => created.json<CreatedKey>())
  const refused = await ask({ token })
  t.strictSame([refused.statusCode, codeOf(refused)], [409, 'DRAWBRIDGE_TOO_MANY_KEYS'])
  for (const key of keys) t.equal((await read(key.token)).statusCode, 200)
  const { userId } = (await read(keys[0]!.token)).json<Principal>()
  t.equal(await app.keyAuth.revoke(userId, keys[0]!.id), true)
  t.equal((await ask({ token })).statusCode, 200)
})

t.test(
  'what the client sends is checked, and a route without a guard is a fault of the service',
  async (t) => {
    const { post, signInByToken } = await makeApp({
      keys: { maxLifetimeSeconds: 60 },
      routes: (app) => {
        app.post('/open', (request) => app.keyAuth.create(request, newKey(START)))
      }
    })
    const { token } = await signInByToken()
    const tooLong = await post({ token }, '/keys', newKey(START, { expiresAt: START + 60_001 }))
    t.strictSame([tooLong.statusCode, codeOf(tooLong)], [400, 'DRAWBRIDGE_MALFORMED_KEY'])
    t.equal((await post({ token }, '/keys', newKey(START, { expiresAt: START + 60_000 }))).statusCode, 200)
    t.equal((await post({ token }, '/keys')).statusCode, 400)
    t.equal((await post({ token }, '/open')).statusCode, 500)
  }
)

t.test('a principal makes a key as its request does', async (t) => {
  const { app, read, send, signInByToken, createKey } = await makeApp()
  const principal = (await send({ token: (await signInByToken()).token })).json<Principal>()
  const { token } = await app.keyAuth.createByPrincipal(principal, newKey(START))
  t.match((await read(token)).json(), { username: 'ada', carrier: 'key' })
  const byKey = (await read((await createKey()).token)).json<Principal>()
  await t.rejects(app.keyAuth.createByPrincipal(byKey, newKey(START)), { code: 'DRAWBRIDGE_KEY_NOT_ALLOWED' })
})

t.test('the operator makes keys for any user, with the scopes that getClaims gives', async (t) => {
  const { app, read } = await makeApp()
  const owner = { id: 'u7', username: 'reports' }
  const { token } = await app.keyAuth.createFor(owner, newKey(START, { scopes: ['read', 'unknown'] }))
  t.match((await read(token)).json(), { userId: 'u7', username: 'reports', scopes: ['read'] })
  await t.rejects(app.keyAuth.createFor({ id: '', username: 'x' }, newKey(START)), { name: 'TypeError' })
  await t.rejects(app.keyAuth.createFor(owner, newKey(START, { name: '' })), {
    code: 'DRAWBRIDGE_MALFORMED_KEY'
  })
})

t.test('where the store is down nothing is made', async (t) => {
  const { ask, signInByToken, storeSpy } = await makeApp()
  const { token } = await signInByToken()
  for (const method of ['find', 'insert']) {
    storeSpy.down.add(method)
    t.equal((await ask({ token })).statusCode, 503, method)
    storeSpy.down.delete(method)
  }
  t.equal((await ask({ token })).statusCode, 200)
})
