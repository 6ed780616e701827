import { createMemoryFeed, createMemoryLoginStore } from '@drawbridge/logins'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { makeApp, PASSWORD, SECRET } from '../make-app.ts'

/** Two nodes: one store, one feed, one clock. */
async function twoNodes(session: object = {}, logins: object = {}) {
  const clock = { now: 1_800_000_000_000 }
  const now = () => clock.now
  const store = createMemoryLoginStore({ now })
  const feed = Object.assign(createMemoryFeed({ now }), { isShared: true, coveredFrom: clock.now - 60_000 })
  const node = () => makeApp({ clock, store, logins: { feed, ...logins }, session })
  return { clock, feed, one: await node(), two: await node() }
}

/** What a browser stores of a response, as a Cookie header. */
function jarFrom(response: LightMyRequestResponse, only: RegExp = /./): string {
  const lines = [response.headers['set-cookie'] ?? []].flat().map((line) => line.split(';', 1)[0] as string)
  return lines.filter((line) => only.test(line)).join('; ')
}

type Node = Awaited<ReturnType<typeof twoNodes>>['one']

const signIn = (node: Node) =>
  node.app.inject({ method: 'POST', url: '/session/login', payload: { username: 'ada', password: PASSWORD } })
const get = (node: Node, cookie: string) => node.app.inject({ url: '/me', headers: { cookie } })

t.test('with a snapshot a node that has never seen a login serves it without the store', async (t) => {
  const { one, two } = await twoNodes()
  const cookie = jarFrom(await signIn(one))
  const answer = await get(two, cookie)
  t.equal(answer.statusCode, 200)
  t.match(answer.json(), { username: 'ada', carrier: 'session' })
  t.same(two.storeSpy.counts, {}, 'not one call')
  t.equal(answer.headers['set-cookie'], undefined)
})

t.test('its cookie has the attributes of the other, and a Max-Age', async (t) => {
  const { one } = await twoNodes()
  const lines = [(await signIn(one)).headers['set-cookie'] ?? []].flat()
  t.equal(lines.length, 2)
  t.match(
    lines[1],
    /^__Host-drawbridge-snapshot=[\w-]+; Max-Age=120; Path=\/; HttpOnly; Secure; SameSite=Lax$/
  )
})

t.test('a due snapshot is renewed by one read of the store, which learns of the use', async (t) => {
  const { one, two, clock } = await twoNodes()
  const cookie = jarFrom(await signIn(one))
  clock.now += 120_000
  const answer = await get(two, cookie)
  t.equal(answer.statusCode, 200)
  t.equal(two.storeSpy.counts.find, 1)
  await two.logins.flushTouches()
  t.equal(two.storeSpy.counts.touch, 1)
  t.match(jarFrom(answer), /^__Host-drawbridge-snapshot=/)
  const handle = cookie.split('; ')[0]
  t.equal((await get(one, `${handle}; ${jarFrom(answer)}`)).statusCode, 200)
  t.equal(one.storeSpy.counts.find ?? 0, 0, 'good for the other node too')
})

t.test('a login revoked on one node is rejected on the other, with a snapshot or without', async (t) => {
  const { one, two } = await twoNodes()
  const cookie = jarFrom(await signIn(one))
  t.equal((await get(two, cookie)).statusCode, 200)
  const logout = await one.app.inject({ method: 'POST', url: '/session/logout', headers: { cookie } })
  t.equal([logout.headers['set-cookie'] ?? []].flat().length, 2, 'both cookies are removed')
  t.equal((await get(two, cookie)).statusCode, 401)
  t.equal((await get(one, cookie)).statusCode, 401)
})

t.test('a snapshot alone, of another session cookie, or tampered with is invalid', async (t) => {
  const { one, two, clock } = await twoNodes()
  const mine = await signIn(one)
  const others = await signIn(one)
  const snapshot = jarFrom(mine, /-snapshot=/)
  const handle = jarFrom(others, /drawbridge=/)
  t.equal((await get(two, snapshot)).statusCode, 401)
  const mixed = await get(two, `${handle}; ${snapshot}`)
  t.equal(mixed.statusCode, 200)
  t.equal(two.storeSpy.counts.find, 1, 'the store was asked for the presented session')
  t.not(mixed.json().loginId, (await get(two, jarFrom(mine))).json().loginId)
  for (const bad of ['', 'x', `${snapshot.slice(0, -3)}AAA`, snapshot.slice(0, 60)]) {
    const before = two.storeSpy.counts.find ?? 0
    clock.now += 400_000
    const value = bad.startsWith('__') ? bad : `__Host-drawbridge-snapshot=${bad}`
    t.equal((await get(two, `${handle}; ${value}`)).statusCode, 200)
    t.equal(two.storeSpy.counts.find, before + 1, 'as if there were none')
  }
})

