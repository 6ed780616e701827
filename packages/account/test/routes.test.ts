import t from 'tap'
import {
  type Credential,
  NEXT_PASSWORD,
  PASSWORD,
  type Place,
  renewed,
  startService
} from './start-service.ts'

const places: readonly Place[] = ['sqlite', 'postgres and redis']
const carriers = ['session', 'token'] as const

const EFFECT = 'drawbridge-effective-within'

/** Of the feeds of SQLite and Redis, by default. */
const STALENESS_BOUND = '1000'

for (const place of places) {
  t.test(`every route, on ${place}`, async (t) => {
    const { nodes, nextMail, mails, errors, pending } = await startService(t, place, {
      account: { throttle: { requestsPerAccount: 100, requestsPerAddress: 1000 } },
      logins: { effectiveWithinHeader: true }
    })
    const [node] = nodes
    const other = nodes.at(-1) ?? node
    const statuses = (...credentials: readonly Credential[]) =>
      Promise.all(credentials.map((credential) => other.me(credential)))

    for (const carrier of carriers) {
      await t.test(`by ${carrier}: one's own logins are listed, and ended one by one`, async (t) => {
        const elsewhere = await node.signIn('token')
        const own = await other.signIn(carrier)
        const listed = await node.send('GET', '/account/logins', own)
        t.equal(listed.status, 200)
        t.equal(listed.headers.get('cache-control'), 'no-store')
        const [current, older] = listed.body['logins'] as readonly { id: string; current: boolean }[]
        t.match(current, {
          current: true,
          carriers: [carrier],
          device: { label: 'node', userAgent: 'node', address: '127.0.0.1' }
        })
        const ended = await node.send('DELETE', `/account/logins/${older?.id}`, own)
        t.same([ended.status, ended.text], [204, ''])
        t.equal(ended.headers.get(EFFECT), STALENESS_BOUND)
        t.equal((await node.send('DELETE', `/account/logins/${older?.id}`, own)).status, 404)
        t.equal(await node.me(elsewhere), 401)
        t.same(await statuses(own), [200])
      })

      await t.test(`by ${carrier}: all others end`, async (t) => {
        const others = [await node.signIn('token'), await other.signIn('session')]
        const own = await node.signIn(carrier)
        const revoked = await node.send('POST', '/account/logins/revoke-others', own)
        t.equal(revoked.status, 200)
        t.equal(revoked.headers.get(EFFECT), STALENESS_BOUND)
        t.ok((revoked.body['revoked'] as number) >= 2)
        for (const each of others) t.equal(await node.me(each), 401)
        t.equal(await node.me(own), 200)
      })

      await t.test(`by ${carrier}: the password is changed, and all other logins end`, async (t) => {
        const others = [await node.signIn('token', 'bob'), await node.signIn('session', 'bob')]
        const before = await node.signIn(carrier, 'bob')
        let own = before
        const change = (currentPassword: string, newPassword: string) =>
          node.send('POST', '/account/password', own, { currentPassword, newPassword })
        t.match((await change('a guess', NEXT_PASSWORD)).body, { code: 'DRAWBRIDGE_WRONG_PASSWORD' })
        t.match((await change(PASSWORD, 'short')).body, { code: 'DRAWBRIDGE_PASSWORD_POLICY' })
        t.equal(await node.me(others[0] as Credential), 200)
        const changed = await change(PASSWORD, NEXT_PASSWORD)
        t.match([changed.status, changed.body], [200, { message: 'Password changed' }])
        own = renewed(own, changed)
        t.not(JSON.stringify(own), JSON.stringify(before), 'this login has a new credential')
        if (carrier === 'session') t.equal(await node.me(before), 401, 'and the old cookie is worthless')
        t.equal(changed.headers.get('cache-control'), 'no-store')
        for (const each of others) t.equal(await node.me(each), 401)
        t.equal(await node.me(own), 200)
        await t.rejects(other.signIn('token', 'bob', PASSWORD))
        t.equal((await change(NEXT_PASSWORD, PASSWORD)).status, 200, 'back')
      })
    }

    for (const carrier of carriers) {
      await t.test(`by ${carrier}: the password is presented again, within the same login`, async (t) => {
        const before = await node.signIn(carrier)
        const present = (password: string) =>
          node.send('POST', '/account/reauthenticate', before, { password })
        t.match((await present('a guess')).body, { statusCode: 403, code: 'DRAWBRIDGE_WRONG_PASSWORD' })
        const presented = await present(PASSWORD)
        t.match([presented.status, presented.body], [200, { message: 'Authenticated' }])
        t.equal(presented.headers.get('cache-control'), 'no-store')
        const own = renewed(before, presented)
        t.not(JSON.stringify(own), JSON.stringify(before))
        t.equal(await other.me(own), 200)
        if (carrier === 'session') t.equal(await node.me(before), 401)
      })
    }

    await t.test('who registers can sign in, and a username is given once', async (t) => {
      const register = (username: string, password = PASSWORD) =>
        node.send('POST', '/account/register', {}, { username, password })
      const registered = await register('Zoë')
      t.same([registered.status, registered.body], [201, { message: 'Registered' }])
      t.equal(registered.headers.get('cache-control'), 'no-store')
      t.same(registered.headers.getSetCookie(), [], 'nobody is signed in')
      t.ok(await other.signIn('session', 'Zoë'))
      t.match((await register('zoë')).body, { statusCode: 409, code: 'DRAWBRIDGE_USERNAME_TAKEN' })
      t.match((await register('kim', 'short')).body, { statusCode: 400, code: 'DRAWBRIDGE_PASSWORD_POLICY' })
      t.match((await register('k\u200Bim')).body, { code: 'DRAWBRIDGE_MALFORMED_CREDENTIALS' })
    })

    await t.test('a forgotten password is set by a token, once, and every login ends', async (t) => {
      const credentials = [
        await node.signIn('session'),
        await node.signIn('token'),
        await other.signIn('token')
      ]
      const forgotten = await node.send('POST', '/account/password/forgot', {}, { username: 'Ada' })
      t.same([forgotten.status, forgotten.body], [202, { message: 'Accepted' }])
      const { to, token } = await nextMail('reset')
      t.equal(to, 'ada')
      const reset = (newPassword: string, presented = token) =>
        other.send('POST', '/account/password/reset', {}, { token: presented, newPassword })
      t.match((await reset('short')).body, { code: 'DRAWBRIDGE_PASSWORD_POLICY' })
      t.same(await statuses(...credentials), [200, 200, 200], 'which uses up nothing')
      const done = await reset(NEXT_PASSWORD)
      t.same([done.status, done.body], [200, { message: 'Password changed' }])
      t.same(done.headers.getSetCookie(), [], 'nobody is signed in')
      for (const each of credentials) t.equal(await other.me(each), 401)
      await t.rejects(node.signIn('token', 'ada', PASSWORD))
      t.ok(await node.signIn('token', 'ada', NEXT_PASSWORD))
      const again = await reset(PASSWORD)
      t.same(
        [again.status, again.text],
        [
          400,
          '{"statusCode":400,"code":"DRAWBRIDGE_INVALID_ONE_TIME_TOKEN","error":"Bad Request","message":"The token is not valid, or was used"}'
        ]
      )
      t.same((await reset(PASSWORD, 'drbo_forged')).text, again.text)
      t.ok(await node.signIn('token', 'ada', NEXT_PASSWORD))
    })

    await t.test('what a user has to confirm is confirmed by a token, once', async (t) => {
      const bearer = await node.signIn('token', 'bob')
      const { userId } = (await node.send('GET', '/me', bearer)).body as { userId: string }
      t.equal(await node.app.account.createVerification(userId), null, 'there is nothing to confirm')
      pending.set(userId, 'bob@example.com')
      const token = await node.app.account.createVerification(userId)
      const verify = () => other.send('POST', '/account/verify', {}, { token })
      const verified = await verify()
      t.same([verified.status, verified.body], [200, { message: 'Verified' }])
      t.equal(pending.has(userId), false)
      t.match((await verify()).body, { statusCode: 400, code: 'DRAWBRIDGE_INVALID_ONE_TIME_TOKEN' })
      pending.set(userId, 'another@example.com')
      t.equal((await verify()).status, 400, 'nor does it confirm another address')
    })

    await t.test('an account is deleted with all its logins, by either carrier', async (t) => {
      for (const carrier of carriers) {
        const username = `gone-${carrier}`
        await node.send('POST', '/account/register', {}, { username, password: PASSWORD })
        const elsewhere = [await node.signIn('session', username), await other.signIn('token', username)]
        const own = await other.signIn(carrier, username)
        const deleted = await node.send('DELETE', '/account', own)
        t.same([deleted.status, deleted.text], [204, ''])
        if (carrier === 'session') t.match(deleted.headers.getSetCookie().join(), /drawbridge=;/)
        for (const each of [own, ...elsewhere]) t.equal(await node.me(each), 401)
        await t.rejects(other.signIn('token', username), /401/)
        t.equal((await node.send('DELETE', '/account', own)).status, 401)
        const again = await node.send('POST', '/account/register', {}, { username, password: PASSWORD })
        t.equal(again.status, 201, 'the name is free')
      }
    })

    t.same([mails, errors], [[], []])
  })
}
