import { type CredentialsEvent, credentialsChannel } from '@drawbridge/credentials'
import { type LoginEvent, loginsChannel } from '@drawbridge/logins'
import t, { type Test } from 'tap'
import { NEXT_PASSWORD, PASSWORD, renewed, startService } from './start-service.ts'

const ADDRESS = '127.0.0.1'

/** Both channels from then on. */
function record(t: Test) {
  const events: Array<CredentialsEvent | LoginEvent> = []
  const listen = (event: unknown) => void events.push(event as LoginEvent)
  for (const channel of [credentialsChannel, loginsChannel]) {
    channel.subscribe(listen)
    t.teardown(() => channel.unsubscribe(listen))
  }
  return {
    /** Exactly these have happened since the last call. */
    happened: (expected: readonly object[]) => {
      const since = events.splice(0)
      t.match(since, expected)
      t.equal(since.length, expected.length, since.map(({ type }) => type).join(', '))
    }
  }
}

t.test('every change of an account has an event: who, what and why', async (t) => {
  const { nodes, nextMail, pending } = await startService(t, 'memory')
  const [node] = nodes
  const { happened } = record(t)
  const user = { username: 'kim', password: PASSWORD }
  const joined = await node.send('POST', '/account/register', {}, user)
  t.equal(joined.status, 201)
  happened([{ type: 'user-registered', by: 'user', reason: 'registration', address: ADDRESS }])

  let credential = await node.signIn('session', 'kim')
  const other = await node.signIn('token', 'kim')
  happened([
    { type: 'sign-in-succeeded' },
    { type: 'login-created' },
    { type: 'sign-in-succeeded' },
    { type: 'login-created' }
  ])
  const change = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD }
  const changed = await node.send('POST', '/account/password', credential, change)
  credential = renewed(credential, changed)
  happened([
    { type: 'password-changed', address: ADDRESS },
    { type: 'login-revoked', by: 'password', reason: 'password-change', carrier: 'token' },
    { type: 'login-reauthenticated', carrier: 'session' }
  ])
  t.equal(await node.me(other), 401)
  happened([{ type: 'credential-rejected', reason: 'invalid' }])

  const again = await node.send('POST', '/account/reauthenticate', credential, { password: NEXT_PASSWORD })
  credential = renewed(credential, again)
  happened([{ type: 'sign-in-succeeded' }, { type: 'login-reauthenticated' }])

  const { userId } = (await node.send('GET', '/me', credential)).body
  pending.set(String(userId), 'kim@example.com')
  const token = await node.app.account.createVerification(String(userId))
  t.equal((await node.send('POST', '/account/verify', {}, { token })).status, 200)
  happened([
    { type: 'user-enabled', userId },
    { type: 'user-verified', userId, address: ADDRESS }
  ])

  await node.send('POST', '/account/password/forgot', {}, { username: 'kim' })
  const reset = { token: (await nextMail('reset')).token, newPassword: PASSWORD }
  happened([{ type: 'password-reset-requested', userId, address: ADDRESS }])
  t.equal((await node.send('POST', '/account/password/reset', {}, reset)).status, 200)
  happened([
    { type: 'password-set', userId, by: 'user', reason: 'password-reset', address: ADDRESS },
    { type: 'login-revoked', by: 'password', reason: 'password-reset', carrier: 'session' }
  ])

  const last = await node.signIn('session', 'kim')
  await node.signIn('token', 'kim')
  happened([{}, {}, {}, {}])
  t.equal((await node.send('DELETE', '/account', last)).status, 204)
  happened([
    { type: 'login-revoked', by: 'user', reason: 'log-out', carrier: 'session' },
    { type: 'login-revoked', by: 'user', reason: 'account-deleted', carrier: 'token' },
    { type: 'user-removed', userId, by: 'user', reason: 'account-deleted', address: ADDRESS }
  ])
})
