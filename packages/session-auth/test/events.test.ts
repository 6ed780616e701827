import type { LoginEvent } from '@drawbridge/logins'
import t, { type Test } from 'tap'
import { cookieFrom, makeApp, PASSWORD } from './make-app.ts'

const HTML = { accept: 'text/html' }
const EVIL = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }

/** A service, and its events from then on. */
async function setUp() {
  const events: LoginEvent[] = []
  const test = await makeApp({
    logins: { onEvent: (event) => void events.push(event) },
    routes: async (app) => {
      app.get('/page', { onRequest: app.sessionAuth.guard({ redirectTo: '/login' }) }, () => 'page')
      app.get('/fresh', { onRequest: app.sessionAuth.guard({ maxAgeSeconds: 60 }) }, () => 'ok')
      app.get('/optional', (request) => app.sessionAuth.authenticate(request))
      app.post('/fails', async (request, reply) => {
        await app.sessionAuth.startSession(request, reply, { user: { id: 'u7', username: 'eve' } })
        throw new Error('a fault of the service')
      })
      app.post('/others', (request, reply) =>
        app.sessionAuth.revokeOthers(request, reply, { by: 'admin', reason: 'ticket 12' }).then(String)
      )
      await app.register(async (scope) => {
        await scope.register(app.sessionAuth.sessionData)
        scope.post('/destroy', async (request) => {
          await request.session.destroy()
          return 'destroyed'
        })
      })
    }
  })
  const take = () => events.splice(0)
  const send = (url: string, cookie = '', headers: object = {}, method: 'GET' | 'POST' = 'GET') =>
    test.app.inject({ url, method, headers: { ...headers, ...(cookie !== '' && { cookie }) } })
  return { ...test, take, send }
}

/** Matches them, and there are no others. */
function exactly(t: Test, events: readonly LoginEvent[], expected: readonly object[]): void {
  t.match(events, expected)
  t.equal(events.length, expected.length, events.map(({ type }) => type).join(', '))
}

t.test('a page that redirects has rejected the cookie, and nothing where there is none', async (t) => {
  const { send, take } = await setUp()
  t.equal((await send('/page', '__Host-drawbridge=forged', HTML)).statusCode, 303)
  exactly(t, take(), [{ type: 'credential-rejected', reason: 'invalid', carrier: 'session', loginId: null }])
  t.equal((await send('/page', '', HTML)).statusCode, 303)
  t.equal((await send('/page')).statusCode, 401)
  t.equal((await send('/optional', '__Host-drawbridge=forged')).statusCode, 200)
  t.same(take(), [])
})

t.test('a page of another origin is rejected only where it has a cookie', async (t) => {
  const { send, signIn, take } = await setUp()
  const cookie = await signIn()
  take()
  t.equal((await send('/me', cookie, EVIL, 'POST')).statusCode, 403)
  exactly(t, take(), [{ type: 'credential-rejected', reason: 'cross-origin', carrier: 'session' }])
  t.equal((await send('/me', '', EVIL, 'POST')).statusCode, 403)
  t.same(take(), [])
})

t.test('a login that is too old for a route is rejected, and says whose it is', async (t) => {
  const { send, signIn, take, clock } = await setUp()
  const cookie = await signIn()
  const [{ loginId, userId } = { loginId: '', userId: '' }] = take()
  clock.now += 61_000
  t.equal((await send('/fresh', cookie)).statusCode, 401)
  exactly(t, take(), [{ type: 'credential-rejected', reason: 'reauthentication-required', loginId, userId }])
})

t.test('a sign-in replaces the login of its cookie', async (t) => {
  const { signIn, take } = await setUp()
  const cookie = await signIn()
  const [{ loginId } = { loginId: '' }] = take()
  await signIn('ada', cookie)
  exactly(t, take(), [
    { type: 'login-created' },
    { type: 'login-revoked', loginId, by: 'user', reason: 'sign-in' }
  ])
})

t.test('a login that no client got, or whose session was destroyed, is revoked by the service', async (t) => {
  const { send, signIn, take } = await setUp()
  t.equal((await send('/fails', '', {}, 'POST')).statusCode, 500)
  exactly(t, take(), [
    { type: 'login-created', userId: 'u7' },
    { type: 'login-revoked', userId: 'u7', by: 'service', reason: 'not-delivered' }
  ])
  const cookie = await signIn()
  take()
  t.equal((await send('/destroy', cookie, {}, 'POST')).statusCode, 200)
  exactly(t, take(), [{ type: 'login-revoked', by: 'service', reason: 'session-destroyed' }])
})

t.test('a sign-in whose password is changed meanwhile is revoked by the password', async (t) => {
  const { app, credentials, storeSpy, take } = await setUp()
  storeSpy.before('insert', async () => {
    const outcome = await credentials.verify({ username: 'ada', password: PASSWORD, address: undefined })
    const userId = outcome.ok ? outcome.user.id : ''
    await credentials.changePassword({
      userId,
      currentPassword: PASSWORD,
      newPassword: 'a bicycle made of rain',
      address: undefined
    })
  })
  const payload = { username: 'ada', password: PASSWORD }
  t.equal((await app.inject({ method: 'POST', url: '/session/login', payload })).statusCode, 401)
  exactly(t, take(), [
    { type: 'login-created' },
    { type: 'login-revoked', by: 'password', reason: 'stamp-outdated' }
  ])
})

t.test('revokeOthers says who and why', async (t) => {
  const { signIn, send, take } = await setUp()
  const [mine] = [await signIn(), await signIn()]
  take()
  t.equal((await send('/others', mine, {}, 'POST')).statusCode, 200)
  exactly(t, take(), [{ type: 'login-revoked', by: 'admin', reason: 'ticket 12' }])
})

t.test('a warm request has no event', async (t) => {
  const { app, send, signIn, take } = await setUp()
  const payload = { username: 'ada', password: PASSWORD }
  const cookie = cookieFrom(await app.inject({ method: 'POST', url: '/session/login', payload }))
  t.notSame(cookie, await signIn('bob'))
  take()
  for (let at = 0; at < 3; at += 1) t.equal((await send('/me', cookie)).statusCode, 200)
  t.same(take(), [])
})
