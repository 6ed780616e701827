import t from 'tap'
import { loginEndsAt, isLoginId, isValidSecret, newLoginId, userTag } from '../../src/login/login.ts'

t.test('a login expires at its idle limit or its absolute limit, whichever is first', (t) => {
  t.equal(loginEndsAt({ expiresAt: 10_000, idleTimeoutSeconds: 5, lastSeenAt: 1000 }), 6000)
  t.equal(loginEndsAt({ expiresAt: 10_000, idleTimeoutSeconds: 5, lastSeenAt: 9000 }), 10_000)
  t.equal(loginEndsAt({ expiresAt: 10_000, idleTimeoutSeconds: 0, lastSeenAt: 1000 }), 10_000)
  t.end()
})

t.test('a session secret is valid until its own end, and without one as long as the login', (t) => {
  const secret = (expiresAt: number | null) => ({ secretHash: 'h', expiresAt })
  t.equal(isValidSecret(null, 5), false)
  t.equal(isValidSecret(secret(null), 10 ** 15), true)
  t.equal(isValidSecret(secret(5), 4), true)
  t.equal(isValidSecret(secret(5), 5), false)
  t.equal(isValidSecret(secret(0), 0), false)
  t.end()
})

t.test(
  'an id is 28 characters of base64url, begins with the tag of its user, and is never twice the same',
  (t) => {
    const ids = new Set<string>()
    for (let made = 0; made < 100_000; made++) ids.add(newLoginId('user'))
    t.equal(ids.size, 100_000)
    const tag = userTag('user').toString('hex')
    for (const id of ids) {
      if (!isLoginId(id) || Buffer.from(id, 'base64url').subarray(0, 4).toString('hex') !== tag) t.fail(id)
      if (Buffer.from(id, 'base64url').toString('base64url') !== id) t.fail(`${id} has another spelling`)
    }
    t.end()
  }
)

t.test('each user has a tag of its own', (t) => {
  t.same(userTag('user'), userTag('user'))
  t.notSame(userTag('user'), userTag('User'))
  t.equal(userTag('').length, 4)
  t.end()
})

t.test('nothing else is accepted as an id', (t) => {
  const id = newLoginId('user')
  t.ok(isLoginId(id))
  for (const invalid of [
    '',
    id.slice(1),
    `${id}A`,
    `${id}\n`,
    `\n${id}`,
    `${id.slice(1)}=`,
    `${id.slice(1)}+`,
    `${id.slice(1)}é`
  ]) {
    t.notOk(isLoginId(invalid), JSON.stringify(invalid))
  }
  t.end()
})
