import t from 'tap'
import { byAttribute, startMeasuring } from './measure.ts'
import { makeApp } from './make-app.ts'

t.test('look-ups and questions to the store are counted by why', async (t) => {
  const { logins, node, openSession, get } = await makeApp(t)
  const { read } = startMeasuring(t, { logins })
  const cookie = await openSession()
  const before = byAttribute(await read('cacheLookups'))
  const difference = async () => {
    const after = byAttribute(await read('cacheLookups'))
    return Object.fromEntries(
      Object.entries(after).flatMap(([found, count]) =>
        count === before[found] ? [] : [[found, count - (before[found] ?? 0)]]
      )
    )
  }
  const asks = async () => byAttribute(await read('storeAsks'))
  const ask = () => get('/page', { cookie })

  await ask()
  t.same(await difference(), { absent: 1 })
  t.same(await asks(), { 'not-cached': 1, reset: 0, stale: 0 })
  await ask()
  await ask()
  t.same(await difference(), { absent: 1, hit: 2 })
  node.isFresh = false
  await ask()
  t.match(await asks(), { 'not-cached': 1, reset: 0, stale: 1 })
  t.match(await read('feedFresh'), [{ value: 0 }])
})

t.test('the state of the node and of its hashing queue is read when it is collected', async (t) => {
  const { logins, credentials, openSession, get } = await makeApp(t)
  const { read, collect } = startMeasuring(t, { logins, credentials })
  const cookie = await openSession()
  await get('/page', { cookie })
  t.match(await read('feedFresh'), [{ value: 1 }])
  t.match(await read('leaseAge'), [{ value: 0 }])
  t.match(await read('cacheSize'), [{ value: 1 }])
  t.match(await read('revocationListSize'), [{ value: 0 }])
  t.match(await read('secretsDiffer'), [{ value: 0 }])
  t.match(await read('hashingWaiting'), [{ value: 0 }])
  const [login] = await logins.listByUser((await credentials.stampOf({ username: 'ada' }))?.user.id ?? '')
  await logins.revoke(login?.id ?? '')
  t.match(await read('revocationListSize'), [{ value: 1 }])
  t.equal(new Set((await collect()).map(({ descriptor }) => descriptor.name)).size > 10, true)
})

t.test('sign-ins are counted by outcome', async (t) => {
  const { logins, signIn } = await makeApp(t)
  const { read, readDistribution } = startMeasuring(t, { logins })
  await signIn('/session/login')
  await signIn('/token/login')
  for (let attempt = 0; attempt < 4; attempt++) await signIn('/session/login', 'a wrong password')
  t.same(byAttribute(await read('signIns')), { succeeded: 2, 'invalid-credentials': 3, throttled: 1 })
  t.match(await readDistribution('hashingDuration'), [
    { attributes: { 'drawbridge.hashing.operation': 'compare' }, count: 5 }
  ])
  t.match(byAttribute(await read('loginsCreated')), { session: 1, token: 1 })
})

t.test('refreshes are counted by outcome, the reuse of a token among them', async (t) => {
  const { logins, clock, issueTokens, post } = await makeApp(t)
  const { read } = startMeasuring(t, { logins })
  const { refresh_token: first } = await issueTokens()
  const refresh = () => post('/token/refresh', { refresh_token: first })
  await refresh()
  await refresh()
  clock.advance(60_000)
  await refresh()
  await refresh()
  t.same(byAttribute(await read('refreshes')), { refreshed: 1, repeated: 1, reused: 1 })
  t.same(byAttribute(await read('rejections')), { 'invalid token': 1 })
  t.match(byAttribute(await read('loginsRevoked')), { reuse: 1 })
})

t.test('rejections are counted by class and carrier, and log-outs by who', async (t) => {
  const { logins, openSession, issueTokens, get, post } = await makeApp(t)
  const { read } = startMeasuring(t, { logins })
  const cookie = await openSession()
  await post('/session/logout', {}, { cookie })
  await get('/page', { cookie })
  await get('/page', {})
  const { access_token: token } = await issueTokens()
  await get('/api', { authorization: `Bearer ${token}x` })
  await post('/page', {}, { cookie: await openSession(), origin: 'https://evil.example' })
  t.same(byAttribute(await read('rejections')), {
    'invalid session': 1,
    'invalid token': 1,
    'cross-origin session': 1
  })
  t.match(byAttribute(await read('loginsRevoked')), { user: 1 })
})

t.test('questions to the store have a duration, and an outage has its error', async (t) => {
  const { logins, openSession, get } = await makeApp(t)
  const { readDistribution } = startMeasuring(t, { logins })
  const cookie = await openSession()
  await get('/page', { cookie })
  const durations = await readDistribution('storeDuration')
  t.match(
    durations.map(({ attributes, count }) => ({ attributes, count })),
    [
      { attributes: { 'drawbridge.store.operation': 'insert' }, count: 1 },
      { attributes: { 'drawbridge.store.operation': 'find' }, count: 1 }
    ]
  )
  for (const { sum } of durations) t.ok(sum > 0 && sum < 10, 'in seconds')
})

t.test('nothing that names a user, a login or a credential is in an attribute', async (t) => {
  const { logins, credentials, openSession, issueTokens, get, post, signIn } = await makeApp(t)
  const { collect } = startMeasuring(t, { logins, credentials })
  const cookie = await openSession()
  const { access_token: token, refresh_token: refresh } = await issueTokens()
  await get('/page', { cookie })
  await get('/api', { authorization: `Bearer ${token}` })
  await post('/token/refresh', { refresh_token: refresh })
  await signIn('/session/login', 'a wrong password')
  await post('/session/logout', {}, { cookie })
  const userId = (await credentials.stampOf({ username: 'ada' }))?.user.id ?? ''
  const logged = await logins.listByUser(userId)
  const text = JSON.stringify(await collect())
  for (const secret of [cookie, token, refresh, userId, 'ada', '127.0.0.1', ...logged.map(({ id }) => id)])
    t.notOk(text.includes(`"${secret}"`), secret)
})

t.test('after stop nothing is counted, and nobody listens', async (t) => {
  const { logins, signIn } = await makeApp(t)
  const { read, telemetry } = startMeasuring(t, { logins })
  await signIn('/session/login')
  telemetry.stop()
  telemetry.stop()
  await signIn('/session/login')
  t.same(byAttribute(await read('signIns')), { succeeded: 1 })
  t.same(await read('cacheSize'), [])
})
