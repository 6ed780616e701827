import { MemoryStore } from 'express-session'
import t, { type Test } from 'tap'
import type { ForeignMigrationOptions } from '../../src/migration/index.ts'
import { flaskSession } from '../../src/migration/sources/flask/index.ts'
import { deriveKey, signText } from '../../src/migration/sources/flask/signed-text.ts'
import { makeMoving, type Moving } from './make-migration.ts'
import { makeTokenMigration, signOld } from './make-token-migration.ts'
import { browse, type Jar, OLD_SECRET, startOldService } from './old-service.ts'

const ok = (body: string) => ({ status: 200, body })
const unauthorized = { status: 401, body: '' }
const SECONDS = 60
const serving = { onStoreDown: { serveStaleForSeconds: SECONDS } } as const

/** `/closed` responds with 503 while our store cannot be reached, whatever the migration allows. */
const routes = (app: Parameters<NonNullable<NonNullable<Parameters<typeof makeMoving>[2]>['routes']>>[0]) => {
  const closed = app.sessionAuth.guard({ onStoreDown: 'fail-closed' })
  app.get('/closed', { onRequest: closed }, ({ principal }) => principal?.username)
}

async function start(t: Test, options: Partial<ForeignMigrationOptions> = serving) {
  const old = await startOldService()
  const ours = await makeMoving(old.sessions, options, { routes })
  t.teardown(async () => {
    await ours.close()
    await old.close()
  })
  const jar: Jar = new Map()
  await browse(jar, `${old.url}/login?user=ada`, 'POST')
  return { old, ours, jar, get: async (path?: string) => ours.get(0, new Map(jar), path) }
}

/** The store is down for so long, and each node has noticed. */
async function fail({ storeSpy, clock, nodes }: Moving, forMs = 0) {
  storeSpy.outage = new Error('the store is down')
  clock.now += forMs
  for (const { migrations } of nodes) await migrations.refresh()
}

t.test('while our store is down an old login is 503, unless the service says otherwise', async (t) => {
  const { ours, get } = await start(t, {})
  t.same(await get(), ok('ada'))
  ours.storeSpy.outage = new Error('the store is down')
  t.equal((await get()).status, 503)
})

t.test(
  'it is served as it is for as long as the service says, in the phases in which the other system decides',
  async (t) => {
    for (const phase of ['old', 'both'] as const) {
      const { ours, get, jar } = await start(t)
      if (phase === 'both') await ours.moveTo('both')
      t.same(await get(), ok('ada'))
      const adopted = await ours.logins.listByUser(ours.userId('ada'))
      ours.storeSpy.outage = new Error('the store is down')
      t.same(await get(), ok('ada'), `${phase}: by who is first to notice`)
      const principal = JSON.parse((await get('/principal')).body) as { loginId: string }
      t.ok(phase === 'old' || principal.loginId === adopted[0]?.id, 'by the name of its login')
      t.equal((await get('/closed')).status, 503, `${phase}: not where a route is closed`)
      await fail(ours, SECONDS * 1000 - 1)
      t.same(await get(), ok('ada'), `${phase}: until the last moment`)
      t.same(await ours.get(0, new Map([['connect.sid', 's%3Aforged.forged']])), unauthorized, phase)
      t.equal(
        await ours.post(0, new Map(jar), '/session/logout'),
        503,
        `${phase}: a log-out has no effect yet`
      )
      await fail(ours, 1)
      t.equal((await get()).status, 503, `${phase}: and no longer`)
      ours.storeSpy.outage = null
      for (const { migrations } of ours.nodes) await migrations.refresh()
      t.same(await get(), ok('ada'))
      await ours.nodes[0]?.migrations.refresh()
      const { counts } = (await ours.nodes[0]?.migrations.status('express')) ?? {}
      t.match(counts?.[phase], { passedInOutage: 3 })
    }
  }
)

t.test('in the phases in which we decide it is 503', async (t) => {
  const { ours, get } = await start(t)
  await ours.moveTo('both')
  await ours.moveTo('new')
  ours.storeSpy.outage = new Error('the store is down')
  t.equal((await get()).status, 503)
})

t.test(
  'a store that can be reached, and fails with one question, is 503: it may say that a log-out has ended it',
  async (t) => {
    const { ours, get } = await start(t)
    ours.storeSpy.down.add('adoptions.findClaim')
    t.equal((await get()).status, 503)
  }
)

t.test('the other system down too is 503, and nobody is logged out', async (t) => {
  const { old, ours, get } = await start(t)
  const read = old.sessions.get
  await fail(ours)
  old.sessions.get = (_sid, done) => done(new Error('it is down too'))
  t.equal((await get()).status, 503)
  old.sessions.get = read
  t.same(await get(), ok('ada'))
})

t.test('a login that this node knows to be revoked is not served, whatever its system has', async (t) => {
  const now = Date.UTC(2027, 0, 1)
  const from = flaskSession({ secret: OLD_SECRET, cookie: { secure: false }, now: () => now })
  const ours = await makeMoving(new MemoryStore(), { ...serving, from })
  t.teardown(() => ours.close())
  const sign = (user: string): Jar => {
    const payload = Buffer.from(JSON.stringify({ user_id: user })).toString('base64url')
    return new Map([['session', signText(payload, now / 1000, deriveKey(OLD_SECRET, 'cookie-session'))]])
  }
  const [ada, bob] = [sign('ada'), sign('bob')]
  ours.clock.now = now
  await ours.moveTo('both')
  for (const jar of [ada, bob]) await ours.get(0, new Map(jar))
  t.equal(await ours.post(0, new Map(ada), '/session/logout'), 200)
  await fail(ours)
  t.equal((await ours.get(0, new Map(ada))).status, 503)
  t.same(await ours.get(0, new Map(bob)), ok('bob'))
})

t.test('a token is passed through as a session is', async (t) => {
  const { send, exchange, nodes, storeSpy, moveTo } = await makeTokenMigration(t, serving)
  await moveTo('both')
  const token = signOld({ user_id: 'ada' })
  storeSpy.outage = new Error('the store is down')
  t.equal((await send(0, token)).statusCode, 200)
  t.equal((await exchange(0, token)).statusCode, 503, 'nothing is made of it')
  t.equal((await send(0, `${token}x`)).statusCode, 401)
  storeSpy.outage = null
  await nodes[0].app.migrations.refresh()
})
