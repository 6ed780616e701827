import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { makeMoving } from './make-migration.ts'
import { browse, type Jar, startOldService } from './old-service.ts'

const OURS = '__Host-drawbridge'

/** A cart in the session, to which each request adds. */
const routes = async (app: FastifyInstance) => {
  await app.register(async (scope) => {
    await scope.register(app.sessionAuth.sessionData)
    scope.get('/cart', async ({ session, principal }) => {
      const { items = 0 } = session as unknown as { items?: number }
      session.set('items' as never, (items + 1) as never)
      await session.save()
      return `${principal?.username} ${items}`
    })
    scope.post('/leave', async ({ session }) => {
      await session.destroy()
      return {}
    })
  })
}

async function start(t: Test, options: Parameters<typeof makeMoving>[1] = {}) {
  const old = await startOldService()
  const ours = await makeMoving(old.sessions, options, { routes })
  t.teardown(async () => {
    await ours.close()
    await old.close()
  })
  const signInThere = async (user: string) => {
    const jar: Jar = new Map()
    await browse(jar, `${old.url}/login?user=${user}`, 'POST')
    return jar
  }
  return { ours, signInThere }
}

t.test(
  'request.session is there with a session of the other system alone, and stays in every phase',
  async (t) => {
    const { ours, signInThere } = await start(t)
    const [jar, other] = [await signInThere('ada'), await signInThere('ada')]
    const add = async (presented: Jar, node: number) => (await ours.get(node, presented, '/cart')).body
    t.equal(await add(jar, 0), 'ada 0')
    t.equal(await add(jar, 1), 'ada 1')
    t.notOk(jar.has(OURS), 'in the phase old it gets no cookie of ours')
    await ours.moveTo('both')
    t.equal(await add(new Map(jar), 0), 'ada 2', 'with the old cookie alone')
    t.equal(await add(jar, 1), 'ada 3')
    t.ok(jar.has(OURS))
    t.equal(await add(jar, 0), 'ada 4', 'with both')
    await ours.moveTo('new')
    t.equal(await add(jar, 1), 'ada 5')
    t.equal(await add(new Map([[OURS, jar.get(OURS) as string]]), 1), 'ada 6', 'with ours alone')
    t.equal(await add(other, 0), 'ada 0', 'each session has its own')
  }
)

t.test('a session that a handler destroys is that of the user who is served', async (t) => {
  const { ours, signInThere } = await start(t)
  await ours.moveTo('both')
  const jar: Jar = new Map()
  t.equal(await ours.post(0, jar, '/session/login', 'bob'), 200)
  const ada = await signInThere('ada')
  const mixed: Jar = new Map([...jar, ...ada])
  t.same(await ours.get(0, new Map(mixed)), { status: 200, body: 'ada' })
  t.equal(await ours.post(0, new Map(mixed), '/leave'), 200)
  t.equal((await ours.get(0, new Map(ada))).status, 401)
  t.same(await ours.get(0, jar), { status: 200, body: 'bob' })
})

t.test(
  'an address that has had too many logins made waits for data, and nobody of it is logged out',
  async (t) => {
    const { ours, signInThere } = await start(t, { throttle: { adoptionsPerAddress: 1 } })
    const [first, second] = [await signInThere('ada'), await signInThere('bob')]
    for (const phase of ['old', 'both', 'new'] as const) {
      if (phase !== 'old') await ours.moveTo(phase)
      t.match(await ours.get(0, new Map(first), '/cart'), { status: 200, body: /^ada/ }, phase)
      t.equal((await ours.get(0, new Map(second), '/cart')).status, 429, phase)
      t.same(await ours.get(0, new Map(second)), { status: 200, body: 'bob' }, phase)
    }
  }
)
