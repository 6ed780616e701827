import t from 'tap'
import { bearer, makeApp } from './make-app.ts'

const ORIGINS = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }
]

t.test('C15 a token is accepted from any page: no browser adds one by itself', async (t) => {
  const { app, signIn, refresh } = await makeApp()
  app.post('/me', { onRequest: app.tokenAuth.guard }, async ({ principal }) => principal)
  for (const from of ORIGINS) {
    const { token, refresh_token } = await signIn()
    const headers = { ...from, ...bearer(token) }
    const rotation = { method: 'POST', url: '/token/refresh', payload: { refresh_token } } as const
    const answers = [
      await app.inject({ url: '/me', headers }),
      await app.inject({ method: 'POST', url: '/me', headers }),
      await app.inject({ ...rotation, headers: from }),
      await app.inject({ method: 'POST', url: '/token/logout', headers })
    ]
    for (const answer of answers) {
      t.equal(answer.statusCode, 200)
      const allowed = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))
      t.strictSame(allowed, [], 'and the page cannot read the response')
    }
    t.equal((await refresh(refresh_token)).statusCode, 401, 'the log-out was one')
  }
})

t.test('C15 C17 a page of another origin is not allowed to send one', async (t) => {
  const { app } = await makeApp()
  for (const url of ['/me', '/token/login', '/token/refresh', '/token/logout', '/.well-known/jwks.json']) {
    const headers = {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization'
    }
    const answer = await app.inject({ method: 'OPTIONS', url, headers })
    t.equal(answer.statusCode, 404, url)
    t.notOk(Object.keys(answer.headers).some((name) => name.startsWith('access-control-')))
  }
})
