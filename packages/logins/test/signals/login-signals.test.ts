import { EventEmitter, once } from 'node:events'
import { PassThrough } from 'node:stream'
import { mock } from 'node:test'
import { collectGarbage } from '@drawbridge/test-support/garbage'
import t from 'tap'
import type { Principal } from '../../src/login/principal.ts'
import {
  asPrincipal,
  codeOf,
  createGate,
  EXPIRED,
  openSocket,
  REVOKED,
  setUpSignals,
  UNCONFIRMED
} from './signals-under-test.ts'

// These tests say when a node checks its connections.
mock.timers.enable({ apis: ['setInterval'] })

t.test('a revocation aborts every signal of the login, and none of another', async (t) => {
  const { signals, signIn, settle } = setUpSignals()
  const [mine, other] = [await signIn(), await signIn()]
  const opened = [1, 2, 3].map(() => signals.open(mine, { until: openSocket() }))
  const elsewhere = signals.open(other, { until: openSocket() })
  await settle()
  signals.onRevoked(mine.loginId)
  t.same(opened.map(codeOf), [REVOKED, REVOKED, REVOKED])
  t.equal(elsewhere.aborted, false)
  t.match(opened[0]?.reason, { name: 'InactiveLoginError', statusCode: 401, message: 'Unauthorized' })
  signals.onRevoked(mine.loginId)
  t.equal(signals.size, 1)
})

t.test('a login that was revoked after its guard has a signal that has aborted already', async (t) => {
  const { signals, signIn, revoked, questions } = setUpSignals()
  const principal = await signIn()
  revoked.add(principal.loginId)
  const socket = openSocket()
  t.equal(codeOf(signals.open(principal, { until: socket })), REVOKED)
  t.same([signals.size, socket.listenerCount('close'), questions.asked], [0, 0, 0])
})

t.test(
  'a login that no feed reported, and the store no longer has, is noticed when it is opened',
  async (t) => {
    const { signals, signIn, store, settle } = setUpSignals()
    const principal = await signIn()
    await store.remove(principal.loginId)
    const signal = signals.open(principal, { until: openSocket() })
    t.equal(signal.aborted, false)
    await settle()
    t.equal(codeOf(signal), REVOKED)
  }
)

t.test('a signal aborts as the platform does when the connection closes, and leaves nothing', async (t) => {
  const { signals, signIn } = setUpSignals()
  const principal = await signIn()
  const [socket, stream, controller] = [openSocket(), new PassThrough(), new AbortController()]
  const opened = [socket, stream, controller.signal].map((until) => signals.open(principal, { until }))
  t.equal(signals.size, 3)
  socket.emit('close')
  stream.destroy()
  await once(stream, 'close')
  controller.abort()
  t.same(
    opened.map(({ reason }) => (reason as Error).name),
    ['AbortError', 'AbortError', 'AbortError']
  )
  t.same([signals.size, signals.loginCount], [0, 0])
})

t.test('a connection that is closed already has an aborted signal, and leaves nothing', async (t) => {
  const { signals, signIn } = setUpSignals()
  const principal = await signIn()
  const stream = new PassThrough().destroy()
  await once(stream, 'close')
  const webSocket = Object.assign(new EventEmitter(), { readyState: 3 })
  for (const until of [stream, webSocket, AbortSignal.abort()]) {
    const { aborted, reason } = signals.open(principal, { until })
    t.same([aborted, (reason as Error).name], [true, 'AbortError'])
  }
  t.same([signals.size, webSocket.listenerCount('close')], [0, 0])
})

t.test(
  '100,000 connections that were opened and closed leave no listener, no entry and no memory',
  async (t) => {
    const { signals, signIn, settle } = setUpSignals()
    const principals = await Promise.all(Array.from({ length: 100 }, () => signIn()))
    const sockets = Array.from({ length: 100_000 }, openSocket)
    const opened = sockets.map((until, at) => {
      const signal = signals.open(principals[at % 100] as Principal, { until, countsAsUse: true })
      return new WeakRef(signal)
    })
    t.same([signals.size, signals.loginCount], [100_000, 100])
    for (const socket of sockets) socket.emit('close')
    t.same([signals.size, signals.loginCount], [0, 0])
    t.ok(sockets.every((socket) => socket.listenerCount('close') === 0))
    await settle()
    collectGarbage()
    t.ok(opened.every((signal) => signal.deref() === undefined))
  }
)

