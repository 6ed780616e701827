import { createMemoryLoginStore, type LoginStore } from '@drawbridge/logins'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { createStoreMeter } from '../src/store-meter.ts'
import { buildDemo, signInByCookie, signInByToken } from './build-demo.ts'

const UNKNOWN = 'a'.repeat(28)

t.test('a response says which methods of the store its request called, and for how long', async (t) => {
  let ms = 0
  const { app, store } = buildService(t, { find: async () => ((ms += 1.25), null) }, () => ms)
  app.post('/', async () => {
    await store.find(UNKNOWN)
    await store.find(UNKNOWN)
    return store.listByUser('nobody')
  })
  const { headers, body } = await app.inject({ method: 'POST', url: '/', payload: { a: 1 } })
  t.equal(headers['server-timing'], 'store;dur=2.5;desc="find find listByUser"')
  t.equal(body, '[]')
})

t.test('requests at the same time are counted apart', async (t) => {
  const waiting: Array<() => void> = []
  const find = () => new Promise<null>((resolve) => waiting.push(() => resolve(null)))
  const { app, store } = buildService(t, { find })
  app.get('/', async (request) => {
    const { times } = request.query as { times: string }
    return Promise.all(Array.from({ length: Number(times) }, () => store.find(UNKNOWN)))
  })
  const responses = [0, 1, 3].map((times) => app.inject({ url: `/?times=${times}` }))
  await responses[0]
  while (waiting.length < 4) await new Promise(setImmediate)
  for (const release of waiting) release()
  const timings = (await Promise.all(responses)).map(({ headers }) => headers['server-timing'])
  t.match(timings, [/"not asked"$/, /"find"$/, /"find find find"$/])
})

t.test('what the store rejects with is passed on, and counted', async (t) => {
  const { app, store } = buildService(t, {
    find: () => Promise.reject(new Error('down')),
    ping: () => {
      throw new Error('broken')
    }
  })
  app.get('/', async () => {
    const outcomes = await Promise.allSettled([store.find(UNKNOWN), store.ping()])
    return outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason.message as string)
  })
  const response = await app.inject('/')
  t.same(response.json(), ['down', 'broken'])
  t.match(response.headers['server-timing'], /"find ping"$/)
})

t.test('a store that is called outside of requests works as before', async (t) => {
  const store = createMemoryLoginStore()
  const measured = createStoreMeter().measure(store)
  t.equal(measured.isShared, store.isShared)
  t.equal(await measured.find(UNKNOWN), null)
  t.equal(measured.announce, store.announce)
})

t.test('in development the demo says whether the store was asked; in production it does not', async (t) => {
  const app = await buildDemo(t)
  const timing = async (url: string, headers: Record<string, string>) =>
    (await app.inject({ url, headers })).headers['server-timing']
  const cookie = await signInByCookie(app)
  t.match(await timing('/session/protected', { cookie }), /"find"$/, 'the first request by cookie')
  t.match(await timing('/session/protected', { cookie }), /;dur=0.0;desc="not asked"$/, 'the second')
  const { token } = await signInByToken(app)
  const bearer = { authorization: `Bearer ${token}` }
  // A token of the second in which the node started may have been revoked before it knew: it asks once.
  await timing('/token/protected', bearer)
  t.match(await timing('/token/protected', bearer), /"not asked"$/)

  const production = await buildDemo(t, {
    NODE_ENV: 'production',
    DRAWBRIDGE_SECRET: 'a root secret that is long enough to be one'
  })
  t.notOk('server-timing' in (await production.inject({ url: '/session/protected' })).headers)
})

/** A service with a store of which some methods are replaced, measured. */
function buildService(t: Test, replaced: Partial<LoginStore>, now?: () => number) {
  const meter = createStoreMeter(now)
  const app = Fastify()
  t.teardown(() => app.close())
  meter.report(app)
  return { app, store: meter.measure(Object.assign(createMemoryLoginStore(), replaced)) }
}
