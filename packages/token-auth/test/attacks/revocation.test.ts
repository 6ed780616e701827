import { createMemoryFeed, type RevocationFeed } from '@drawbridge/logins'
import t from 'tap'
import { generateSigningKey, type TokenResponse } from '../../src/index.ts'
import { decodeClaims, START } from '../make-app.ts'
import { RESPONSES } from './responses.ts'
import { openService, type Service } from './open-service.ts'

/** Two nodes of one service. The feed can be made to lose its connection: it then publishes nothing and is not fresh. */
async function openNodes(t: Parameters<typeof openService>[0]) {
  const clock = { now: START }
  const memory = createMemoryFeed({ now: () => clock.now })
  const state = { isDown: false }
  const feed: RevocationFeed = {
    ...memory,
    isFresh: () => !state.isDown,
    publish: (revocations) => (state.isDown ? Promise.reject(new Error('down')) : memory.publish(revocations))
  }
  const keys = [generateSigningKey()]
  const one = await openService(t, { clock, keys, logins: { feed } })
  const two = await openService(t, { clock, keys, storeSpy: one.storeSpy, logins: { feed } })
  clock.now += 60_000
  return { clock, state, one, two }
}

/** What revokes a login, on the given node. */
const REVOCATIONS: Readonly<Record<string, (node: Service, pair: TokenResponse) => Promise<unknown>>> = {
  'a log-out by access token': (node, { token }) => node.signOut({ token }),
  'a log-out by refresh token': (node, { refresh_token }) => node.signOut({ refresh: refresh_token }),
  'the service, as for a changed password or a disabled user': (node, { token }) =>
    node.logins.revokeUser(decodeClaims(token).sub as string),
  'the service, for one login': (node, { token }) =>
    node.app.tokenAuth.revoke(decodeClaims(token).sid as string),
  'a refresh token that is presented again': async (node, { refresh_token }) => {
    await node.refresh(refresh_token)
    node.clock.now += 11_000
    await node.refresh(refresh_token)
  }
}

for (const [ending, end] of Object.entries(REVOCATIONS)) {
  t.test(`J82 an access token after ${ending}, on another node`, async (t) => {
    const { one, two } = await openNodes(t)
    const [pair, other] = [await one.signIn('ada'), await one.signIn('bob')]
    const { token } = pair
    for (const node of [one, two]) t.equal((await node.getMe(token)).status, 200, 'the control')
    await end(one, pair)
    for (const node of [one, two]) {
      t.equal((await node.getMe(token)).text, RESPONSES.invalid, 'remembered')
      const never = one.makeToken({ payload: { ...decodeClaims(token), jti: 'never presented' } })
      t.equal((await node.getMe(never)).text, RESPONSES.invalid, 'of that login, and never presented')
      t.equal((await node.getMe(other.token)).status, 200, "another user's token is still taken")
      t.equal((await node.refresh(pair.refresh_token)).statusCode, 401)
    }
  })
}

t.test('J82 a refresh that was in flight leaves no token of a revoked login', async (t) => {
  const { one, two } = await openNodes(t)
  const { refresh_token } = await one.signIn()
  const next = (await two.refresh(refresh_token)).json<TokenResponse>()
  t.equal((await one.getMe(next.token)).status, 200, 'the control')
  await one.signOut({ refresh: refresh_token })
  for (const node of [one, two]) t.equal((await node.getMe(next.token)).text, RESPONSES.invalid)
})

t.test('J83 with the feed down, the store is asked; with both down, every request is rejected', async (t) => {
  const { one, two, state } = await openNodes(t)
  const [alive, ended, known] = [await one.signIn(), await one.signIn(), await one.signIn()]
  for (const { token } of [alive, ended, known]) t.equal((await two.getMe(token)).status, 200, 'the control')
  await one.signOut({ token: known.token })
  state.isDown = true
  const { sid } = decodeClaims(ended.token) as { sid: string }
  t.equal((await one.signOut({ token: ended.token })).statusCode, 503, 'this log-out reached the store alone')
  t.equal(await one.storeSpy.store.find(sid), null)
  t.equal((await two.getMe(alive.token)).status, 200)
  for (const { token } of [ended, known]) t.equal((await two.getMe(token)).text, RESPONSES.invalid)

  one.storeSpy.outage = new Error('down')
  for (const { token } of [alive, ended]) {
    const answer = await two.getMe(token)
    t.match(answer.text, /^HTTP\/1\.1 503 /)
    t.match(answer.text, '"code":"DRAWBRIDGE_LOGINS_UNAVAILABLE"')
    t.match(answer.text, '\r\nretry-after: 1\r\n')
  }
  t.equal((await two.getMe(known.token)).text, RESPONSES.invalid, 'a known revocation is not forgotten')
  t.equal((await two.getMe('x')).text, RESPONSES.invalid, 'a bad token is no matter of the store')
})

t.test('J84 until the last moment of its exp', async (t) => {
  const { one, two, clock } = await openNodes(t)
  const { token } = await one.signIn()
  const longest = one.makeToken({
    payload: {
      ...decodeClaims(token),
      exp: (decodeClaims(token).iat as number) + 895,
      jti: 'the longest that is accepted'
    }
  })
  for (const node of [one, two]) t.equal((await node.getMe(longest)).status, 200, 'the control')
  await one.signOut({ token })
  const { exp } = decodeClaims(longest) as { exp: number }
  for (const before of [890_000, 600_000, 10_000, 1000, 1]) {
    clock.now = exp * 1000 - before
    // What the node remembers is tidied as others end.
    await one.signOut({ token: (await one.signIn('bob')).token })
    for (const node of [one, two]) {
      node.lines.length = 0
      t.equal((await node.getMe(longest)).text, RESPONSES.invalid, `${before} ms before exp`)
      t.match(node.lines.join(''), 'Unauthorized: the login is not active"')
    }
  }
})
