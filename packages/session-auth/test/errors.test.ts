import Fastify from 'fastify'
import t from 'tap'
import { insufficientScope, unauthorized } from '../src/index.ts'

t.test('unauthorized and insufficientScope are the errors of the guard', async (t) => {
  const app = Fastify()
  app.get('/none', async () => Promise.reject(unauthorized('secret cause')))
  app.get('/scope', async () => Promise.reject(insufficientScope('admin')))
  for (const [url, status, code, message] of [
    ['/none', 401, 'DRAWBRIDGE_UNAUTHORIZED', 'Unauthorized'],
    ['/scope', 403, 'DRAWBRIDGE_INSUFFICIENT_SCOPE', 'Forbidden']
  ] as const) {
    const response = await app.inject(url)
    t.equal(response.statusCode, status)
    t.strictSame(response.json(), { statusCode: status, code, error: message, message })
  }
})
