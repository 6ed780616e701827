import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { cookieFrom, makeApp, PASSWORD } from './make-app.ts'

/** A sign-in route of the service's own, as a service writes it. */
const ownSignIn = (app: FastifyInstance) => {
  app.post('/sign-in', async (request, reply) => {
    const { email, password } = request.body as Record<string, unknown>
    const signIn = await app.sessionAuth.verifyPassword(request, { username: email, password })
    await app.sessionAuth.startSession(request, reply, signIn)
    return { ok: true }
  })
}

const makeOwn = (session: object = {}) =>
  makeApp({ session: { routes: false, usernameField: 'email', ...session }, routes: ownSignIn })

t.test('a sign-in route of the service signs in who has the right password', async (t) => {
  const { app } = await makeOwn()
  const payload = { email: 'ada', password: PASSWORD }
  const response = await app.inject({ method: 'POST', url: '/sign-in', payload })
  t.strictSame([response.statusCode, response.json()], [200, { ok: true }])
  const me = await app.inject({ url: '/me', headers: { cookie: cookieFrom(response) } })
  t.match(me.json(), { username: 'ada', carrier: 'session' })
})

t.test('what is wrong is thrown as the error to send, which sets no cookie', async (t) => {
  const { app } = await makeOwn()
  const send = async (payload: object, headers = {}) => {
    const response = await app.inject({ method: 'POST', url: '/sign-in', payload, headers })
    t.equal(response.headers['set-cookie'], undefined)
    return response
  }
  t.match((await send({ email: 'ada', password: 'wrong' })).json(), { statusCode: 401 })
  t.match((await send({ email: 'nobody', password: PASSWORD })).json(), { message: 'Invalid credentials' })
  for (const email of [undefined, 1, '', null, ['ada'], { $gt: '' }, 'a\u200Bda']) {
    const message = 'email must be 1 to 255 visible characters, with no more than one space between them'
    t.match((await send({ email, password: PASSWORD })).json(), { statusCode: 400, message })
  }
  for (const password of [undefined, 1, '', [PASSWORD]]) {
    const message = 'password must be text, and not too long'
    t.match((await send({ email: 'ada', password })).json(), { statusCode: 400, message })
  }
  const attack = await send({ email: 'ada', password: PASSWORD }, { 'sec-fetch-site': 'cross-site' })
  t.match(attack.json(), { code: 'DRAWBRIDGE_CROSS_ORIGIN' })
})

t.test('a request of another origin is rejected before its password is verified', async (t) => {
  let verified = 0
  const verify = async () => {
    verified++
    return { ok: true, user: { id: '1', username: 'ada' } } as const
  }
  const { app } = await makeOwn({ credentials: { verify } })
  const headers = { origin: 'https://evil.example' }
  const payload = { email: 'ada', password: PASSWORD }
  const response = await app.inject({ method: 'POST', url: '/sign-in', payload, headers })
  t.strictSame([response.statusCode, verified], [403, 0])
})

t.test('attempts are counted against the address of the client, with Retry-After', async (t) => {
  const { app } = await makeOwn()
  const attempt = (remoteAddress: string, password: string) =>
    app.inject({ method: 'POST', url: '/sign-in', payload: { email: 'ada', password }, remoteAddress })
  for (let n = 0; n < 5; n++) t.equal((await attempt('192.0.2.1', 'wrong')).statusCode, 401)
  const rejected = await attempt('192.0.2.1', PASSWORD)
  t.equal(rejected.statusCode, 429)
  t.match(rejected.headers['retry-after'], /^[1-9]\d*$/)
  t.equal((await attempt('192.0.2.2', PASSWORD)).statusCode, 200, 'of another address')
})

const secondFactor = {
  verify: async () =>
    ({ ok: false, reason: 'second-factor-required', user: { id: '1', username: 'ada' } }) as const,
  verifySecondFactor: async () => ({ ok: true, user: { id: '1', username: 'ada' } }) as const
}

t.test('a route that forgets the second factor signs nobody in, from its first test on', async (t) => {
  const { app } = await makeOwn({ credentials: secondFactor })
  const payload = { email: 'ada', password: PASSWORD }
  const response = await app.inject({ method: 'POST', url: '/sign-in', payload })
  t.equal(response.statusCode, 500)
  t.match(response.json().message, /sessionAuth\.verifyPassword needs allowSecondFactor: true/)
  const passing = { ...secondFactor, verify: secondFactor.verifySecondFactor }
  const other = await makeOwn({ credentials: passing })
  t.equal((await other.app.inject({ method: 'POST', url: '/sign-in', payload })).statusCode, 500)
})

t.test('a verifier that cannot check the second factor it demands signs nobody in', async (t) => {
  const { app } = await makeOwn({ credentials: { verify: secondFactor.verify } })
  const payload = { email: 'ada', password: PASSWORD }
  t.equal((await app.inject({ method: 'POST', url: '/sign-in', payload })).statusCode, 401)
})

t.test('a route that looks for the second factor gives a ticket, which the cookie is for', async (t) => {
  const { app } = await makeApp({
    session: { routes: { login: false }, credentials: secondFactor },
    routes: (app) => {
      app.post('/sign-in', async (request, reply) => {
        const input = { username: 'ada', password: PASSWORD, allowSecondFactor: true } as const
        const signIn = await app.sessionAuth.verifyPassword(request, input)
        if (signIn.status === 'second-factor-required')
          return reply.code(202).send(await app.sessionAuth.pendingLogins.start(request, signIn))
        return app.sessionAuth.startSession(request, reply, signIn)
      })
      app.post('/forgetful', async (request, reply) => {
        const input = { username: 'ada', password: PASSWORD, allowSecondFactor: true } as const
        const signIn = await app.sessionAuth.verifyPassword(request, input)
        return app.sessionAuth.startSession(request, reply, signIn as never)
      })
    }
  })
  const pending = await app.inject({ method: 'POST', url: '/sign-in' })
  t.strictSame([pending.statusCode, pending.headers['set-cookie']], [202, undefined])
  const payload = { pending: pending.json().pending, response: '123456' }
  const done = await app.inject({ method: 'POST', url: '/session/login/second-factor', payload })
  t.match(done.headers['set-cookie'], /^__Host-drawbridge=/)
  const forgetful = await app.inject({ method: 'POST', url: '/forgetful' })
  t.strictSame([forgetful.statusCode, forgetful.headers['set-cookie']], [500, undefined])
})

t.test('usernameField names the username in the body, in the errors and in the document', async (t) => {
  const { app } = await makeApp({ session: { usernameField: 'email' } })
  const send = (payload: object) => app.inject({ method: 'POST', url: '/session/login', payload })
  t.equal((await send({ email: 'ada', password: PASSWORD })).statusCode, 200)
  t.equal((await send({ username: 'ada', password: PASSWORD })).statusCode, 400)
  t.equal((await send({ email: 'ada', username: 'bob', password: PASSWORD })).statusCode, 400)
  t.match((await send({ password: PASSWORD })).json().message, /'email'/)
  t.match((await send({ email: '  ', password: PASSWORD })).json().message, /^email must be 1 to 255/)
  t.match((await send({ email: 'ada', password: 'x'.repeat(1025) })).json().message, /^password must be/)
})

t.test('a usernameField with a meaning of its own is an error at boot', async (t) => {
  for (const usernameField of ['', 'password', '__proto__', 'constructor', 'toString', 'a b', 'a.b', 1])
    await t.rejects(makeApp({ session: { usernameField } as never }), /sessionAuth\.usernameField must be/)
})