t.test('the store is asked once for a login, however many connections it has', async (t) => {
  const { signals, signIn, questions, settle, pass } = setUpSignals()
  const principal = await signIn()
  for (let count = 0; count < 5; count++) signals.open(principal, { until: openSocket() })
  await settle()
  for (let seconds = 0; seconds < 60; seconds++) await pass(1000)
  t.equal(questions.asked, 1)
})

t.test('a signal aborts when the login expires, whatever it is used for', async (t) => {
  const { signals, signIn, pass } = setUpSignals()
  const principal = await signIn({ idleTimeoutSeconds: 0, absoluteTimeoutSeconds: 600 })
  const signal = signals.open(principal, { until: openSocket(), countsAsUse: true })
  await pass(599_900)
  t.equal(signal.aborted, false)
  await pass(200)
  t.equal(codeOf(signal), EXPIRED)
  t.equal(codeOf(signals.open(principal, { until: openSocket() })), EXPIRED, 'and so does a new one')
})

t.test('a signal aborts at `expiresAt`, and the others of the login do not', async (t) => {
  const { signals, signIn, clock, pass } = setUpSignals()
  const principal = await signIn()
  const other = signals.open(principal, { until: openSocket(), expiresAt: undefined })
  const signal = signals.open(principal, { until: openSocket(), expiresAt: clock.now() + 300_000 })
  await pass(299_900)
  t.equal(signal.aborted, false)
  await pass(200)
  t.equal(codeOf(signal), EXPIRED)
  t.equal(other.aborted, false)
  t.equal(codeOf(signals.open(principal, { until: openSocket(), expiresAt: clock.now() })), EXPIRED)
})

t.test('a session that expires before its login ends what it has opened, and nothing else', async (t) => {
  const { signals, logins, store, clock, pass, signIn } = setUpSignals()
  const { loginId } = await signIn()
  const login = await store.find(loginId)
  if (!login?.session) throw new Error('the login has a session')
  const session = { ...login.session, expiresAt: clock.now() + 60_000 }
  logins.resolve = async () => ({ ...login, session })
  const [bySession, byToken] = (['session', 'token'] as const).map((carrier) =>
    signals.open(asPrincipal(login, carrier), { until: openSocket() })
  ) as [AbortSignal, AbortSignal]
  await pass(0)
  await pass(61_000)
  t.equal(codeOf(bySession), EXPIRED)
  t.equal(byToken.aborted, false)
})

t.test('the idle timeout ends an open connection where only requests are use', async (t) => {
  const { signals, signIn, store, clock, touched, pass } = setUpSignals()
  const principal = await signIn({ idleTimeoutSeconds: 300 })
  const signal = signals.open(principal, { until: openSocket() })
  await pass(200_000)
  // A request on another node.
  await store.touch([{ loginId: principal.loginId, seenAt: clock.now() }])
  await pass(250_000)
  t.equal(signal.aborted, false, 'the store knows of a later use')
  await pass(120_000)
  t.equal(codeOf(signal), EXPIRED)
  t.same(touched, [])
})

t.test('an open connection that counts as use is noted at the touch interval', async (t) => {
  const { signals, signIn, store, clock, touched, pass, settle } = setUpSignals()
  const principal = await signIn({ idleTimeoutSeconds: 300 })
  const startedAt = clock.now()
  const signal = signals.open(principal, { until: openSocket(), countsAsUse: true })
  signals.open(principal, { until: openSocket(), countsAsUse: true })
  await settle()
  for (let seconds = 0; seconds < 900; seconds += 20) {
    await pass(20_000)
    await store.touch(touched.slice(-1))
  }
  t.equal(signal.aborted, false, 'the idle timeout has passed several times')
  t.ok(touched.length >= 12 && touched.length <= 15, `${touched.length} uses in 15 minutes`)
  t.ok(touched.every(({ loginId, seenAt }) => loginId === principal.loginId && seenAt > startedAt))
})

t.test(
  'an idle timeout that is shorter than the touch interval does not end what counts as use',
  async (t) => {
    const { signals, signIn, store, touched, pass, settle } = setUpSignals({ touchIntervalSeconds: 3600 })
    const signal = signals.open(await signIn({ idleTimeoutSeconds: 30 }), {
      until: openSocket(),
      countsAsUse: true
    })
    await settle()
    for (let seconds = 0; seconds < 300; seconds += 5) {
      await pass(5000)
      await store.touch(touched.slice(-1))
    }
    t.equal(signal.aborted, false)
  }
)

