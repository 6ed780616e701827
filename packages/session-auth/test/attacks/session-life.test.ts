import { createMemoryUserStore } from '@drawbridge/credentials'
import t from 'tap'
import { PASSWORD } from '../make-app.ts'
import { NAME, parseCookie } from './attacked-app.ts'
import { bag } from './session-data-routes.ts'
import {
  signInForJar,
  fetchPrincipalMember,
  jarFrom,
  pickCookie,
  fetchOwner,
  post,
  statusOnEach,
  status,
  twoNodes
} from './two-nodes.ts'

t.test(
  'S01 CVE-2023-29019 CVE-2022-25896 whatever cookie a sign-in comes with, it sets a new one and takes nothing over',
  async (t) => {
    const { one, two } = await twoNodes({ routes: bag })
    const planted = await signInForJar(one, 'bob')
    await post(one, '/bag', planted, { owner: 'bob' })
    const ended = await signInForJar(one, 'bob')
    await post(one, '/session/logout', ended)
    const { loginId, secret } = parseCookie(planted)
    for (const shown of [`${NAME}=chosen`, `${NAME}=${loginId}.${secret}`, `${NAME}=`, ended, planted]) {
      const own = await signInForJar(one, 'ada', shown)
      t.not(parseCookie(own).loginId, parseCookie(shown).loginId)
      t.not(parseCookie(own).secret, parseCookie(shown).secret)
      t.same(await statusOnEach([one, two], own), [200, 200])
      t.equal(await fetchPrincipalMember(two, own, 'username'), 'ada')
      t.equal(await fetchOwner(one, own), null, 'no data of the session before')
    }
    t.same(await statusOnEach([one, two], planted), [401, 401], 'S10 and the planted one is revoked')
  }
)

t.test(
  'S02 CVE-2024-31999 a cookie is worth nothing after the log-out, on any node, with all it came with',
  async (t) => {
    const { one, two, store, clock } = await twoNodes()
    const jar = await signInForJar(one)
    t.same(await statusOnEach([one, two], jar), [200, 200])
    const loginId = await fetchPrincipalMember(one, jar)
    const out = await post(one, '/session/logout', jar)
    t.match(out.headers['set-cookie'], [/drawbridge=; Max-Age=0;/, /-snapshot=; Max-Age=0;/])
    t.equal(await store.find(loginId), null, 'the row is gone')
    const [handle, snapshot] = [pickCookie(jar, NAME), pickCookie(jar, `${NAME}-snapshot`)]
    for (let second = 0; second <= 1000; second += 100) {
      for (const shown of [jar, handle, snapshot, `${snapshot}; ${handle}`]) {
        t.same(await statusOnEach([one, two], shown), [401, 401], `after ${second} s`)
      }
      clock.now += 100_000
      // Others end meanwhile, which is when a node forgets.
      await post(one, '/session/logout', await signInForJar(one, 'bob'))
    }
  }
)

t.test(
  'CVE-2024-31999 a snapshot of a revoked login is rejected by a node that has started since',
  async (t) => {
    const { one, node, clock, feed } = await twoNodes()
    const jar = await signInForJar(one)
    clock.now += 1000
    await post(one, '/session/logout', jar)
    clock.now += 1000
    feed.coveredFrom = clock.now
    const restarted = await node()
    t.equal(await status(restarted, jar), 401)
    t.equal(await status(restarted, await signInForJar(one)), 200)
  }
)

t.test(
  'a snapshot of a node whose clock is ahead is valid no longer than a revocation is remembered',
  async (t) => {
    const options = { logins: { retentionSeconds: 10, cacheMaxAgeSeconds: 10 } }
    const { one, clock, node } = await twoNodes({ ...options, session: { snapshotSeconds: 5 } })
    const two = await node()
    clock.now += 5000
    const jar = await signInForJar(one)
    clock.now -= 5000
    await post(one, '/session/logout', pickCookie(jar, NAME))
    for (let second = 0; second < 20; second++) {
      t.equal(await status(two, jar), 401, `after ${second} s`)
      clock.now += 1000
      await two.logins.revoke(await fetchPrincipalMember(one, await signInForJar(one, 'bob')))
    }
    for (const snapshotSeconds of [6, 10]) {
      await t.rejects(twoNodes({ ...options, session: { snapshotSeconds } }), { code: 'DRAWBRIDGE_OPTION' })
    }
  }
)

