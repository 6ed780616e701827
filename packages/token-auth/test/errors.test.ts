import Fastify from 'fastify'
import t from 'tap'
import { insufficientScope, unauthorized } from '../src/index.ts'

t.test('unauthorized and insufficientScope are the errors of the guard, with their challenges', async (t) => {
  const app = Fastify()
  app.get('/none', async () => Promise.reject(unauthorized('secret cause')))
  app.get('/invalid', async () => Promise.reject(unauthorized('secret cause', 'invalid_token')))
  app.get('/scope', async () => Promise.reject(insufficientScope('read admin')))
  for (const [url, status, challenge] of [
    ['/none', 401, 'Bearer realm="drawbridge"'],
    ['/invalid', 401, 'Bearer realm="drawbridge", error="invalid_token"'],
    ['/scope', 403, 'Bearer realm="drawbridge", error="insufficient_scope", scope="read admin"']
  ] as const) {
    const response = await app.inject(url)
    t.equal(response.statusCode, status)
    t.equal(response.headers['www-authenticate'], challenge)
    t.notMatch(response.body, 'secret cause')
  }
})
