import { createMemoryFeed, type Feed } from '@drawbridge/logins'
import t from 'tap'
import { generateSigningKey, type TokenAnswer } from '../../src/index.ts'
import { claimsOf, START } from '../make-app.ts'
import { ANSWERS } from './answers.ts'
import { openService, type Service } from './open-service.ts'

/** Two nodes of one service. The feed can be made to lose its connection, and then tells nothing and is not fresh. */
async function openNodes(t: Parameters<typeof openService>[0]) {
  const clock = { now: START }
  const memory = createMemoryFeed({ now: () => clock.now })
  const state = { isDown: false }
  const feed: Feed = {
    ...memory,
    isFresh: () => !state.isDown,
    publish: (revocations) => (state.isDown ? Promise.reject(new Error('down')) : memory.publish(revocations))
  }
  const keys = [generateSigningKey()]
  const one = await openService(t, { clock, keys, logins: { feed } })
  const two = await openService(t, { clock, keys, watched: one.watched, logins: { feed } })
  clock.now += 60_000
  return { clock, state, one, two }
}

/** What ends a login, on the node it is asked of. */
const ENDINGS: Readonly<Record<string, (node: Service, pair: TokenAnswer) => Promise<unknown>>> = {
  'a log-out by access token': (node, { token }) => node.logOut({ token }),
  'a log-out by refresh token': (node, { refresh_token }) => node.logOut({ refresh: refresh_token }),
  'the service, as for a changed password or a disabled user': (node, { token }) =>
    node.logins.revokeUser(claimsOf(token).sub as string),
  'the service, for one login': (node, { token }) => node.app.tokenAuth.revoke(claimsOf(token).sid as string),
  'a refresh token that is shown again': async (node, { refresh_token }) => {
    await node.refresh(refresh_token)
    node.clock.now += 11_000
    await node.refresh(refresh_token)
  }
}

for (const [ending, end] of Object.entries(ENDINGS)) {
  t.test(`J82 an access token after ${ending}, on another node`, async (t) => {
    const { one, two } = await openNodes(t)
    const [pair, other] = [await one.logIn('ada'), await one.logIn('bob')]
    const { token } = pair
    for (const node of [one, two]) t.equal((await node.show(token)).status, 200, 'the control')
    await end(one, pair)
    for (const node of [one, two]) {
      t.equal((await node.show(token)).text, ANSWERS.invalid, 'remembered')
      const never = one.signed({ payload: { ...claimsOf(token), jti: 'never shown' } })
      t.equal((await node.show(never)).text, ANSWERS.invalid, 'of that login, and never shown')
      t.equal((await node.show(other.token)).status, 200, "another user's token is still taken")
      t.equal((await node.refresh(pair.refresh_token)).statusCode, 401)
    }
  })
}

t.test('J82 a refresh that was in flight leaves no token of an ended login', async (t) => {
  const { one, two } = await openNodes(t)
  const { refresh_token } = await one.logIn()
  const next = (await two.refresh(refresh_token)).json<TokenAnswer>()
  t.equal((await one.show(next.token)).status, 200, 'the control')
  await one.logOut({ refresh: refresh_token })
  for (const node of [one, two]) t.equal((await node.show(next.token)).text, ANSWERS.invalid)
})

t.test('J83 with the feed down, the store is asked; with both down, nobody is let in', async (t) => {
  const { one, two, state } = await openNodes(t)
  const [alive, ended, known] = [await one.logIn(), await one.logIn(), await one.logIn()]
  for (const { token } of [alive, ended, known]) t.equal((await two.show(token)).status, 200, 'the control')
  await one.logOut({ token: known.token })
  state.isDown = true
  const { sid } = claimsOf(ended.token) as { sid: string }
  t.equal((await one.logOut({ token: ended.token })).statusCode, 503, 'this log-out reached the store alone')
  t.equal(await one.watched.store.find(sid), null)
  t.equal((await two.show(alive.token)).status, 200)
  for (const { token } of [ended, known]) t.equal((await two.show(token)).text, ANSWERS.invalid)

  one.watched.outage = new Error('down')
  for (const { token } of [alive, ended]) {
    const answer = await two.show(token)
    t.match(answer.text, /^HTTP\/1\.1 503 /)
    t.match(answer.text, '"code":"DRAWBRIDGE_UNAVAILABLE"')
    t.match(answer.text, '\r\nretry-after: 1\r\n')
  }
  t.equal((await two.show(known.token)).text, ANSWERS.invalid, 'what is known to have ended stays so')
  t.equal((await two.show('x')).text, ANSWERS.invalid, 'a bad token is no matter of the store')
})

t.test('J84 until the last moment of its exp', async (t) => {
  const { one, two, clock } = await openNodes(t)
  const { token } = await one.logIn()
  const longest = one.signed({
    payload: {
      ...claimsOf(token),
      exp: (claimsOf(token).iat as number) + 895,
      jti: 'the longest that is taken'
    }
  })
  for (const node of [one, two]) t.equal((await node.show(longest)).status, 200, 'the control')
  await one.logOut({ token })
  const { exp } = claimsOf(longest) as { exp: number }
  for (const before of [890_000, 600_000, 10_000, 1000, 1]) {
    clock.now = exp * 1000 - before
    // What the node remembers is tidied as others end.
    await one.logOut({ token: (await one.logIn('bob')).token })
    for (const node of [one, two]) {
      node.lines.length = 0
      t.equal((await node.show(longest)).text, ANSWERS.invalid, `${before} ms before exp`)
      t.match(node.lines.join(''), 'Unauthorized: the login has ended"')
    }
  }
})
