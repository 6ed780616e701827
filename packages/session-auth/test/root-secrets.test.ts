import t, { type Test } from 'tap'
import { twoNodes, signInForJar, pickCookie, post, statusOnEach, status } from './attacks/two-nodes.ts'
import { SECRET } from './make-app.ts'

const NAME = '__Host-drawbridge'
const OLDER = 'the root secret before, of 32 bytes or more'

/** A service of which one node knows only the old root secret and another only the new one. */
async function changedInOneStep(t: Test) {
  const { node, ...service } = await twoNodes()
  const [before, after] = [
    await node({ session: { secret: OLDER } }),
    await node({ session: { secret: SECRET } })
  ]
  const both = await node({ session: { secret: [SECRET, OLDER] } })
  for (const { app } of [service.one, service.two, before, after, both]) t.teardown(() => app.close())
  return { before, after, both }
}

t.test(
  'S21: a log-out revokes the login also where this node does not know the secret of the cookie',
  async (t) => {
    const { before, after, both } = await changedInOneStep(t)
    const jar = await signInForJar(before)
    t.equal(await status(after, jar), 401, 'whose guard rejects it')
    const answer = await post(after, '/session/logout', jar)
    t.strictSame([answer.statusCode, answer.json()], [200, { message: 'Logged out' }])
    t.strictSame(await statusOnEach([before, both], jar), [401, 401])
  }
)

t.test(
  'S21: a sign-in revokes the login of the cookie that it replaces, whatever key signed it',
  async (t) => {
    const { before, after, both } = await changedInOneStep(t)
    const jar = await signInForJar(before)
    await signInForJar(after, 'ada', jar)
    t.strictSame(await statusOnEach([before, both], jar), [401, 401])
  }
)

t.test('S21: while the store is down such a log-out is a 503, and the cookie is left', async (t) => {
  const { before, after } = await changedInOneStep(t)
  const jar = await signInForJar(before)
  after.storeSpy.outage = new Error('down')
  const answer = await post(after, '/session/logout', jar)
  t.equal(answer.statusCode, 503)
  t.notOk('set-cookie' in answer.headers)
  after.storeSpy.outage = null
  t.equal((await post(after, '/session/logout', jar)).statusCode, 200)
  t.equal(await status(before, jar), 401)
})

t.test('S21: a loginId without its secret revokes nothing, whatever key signed it', async (t) => {
  const { before, after, both } = await changedInOneStep(t)
  const jar = await signInForJar(before)
  const [loginId] = pickCookie(jar, NAME).slice(`${NAME}=`.length).split('.') as [string]
  for (const guess of [`${loginId}.${'A'.repeat(43)}.x`, `${loginId}..x`, `${loginId}.x`, loginId])
    t.equal((await post(after, '/session/logout', `${NAME}=${guess}`)).statusCode, 200)
  t.strictSame(await statusOnEach([before, both], jar), [200, 200])
})

t.test('S21: a login that is not in the store is not published, unless we signed its cookie', async (t) => {
  const { before, after } = await changedInOneStep(t)
  const jar = await signInForJar(before)
  await post(before, '/session/logout', jar)
  const published: string[] = []
  const { revoke } = after.logins
  after.logins.revoke = (loginId) => {
    published.push(loginId)
    return revoke.call(after.logins, loginId)
  }
  t.equal((await post(after, '/session/logout', jar)).statusCode, 200)
  t.strictSame(published, [])
})
