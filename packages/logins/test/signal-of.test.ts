import { createMemoryLoginStore } from '../src/index.ts'
import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { until as waitUntil } from '@drawbridge/test-support/until'
import { createMemoryFeed } from '../src/revocation/memory-feed.ts'
import { createCarrierLogins, newLoginInput, setUp } from './logins-under-test.ts'
import {
  asPrincipal,
  codeOf,
  EXPIRED,
  openSocket,
  REVOKED,
  UNCONFIRMED
} from './signals/signals-under-test.ts'

t.test(
  'a log-out, of one device or of all, on this node or another, aborts the signals of the logins',
  async (t) => {
    const store = createMemoryLoginStore()
    const feed = Object.assign(createMemoryFeed(), { isShared: true })
    const [here, there] = [createCarrierLogins({ store, feed }), createCarrierLogins({ store, feed })]
    const spared = asPrincipal(await here.create(newLoginInput()))
    for (const revoke of [
      (loginId: string) => here.revoke(loginId),
      (loginId: string) => there.revoke(loginId, { userId: 'user-1' }),
      () => there.revokeUser('user-1', { except: spared.loginId })
    ]) {
      const principal = asPrincipal(await there.create(newLoginInput()), 'token')
      const signal = here.signalOf(principal, { until: openSocket() })
      const other = here.signalOf(spared, { until: openSocket() })
      await nextTurn()
      t.equal(signal.aborted, false)
      await revoke(principal.loginId)
      t.equal(codeOf(signal), REVOKED)
      t.equal(other.aborted, false)
      t.equal(codeOf(here.signalOf(principal, { until: openSocket() })), REVOKED)
    }
    t.equal(here.health().openConnections, 3)
    t.equal(there.health().openConnections, 0)
  }
)

t.test('a login of a key, of tokens or with both carriers has a signal', async (t) => {
  const { logins, clock } = setUp()
  const key = await logins.createKey({
    user: { id: 'user-1', username: 'user' },
    device: { userAgent: '', address: '192.0.2.1' },
    key: { secretHash: 'A'.repeat(43), name: 'a key' },
    scopes: ['read'],
    expiresAt: clock.now() + 3_600_000
  })
  const login = await logins.create(newLoginInput())
  const opened = [
    logins.signalOf(asPrincipal(key as never, 'key'), { until: openSocket() }),
    logins.signalOf(asPrincipal(login, 'token'), { until: openSocket() }),
    logins.signalOf(asPrincipal(login, 'session'), { until: openSocket() })
  ]
  await logins.revokeUser('user-1')
  t.same(opened.map(codeOf), [REVOKED, REVOKED, REVOKED])
})

t.test('time ends a signal by itself', async (t) => {
  const { logins, clock } = setUp()
  const login = await logins.create(newLoginInput({ idleTimeoutSeconds: 0, absoluteTimeoutSeconds: 60 }))
  const signal = logins.signalOf(asPrincipal(login), { until: openSocket() })
  clock.advance(60_100)
  await waitUntil(() => signal.aborted)
  t.equal(codeOf(signal), EXPIRED)
})

t.test('a node that cannot be sure any more ends a signal by itself', async (t) => {
  const { logins, node, spy, clock } = setUp()
  const login = await logins.create(newLoginInput())
  const signal = logins.signalOf(asPrincipal(login), { until: openSocket() })
  await waitUntil(() => spy.counts.find === 1)
  clock.advance(5000)
  spy.outage = new Error('down')
  node.fresh = false
  await waitUntil(() => signal.aborted)
  t.equal(codeOf(signal), UNCONFIRMED)
})

t.test(
  'a use of the open connection that the store refuses aborts it: no feed has reported the log-out',
  async (t) => {
    const { logins, clock, spy, store } = setUp()
    const login = await logins.create(newLoginInput())
    const signal = logins.signalOf(asPrincipal(login), { until: openSocket(), countsAsUse: true })
    await waitUntil(() => spy.counts.find === 1)
    await store.remove(login.id)
    clock.advance(61_000)
    await waitUntil(() => signal.aborted)
    t.equal(codeOf(signal), REVOKED)
  }
)

t.test('logins that are closed have no open connections', async (t) => {
  const { logins } = setUp()
  const principal = asPrincipal(await logins.create(newLoginInput()))
  const signal = logins.signalOf(principal, { until: openSocket() })
  await logins.close()
  t.equal(codeOf(signal), UNCONFIRMED)
})

t.test('a wrong option is an error, and opens nothing', async (t) => {
  const { logins } = setUp()
  const principal = asPrincipal(await logins.create(newLoginInput()))
  t.throws(() => logins.signalOf(principal, {} as never), { code: 'DRAWBRIDGE_OPTION' })
  t.equal(logins.health().openConnections, 0)
})
