import t from 'tap'
import { newLoginInput, setUp } from '../logins-under-test.ts'

const cases: ReadonlyArray<readonly [object, string]> = [
  [
    { user: { id: 7, username: 'user' } },
    'user.id of a new login must be a string of 1 to 1024 characters, got a value of type number'
  ],
  [
    { user: { id: 7n, username: 'user' } },
    'user.id of a new login must be a string of 1 to 1024 characters, got a value of type bigint'
  ],
  [
    { user: { id: null, username: 'user' } },
    'user.id of a new login must be a string of 1 to 1024 characters, got null'
  ],
  [
    { user: { id: '', username: 'user' } },
    'user.id of a new login must be a string of 1 to 1024 characters, got a string of 0'
  ],
  [
    { user: { id: '\ud800', username: 'user' } },
    'user.id of a new login must be a string of 1 to 1024 characters, got a string of 1'
  ],
  [
    { user: { id: 'user-1', username: 7 } },
    'user.username of a new login must be a string of at most 1024 characters, got a value of type number'
  ],
  [
    { device: { userAgent: 7, address: '' } },
    'device.userAgent of a new login must be a string of at most 1024 characters, got a value of type number'
  ],
  [
    { device: { userAgent: '', address: undefined } },
    'device.address of a new login must be a string of at most 64 characters, got undefined'
  ],
  [
    { device: { userAgent: '', address: 'x'.repeat(65) } },
    'device.address of a new login must be a string of at most 64 characters, got a string of 65'
  ],
  [
    { idleTimeoutSeconds: 1.5 },
    'idleTimeoutSeconds of a new login must be a whole number, 0 for none, got a value of type number'
  ],
  [
    { absoluteTimeoutSeconds: 0 },
    'absoluteTimeoutSeconds of a new login must be a whole number from 1, got a value of type number'
  ],
  [
    { session: { secretHash: 'no hash' } },
    'session.secretHash of a new login must be a SHA-256 as base64url, got a string of 7'
  ],
  [
    { refresh: { hash: Buffer.from('hash') } },
    'refresh.hash of a new login must be a SHA-256 as base64url, got a value of type object'
  ],
  [{ scopes: ['read', 7] }, 'scopes of a new login must be a list of strings, got a value of type object'],
  [{ data: [] }, 'the data of a login must be an object of JSON values']
]

t.test('T02: what a store could not return is rejected, and the error names the member', async (t) => {
  const { logins, spy } = setUp()
  for (const [changes, message] of cases) {
    await t.rejects(logins.create({ ...newLoginInput(), ...changes } as never), {
      name: 'TypeError',
      message
    })
  }
  t.same(spy.calls, [], 'the store is not asked')
})

t.test('T02: data that JSON cannot represent is a TypeError, and not an outage', async (t) => {
  const { logins, spy } = setUp()
  const login = await logins.create(newLoginInput())
  spy.calls.length = 0
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  for (const data of [{ big: 1n }, cyclic, null, 'text', []])
    await t.rejects(logins.update(login.id, { data: data as never }), { name: 'TypeError' })
  t.same(spy.calls, [])
})
