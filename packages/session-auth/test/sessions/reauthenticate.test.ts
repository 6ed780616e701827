import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import type { SecondFactorBody } from '@drawbridge/carrier'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import t, { type Test } from 'tap'
import { principalOf, type ReauthenticateInput, unauthorized } from '../../src/index.ts'
import { SECRET, PASSWORD, type TestApp } from '../make-app.ts'
import { NAME } from '../attacks/attacked-app.ts'
import { bag } from '../attacks/session-data-routes.ts'
import {
  fetchOwner,
  fetchPrincipalMember,
  jarFrom,
  pickCookie,
  post,
  signInForJar,
  status,
  statusOnEach,
  twoNodes
} from '../attacks/two-nodes.ts'

type Body = { readonly username?: string; readonly password?: string }

/** A route that verifies the password and renews the session, and one behind it. */
async function routes(app: FastifyInstance): Promise<void> {
  const { guard, verifyPassword, reauthenticate } = app.sessionAuth
  app.post<{ Body: Body }>('/again', async (request, reply) => {
    const { username = 'ada', password } = request.body
    const signIn = await verifyPassword(request, { username, password })
    return reauthenticate(request, reply, signIn)
  })
  app.get('/recent', { onRequest: guard({ maxAgeSeconds: 60 }) }, async ({ principal }) => principal)
  await bag(app)
}

const again = (node: TestApp, cookie: string, body: Body = { password: PASSWORD }) =>
  post(node, '/again', cookie, body)
const handleFrom = (jar: string) => pickCookie(jar, NAME)
const authenticatedAt = async (node: TestApp, cookie: string) =>
  Number(await fetchPrincipalMember(node, cookie, 'authenticatedAt'))

t.test(
  'the login stays the same, and has a new cookie and a recent authentication on every node',
  async (t) => {
    const { one, two, clock } = await twoNodes({ routes })
    const jar = await signInForJar(one)
    const [loginId, userId] = [
      await fetchPrincipalMember(one, jar),
      await fetchPrincipalMember(two, jar, 'userId')
    ]
    const expiresAt = await fetchPrincipalMember(one, jar, 'expiresAt')
    clock.now += 61_000
    t.same([await status(one, jar, '/recent'), await status(two, jar, '/recent')], [401, 401])
    const response = await again(one, jar)
    t.match(response.json(), { loginId, authenticatedAt: clock.now, username: 'ada' })
    t.equal(response.headers['cache-control'], 'no-store')
    const renewed = jarFrom(response)
    t.not(handleFrom(renewed), handleFrom(jar))
    for (const node of [one, two]) {
      t.equal(await status(node, renewed, '/recent'), 200)
      t.equal(await fetchPrincipalMember(node, renewed), loginId)
      t.equal(await fetchPrincipalMember(node, renewed, 'expiresAt'), expiresAt, 'no limit is extended')
    }
    const logins = await one.logins.listByUser(userId)
    t.match(logins, [{ id: loginId, authenticatedAt: clock.now }])
    t.equal(logins.length, 1)
  }
)

t.test('S24 a cookie that was stolen before is worthless on every node, with all it came with', async (t) => {
  const { one, two, clock } = await twoNodes({ routes })
  const stolen = await signInForJar(one)
  t.same(await statusOnEach([one, two], stolen), [200, 200], 'both nodes have it in their caches')
  clock.now += 1000
  const renewed = jarFrom(await again(one, stolen))
  const [handle, snapshot] = [handleFrom(stolen), pickCookie(stolen, `${NAME}-snapshot`)]
  const own = pickCookie(renewed, `${NAME}-snapshot`)
  for (const shown of [stolen, handle, `${handle}; ${own}`, snapshot, own])
    for (const url of ['/me', '/recent', '/bag'])
      t.same([await status(one, shown, url), await status(two, shown, url)], [401, 401], url)
  t.equal((await again(two, stolen, { password: 'a guess that is long enough' })).statusCode, 401)
  t.same(await statusOnEach([one, two], renewed), [200, 200], 'and its owner is not signed out')
})

