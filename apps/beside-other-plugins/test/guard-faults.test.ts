import { type Claims, createMemoryFeed } from '@drawbridge/logins'
import type { onRequestHookHandler } from 'fastify'
import t from 'tap'
import { createGuardedService } from './guarded-service.ts'

/** A feed shared by several nodes: sessions then have snapshots. */
const sharedFeed = () => Object.assign(createMemoryFeed(), { isShared: true as const })

for (const carrier of ['session', 'token'] as const) {
  t.test(`M11: an error behind a ${carrier} guard is a 500 of that request only`, async (t) => {
    const logins = { feed: sharedFeed(), getClaims: () => ({ tenant: 'acme' }) as Claims }
    const first = await createGuardedService({ logins })
    const headers = await (carrier === 'session' ? first.byCookie() : first.byToken())
    // Another node, which has not seen the login and must ask the store.
    const { app, log } = await createGuardedService({
      store: first.store,
      logins: { ...logins, feed: sharedFeed() },
      session: { snapshotSeconds: 0 },
      routes: (app) => {
        const { guard } = carrier === 'session' ? app.sessionAuth : app.tokenAuth
        app.get('/data', { onRequest: guard }, async ({ principal }) => principal)
        const faulty: onRequestHookHandler = (request, reply, done) =>
          guard(request, reply, (error) => {
            if (error !== undefined) return done(error)
            throw new Error('a fault of the hook')
          })
        app.get('/faulty', { onRequest: faulty }, async () => 'data')
      }
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    t.teardown(() => app.close())
    const get = async (path: string) => (await fetch(url + path, { headers: { ...headers } })).status

    t.equal(await get('/faulty'), 500, 'cold')
    t.equal(await get('/faulty'), 500, 'warm')
    t.equal(await get('/data'), 200, 'the service keeps working')
    t.ok(log.join('').includes('a fault of the hook'))
  })
}

t.test(
  'M11: an error of getClaims is a 503 with its cause in the log, where the store is asked',
  async (t) => {
    const fault = { thrown: null as Error | null }
    const getClaims = () => {
      if (fault.thrown !== null) throw fault.thrown
      return {}
    }
    const { store, byCookie, app: first } = await createGuardedService()
    const headers = await byCookie()
    const { app, log, byToken } = await createGuardedService({
      store,
      logins: { feed: sharedFeed(), getClaims },
      routes: (app) => void app.get('/data', { onRequest: app.sessionAuth.guard }, async () => 'data')
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    t.teardown(() => Promise.all([app.close(), first.close()]))
    fault.thrown = new Error('the directory is closed')
    const response = await fetch(`${url}/data`, { headers })
    t.equal(response.status, 503)
    t.ok(response.headers.get('retry-after'))
    t.notMatch(await response.text(), 'directory')
    t.ok(log.join('').includes('the directory is closed'))
    await t.rejects(byToken(), /sign-in responded 503/)
    fault.thrown = null
    t.equal((await fetch(`${url}/data`, { headers })).status, 200, 'and the login is still valid')
  }
)
