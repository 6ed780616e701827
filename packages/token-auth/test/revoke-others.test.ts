import { createMemoryFeed } from '@drawbridge/logins'
import t from 'tap'
import { bearer, makeApp, START } from './make-app.ts'

async function setUp(options: Parameters<typeof makeApp>[0] = {}) {
  const test = await makeApp(options)
  const { app } = test
  app.post('/others', async (request) => ({ revokedCount: await app.tokenAuth.revokeOthers(request) }))
  const revokeOthers = (token?: string) =>
    app.inject({ method: 'POST', url: '/others', headers: bearer(token) })
  return { ...test, revokeOthers }
}

t.test('revokeOthers revokes all logins of the user but that of the request', async (t) => {
  const { signIn, read, refresh, revokeOthers } = await setUp()
  const [mine, other, third, bob] = [await signIn(), await signIn(), await signIn(), await signIn('bob')]
  const response = await revokeOthers(mine.token)
  t.strictSame(response.json(), { revokedCount: 2 })
  for (const { token, refresh_token } of [other, third]) {
    t.equal((await read(token)).statusCode, 401)
    t.equal((await refresh(refresh_token)).statusCode, 401)
  }
  for (const { token } of [mine, bob]) t.equal((await read(token)).statusCode, 200)
  t.strictSame((await revokeOthers(mine.token)).json(), { revokedCount: 0 })
})

t.test('it needs a valid token, and revokes nothing without one', async (t) => {
  const { signIn, read, revokeOthers } = await setUp()
  const { token } = await signIn()
  for (const presented of [undefined, 'x', `${token}x`]) {
    const response = await revokeOthers(presented)
    t.equal(response.statusCode, 401)
    t.match(response.headers['www-authenticate'], /^Bearer realm="drawbridge"/)
  }
  t.equal((await read(token)).statusCode, 200)
})

t.test('it asks the store for the login of the request, whatever this node knows', async (t) => {
  const clock = { now: START }
  const one = await setUp({ clock })
  // Its feed hears nothing of the revocation.
  const { storeSpy, keys } = one
  const two = await setUp({
    clock,
    storeSpy,
    keys,
    logins: { feed: createMemoryFeed({ now: () => clock.now }) }
  })
  clock.now += 10_000
  const [stolen, mine] = [await one.signIn(), await one.signIn()]
  t.equal((await two.read(stolen.token)).statusCode, 200)
  t.strictSame((await one.revokeOthers(mine.token)).json(), { revokedCount: 1 })
  t.equal((await two.read(stolen.token)).statusCode, 200, 'this node does not know it')
  t.equal((await two.revokeOthers(stolen.token)).statusCode, 401)
  t.equal((await one.read(mine.token)).statusCode, 200)
})

t.test('while the store is down it is a 503', async (t) => {
  const { signIn, revokeOthers, storeSpy } = await setUp()
  const { token } = await signIn()
  storeSpy.outage = new Error('connection refused')
  t.equal((await revokeOthers(token)).statusCode, 503)
})