t.test(
  'a node that has not heard of it serves the old authentication at most, and no node an older one',
  async (t) => {
    const { one, two, feed, clock } = await twoNodes({ routes })
    const jar = await signInForJar(one)
    await status(two, jar)
    clock.now += 61_000
    const { publishChanges } = feed
    let deliver = async () => {}
    feed.publishChanges = async (changes) => {
      deliver = async () => void (await publishChanges(changes))
      return 'position'
    }
    const renewed = jarFrom(await again(one, jar))
    t.same([await status(one, jar), await status(two, jar)], [401, 200], 'the node that did it, at once')
    t.equal(await status(two, jar, '/recent'), 401)
    t.same([await status(one, renewed, '/recent'), await status(two, renewed, '/recent')], [200, 200])
    await deliver()
    t.equal(await status(two, jar), 401)
  }
)

t.test('S25 with the credentials of another user nobody is switched, and nothing changes', async (t) => {
  const { one, two, clock } = await twoNodes({ routes })
  const jar = await signInForJar(one)
  const before = await authenticatedAt(one, jar)
  clock.now += 1000
  const response = await again(two, jar, { username: 'bob', password: PASSWORD })
  t.match(response.json(), { statusCode: 401, code: 'DRAWBRIDGE_INVALID_CREDENTIALS' })
  t.equal(response.headers['set-cookie'], undefined)
  t.equal(await authenticatedAt(two, jar), before)
  t.equal(await fetchPrincipalMember(one, jar, 'username'), 'ada')
})

t.test('without a session, or from a page of another origin, nothing is renewed', async (t) => {
  const { one } = await twoNodes({ routes })
  const jar = await signInForJar(one)
  const payload = { password: PASSWORD }
  const send = (headers: Record<string, string>) =>
    one.app.inject({ method: 'POST', url: '/again', headers, payload })
  t.match((await send({})).json(), { statusCode: 401, code: 'DRAWBRIDGE_UNAUTHORIZED' })
  t.equal((await send({ cookie: `${handleFrom(jar)}x` })).statusCode, 401)
  t.equal((await send({ cookie: jar, 'sec-fetch-site': 'cross-site' })).statusCode, 403)
  const other = handleFrom(await signInForJar(one))
  t.equal((await send({ cookie: `${handleFrom(jar)}; ${other}` })).statusCode, 400)
  await post(one, '/session/logout', jar)
  t.equal((await again(one, jar)).statusCode, 401)
})

t.test('the same request repeated after a lost response gets the same cookie', async (t) => {
  const { one, two, clock } = await twoNodes({ routes })
  const jar = await signInForJar(one)
  const first = jarFrom(await again(one, jar))
  clock.now += 600_000
  const repeated = await again(two, jar)
  t.equal(handleFrom(jarFrom(repeated)), handleFrom(first))
  t.equal(repeated.json().authenticatedAt, clock.now, 'the user has authenticated for it')
  t.equal(await status(one, first), 200)
  const next = jarFrom(await again(one, first))
  t.not(handleFrom(next), handleFrom(first))
  t.equal((await again(one, jar)).statusCode, 401, 'two cookies back')
})

t.test('two at once on two nodes get one cookie', async (t) => {
  const { one, two } = await twoNodes({ routes })
  const jar = await signInForJar(one)
  let other = ''
  one.storeSpy.before('update', async () => void (other = jarFrom(await again(two, jar))))
  const own = jarFrom(await again(one, jar))
  t.equal(handleFrom(own), handleFrom(other))
  t.same(await statusOnEach([one, two], own), [200, 200])
})

t.test('two at once on nodes that sign with different root secrets get one cookie', async (t) => {
  const { node, one } = await twoNodes({ routes })
  const secret = ['another root secret, 0123456789abcdef', SECRET]
  const two = await node({ session: { secret } })
  const three = await node({ session: { secret: [...secret].reverse() } })
  const jar = await signInForJar(one)
  let other = ''
  two.storeSpy.before('update', async () => void (other = jarFrom(await again(three, jar))))
  const own = jarFrom(await again(two, jar))
  for (const cookie of [own, other]) t.same(await statusOnEach([two, three], cookie), [200, 200])
})

