import { createMemoryFeed, createMemoryLoginStore } from '@drawbridge/logins'
import t from 'tap'
import { makeApp, PASSWORD } from './make-app.ts'

const MINUTE = 60_000

/** A node whose feed and store can go down, and what its browser has: the cookie and its snapshot. */
async function nodeServingStale(session: object, serveStaleForSeconds: number) {
  const clock = { now: 1_800_000_000_000 }
  const now = () => clock.now
  const state = { isFresh: true }
  const feed = Object.assign(createMemoryFeed({ now }), {
    isShared: true,
    coveredFrom: clock.now - MINUTE,
    isFresh: () => state.isFresh,
    renew: async () => state.isFresh
  })
  const store = createMemoryLoginStore({ now })
  const node = await makeApp({
    clock,
    store,
    session,
    logins: { feed, retentionSeconds: 7260, onStoreDown: { serveStaleForSeconds } }
  })
  const response = await node.app.inject({
    method: 'POST',
    url: '/session/login',
    payload: { username: 'ada', password: PASSWORD }
  })
  const cookie = response.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ')
  return {
    clock,
    signOut: () => node.app.inject({ method: 'POST', url: '/session/logout', headers: { cookie } }),
    loseStore: () => {
      state.isFresh = false
      node.storeSpy.outage = new Error('down')
    },
    status: async () => (await node.app.inject({ url: '/me', headers: { cookie } })).statusCode
  }
}

t.test('M2: with the store down, no session is served past its absolute limit', async (t) => {
  const { clock, loseStore, status } = await nodeServingStale({ absoluteTimeoutSeconds: 300 }, 7200)
  loseStore()
  clock.now += 299_999
  t.equal(await status(), 200)
  clock.now += 1
  t.equal(await status(), 503)
})

t.test('M2: with the store down, no session is served past its idle limit', async (t) => {
  const { clock, loseStore, status } = await nodeServingStale(
    { idleTimeoutSeconds: 600, snapshotSeconds: 60 },
    7200
  )
  loseStore()
  clock.now += 599_999
  t.equal(await status(), 200)
  clock.now += 60_001 + 60_000
  t.equal(await status(), 503)
})

t.test(
  'M2: with the store down, a session that was logged out is not served, however long one could be',
  async (t) => {
    const { clock, loseStore, signOut, status } = await nodeServingStale({}, 7200)
    t.equal((await signOut()).statusCode, 200)
    loseStore()
    for (let minute = 0; minute <= 120; minute += 10) {
      // This node knows the revocation, and needs no store to say so.
      t.equal(await status(), 401)
      clock.now += 10 * MINUTE
    }
  }
)
