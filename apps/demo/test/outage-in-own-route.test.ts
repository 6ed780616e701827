import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import Fastify from 'fastify'
import t from 'tap'

const isDown = async () => {
  throw new Error('connect ECONNREFUSED 10.0.0.7:5432')
}

t.test('M15: a route of the service whose store is down responds 503 with Retry-After', async (t) => {
  const store = Object.assign(createMemoryLoginStore(), { listByUser: isDown, remove: isDown })
  const users = Object.assign(createMemoryUserStore(), { findByUsernameKey: isDown })
  const [logins, credentials] = [createLogins({ store }), createCredentials({ users })]
  const app = Fastify()
  t.teardown(() => app.close())
  app.get('/devices', () => logins.listByUser('user-1'))
  app.post('/sign-in', () =>
    credentials.verify({ username: 'ada', password: 'a password', address: '127.0.0.1' })
  )
  for (const [method, url] of [
    ['GET', '/devices'],
    ['POST', '/sign-in']
  ] as const) {
    const response = await app.inject({ method, url })
    t.equal(response.statusCode, 503, url)
    t.equal(response.headers['retry-after'], '1')
    t.notOk(response.body.includes('10.0.0.7'), 'the address of the store is only in the log')
  }
})