t.test('a cookie that survives the browser stays one, for what is left of its login', async (t) => {
  const DAY = 86_400
  const { one, clock } = await twoNodes({ routes, session: { remember: true } })
  const payload = { username: 'ada', password: PASSWORD, remember: true }
  const jar = jarFrom(await one.app.inject({ method: 'POST', url: '/session/login', payload }))
  clock.now += 10 * DAY * 1000
  const renewed = await again(one, jar)
  t.match([renewed.headers['set-cookie']].flat()[0], `; Max-Age=${20 * DAY};`)
  clock.now += 13 * DAY * 1000
  t.equal(await status(one, jarFrom(renewed)), 200, 'to authenticate is use')
})

t.test('a log-out or a sign-in that comes with the cookie from before revokes the login', async (t) => {
  const { one, two } = await twoNodes({ routes })
  for (const end of [
    (cookie: string) => post(two, '/session/logout', cookie),
    (cookie: string) => post(two, '/session/login', cookie, { username: 'bob', password: PASSWORD })
  ]) {
    const jar = await signInForJar(one)
    const renewed = jarFrom(await again(one, jar))
    t.equal((await end(jar)).statusCode, 200)
    t.same(await statusOnEach([one, two], renewed), [401, 401])
  }
})

t.test('S26 a log-out wins over an authentication in flight', async (t) => {
  const { one, two } = await twoNodes({ routes })
  for (const when of ['before', 'after'] as const) {
    const jar = await signInForJar(one)
    one.storeSpy[when]('update', async () => {
      t.equal((await post(two, '/session/logout', jar)).statusCode, 200)
    })
    const response = await again(one, jar)
    t.match(response.json(), { statusCode: 401, code: 'DRAWBRIDGE_UNAUTHORIZED' }, when)
    t.equal(response.headers['set-cookie'], undefined)
    t.same(await statusOnEach([one, two], jar), [401, 401])
  }
})

t.test('where the password is changed meanwhile, the login is revoked', async (t) => {
  const users = createMemoryUserStore()
  const { one, two } = await twoNodes({ routes, users })
  const jar = await signInForJar(one)
  const userId = await fetchPrincipalMember(one, jar, 'userId')
  const newPassword = 'another horse battery staple'
  one.storeSpy.before('update', () =>
    two.credentials.changePassword({ userId, currentPassword: PASSWORD, newPassword, address: undefined })
  )
  const response = await again(one, jar)
  t.match(response.json(), { statusCode: 401, code: 'DRAWBRIDGE_INVALID_CREDENTIALS' })
  t.equal(response.headers['set-cookie'], undefined)
  t.same(await one.logins.listByUser(userId), [])
})

t.test('an outage is a 503, and the same request repeated renews the session', async (t) => {
  const { one, two, feed } = await twoNodes({ routes })
  const jar = await signInForJar(one)
  const isUnavailable = async () => {
    const response = await again(one, jar)
    t.same([response.statusCode, response.headers['set-cookie']], [503, undefined])
  }
  one.storeSpy.down.add('update')
  await isUnavailable()
  t.same(await statusOnEach([one, two], jar), [200, 200])
  one.storeSpy.down.clear()
  const { publishChanges } = feed
  feed.publishChanges = async () => Promise.reject(new Error('the feed is down'))
  await isUnavailable()
  feed.publishChanges = publishChanges
  t.same(await statusOnEach([one, two], jarFrom(await again(one, jar))), [200, 200])
})

t.test('the data of the session stays, and a request in flight writes it', async (t) => {
  const both = async (app: FastifyInstance) => {
    await routes(app)
    await app.register(async (scope) => {
      await scope.register(app.sessionAuth.sessionData)
      scope.post<{ Body: Body }>('/again-with-data', async (request, reply) => {
        const { username, password } = { username: 'ada', ...request.body }
        ;(request.session as unknown as Record<string, unknown>)['owner'] = 'ada, again'
        const signIn = await app.sessionAuth.verifyPassword(request, { username, password })
        return app.sessionAuth.reauthenticate(request, reply, signIn)
      })
    })
  }
  const { one, two } = await twoNodes({ routes: both })
  const jar = await signInForJar(one)
  await post(one, '/bag', jar, { owner: 'ada' })
  const renewed = jarFrom(await again(one, jar))
  t.equal(await fetchOwner(two, renewed), 'ada')
  const response = await post(one, '/again-with-data', renewed, { password: PASSWORD })
  t.equal(response.statusCode, 200)
  t.equal(await fetchOwner(two, jarFrom(response)), 'ada, again')
})

