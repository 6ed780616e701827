import t from 'tap'
import { makeApp, PASSWORD } from './make-app.ts'

t.test('a sign-in route of the service takes a password and gives tokens', async (t) => {
  const { app, read } = await makeApp({ tokens: { routes: false, usernameField: 'email' } })
  app.post('/sign-in', async (request) => {
    const { email, password } = request.body as Record<string, unknown>
    const signIn = await app.tokenAuth.verifyPassword(request, { username: email, password })
    return app.tokenAuth.issueTokens(request, signIn)
  })
  const send = (payload: object) => app.inject({ method: 'POST', url: '/sign-in', payload })
  const response = await send({ email: 'ada', password: PASSWORD })
  t.match((await read(response.json().token)).json(), { username: 'ada', carrier: 'token' })
  t.equal((await send({ email: 'bob', password: 'wrong' })).json().code, 'DRAWBRIDGE_INVALID_CREDENTIALS')
  t.match((await send({ email: 5, password: PASSWORD })).json(), { statusCode: 400, message: /^email must/ })
})

t.test('usernameField names the username in the body and in the errors', async (t) => {
  const { app } = await makeApp({ tokens: { usernameField: 'email' } })
  const send = (payload: object) => app.inject({ method: 'POST', url: '/token/login', payload })
  t.equal((await send({ email: 'ada', password: PASSWORD })).statusCode, 200)
  t.equal((await send({ username: 'ada', password: PASSWORD })).statusCode, 400)
  t.match((await send({ email: '  ', password: PASSWORD })).json().message, /^email must be 1 to 255/)
  await t.rejects(
    async () => (await makeApp({ tokens: { usernameField: 'password' } })).app.ready(),
    /tokenAuth\.usernameField must be a name like "email"/
  )
})
