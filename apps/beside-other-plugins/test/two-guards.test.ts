import fastifyAuth from '@fastify/auth'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { createGuardedService } from './guarded-service.ts'

const CHALLENGE = 'Bearer realm="drawbridge"'

function addRoutes(app: FastifyInstance): void {
  const { sessionAuth, tokenAuth } = app
  const handler = async ({ principal }: { principal: unknown }) => principal
  app.get('/either', { preHandler: app.auth([tokenAuth.guard, sessionAuth.guard]) }, handler)
  app.get('/either-turned', { preHandler: app.auth([sessionAuth.guard, tokenAuth.guard]) }, handler)
  app.get('/both', { onRequest: [sessionAuth.guard, tokenAuth.guard] }, handler)
  app.get('/both-turned', { onRequest: [tokenAuth.guard, sessionAuth.guard] }, handler)
  const all = { relation: 'and', run: 'all' } as const
  app.get('/all', { preHandler: app.auth([sessionAuth.guard, tokenAuth.guard], all) }, handler)
  app.get('/twice', { onRequest: [sessionAuth.guard, sessionAuth.guard({})] }, handler)
}

const service = await createGuardedService({
  before: (app) => void app.register(fastifyAuth),
  routes: addRoutes
})
const get = (url: string, headers: Record<string, string> = {}) => service.app.inject({ url, headers })

t.test(
  'L3: credentials of two logins are rejected in either order; neither is silently chosen',
  async (t) => {
    const headers = { ...(await service.byCookie('ada')), ...(await service.byToken('bob')) }
    for (const state of ['from the store', 'cached']) {
      for (const url of ['/both', '/both-turned', '/all']) {
        const response = await get(url, headers)
        t.equal(response.statusCode, 400, `${url} ${state}`)
        t.equal(response.json().code, 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', `${url} ${state}`)
      }
    }
    t.ok(service.log.some((line) => line.includes('credentials of two different logins are presented')))
  }
)

t.test('L3: two guards with the same login do not conflict', async (t) => {
  const headers = await service.byCookie()
  for (const state of ['from the store', 'cached'])
    t.match((await get('/twice', headers)).json(), { username: 'ada' }, state)
})

t.test('L3: one of two guards is enough, and the response has no challenge of the other', async (t) => {
  for (const url of ['/either', '/either-turned']) {
    for (const headers of [await service.byCookie(), await service.byToken()]) {
      const response = await get(url, headers)
      t.equal(response.statusCode, 200, url)
      t.notOk(response.headers['www-authenticate'], url)
    }
    const refused = await get(url)
    t.equal(refused.statusCode, 401, url)
    t.equal(refused.headers['www-authenticate'], CHALLENGE, url)
  }
})

t.test('L3: a guard after one that has accepted the request does not run, as its README says', async (t) => {
  const headers = { ...(await service.byCookie()), authorization: 'Bearer x' }
  for (const url of ['/either', '/either-turned']) {
    const response = await get(url, headers)
    t.match(response.json(), { username: 'ada', carrier: 'session' }, url)
    t.notOk(response.headers['www-authenticate'], url)
  }
  t.equal((await get('/all', headers)).statusCode, 401)
})
