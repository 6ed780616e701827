import Fastify from 'fastify'
import t from 'tap'
import { closeIdleConnections } from '../src/close-idle-connections.ts'
import { healthRoutes } from '../src/health.ts'
import { buildDemo } from './build-demo.ts'

t.test('a service whose stores respond is live and ready', async (t) => {
  const app = await buildDemo(t)
  t.equal((await app.inject({ url: '/health/live' })).statusCode, 200)
  const ready = await app.inject({ url: '/health/ready' })
  t.equal(ready.statusCode, 200)
  t.same(ready.json(), { status: 'ready', parts: { users: 'up', logins: 'up', feed: 'up', clock: 'up' } })
})

t.test('a service whose store does not respond is live but not ready', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  let isDown = true
  const logins = async () => {
    if (isDown) throw new Error('connect ECONNREFUSED 10.0.0.7:5432')
  }
  healthRoutes(app, { pings: { users: async () => {}, logins }, isClosing: () => false })
  t.equal((await app.inject({ url: '/health/live' })).statusCode, 200)
  const response = await app.inject({ url: '/health/ready' })
  t.equal(response.statusCode, 503)
  t.match(response.headers, { 'retry-after': /^\d+$/, 'cache-control': 'no-store' })
  t.notMatch(response.body, '10.0.0.7', 'the address of the store is not revealed')
  t.same(response.json().parts, { users: 'up', logins: 'down' })
  isDown = false
  t.equal((await app.inject({ url: '/health/ready' })).statusCode, 200)
})

t.test('S21: a warning among the parts does not make it unready', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  const warnings = () => ({ secrets: 'differ' })
  healthRoutes(app, { pings: { users: async () => {} }, isClosing: () => false, warnings })
  const response = await app.inject({ url: '/health/ready' })
  t.equal(response.statusCode, 200)
  t.same(response.json(), { status: 'ready', parts: { users: 'up', secrets: 'differ' } })
})

t.test('a service that is closing is live but not ready', async (t) => {
  const app = Fastify()
  const isClosing = closeIdleConnections(app)
  t.notOk(isClosing())
  await app.close()
  t.ok(isClosing())

  const probed = Fastify()
  t.teardown(() => probed.close())
  healthRoutes(probed, { pings: {}, isClosing })
  t.equal((await probed.inject({ url: '/health/live' })).statusCode, 200)
  t.equal((await probed.inject({ url: '/health/ready' })).statusCode, 503)
})
