import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { signInForJar, jarFrom, pickCookie, post, statusOnEach, twoNodes } from './attacks/two-nodes.ts'
import { SECRET } from './make-app.ts'

const NAME = '__Host-drawbridge'
const OLDER = 'the root secret before, of 32 bytes or more'

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open: () => open(), opened }
}

/** A guarded route that responds when it is released. */
function slowRoute() {
  const [reached, go] = [gate(), gate()]
  const routes = (app: FastifyInstance) => {
    app.get('/slow', { onRequest: app.sessionAuth.guard }, async () => {
      reached.open()
      await go.opened
      return 'slow'
    })
  }
  return { routes, reached: reached.opened, go: go.open }
}

/** Two nodes in the middle of a change of secrets, one of them with the slow route, and a browser from before it. */
async function setUpRotation(t: Test) {
  const { routes, reached, go } = slowRoute()
  const { node, one, two, feed, clock } = await twoNodes({ session: { secret: [SECRET, OLDER] } })
  const before = await node({ session: { secret: OLDER } })
  const slow = await node({ routes })
  for (const { app } of [one, two, before, slow]) t.teardown(() => app.close())
  const jar = await signInForJar(before)
  const ask = async (cookie: string) => {
    const answer = slow.app.inject({ url: '/slow', headers: { cookie } })
    await reached
    return {
      finish: async () => {
        go()
        const { statusCode, headers } = await answer
        return { statusCode, cookies: [headers['set-cookie'] ?? []].flat() }
      }
    }
  }
  return { ask, jar, one, two, slow, feed, clock }
}

t.test('S01: a slow response carries the newly signed cookie, as any other', async (t) => {
  for (const withSnapshot of [true, false]) {
    const { ask, jar, one } = await setUpRotation(t)
    const { finish } = await ask(withSnapshot ? jar : pickCookie(jar, NAME))
    const { statusCode, cookies } = await finish()
    t.equal(statusCode, 200)
    t.match(cookies, [new RegExp(`^${NAME}=`), new RegExp(`^${NAME}-snapshot=`)])
    const renewed = cookies.map((line) => line.split(';')[0]).join('; ')
    t.notOk(renewed.includes(pickCookie(jar, NAME)))
    t.strictSame(await statusOnEach([one], renewed), [200])
  }
})

t.test(
  'S01: it replaces no cookie of a sign-in of the browser meanwhile, on this node or another',
  async (t) => {
    for (const where of ['slow', 'two'] as const)
      for (const withSnapshot of [true, false]) {
        const service = await setUpRotation(t)
        const jar = withSnapshot ? service.jar : pickCookie(service.jar, NAME)
        const { finish } = await service.ask(jar)
        const newer = await signInForJar(service[where], 'ada', jar)
        t.strictSame(await finish(), { statusCode: 200, cookies: [] }, `a log-in at ${where}`)
        t.strictSame(await statusOnEach([service.one, service.two], newer), [200, 200])
      }
  }
)

t.test('S01: nor does it restore a cookie that a log-out has removed meanwhile', async (t) => {
  const { ask, jar, two } = await setUpRotation(t)
  const { finish } = await ask(jar)
  t.equal((await post(two, '/session/logout', jar)).statusCode, 200)
  t.strictSame(await finish(), { statusCode: 200, cookies: [] })
})

t.test(
  'S01: a node that does not know the login to be active when it responds sends no session cookie',
  async (t) => {
    const { ask, jar, feed } = await setUpRotation(t)
    const { finish } = await ask(jar)
    feed.isFresh = () => false
    t.strictSame(await finish(), { statusCode: 200, cookies: [] })
  }
)

t.test('S01: a cookie that the handler sets itself is not replaced either', async (t) => {
  const { node, ...service } = await twoNodes({ session: { secret: [SECRET, OLDER] } })
  const before = await node({ session: { secret: OLDER } })
  const routes = (app: FastifyInstance) => {
    const onRequest = app.sessionAuth.guard
    app.get('/again', { onRequest }, async (request, reply) => {
      await app.sessionAuth.startSession(request, reply, { user: { id: '1', username: 'ada' } })
      return {}
    })
    app.get('/out', { onRequest }, async (request, reply) => {
      reply.header('set-cookie', 'theme=dark')
      await app.sessionAuth.endSession(request, reply)
      return {}
    })
  }
  const own = await node({ routes })
  for (const { app } of [service.one, service.two, before, own]) t.teardown(() => app.close())
  for (const url of ['/again', '/out']) {
    const jar = await signInForJar(before)
    const answer = await own.app.inject({ url, headers: { cookie: jar } })
    const names = answer.cookies.map(({ name }) => name).toSorted()
    t.strictSame(names, [NAME, `${NAME}-snapshot`, ...(url === '/out' ? ['theme'] : [])], 'each once')
    t.strictSame(await statusOnEach([service.one], jarFrom(answer)), [url === '/out' ? 401 : 200])
  }
})

t.test('S01: a response that the handler writes to the raw stream has the cookie too', async (t) => {
  const { node, ...service } = await twoNodes({ session: { secret: [SECRET, OLDER] } })
  const before = await node({ session: { secret: OLDER } })
  const own = await node({
    routes: (app) => {
      app.get('/stream', { onRequest: app.sessionAuth.guard }, (_request, reply) => {
        reply.hijack()
        reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream', 'Set-Cookie': 'theme=dark' })
        reply.raw.end('data: 1\n\n')
      })
    }
  })
  for (const { app } of [service.one, service.two, before, own]) t.teardown(() => app.close())
  const answer = await own.app.inject({ url: '/stream', headers: { cookie: await signInForJar(before) } })
  t.strictSame(
    answer.cookies.map(({ name }) => name),
    ['theme', NAME, `${NAME}-snapshot`]
  )
  t.equal(answer.headers['cache-control'], 'no-store')
})