t.test('a reset of the feed has the store asked about each login with a connection, once', async (t) => {
  const { signals, signIn, store, feed, questions, settle, check, pass } = setUpSignals()
  const [active, lost] = [await signIn(), await signIn()]
  const opened = [active, lost].map((principal) => signals.open(principal, { until: openSocket() }))
  await settle()
  await pass(5000)
  await store.remove(lost.loginId)
  feed.trustEpoch += 1
  await check()
  t.same(opened.map(codeOf), [undefined, REVOKED])
  t.equal(questions.asked, 4)
  await pass(5000)
  t.equal(questions.asked, 4)
})

t.test('what the store said before a reset does not count after it', async (t) => {
  const { signals, signIn, store, feed, settle, spy, check } = setUpSignals()
  const principal = await signIn()
  // The reply is on its way while the feed is reset, and the login is revoked.
  spy.after('find', async () => {
    feed.trustEpoch += 1
    await store.remove(principal.loginId)
  })
  const signal = signals.open(principal, { until: openSocket() })
  await settle()
  t.equal(signal.aborted, false)
  await check()
  t.equal(codeOf(signal), REVOKED)
})

t.test('nor does it where the reset was noticed before the reply', async (t) => {
  const { signals, signIn, store, logins, feed, settle, check } = setUpSignals()
  const principal = await signIn()
  const login = await store.find(principal.loginId)
  const gate = createGate<typeof login>()
  const { resolve } = logins
  logins.resolve = () => gate.opened
  const signal = signals.open(principal, { until: openSocket() })
  feed.trustEpoch += 1
  await check()
  logins.resolve = resolve
  await store.remove(principal.loginId)
  gate.open(login)
  await settle()
  t.equal(signal.aborted, false)
  await check()
  t.equal(codeOf(signal), REVOKED)
})

t.test('the store is not asked about a login whose connections have closed before its turn', async (t) => {
  const { signals, signIn, logins, questions, settle } = setUpSignals()
  const gate = createGate<null>()
  logins.resolve = () => gate.opened
  for (let at = 0; at < 300; at++) {
    const socket = openSocket()
    signals.open(await signIn({ user: { id: `user-${at}`, username: 'user' } }), { until: socket })
    socket.emit('close')
  }
  gate.open(null)
  await settle()
  t.equal(questions.asked, 256)
})

t.test('a stale node asks the store once per second, until it is fresh', async (t) => {
  const { signals, signIn, store, feed, questions, settle, pass } = setUpSignals()
  const [active, lost] = [await signIn(), await signIn()]
  const opened = [active, lost].map((principal) => signals.open(principal, { until: openSocket() }))
  await settle()
  await pass(5000)
  feed.fresh = false
  await pass(100)
  t.equal(questions.asked, 4)
  await store.remove(lost.loginId)
  for (let checks = 0; checks < 10; checks++) await pass(100)
  t.same(opened.map(codeOf), [undefined, REVOKED])
  for (let checks = 0; checks < 20; checks++) await pass(100)
  t.ok(questions.asked >= 7 && questions.asked <= 9, `asked ${questions.asked} times`)
  feed.fresh = true
  await pass(100)
  const { asked } = questions
  await pass(5000)
  t.equal(questions.asked, asked)
})

t.test('a node that is only late is renewed, and asks nobody', async (t) => {
  const { signals, signIn, feed, questions, settle, pass, clock } = setUpSignals()
  const signal = signals.open(await signIn(), { until: openSocket() })
  await settle()
  clock.advance(60_000)
  const isFresh = { value: false }
  Object.defineProperty(feed, 'fresh', { get: () => (isFresh.value ||= feed.renewals > 0) })
  await pass(100)
  t.equal(signal.aborted, false)
  t.equal(questions.asked, 1)
})

t.test(
  'with onStale fail-closed a stale node aborts without asking, for the service or for one signal',
  async (t) => {
    for (const [service, one] of [
      [{ onStale: 'fail-closed' }, {}],
      [{}, { onStale: 'fail-closed' }]
    ] as const) {
      const { signals, signIn, feed, questions, settle, pass } = setUpSignals(service)
      const principal = await signIn()
      const signal = signals.open(principal, { until: openSocket(), ...one })
      const lenient = signals.open(principal, { until: openSocket(), onStale: 'ask-store' })
      await settle()
      feed.fresh = false
      await pass(5000)
      t.equal(codeOf(signal), UNCONFIRMED)
      t.match(signal.reason, { statusCode: 503, message: 'Service Unavailable' })
      t.equal(lenient.aborted, false)
      t.equal(questions.asked, 2)
    }
  }
)

