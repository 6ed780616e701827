import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { makeApp, type TestApp } from '../make-app.ts'
import { bag, getBag } from './session-data-routes.ts'
import { fetchPrincipalMember, fetchOwner, post, status } from './two-nodes.ts'

/** A request that has written to its session and then waits. */
async function slowRoute(
  app: FastifyInstance,
  gate: { pass: Promise<void>; entered: () => void }
): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(app.sessionAuth.sessionData)
    scope.post('/slow', async (request) => {
      getBag(request).late = true
      gate.entered()
      await gate.pass
      return {}
    })
  })
}

async function slowScene() {
  let [open, entered] = [() => {}, () => {}]
  const pass = new Promise<void>((resolve) => (open = resolve))
  const started = new Promise<void>((resolve) => (entered = resolve))
  const node = await makeApp({ routes: (app) => slowRoute(app, { pass, entered }) })
  return { node, started, open: () => open() }
}

const REVOCATIONS: Record<string, (node: TestApp, loginId: string, userId: string) => Promise<unknown>> = {
  'runs into the idle limit': async ({ clock }) => (clock.now += 1_860_000),
  'runs into the absolute limit': async ({ clock }) => (clock.now += 43_200_000),
  'is revoked by an administrator': ({ logins }, loginId) => logins.revoke(loginId),
  'is revoked with all logins of its user': ({ logins }, _loginId, userId) => logins.revokeUser(userId)
}

for (const [ending, end] of Object.entries(REVOCATIONS)) {
  t.test(`S05 a login that ${ending} during a slow request stays ended`, async (t) => {
    const { node, started, open } = await slowScene()
    const cookie = await node.signIn()
    const [loginId, userId] = [
      await fetchPrincipalMember(node, cookie),
      await fetchPrincipalMember(node, cookie, 'userId')
    ]
    const slow = post(node, '/slow', cookie)
    await started
    await end(node, loginId, userId)
    open()
    t.equal((await slow).statusCode, 401)
    t.equal(await status(node, cookie), 401)
    t.equal(await node.logins.resolve(loginId), null, 'no row')
    t.equal(await status(node, await node.signIn()), 200)
  })
}

t.test('S06 of two writes at once the last one wins, and a log-out beside them is not lost', async (t) => {
  const node = await makeApp({ routes: bag })
  for (let run = 0; run < 20; run++) {
    const cookie = await node.signIn()
    const writes = ['a', 'b'].map((name) => post(node, '/bag', cookie, { owner: name, [name]: 1 }))
    t.same(
      (await Promise.all(writes)).map(({ statusCode }) => statusCode),
      [200, 200]
    )
    const { data } = (await node.logins.resolve(await fetchPrincipalMember(node, cookie)))!
    t.ok(['a', 'b'].includes(String(data.owner)))
    t.equal(data[String(data.owner)], 1, 'one of them, and not a mixture')
    const [out, ...late] = await Promise.all([
      post(node, '/session/logout', cookie),
      ...['c', 'd'].map((name) => post(node, '/bag', cookie, { owner: name }))
    ])
    t.equal(out.statusCode, 200)
    for (const { statusCode } of late) t.ok([200, 401].includes(statusCode))
    t.equal(await status(node, cookie), 401)
  }
})

t.test('S08 CVE-2024-35220 a session that is read and written through the store still expires', async (t) => {
  const node = await makeApp({ routes: bag })
  const cookie = await node.signIn()
  const loginId = await fetchPrincipalMember(node, cookie)
  const end = node.clock.now + 43_200_000
  while (node.clock.now + 1_200_000 < end) {
    node.clock.now += 1_200_000
    t.equal((await post(node, '/bag', cookie, { owner: node.clock.now })).statusCode, 200)
    t.equal(await fetchOwner(node, cookie), node.clock.now)
    await node.logins.flushTouches()
  }
  t.notOk(
    Object.hasOwn((await node.logins.resolve(loginId))!.data, 'cookie'),
    'no expiry of its own is stored'
  )
  node.clock.now = end
  for (const url of ['/bag', '/me']) t.equal(await status(node, cookie, url), 401)
  t.equal(await node.logins.resolve(loginId), null)
})