t.test('a snapshot proves no signature but that of the cookie it was made for', async (t) => {
  const { one, two } = await twoNodes()
  const answer = await signIn(one)
  const [handle, snapshot] = [jarFrom(answer, /drawbridge=/), jarFrom(answer, /-snapshot=/)]
  const unsigned = handle.slice(0, handle.lastIndexOf('.'))
  const others = jarFrom(await signIn(one), /drawbridge=/)
  const ofOthers = others.slice(others.lastIndexOf('.'))
  for (const forged of [unsigned, `${unsigned}.`, `${unsigned}.x`, `${unsigned}${ofOthers}`, `${handle}x`]) {
    t.equal((await get(two, `${forged}; ${snapshot}`)).statusCode, 401, forged)
  }
  t.same(two.storeSpy.counts, {}, 'and no store was asked about it')
  t.equal((await get(two, `${handle}; ${snapshot}`)).statusCode, 200)
})

t.test('a cookie of an older root secret is signed again, and its snapshot sealed again', async (t) => {
  const older = 'the root secret that was used before this'
  const { one, clock, feed } = await twoNodes({ secret: older })
  const next = () =>
    makeApp({
      clock,
      store: one.storeSpy.store,
      logins: { feed },
      session: { secret: [SECRET, older] }
    })
  const renewed = jarFrom(await get(await next(), jarFrom(await signIn(one))))
  const other = await next()
  t.equal((await get(other, renewed)).statusCode, 200)
  t.same(other.storeSpy.counts, {}, 'the new snapshot is valid beside the new cookie')
})

t.test('a snapshot from before this node read revocations is not enough', async (t) => {
  const { one, clock, feed } = await twoNodes()
  const cookie = jarFrom(await signIn(one))
  clock.now += 10_000
  const restarted = await makeApp({
    clock,
    store: one.storeSpy.store,
    logins: { feed: Object.assign(Object.create(feed), { coveredFrom: clock.now }) }
  })
  t.equal((await get(restarted, cookie)).statusCode, 200)
  t.equal(restarted.storeSpy.counts.find, 1)
})

t.test('a snapshot whose clock was far ahead is not enough', async (t) => {
  const { one, two, clock } = await twoNodes()
  const cookie = jarFrom(await signIn(one))
  clock.now -= 6000
  t.equal((await get(two, cookie)).statusCode, 200)
  t.equal(two.storeSpy.counts.find, 1)
})

t.test('an older root secret opens what it sealed', async (t) => {
  const older = 'the root secret that was used before this'
  const { one, clock, feed } = await twoNodes({ secret: older })
  const cookie = jarFrom(await signIn(one))
  const next = await makeApp({
    clock,
    store: one.storeSpy.store,
    logins: { feed },
    session: { secret: [SECRET, older] }
  })
  t.equal((await get(next, cookie)).statusCode, 200)
  t.same(next.storeSpy.counts, {})
})

t.test('a session in use does not expire earlier when it is served by snapshots', async (t) => {
  const { one, two, clock } = await twoNodes()
  const cookie = jarFrom(await signIn(one))
  clock.now += 119_000
  t.equal((await get(two, cookie)).statusCode, 200, 'by snapshot; the store learns of the use')
  await two.logins.flushTouches()
  t.equal(two.storeSpy.counts.find, undefined)
  clock.now += 1_800_000 - 1
  t.equal((await get(two, cookie)).statusCode, 200, 'an idle limit later it is active')
})

t.test('a single node sets none, and snapshotSeconds decides where it is given', async (t) => {
  const { app } = await makeApp()
  const body = { username: 'ada', password: PASSWORD }
  const answer = await app.inject({ method: 'POST', url: '/session/login', payload: body })
  t.type(answer.headers['set-cookie'], 'string')
  const given = await makeApp({ session: { snapshotSeconds: 60 } })
  const two = await given.app.inject({ method: 'POST', url: '/session/login', payload: body })
  t.match(two.headers['set-cookie'], [/drawbridge=/, /-snapshot=.*Max-Age=60/])
})

t.test('in an outage a service may serve by the snapshot', async (t) => {
  const { one, two, clock, feed } = await twoNodes()
  const cookie = jarFrom(await signIn(one))
  Object.assign(feed, { isFresh: () => false, renew: async () => false })
  two.storeSpy.outage = new Error('down')
  const closed = await get(two, cookie)
  t.equal(closed.statusCode, 503)
  t.equal(closed.headers['retry-after'], '1')
  const open = await makeApp({
    clock,
    store: two.storeSpy.store,
    logins: { feed, onStoreDown: { serveStaleForSeconds: 30 } }
  })
  clock.now += 30_000
  t.equal((await get(open, cookie)).statusCode, 200)
  clock.now += 1
  t.equal((await get(open, cookie)).statusCode, 503)
})

t.test(
  'M17: a session in use outlives a short idle limit on every node, and expires soon after its last use',
  async (t) => {
    const { one, two, clock } = await twoNodes({ idleTimeoutSeconds: 4 }, { touchIntervalSeconds: 1 })
    let jar = jarFrom(await signIn(one))
    for (let second = 0; second < 300; second++) {
      clock.now += 1000
      const node = second % 2 === 0 ? one : two
      const answer = await get(node, jar)
      if (answer.statusCode !== 200) t.fail(`${answer.statusCode} after ${second} s`)
      const renewed = jarFrom(answer, /-snapshot=/)
      if (renewed !== '') jar = `${jar.split('; ', 1)[0]}; ${renewed}`
      await node.logins.flushTouches()
    }
    clock.now += 6000
    t.equal((await get(one, jar)).statusCode, 401)
    t.equal((await get(two, jar)).statusCode, 401)
  }
)