t.test('where the store is down too, a stale node aborts: nobody was logged out', async (t) => {
  const { signals, signIn, feed, spy, settle, pass } = setUpSignals()
  const signal = signals.open(await signIn(), { until: openSocket() })
  await settle()
  spy.outage = new Error('down')
  await pass(5000)
  t.equal(signal.aborted, false, 'a fresh node does not need the store')
  feed.fresh = false
  await pass(100)
  t.equal(codeOf(signal), UNCONFIRMED)
})

t.test(
  'where the policy serves stale logins, a connection stays open for as long, and no longer',
  async (t) => {
    const { signals, signIn, feed, spy, settle, pass, revoked } = setUpSignals()
    const [principal, other] = [await signIn(), await signIn()]
    const onStoreDown = { serveStaleForSeconds: 30 }
    const signal = signals.open(principal, { until: openSocket(), onStoreDown })
    const known = signals.open(other, { until: openSocket(), onStoreDown })
    await settle()
    for (let seconds = 0; seconds < 60; seconds++) await pass(1000)
    spy.outage = new Error('down')
    feed.fresh = false
    for (let seconds = 0; seconds < 28; seconds++) await pass(1000)
    t.equal(signal.aborted, false, 'since the node was fresh last')
    revoked.add(other.loginId)
    signals.onRevoked(other.loginId)
    t.equal(codeOf(known), REVOKED, 'a login that this node knows to be revoked is not served')
    for (let seconds = 0; seconds < 4; seconds++) await pass(1000)
    t.equal(codeOf(signal), UNCONFIRMED)
  }
)

t.test('a connection that is opened in an outage has been confirmed by nobody', async (t) => {
  const { signals, signIn, feed, spy, settle } = setUpSignals({ onStoreDown: { serveStaleForSeconds: 60 } })
  const principal = await signIn()
  feed.fresh = false
  spy.outage = new Error('down')
  const signal = signals.open(principal, { until: openSocket() })
  await settle()
  t.equal(codeOf(signal), UNCONFIRMED)
})

t.test('a store that hangs counts as down after a second, for those too that wait for it', async (t) => {
  const { signals, logins, signIn, feed, settle, pass } = setUpSignals()
  const principals = await Promise.all(
    Array.from({ length: 300 }, (_, at) => signIn({ user: { id: `user-${at}`, username: 'user' } }))
  )
  const opened = principals.map((principal) => signals.open(principal, { until: openSocket() }))
  await settle()
  logins.resolve = () => new Promise(() => {})
  feed.fresh = false
  await pass(60_000)
  await pass(100)
  t.notOk(
    opened.some(({ aborted }) => aborted),
    'the time in which this process did not run does not count'
  )
  for (let checks = 0; checks < 12; checks++) await pass(100)
  t.ok(opened.every((signal) => codeOf(signal) === UNCONFIRMED))
})

t.test('after a step of the clock the store is asked about all', async (t) => {
  const { signals, signIn, questions, settle, store } = setUpSignals()
  const principal = await signIn()
  const signal = signals.open(principal, { until: openSocket() })
  await settle()
  await store.remove(principal.loginId)
  signals.confirmAll()
  await settle()
  t.equal(questions.asked, 2)
  t.equal(codeOf(signal), REVOKED)
})

t.test('a node that closes its logins is sure of none, and opens none', async (t) => {
  const { signals, signIn, settle } = setUpSignals()
  const principal = await signIn()
  const signal = signals.open(principal, { until: openSocket() })
  await settle()
  signals.close()
  t.equal(codeOf(signal), UNCONFIRMED)
  t.equal(codeOf(signals.open(principal, { until: openSocket() })), UNCONFIRMED)
  t.equal(signals.size, 0)
})

t.test('a listener may open and close connections of the same login', async (t) => {
  const { signals, signIn, settle, revoked } = setUpSignals()
  const principal = await signIn()
  const [first, second] = [openSocket(), openSocket()]
  const signal = signals.open(principal, { until: first })
  const other = signals.open(principal, { until: second })
  let again: AbortSignal | undefined
  signal.addEventListener('abort', () => {
    second.emit('close')
    again = signals.open(principal, { until: openSocket() })
  })
  await settle()
  revoked.add(principal.loginId)
  signals.onRevoked(principal.loginId)
  t.equal(again && codeOf(again), REVOKED)
  t.equal((other.reason as Error).name, 'AbortError')
  t.equal(signals.size, 0)
})
