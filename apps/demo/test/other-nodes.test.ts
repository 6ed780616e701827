import type { FastifyInstance } from 'fastify'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'
import { until } from '@drawbridge/test-support/until'
import { freePortFrom } from '../src/free-port.ts'
import { account, buildDemo, signInByCookie, signInByToken } from './build-demo.ts'
import { fillIn, openPage, press, readBadges } from './open-page.ts'
import { isReady, sharedEnvironment } from './start-nodes.ts'

/** A port that nothing else should use. */
const FIRST_PORT = 26_000 + Math.floor(Math.random() * 4000)

interface KnownNode {
  readonly app: FastifyInstance
  readonly url: string
}

/** Two nodes that know one another, as `cluster` starts them. */
async function startTwoNodes(t: Test): Promise<readonly [KnownNode, KnownNode]> {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const first = await freePortFrom(FIRST_PORT)
  const ports = [first, await freePortFrom(first + 1)]
  const NODES = ports.map((port) => `http://127.0.0.1:${port}`).join(',')
  const shared = await sharedEnvironment(t, `redis://127.0.0.1:${redis.port}`, { NODES })
  const start = async (port = 0) => {
    const app = await buildDemo(t, { ...shared, PORT: String(port) })
    await app.listen({ host: '127.0.0.1', port })
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
    await until(() => isReady(url))
    return { app, url }
  }
  return [await start(ports[0]), await start(ports[1])]
}

t.test('a node asks another on behalf of a page', { skip: skipWithoutRedis }, async (t) => {
  const [one, two] = await startTwoNodes(t)
  const ask = (path: string, headers: Record<string, string>) => one.app.inject({ url: path, headers })
  const cookie = await signInByCookie(one.app)
  const bearer = { authorization: `Bearer ${(await signInByToken(one.app)).token}` }

  for (const headers of [{ cookie }, bearer] as Array<Record<string, string>>) {
    const response = await ask('/nodes/2/protected', headers)
    t.equal(response.statusCode, 200)
    t.same(response.json(), { message: 'Hello, user!' })
    t.equal(response.headers['cache-control'], 'no-store')
    t.equal(response.headers.vary, 'Cookie, Authorization')
  }

  const rejected = await ask('/nodes/2/protected', {})
  t.equal(rejected.statusCode, 401)
  t.match(rejected.headers['www-authenticate'], /^Bearer/)
  t.match(rejected.json(), { code: 'DRAWBRIDGE_UNAUTHORIZED' })

  for (const number of ['0', '3', '-1', '1.5', 'two', '__proto__', 'length'])
    t.equal((await ask(`/nodes/${number}/protected`, { cookie })).statusCode, 404, number)

  await two.app.close()
  const down = await ask('/nodes/2/protected', { cookie })
  t.equal(down.statusCode, 503)
  t.match(down.json(), {
    statusCode: 503,
    error: 'Service Unavailable',
    message: 'The node does not respond'
  })
})

t.test('the cost that is reported is that of the other node', { skip: skipWithoutRedis }, async (t) => {
  const [one] = await startTwoNodes(t)
  // Without the snapshot beside it the other node must ask its store; this one is not concerned.
  const [cookie = ''] = (await signInByCookie(one.app)).split('; ')
  const response = await one.app.inject({ url: '/nodes/2/protected', headers: { cookie } })
  t.equal(response.statusCode, 200)
  t.match(response.headers['server-timing'], /^store;dur=\d+\.\d;desc="find"$/)
})

t.test('a node whose response breaks off does not respond', async (t) => {
  const broken = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"message":')
    setImmediate(() => response.destroy())
  })
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve))
  t.teardown(() => broken.close())
  const app = await buildDemo(t, { NODES: `http://127.0.0.1:${(broken.address() as AddressInfo).port}` })
  const response = await app.inject({ url: '/nodes/1/protected' })
  t.equal(response.statusCode, 503)
  t.match(response.json(), { message: 'The node does not respond' })
})

t.test('outside a cluster a node asks no other', async (t) => {
  const app = await buildDemo(t)
  const cookie = await signInByCookie(app)
  t.equal((await app.inject({ url: '/nodes/1/protected', headers: { cookie } })).statusCode, 404)
  t.match((await app.inject('/page.json')).json(), { nodes: [], node: 0 })
})

t.test('a user asks the other node from the page', { skip: skipWithoutRedis || noBrowser }, async (t) => {
  const [one, two] = await startTwoNodes(t)
  const browser = await startBrowser(t)
  const { page, complaints } = await openPage(t, browser, one.url, { viewport: { width: 390, height: 844 } })
  await fillIn(page, account.username, account.password)
  await press(t, page, 'sign-in', 'Sign in with a cookie')
  await press(t, page, 'session', 'Carry by token too')

  const asks = [
    ['session', 'Ask by cookie'],
    ['token', 'Ask by token']
  ] as const
  for (const [carrier, name] of asks) {
    const choice = page.locator(`#${carrier}`).getByLabel('Node to ask')
    t.same(await choice.locator('option').allInnerTexts(), [
      'Node 1, which sent this page',
      `Node 2, ${new URL(two.url).host}`
    ])
    await choice.selectOption('2')
    t.match(await press(t, page, carrier, name), /GET \/nodes\/2\/protected.*200 OK.*Hello, user!.*store/s)
  }

  await press(t, page, 'logins', /^Revoke the login/)
  for (const [carrier, name] of asks)
    await until(async () => /nodes\/2.*401/s.test(await press(t, page, carrier, name)))
  t.pass('both carriers are rejected by the other node too')
  t.same(await readBadges(page), ['Rejected', 'Rejected'])
  t.same(complaints, [], 'the console has no errors')

  await page.goto(two.url)
  await page.getByText('Node 2, which sent this page').first().waitFor({ state: 'attached' })
})
