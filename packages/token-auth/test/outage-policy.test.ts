import { createMemoryFeed, type OutagePolicy } from '@drawbridge/logins'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { type Clock, makeApp, START } from './make-app.ts'

/** A node whose feed is stale and whose store can be switched off. */
async function staleNode(policy: OutagePolicy = {}) {
  const clock: Clock = { now: START }
  const memory = createMemoryFeed({ now: () => clock.now })
  const state = { isFresh: true, renews: false }
  const feed = Object.assign(memory, {
    isFresh: () => state.isFresh,
    renew: async () => (state.isFresh = state.renews)
  })
  clock.now += 10_000
  const node = await makeApp({ clock, logins: { feed, ...policy } })
  const { token } = await node.signIn()
  state.isFresh = false
  node.storeSpy.calls.length = 0
  return { ...node, clock, state, token }
}

const get = (app: FastifyInstance, token: string) =>
  app.inject({ url: '/me', headers: { authorization: `Bearer ${token}` } })

t.test('a node that becomes fresh in time does not ask the store', async (t) => {
  const { app, state, token, storeSpy } = await staleNode()
  state.renews = true
  t.equal((await get(app, token)).statusCode, 200)
  t.same(storeSpy.calls, [])
})

t.test('a node that stays stale asks the store whether the login is active', async (t) => {
  const { app, token, storeSpy, logins } = await staleNode()
  t.equal((await get(app, token)).statusCode, 200)
  t.equal((await get(app, token)).statusCode, 200)
  t.same(storeSpy.calls, ['find', 'find'])
  const [login] = await logins.listByUser((await get(app, token)).json().userId)
  await storeSpy.store.remove(login?.id ?? '')
  t.equal((await get(app, token)).statusCode, 401, 'another node has revoked it')
})

t.test('onStale fail-closed: a stale node responds 503', async (t) => {
  const { app, token, storeSpy } = await staleNode({ onStale: 'fail-closed' })
  const answer = await get(app, token)
  t.equal(answer.statusCode, 503)
  t.equal(answer.headers['retry-after'], '1')
  t.same(storeSpy.calls, [])
})

t.test('with the store down too the answer is 503, never 401', async (t) => {
  const { app, token, storeSpy } = await staleNode()
  storeSpy.outage = new Error('down')
  t.equal((await get(app, token)).statusCode, 503)
})

t.test('serveStaleForSeconds: a token is served for that long after it was issued', async (t) => {
  const { app, token, storeSpy, clock } = await staleNode({ onStoreDown: { serveStaleForSeconds: 30 } })
  storeSpy.outage = new Error('down')
  clock.now += 30_000
  t.equal((await get(app, token)).statusCode, 200)
  clock.now += 1000
  t.equal((await get(app, token)).statusCode, 503)
})
