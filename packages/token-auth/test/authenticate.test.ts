import { createMemoryFeed } from '@drawbridge/logins'
import t from 'tap'
import { decodeClaims, makeApp } from './make-app.ts'

t.test('verify takes an access token that came otherwise than in a header', async (t) => {
  const { app, signIn, signOut } = await makeApp({
    logins: { getClaims: () => ({ scopes: ['read'] }) }
  })
  const { token } = await signIn()
  const expected = { ok: true, principal: { username: 'ada', carrier: 'token', scopes: ['read'] } }
  t.match(await app.tokenAuth.verify(token), expected)
  t.match(app.tokenAuth.verify(token), expected, 'no promise for a token that this node knows')
  await signOut({ token })
  t.match(await app.tokenAuth.verify(token), { ok: false, reason: 'invalid' })
})

t.test('verify and authenticate are of one mind, and of one cache', async (t) => {
  const { app, signIn, logins } = await makeApp()
  const { token } = await signIn()
  const raw = { rawHeaders: [] }
  const authenticate = (authorization: string) =>
    app.tokenAuth.authenticate({ headers: { authorization }, raw } as never)
  t.strictSame(await app.tokenAuth.verify(token), await authenticate(`Bearer ${token}`))
  t.strictSame(await authenticate(`bearer ${token}`), await app.tokenAuth.verify(token))
  t.equal(logins.health().cacheSize, 1)
})

t.test('what is no access token is a value, not an error', async (t) => {
  const { app, signIn } = await makeApp()
  const { token, refresh_token } = await signIn()
  const wrong = ['', ' ', 'x', `Bearer ${token}`, ` ${token}`, `${token} `, `${token}\n`, `${token},${token}`]
  for (const text of [...wrong, refresh_token, token.slice(0, -2), undefined, null, 7, {}, [token, token]])
    t.match(
      await app.tokenAuth.verify(text as string),
      { ok: false, reason: 'invalid' },
      JSON.stringify(text)
    )
})

t.test('verify follows its policy, and rejects one that is wrong', async (t) => {
  const feed = Object.assign(createMemoryFeed(), { isFresh: () => false, renew: async () => false })
  const { app, signIn, storeSpy, logins, clock } = await makeApp({ logins: { feed } })
  const { token } = await signIn()
  const { verify } = app.tokenAuth
  const unavailable = { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE', statusCode: 503 }
  t.match(await verify(token), { ok: true }, 'stale: the store is asked')
  await t.rejects(async () => verify(token, { onStale: 'fail-closed' }), unavailable)
  storeSpy.outage = new Error('down')
  await t.rejects(async () => verify(token), unavailable)
  const policy = { onStoreDown: { serveStaleForSeconds: 60 } }
  t.match(await verify(token, policy), { ok: true })
  clock.now += 61_000
  await t.rejects(async () => verify(token, policy), unavailable)
  clock.now -= 61_000
  storeSpy.outage = null
  await logins.revoke(decodeClaims(token).sid as string)
  t.match(await verify(token, policy), { ok: false, reason: 'invalid' })
  const code = 'DRAWBRIDGE_OPTION'
  t.throws(() => verify(token, { onStal: 'closed' } as never), { code, message: 'tokenAuth.verify.onStal' })
  t.throws(() => app.tokenAuth.authenticate({} as never, { onStoreDown: 'open' } as never), {
    code,
    message: 'tokenAuth.authenticate.onStoreDown'
  })
})