t.test('with a second factor, its response completes the authentication', async (t) => {
  const credentials = createCredentials({
    users: createMemoryUserStore(),
    hashing: { memoryKiB: 1024, passes: 1 },
    secondFactor: { isRequired: () => true, verify: ({ response }) => response === '1' }
  })
  const account = { username: 'ada', password: PASSWORD }
  await credentials.register(account)
  const withFactor = (app: FastifyInstance) => {
    const { guard, verifyPassword, pendingLogins, reauthenticate } = app.sessionAuth
    app.get('/recent', { onRequest: guard({ maxAgeSeconds: 60 }) }, async ({ principal }) => principal)
    app.post('/again', async (request) => {
      const signIn = await verifyPassword(request, { ...account, allowSecondFactor: true })
      if (signIn.status !== 'second-factor-required') throw new Error('it is required')
      return pendingLogins.start(request, signIn)
    })
    app.post<{ Body: SecondFactorBody }>('/again/second-factor', async (request, reply) =>
      reauthenticate(request, reply, await pendingLogins.complete(request, request.body))
    )
    app.post<{ Body: { response: string } }>(
      '/again/by-factor',
      { onRequest: guard },
      async (request, reply) => {
        const attempt = { userId: principalOf(request).userId, address: request.ip, ...request.body }
        const outcome = await credentials.verifySecondFactor?.(attempt)
        if (outcome?.ok !== true) throw unauthorized('the response is wrong')
        return reauthenticate(request, reply, outcome)
      }
    )
  }
  const { one, clock } = await twoNodes({ session: { credentials }, routes: withFactor })
  const { pending } = (await post(one, '/session/login', '', account)).json()
  const jar = jarFrom(await post(one, '/session/login/second-factor', '', { pending, response: '1' }))
  clock.now += 61_000
  const begun = (await again(one, jar)).json()
  t.equal(await status(one, jar, '/recent'), 401, 'the password alone is not enough')
  const wrong = await post(one, '/again/second-factor', jar, { pending: begun.pending, response: '2' })
  t.equal(wrong.statusCode, 401)
  const done = await post(one, '/again/second-factor', jar, { pending: begun.pending, response: '1' })
  t.equal(await status(one, jarFrom(done), '/recent'), 200)
  clock.now += 61_000
  const byFactor = (response: string) => post(one, '/again/by-factor', jarFrom(done), { response })
  t.equal((await byFactor('2')).statusCode, 401)
  t.equal(await status(one, jarFrom(await byFactor('1')), '/recent'), 200, 'one factor may be enough')
})

t.test('what is no verified user renews nothing, and is a fault of the service', async (t) => {
  const inputs: Record<string, unknown> = {
    failed: { ok: false, reason: 'invalid-credentials', user: { id: '1', username: 'ada' } },
    pending: { status: 'second-factor-required', user: { id: '1', username: 'ada' } },
    awaiting: { user: { id: '1', username: 'ada', awaitsSecondFactor: true } },
    misspelt: { user: { id: '1', username: 'ada' }, passwordstamp: 'x' },
    nobody: {}
  }
  const faulty = (app: FastifyInstance) =>
    void app.post('/again/:input', async (request: FastifyRequest, reply: FastifyReply) =>
      app.sessionAuth.reauthenticate(
        request,
        reply,
        inputs[(request.params as { input: string }).input] as ReauthenticateInput
      )
    )
  const { one } = await twoNodes({ routes: faulty })
  const jar = await signInForJar(one)
  const before = await authenticatedAt(one, jar)
  for (const input of Object.keys(inputs)) await isFault(t, one, input, jar)
  t.equal(await authenticatedAt(one, jar), before)
})

async function isFault(t: Test, node: TestApp, input: string, cookie: string): Promise<void> {
  const response = await post(node, `/again/${input}`, cookie, {})
  t.same([response.statusCode, response.headers['set-cookie']], [500, undefined], input)
}
