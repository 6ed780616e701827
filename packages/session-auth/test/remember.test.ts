import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createMemoryLoginStore } from '@drawbridge/logins'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import type { SessionAuthOptions } from '../src/index.ts'
import { cookieFrom, makeApp, PASSWORD, SECRET } from './make-app.ts'

const ACCOUNT = { username: 'ada', password: PASSWORD }
const DAY = 86_400

const setUp = async (session: Partial<SessionAuthOptions> = { remember: true }) => {
  const test = await makeApp({ session })
  const signIn = (body: object = {}) =>
    test.app.inject({ method: 'POST', url: '/session/login', payload: { ...ACCOUNT, ...body } })
  const me = async (cookie: string) => (await test.app.inject({ url: '/me', headers: { cookie } })).statusCode
  return { ...test, signIn, me }
}

const lineFrom = ({ headers }: LightMyRequestResponse) => String([headers['set-cookie']].flat()[0])

t.test('a sign-in that asks for it has a cookie that lasts as long as its login', async (t) => {
  const { signIn, clock, logins, me } = await setUp()
  const remembered = await signIn({ remember: true })
  t.match(lineFrom(remembered), /; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  const ordinary = await signIn({ remember: false })
  t.notMatch(lineFrom(ordinary), 'Max-Age')
  t.notMatch(lineFrom(await signIn()), 'Max-Age')
  clock.now += 13 * DAY * 1000
  t.equal(await me(cookieFrom(ordinary)), 401, 'the limits of the others are as ever')
  t.equal(await me(cookieFrom(remembered)), 200)
  await logins.flushTouches()
  clock.now += 13 * DAY * 1000
  t.equal(await me(cookieFrom(remembered)), 200, 'use counts')
  clock.now += 5 * DAY * 1000
  t.equal(await me(cookieFrom(remembered)), 401, 'after 30 days whatever its use')
})

t.test('a login that is remembered and not used ends too', async (t) => {
  const { signIn, clock, me } = await setUp({
    remember: { idleTimeoutSeconds: DAY, absoluteTimeoutSeconds: 7 * DAY }
  })
  const remembered = await signIn({ remember: true })
  t.match(lineFrom(remembered), '; Max-Age=604800;')
  clock.now += 2 * DAY * 1000
  t.equal(await me(cookieFrom(remembered)), 401)
})

t.test('a log-out removes the cookie, and its login', async (t) => {
  const { app, signIn, me } = await setUp()
  const cookie = cookieFrom(await signIn({ remember: true }))
  const response = await app.inject({ method: 'POST', url: '/session/logout', headers: { cookie } })
  t.match(lineFrom(response), '; Max-Age=0;')
  t.equal(await me(cookie), 401)
})

t.test('sent again under a new root secret the cookie lasts as long as is left', async (t) => {
  const clock = { now: 1_800_000_000_000 }
  const now = () => clock.now
  const shared = { clock, store: createMemoryLoginStore({ now }), users: createMemoryUserStore() }
  const before = await makeApp({ ...shared, session: { remember: true } })
  const after = await makeApp({
    ...shared,
    session: { remember: true, secret: ['another root secret, 0123456789abcdef', SECRET] }
  })
  const payload = { ...ACCOUNT, remember: true }
  const cookie = cookieFrom(await before.app.inject({ method: 'POST', url: '/session/login', payload }))
  clock.now += 10 * DAY * 1000
  const renewed = await after.app.inject({ url: '/me', headers: { cookie } })
  t.match(lineFrom(renewed), `; Max-Age=${20 * DAY};`)
  const again = await after.app.inject({ url: '/me', headers: { cookie: cookieFrom(renewed) } })
  t.strictSame([again.statusCode, again.headers['set-cookie']], [200, undefined])
})

t.test('the browser cannot make a cookie persistent by itself', async (t) => {
  const { signIn, me } = await setUp()
  const cookie = cookieFrom(await signIn())
  const [content = '', signature] = cookie.split(/\.(?=[^.]*$)/)
  t.equal(await me(`${content}.persistent.${signature}`), 401)
  t.equal(await me(`${cookieFrom(await signIn({ remember: true })).replace('.persistent', '')}`), 401)
  t.equal(await me(cookie), 200)
})

t.test('without the option nobody is remembered', async (t) => {
  const { app, signIn } = await setUp({})
  t.equal((await signIn({ remember: true })).statusCode, 400)
  app.log.level = 'silent'
  const own = await makeApp({
    routes: (app) => {
      app.post('/own', async (request, reply) => {
        await app.sessionAuth.startSession(request, reply, {
          user: { id: '1', username: 'ada' },
          remember: true
        })
      })
    }
  })
  const response = await own.app.inject({ method: 'POST', url: '/own' })
  t.strictSame([response.statusCode, response.headers['set-cookie']], [500, undefined])
  t.match(response.json().message, 'remember needs the option sessionAuth.remember')
})

t.test('a body is read strictly, and a form as a browser sends a box', async (t) => {
  const { app, signIn } = await setUp({ remember: true, forms: true })
  for (const remember of ['on', 'true', 1, null, {}]) t.equal((await signIn({ remember })).statusCode, 400)
  const send = (text: string) =>
    app.inject({
      method: 'POST',
      url: '/session/login',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      payload: `username=ada&password=${encodeURIComponent(PASSWORD)}${text}`
    })
  t.match(lineFrom(await send('&remember=on')), 'Max-Age=2592000')
  t.match(lineFrom(await send('&remember=true')), 'Max-Age=2592000')
  t.notMatch(lineFrom(await send('')), 'Max-Age')
  const wrong = await send('&remember=off')
  t.match(wrong.headers, { location: /error=malformed/, 'set-cookie': undefined })
})

t.test('a route of the service remembers too', async (t) => {
  const { app } = await makeApp({
    session: { remember: true },
    routes: (app) => {
      app.post('/own', async (request, reply) => {
        const signIn = await app.sessionAuth.verifyPassword(request, ACCOUNT)
        await app.sessionAuth.startSession(request, reply, { ...signIn, remember: true })
        return {}
      })
    }
  })
  t.match(lineFrom(await app.inject({ method: 'POST', url: '/own' })), 'Max-Age=2592000')
})

t.test('with a second factor, the request that completes the sign-in asks', async (t) => {
  const credentials = createCredentials({
    users: createMemoryUserStore(),
    hashing: { memoryKiB: 1024, passes: 1 },
    secondFactor: { isRequired: () => true, verify: () => true }
  })
  await credentials.register(ACCOUNT)
  const { app, signIn } = await setUp({ remember: true, credentials })
  const { pending } = (await signIn({ remember: true })).json()
  const complete = (body: object) =>
    app.inject({ method: 'POST', url: '/session/login/second-factor', payload: { response: '1', ...body } })
  t.match(lineFrom(await complete({ pending, remember: true })), 'Max-Age=2592000')
  const { pending: next } = (await signIn({ remember: true })).json()
  t.notMatch(lineFrom(await complete({ pending: next })), 'Max-Age')
})

t.test('limits below those of any other login are an error at boot', async (t) => {
  const rejected = (session: object, message: string) =>
    t.rejects(makeApp({ session: session as SessionAuthOptions }), { message })
  await rejected(
    { remember: { idleTimeoutSeconds: 60 } },
    'sessionAuth.remember.idleTimeoutSeconds (60) must not be below sessionAuth.idleTimeoutSeconds (1800)'
  )
  await rejected(
    { remember: { absoluteTimeoutSeconds: 60 } },
    'sessionAuth.remember.absoluteTimeoutSeconds (60) must not be below sessionAuth.absoluteTimeoutSeconds (43200)'
  )
  await rejected(
    { remember: { idleTimeoutSeconds: 60 }, idleTimeoutSeconds: 0 },
    'sessionAuth.remember.idleTimeoutSeconds (60) must not be below sessionAuth.idleTimeoutSeconds (0)'
  )
  await rejected(
    { remember: true, usernameField: 'remember' },
    'sessionAuth.usernameField must not be "remember" with sessionAuth.remember'
  )
  await t.resolves(makeApp({ session: { remember: true, idleTimeoutSeconds: 0 } }))
  await t.resolves(makeApp({ session: { remember: { idleTimeoutSeconds: 0 } } }))
})