t.test('S03 after a change of password all other logins are revoked, whatever their carrier', async (t) => {
  const { one, two } = await twoNodes({
    routes: (app) => {
      app.post('/others', async (request, reply) => ({
        ended: await app.sessionAuth.revokeOthers(request, reply)
      }))
    }
  })
  const [mine, phone, thief, bobs] = [
    await signInForJar(one),
    await signInForJar(two),
    await signInForJar(two),
    await signInForJar(one, 'bob')
  ]
  const userId = await fetchPrincipalMember(one, mine, 'userId')
  const byToken = await one.logins.create({
    user: { id: userId, username: 'ada' },
    device: { userAgent: '', address: '' },
    idleTimeoutSeconds: 0,
    absoluteTimeoutSeconds: 600,
    refresh: { familyHash: 'f'.repeat(22), hash: 'x'.repeat(43) }
  })
  for (const cookie of [mine, phone, thief]) t.same(await statusOnEach([one, two], cookie), [200, 200])

  const change = {
    userId,
    currentPassword: PASSWORD,
    newPassword: 'quite another horse and staple',
    address: ''
  }
  t.match(await one.credentials.changePassword(change), { ok: true })
  t.same((await post(one, '/others', mine)).json(), { ended: 3 })

  for (const cookie of [phone, thief]) t.same(await statusOnEach([one, two], cookie), [401, 401])
  const rotation = {
    familyHash: 'f'.repeat(22),
    generation: 0,
    hash: 'x'.repeat(43),
    nextHash: 'y'.repeat(43),
    sealed: 'z',
    graceSeconds: 10
  }
  t.equal((await two.logins.rotate(byToken.id, rotation as never)).kind, 'unknown', 'and its refresh token')
  t.same(await statusOnEach([one, two], mine), [200, 200])
  t.same(await statusOnEach([one, two], bobs), [200, 200])
  const old = { username: 'ada', password: PASSWORD }
  t.equal((await one.app.inject({ method: 'POST', url: '/session/login', payload: old })).statusCode, 401)
})

t.test('S03 startSession after a change of password replaces the cookie of that request too', async (t) => {
  const { one, two } = await twoNodes({
    routes: (app) => {
      app.post('/renew', { onRequest: app.sessionAuth.guard }, async (request, reply) => {
        const { userId: id, username } = request.principal!
        await app.sessionAuth.startSession(request, reply, { user: { id, username } })
        return {
          ended: (await one.logins.revokeUser(id, { except: request.principal!.loginId })).revokedCount
        }
      })
    }
  })
  const [stolen, other] = [await signInForJar(one), await signInForJar(two)]
  const answer = await post(one, '/renew', stolen)
  t.same(answer.json(), { ended: 1 })
  t.same(await statusOnEach([one, two], jarFrom(answer)), [200, 200])
  for (const cookie of [stolen, other]) t.same(await statusOnEach([one, two], cookie), [401, 401])
})

t.test('S09 a Max-Age or Expires that the client sets itself extends nothing', async (t) => {
  const { one, two, clock } = await twoNodes()
  const jar = await signInForJar(one)
  const own = `${jar}; Max-Age=99999999; Expires=Fri, 31 Dec 9999 23:59:59 GMT; Path=/`
  t.same(await statusOnEach([one, two], own), [200, 200])
  clock.now += 2 * 1_800_000
  t.same(
    await statusOnEach([one, two], own),
    [401, 401],
    'the cookie and the snapshot, stored for longer than their lifetime'
  )
})

t.test('S10 signing in as another user leaves nothing of the user before', async (t) => {
  const { one, two } = await twoNodes({ routes: bag })
  const adas = await signInForJar(one)
  await post(one, '/bag', adas, { owner: 'ada' })
  const bobs = await signInForJar(two, 'bob', adas)
  t.same(await statusOnEach([one, two], adas), [401, 401])
  t.equal(await fetchOwner(one, bobs), null)
  t.equal(
    await fetchPrincipalMember(
      one,
      `${pickCookie(bobs, NAME)}; ${pickCookie(adas, `${NAME}-snapshot`)}`,
      'username'
    ),
    'bob'
  )
})

t.test(
  'S13 a new user of the same name is another user, and never gets the login of the deleted one',
  async (t) => {
    const { one, node } = await twoNodes()
    // With users of its own: there, ada was deleted and made again.
    const two = await node({ users: createMemoryUserStore() })
    const [old, idle] = [await signInForJar(one), await signInForJar(one)]
    const [before, after] = [
      await fetchPrincipalMember(one, old, 'userId'),
      await fetchPrincipalMember(two, await signInForJar(two), 'userId')
    ]
    t.not(before, after)
    t.equal(
      await fetchPrincipalMember(two, idle, 'userId'),
      before,
      'it never becomes a login of the new user'
    )
    t.equal((await two.logins.listByUser(after)).length, 1)
    t.match(await one.logins.revokeUser(before), { revokedCount: 2 })
    for (const cookie of [old, idle]) t.same(await statusOnEach([one, two], cookie), [401, 401])
    t.equal((await two.logins.listByUser(after)).length, 1, 'and the new user still has the new login')
  }
)

t.test(
  'S14 a role that is removed, with the logins that had it, is not effective at the next request',
  async (t) => {
    const roles = { scopes: ['admin'] }
    const { one, two } = await twoNodes({
      logins: { getClaims: () => ({ scopes: roles.scopes }) },
      routes: (app) =>
        void app.get('/admin', { onRequest: app.sessionAuth.guard({ scopes: ['admin'] }) }, () => 'x')
    })
    const jar = await signInForJar(one)
    for (const node of [one, two]) t.equal(await status(node, jar, '/admin'), 200)
    roles.scopes = []
    await one.logins.revokeUser(await fetchPrincipalMember(one, jar, 'userId'))
    for (const node of [one, two]) t.equal(await status(node, jar, '/admin'), 401)
    const anew = await signInForJar(one)
    for (const node of [one, two]) t.equal(await status(node, anew, '/admin'), 403)
  }
)
