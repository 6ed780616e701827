import t from 'tap'
import { makeApp, PASSWORD } from '../make-app.ts'

t.test(
  'a planted cookie gains nothing: a sign-in sets a new cookie and never the presented one',
  async (t) => {
    const { app, signIn } = await makeApp()
    const planted = await signIn('bob')
    const own = await signIn('ada', planted)
    t.not(own, planted)
    t.equal((await app.inject({ url: '/me', headers: { cookie: own } })).json().username, 'ada')
    t.equal((await app.inject({ url: '/me', headers: { cookie: planted } })).statusCode, 401, 'and has ended')
  }
)

t.test('signing in again as the same user revokes the login before', async (t) => {
  const { app, signIn, logins } = await makeApp()
  const first = await signIn()
  const { userId } = (await app.inject({ url: '/me', headers: { cookie: first } })).json()
  await signIn('ada', first)
  t.equal((await logins.listByUser(userId)).length, 1)
})

t.test('sign-ins without the cookie are separate devices', async (t) => {
  const { app, signIn, logins } = await makeApp()
  const cookies = [await signIn(), await signIn(), await signIn()]
  t.equal(new Set(cookies).size, 3)
  const { userId } = (await app.inject({ url: '/me', headers: { cookie: cookies[0]! } })).json()
  const devices = await logins.listByUser(userId)
  t.equal(devices.length, 3)
  t.match(devices[0]?.device, { userAgent: 'lightMyRequest', address: '127.0.0.1' })
})

t.test('the store has a hash: no part of the record is the cookie', async (t) => {
  const { signIn, logins, app } = await makeApp()
  const cookie = await signIn()
  const { loginId } = (await app.inject({ url: '/me', headers: { cookie } })).json()
  const secret = decodeURIComponent(cookie).split('.')[1] as string
  const record = JSON.stringify(await logins.resolve(loginId))
  t.notOk(record.includes(secret))
})

t.test('a sign-in while the store is down is a 503 and sets no cookie', async (t) => {
  const { app, storeSpy } = await makeApp()
  storeSpy.outage = new Error('connection refused')
  const answer = await app.inject({
    method: 'POST',
    url: '/session/login',
    payload: { username: 'ada', password: PASSWORD }
  })
  t.equal(answer.statusCode, 503)
  t.equal(answer.headers['retry-after'], '1')
  t.equal(answer.headers['set-cookie'], undefined)
  t.match(answer.json(), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE', message: 'Service Unavailable' })
})

t.test('a Secure cookie over what seems to be plain http logs a warning, once', async (t) => {
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  const { app, signIn } = await makeApp({ server: { logger: { level: 'warn', stream } } })
  await signIn()
  t.same(lines, [], 'not on localhost, where browsers accept it')
  for (const at of [1, 2]) {
    const answer = await app.inject({
      method: 'POST',
      url: '/session/login',
      headers: { host: 'app.example' },
      payload: { username: 'ada', password: PASSWORD }
    })
    t.equal(answer.statusCode, 200, `log-in ${at}`)
  }
  t.equal(lines.filter((line) => line.includes('trustProxy')).length, 1)
})

t.test('S11 parallel sign-ins with one cookie give separate logins', async (t) => {
  const { app, signIn } = await makeApp()
  const planted = await signIn('bob')
  const answers = await Promise.all(['ada', 'bob', 'ada'].map((username) => signIn(username, planted)))
  t.equal(new Set(answers).size, 3)
  for (const [at, username] of ['ada', 'bob', 'ada'].entries()) {
    const answer = await app.inject({ url: '/me', headers: { cookie: answers[at]! } })
    t.equal(answer.json().username, username)
  }
})

t.test('M3: a misspelt option of a method is named, and nobody is signed in or out', async (t) => {
  const { app, signIn, logins } = await makeApp({
    routes: (app) => {
      const { startSession, endSession, revokeOthers } = app.sessionAuth
      const ada = { id: '1', username: 'ada' }
      app.post<{ Body: never }>('/start', (request, reply) =>
        startSession(request, reply, { user: ada, ...(request.body as object) })
      )
      app.post<{ Body: never }>('/end', (request, reply) => endSession(request, reply, request.body as never))
      app.post<{ Body: never }>('/end-others', (request, reply) =>
        revokeOthers(request, reply, request.body as never)
      )
    }
  })
  const cookie = await signIn()
  const living = async () => (await logins.listByUser('1')).length
  const before = await living()
  for (const [url, payload, message] of [
    ['/start', { scope: ['admin'] }, 'sessionAuth.startSession.scope is not an option'],
    [
      '/start',
      { allowCrossOrigin: 'false' },
      'sessionAuth.startSession.allowCrossOrigin must be true or false'
    ],
    ['/end', { allowCrossorigin: true }, 'sessionAuth.endSession.allowCrossorigin is not an option'],
    [
      '/end-others',
      { allowCrossOrigin: 1 },
      'sessionAuth.revokeOthers.allowCrossOrigin must be true or false'
    ]
  ] as const) {
    const answer = await app.inject({ method: 'POST', url, payload, headers: { cookie } })
    t.match(answer.json(), { statusCode: 500, code: 'DRAWBRIDGE_OPTION' }, url)
    t.ok(answer.json<{ message: string }>().message.includes(message), message)
    t.equal(answer.headers['set-cookie'], undefined)
    t.equal(await living(), before)
  }
})
