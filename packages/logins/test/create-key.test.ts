import t from 'tap'
import type { NewKeyLogin } from '../src/carrier-logins.ts'
import type { ClaimsInput } from '../src/login/claims.ts'
import { kindOf } from '../src/login/login.ts'
import { sha256 } from '../src/testing/store-case.ts'
import { newLoginInput, setUp } from './logins-under-test.ts'

const HOUR_MS = 3_600_000

const newKey = (now: number, changes: Partial<NewKeyLogin> = {}): NewKeyLogin => ({
  user: { id: 'user-1', username: 'user' },
  device: { userAgent: 'curl/8.5.0', address: '192.0.2.1' },
  key: { secretHash: sha256('key'), name: 'deploy' },
  scopes: ['read'],
  expiresAt: now + HOUR_MS,
  ...changes
})

t.test(
  'a key is an active login of one carrier, with no idle limit, and is listed with its name',
  async (t) => {
    const { logins, clock } = setUp()
    const created = await logins.createKey(newKey(clock.now(), { authenticatedAt: clock.now() - 5 }))
    const { claims, ...login } = created!
    t.same(claims.scopes, ['read'])
    t.same(await logins.resolve(login.id), login)
    t.equal(await logins.resolvePending(login.id), null)
    t.match(login, { idleTimeoutSeconds: 0, authenticatedAt: clock.now() - 5, session: null, refresh: null })
    const [view] = await logins.listByUser('user-1')
    t.match(view, { id: login.id, carriers: ['key'], keyName: 'deploy', scopes: ['read'] })
    t.notMatch(JSON.stringify(view), sha256('key'))
    clock.advance(HOUR_MS - 1)
    t.ok(await logins.resolve(login.id))
    clock.advance(1)
    t.equal(await logins.resolve(login.id), null)
  }
)

t.test('a key that is one too many is refused, and revokes nothing', async (t) => {
  const { logins, clock, spy } = setUp({ maxKeysPerUser: 2, maxLoginsPerUser: 1 })
  const signIn = await logins.create(newLoginInput())
  const keys = [await logins.createKey(newKey(clock.now())), await logins.createKey(newKey(clock.now()))]
  spy.calls.length = 0
  t.equal(await logins.createKey(newKey(clock.now())), null)
  t.notOk(spy.calls.includes('publish'))
  for (const login of [signIn, ...keys]) t.ok(await logins.resolve(login!.id))
  await logins.revoke(keys[0]!.id)
  t.ok(await logins.createKey(newKey(clock.now())))
})

t.test(
  'getClaims is asked with the carrier and never gets the hash; a key has no scope beyond its own',
  async (t) => {
    const asked: ClaimsInput[] = []
    const getClaims = (login: ClaimsInput) => {
      asked.push(login)
      return { scopes: ['read', 'admin'] }
    }
    const { logins, clock } = setUp({ getClaims })
    const created = await logins.createKey(newKey(clock.now(), { scopes: ['read', 'write'] }))
    t.same(created?.claims.scopes, ['read'])
    t.match(asked, [{ id: created!.id, carriers: ['key'], scopes: ['read', 'write'] }])
    t.notOk('key' in asked[0]!)
  }
)

t.test('a key whose claims fail is not written', async (t) => {
  const { logins, clock } = setUp({ getClaims: () => Promise.reject(new Error('the table is locked')) })
  await t.rejects(logins.createKey(newKey(clock.now())), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  t.same(await logins.listByUser('user-1'), [])
})

t.test('what a store could not return is rejected, and the error names the member', async (t) => {
  const { logins, clock, spy } = setUp()
  const cases: ReadonlyArray<readonly [object, string]> = [
    [{ key: { secretHash: 'x', name: 'deploy' } }, 'key.secretHash'],
    [{ key: { secretHash: sha256('key'), name: '' } }, 'key.name'],
    [{ key: { secretHash: sha256('key'), name: 'x'.repeat(101) } }, 'key.name'],
    [{ key: { secretHash: sha256('key'), name: '\ud800' } }, 'key.name'],
    [{ scopes: [5] }, 'scopes'],
    [{ scopes: null }, 'scopes'],
    [{ expiresAt: 1.5 }, 'expiresAt'],
    [{ authenticatedAt: -1 }, 'authenticatedAt'],
    [{ user: { id: '', username: 'user' } }, 'user.id']
  ]
  for (const [changes, member] of cases) {
    const input = newKey(clock.now(), changes as Partial<NewKeyLogin>)
    await t.rejects(logins.createKey(input), {
      name: 'TypeError',
      message: new RegExp(`^${member} of a new login must be`)
    })
  }
  t.same(spy.calls, [], 'the store is not asked')
})

t.test('a log-out of all revokes the keys too', async (t) => {
  const { logins, clock } = setUp()
  const signIn = await logins.create(newLoginInput())
  const key = await logins.createKey(newKey(clock.now()))
  t.equal((await logins.revokeUser('user-1', { except: signIn.id })).revokedCount, 1)
  t.equal(await logins.resolve(key!.id), null)
})

t.test('a login is of one kind, which a second credential does not change', (t) => {
  const none = { session: null, refresh: null, key: null }
  const session = { secretHash: 'h', expiresAt: null }
  t.equal(kindOf(none), 'pending')
  t.equal(kindOf({ ...none, session }), 'sign-in')
  t.equal(kindOf({ ...none, key: { secretHash: 'h', name: 'deploy' } }), 'key')
  t.end()
})
