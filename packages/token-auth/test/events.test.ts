import type { LoginEvent } from '@drawbridge/logins'
import t, { type Test } from 'tap'
import { decodeClaims, makeApp } from './make-app.ts'

/** A service, and its events from then on. */
async function setUp() {
  const events: LoginEvent[] = []
  const test = await makeApp({ logins: { onEvent: (event) => void events.push(event) } })
  return { ...test, take: () => events.splice(0) }
}

/** Matches them, and there are no others. */
function exactly(t: Test, events: readonly LoginEvent[], expected: readonly object[]): void {
  t.match(events, expected)
  t.equal(events.length, expected.length, events.map(({ type }) => type).join(', '))
}

t.test('verify publishes what it rejects, and nothing for a token that is valid', async (t) => {
  const { app, signIn, signOut, take } = await setUp()
  const { token } = await signIn()
  const loginId = String(decodeClaims(token).sid)
  take()
  t.ok((await app.tokenAuth.verify(token)).ok)
  t.same(take(), [])
  t.notOk((await app.tokenAuth.verify('forged')).ok)
  await signOut({ token })
  t.notOk((await app.tokenAuth.verify(token)).ok)
  exactly(t, take(), [
    { type: 'credential-rejected', reason: 'invalid', carrier: 'token', loginId: null },
    { type: 'login-revoked', by: 'user', reason: 'log-out', loginId },
    { type: 'credential-rejected', reason: 'invalid', carrier: 'token', loginId }
  ])
})

t.test('a refresh that fails rejects its token, once, from a route of the service too', async (t) => {
  const { app, refresh, signIn, signOut, take } = await setUp()
  const { refresh_token } = await signIn()
  await signOut({ refresh: refresh_token })
  take()
  t.equal((await refresh(refresh_token)).statusCode, 401)
  exactly(t, take(), [{ type: 'credential-rejected', reason: 'invalid', loginId: String }])
  t.notOk((await app.tokenAuth.refresh('drbr_forged')).ok)
  exactly(t, take(), [{ type: 'credential-rejected', reason: 'invalid', loginId: null }])
})

t.test('two tokens of different logins are rejected as ambiguous', async (t) => {
  const { signIn, signOut, take } = await setUp()
  const [one, two] = [await signIn(), await signIn()]
  take()
  t.equal((await signOut({ token: one.token, refresh: two.refresh_token })).statusCode, 400)
  exactly(t, take(), [{ type: 'credential-rejected', reason: 'ambiguous', carrier: 'token' }])
})

t.test('revoke says who and why, and revokes without a cause too', async (t) => {
  const { app, signIn, take } = await setUp()
  const ids: string[] = []
  for (let at = 0; at < 3; at += 1) ids.push(String(decodeClaims((await signIn()).token).sid))
  take()
  const [one = '', two = '', three = ''] = ids
  t.equal(await app.tokenAuth.revoke(one, { by: 'admin', reason: 'ticket 12' }), true)
  t.equal(await app.tokenAuth.revoke(two, {}), true)
  t.equal(await app.tokenAuth.revoke(three), true)
  exactly(t, take(), [
    { type: 'login-revoked', loginId: one, by: 'admin', reason: 'ticket 12' },
    { type: 'login-revoked', loginId: two, by: 'service', reason: null },
    { type: 'login-revoked', loginId: three, by: 'service', reason: null }
  ])
})
