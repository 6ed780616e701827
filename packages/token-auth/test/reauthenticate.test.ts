import { createCredentials, createMemoryUserStore, type Credentials } from '@drawbridge/credentials'
import { createMemoryFeed, createMemoryLoginStore, type LoginStore } from '@drawbridge/logins'
import { spy } from '@drawbridge/test-support/spies/spy'
import t from 'tap'
import { generateSigningKey, type TokenResponse } from '../src/index.ts'
import { bearer, decodeClaims, makeApp, PASSWORD, START, type TestApp } from './make-app.ts'

type Body = { readonly username?: string; readonly password?: string }

interface Node extends TestApp {
  again(token: string, body?: Body): ReturnType<TestApp['read']>
  recent(token: string): Promise<number>
}

async function addRoutes(node: TestApp): Promise<Node> {
  const { app } = node
  const { guard, verifyPassword, reauthenticate } = app.tokenAuth
  app.post<{ Body: Body }>('/again', async (request) => {
    const { username = 'ada', password } = request.body
    return reauthenticate(request, await verifyPassword(request, { username, password }))
  })
  app.get('/recent', { onRequest: guard({ maxAgeSeconds: 60 }) }, async ({ principal }) => principal)
  const again = (token: string, body: Body = { password: PASSWORD }) =>
    app.inject({ method: 'POST', url: '/again', headers: bearer(token), payload: body })
  const recent = async (token: string) =>
    (await app.inject({ url: '/recent', headers: bearer(token) })).statusCode
  return { ...node, again, recent }
}

/** Two nodes of a service. */
async function twoNodes() {
  const clock = { now: START }
  const now = () => clock.now
  const store: LoginStore = createMemoryLoginStore({ now })
  const feed = Object.assign(createMemoryFeed({ now }), { isShared: true, coveredFrom: START - 60_000 })
  const credentials: Credentials = createCredentials({
    users: createMemoryUserStore(),
    hashing: { memoryKiB: 1024, passes: 1 }
  })
  for (const username of ['ada', 'bob']) await credentials.register({ username, password: PASSWORD })
  const keys = [generateSigningKey()]
  const secret = 'a root secret for tests, 0123456789'
  const node = async () =>
    addRoutes(
      await makeApp({ clock, storeSpy: spy(store), keys, logins: { feed }, tokens: { credentials, secret } })
    )
  return { clock, feed, store, credentials, one: await node(), two: await node() }
}

const tokensOf = (response: { json<T>(): T }) => response.json<TokenResponse>()
const authTime = (token: string) => decodeClaims(token)['auth_time']

t.test('the login stays the same, and has new tokens with a recent authentication', async (t) => {
  const { one, two, clock } = await twoNodes()
  const before = await one.signIn()
  clock.now += 61_000
  t.same([await one.recent(before.token), await two.recent(before.token)], [401, 401])
  const response = await one.again(before.token)
  t.equal(response.statusCode, 200)
  const renewed = tokensOf(response)
  t.match(renewed, { token_type: 'Bearer', expires_in: 600 })
  t.not(renewed.refresh_token, before.refresh_token)
  const [old, claims] = [decodeClaims(before.token), decodeClaims(renewed.token)]
  t.equal(claims['auth_time'], clock.now / 1000)
  for (const name of ['sub', 'sid', 'login_exp']) t.equal(claims[name], old[name], name)
  for (const node of [one, two]) t.equal(await node.recent(renewed.token), 200)
  const refreshed = tokensOf(await two.refresh(renewed.refresh_token))
  t.equal(authTime(refreshed.token), clock.now / 1000)
  t.match(await one.logins.listByUser(String(claims['sub'])), [
    { id: claims['sid'], authenticatedAt: clock.now }
  ])
})

t.test('R28 no token that was stolen before gets what the user has authenticated for', async (t) => {
  const { one, two, clock } = await twoNodes()
  const first = await one.signIn()
  const stolen = tokensOf(await one.refresh(first.refresh_token))
  clock.now += 61_000
  const renewed = tokensOf(await one.again(stolen.token))
  for (const node of [one, two]) {
    for (const { refresh_token } of [first, stolen])
      t.equal((await node.refresh(refresh_token)).statusCode, 401)
    t.equal((await node.read(stolen.token)).statusCode, 200, 'an access token is valid until it expires')
    t.equal(await node.recent(stolen.token), 401, 'and as old as it says')
  }
  t.equal((await two.signOut({ refresh: stolen.refresh_token })).statusCode, 401)
  t.equal((await two.refresh(renewed.refresh_token)).statusCode, 200, 'its owner is not signed out')
  t.equal((await one.again(stolen.token, { password: 'a guess that is long enough' })).statusCode, 401)
})

