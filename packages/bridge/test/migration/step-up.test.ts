import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { makeMoving } from './make-migration.ts'
import { browse, type Jar, startOldService } from './old-service.ts'

const OLD = 'connect.sid'

/** Renews the session of ada, and a route that asks for a recent authentication. */
function routes(app: FastifyInstance): void {
  const { guard, verifyPassword, reauthenticate } = app.sessionAuth
  app.post<{ Body: { username: string; password: string } }>('/again', async (request, reply) =>
    reauthenticate(request, reply, await verifyPassword(request, request.body))
  )
  app.get('/recent', { onRequest: guard({ maxAgeSeconds: 60 }) }, () => 'recent')
}

t.test(
  'who has authenticated again is recent, and who has stolen the other cookie before is not',
  async (t) => {
    const old = await startOldService()
    const ours = await makeMoving(old.sessions, {}, { routes })
    t.teardown(async () => {
      await ours.close()
      await old.close()
    })
    const jar: Jar = new Map()
    await browse(jar, `${old.url}/login?user=ada`, 'POST')
    await ours.moveTo('both')
    t.equal((await ours.get(0, jar)).status, 200)
    ours.clock.now += 61_000
    for (const { migrations } of ours.nodes) await migrations.refresh()
    t.equal((await ours.get(0, jar, '/recent')).status, 401)
    t.equal(await ours.post(0, jar, '/again', 'ada'), 200)
    const stolen = () => new Map([[OLD, jar.get(OLD) as string]])
    for (const node of [0, 1]) {
      t.equal((await ours.get(node, jar, '/recent')).status, 200)
      t.equal((await ours.get(node, stolen(), '/recent')).status, 401)
      t.equal((await ours.get(node, stolen())).status, 200, 'it is valid until the migration retires it')
    }
    await ours.moveTo('new', 1000)
    t.equal((await ours.get(0, stolen(), '/recent')).status, 401)
    t.equal((await ours.get(0, jar, '/recent')).status, 200)
  }
)