t.test('with the credentials of another user nobody is switched, and nothing changes', async (t) => {
  const { one, clock } = await twoNodes()
  const before = await one.signIn()
  clock.now += 61_000
  const response = await one.again(before.token, { username: 'bob', password: PASSWORD })
  t.match(response.json(), { statusCode: 401, code: 'DRAWBRIDGE_INVALID_CREDENTIALS' })
  const refreshed = tokensOf(await one.refresh(before.refresh_token))
  t.equal(authTime(refreshed.token), START / 1000)
})

t.test('without a valid token nothing is renewed', async (t) => {
  const { one } = await twoNodes()
  const { token } = await one.signIn()
  t.equal((await one.again('x')).statusCode, 401)
  await one.signOut({ token })
  const response = await one.again(token)
  t.match(response.json(), { statusCode: 401, code: 'DRAWBRIDGE_UNAUTHORIZED' })
  t.match(response.headers['www-authenticate'], 'error="invalid_token"')
})

t.test(
  'the same request repeated after a lost response gets the same refresh token, until that is used',
  async (t) => {
    const { one, two, clock } = await twoNodes()
    const before = await one.signIn()
    const lost = tokensOf(await one.again(before.token))
    clock.now += 60_000
    const repeated = tokensOf(await two.again(before.token))
    t.equal(repeated.refresh_token, lost.refresh_token)
    t.equal(authTime(repeated.token), clock.now / 1000, 'the user has authenticated for it')
    const used = tokensOf(await one.refresh(repeated.refresh_token))
    t.equal((await one.again(before.token)).statusCode, 401)
    const next = tokensOf(await one.again(used.token))
    t.equal((await two.refresh(next.refresh_token)).statusCode, 200)
  }
)

t.test('two at once on two nodes get one refresh token', async (t) => {
  const { one, two } = await twoNodes()
  const { token } = await one.signIn()
  let other = ''
  one.storeSpy.before('update', async () => void (other = tokensOf(await two.again(token)).refresh_token))
  const own = tokensOf(await one.again(token)).refresh_token
  t.equal(own, other)
  t.equal((await two.refresh(own)).statusCode, 200)
})

t.test('a refresh at the same moment is not taken for theft, whichever comes first', async (t) => {
  const { one, two } = await twoNodes()
  for (const when of ['before', 'after'] as const) {
    const before = await one.signIn()
    let refresh = 0
    one.storeSpy[when]('update', async () => {
      refresh = (await two.refresh(before.refresh_token)).statusCode
    })
    const response = await one.again(before.token)
    t.same([response.statusCode, refresh], [200, when === 'before' ? 200 : 401])
    t.equal((await two.refresh(tokensOf(response).refresh_token)).statusCode, 200, 'the login is active')
    t.equal((await two.refresh(before.refresh_token)).statusCode, 401)
    t.equal((await one.refresh(tokensOf(response).refresh_token)).statusCode, 200, 'and stays so')
  }
})

t.test('a log-out wins over an authentication in flight', async (t) => {
  const { one, two } = await twoNodes()
  for (const when of ['before', 'after'] as const) {
    const { token, refresh_token } = await one.signIn()
    one.storeSpy[when]('update', async () => {
      t.equal((await two.signOut({ token })).statusCode, 200)
    })
    const response = await one.again(token)
    t.match(response.json(), { statusCode: 401, code: 'DRAWBRIDGE_UNAUTHORIZED' }, when)
    t.equal((await two.refresh(refresh_token)).statusCode, 401)
    t.equal((await two.read(token)).statusCode, 401)
  }
})

t.test('where the password is changed meanwhile, the login is revoked', async (t) => {
  const { one, two, credentials } = await twoNodes()
  const { token, refresh_token } = await one.signIn()
  const userId = String(decodeClaims(token)['sub'])
  const newPassword = 'another horse battery staple'
  one.storeSpy.before('update', () =>
    credentials.changePassword({ userId, currentPassword: PASSWORD, newPassword, address: undefined })
  )
  t.match((await one.again(token)).json(), { statusCode: 401, code: 'DRAWBRIDGE_INVALID_CREDENTIALS' })
  t.equal((await two.read(token)).statusCode, 401)
  t.equal((await two.refresh(refresh_token)).statusCode, 401)
})

t.test('an outage is a 503, and the same request repeated gets the tokens', async (t) => {
  const { one, two, feed } = await twoNodes()
  const { token, refresh_token } = await one.signIn()
  one.storeSpy.down.add('update')
  t.equal((await one.again(token)).statusCode, 503)
  one.storeSpy.down.clear()
  const { publishChanges } = feed
  feed.publishChanges = async () => Promise.reject(new Error('the feed is down'))
  t.equal((await one.again(token)).statusCode, 503)
  feed.publishChanges = publishChanges
  const renewed = tokensOf(await one.again(token))
  t.equal((await two.refresh(renewed.refresh_token)).statusCode, 200)
  t.equal((await two.refresh(refresh_token)).statusCode, 401)
})
