import t from 'tap'
import { presentedToken, sha256 } from '../../src/testing/store-case.ts'
import { newLoginInput } from '../logins-under-test.ts'
import { setUp, UNAVAILABLE } from './adoptions-under-test.ts'

t.test('each way to revoke a login waits until the other system has revoked it too', async (t) => {
  const { logins, adoptions, clock, adopt, otherSystem, listen } = setUp({ maxLoginsPerUser: 2 })
  listen()
  const revokedBy = async (revoke: () => Promise<unknown>) => {
    otherSystem.revoked.length = 0
    await revoke()
    return otherSystem.revoked.toSorted()
  }
  const next = async () => {
    clock.advance(1)
    return adopt()
  }
  const one = await next()
  t.same(await revokedBy(() => logins.revoke(one.login.id)), [one.old.key])
  const reused = await next()
  const reuse = { ...presentedToken(0), hash: sha256('not that token') }
  t.same(await revokedBy(() => logins.rotate(reused.login.id, reuse)), [reused.old.key])
  const [a, b] = [await next(), await next()]
  t.same(await revokedBy(() => next()), [a.old.key], 'to make room for an adopted one')
  clock.advance(1)
  t.same(await revokedBy(() => logins.create(newLoginInput())), [b.old.key], 'to make room for a sign-in')
  const last = await next()
  t.same(await revokedBy(() => logins.revokeUser('user-1')), [last.old.key])
  t.same(await adoptions.list('express', null), { adopted: [], cursor: null })
})

t.test('the other system is asked after our login is gone, on every node', async (t) => {
  const { logins, adoptions, adopt } = setUp()
  const { login } = await adopt()
  let seen: unknown
  adoptions.onRevoked(async () => {
    seen = [await logins.resolve(login.id), logins.localStatus(login.id, Infinity)]
  })
  await logins.revoke(login.id)
  t.same(seen, [null, 'revoked'])
})

t.test('while the other system is down a revocation rejects, and repeated it gets there', async (t) => {
  const { logins, clock, adopt, otherSystem, listen } = setUp()
  listen()
  const revocations: ReadonlyArray<(loginId: string) => Promise<unknown>> = [
    (loginId: string) => logins.revoke(loginId),
    (loginId: string) => logins.revoke(loginId, { userId: 'user-1' }),
    () => logins.revokeUser('user-1'),
    (loginId: string) => logins.rotate(loginId, presentedToken(0, { hash: sha256('not that token') }))
  ]
  for (const revoke of revocations) {
    clock.advance(1)
    const { login, old } = await adopt()
    otherSystem.revoked.length = 0
    otherSystem.isDown = true
    for (let attempt = 0; attempt < 2; attempt++) {
      await t.rejects(revoke(login.id), UNAVAILABLE)
      t.equal(await logins.resolve(login.id), null, 'ours is gone')
    }
    otherSystem.isDown = false
    await revoke(login.id)
    t.same(otherSystem.revoked, [old.key])
    await revoke(login.id)
    t.same(otherSystem.revoked, [old.key], 'once')
  }
})

t.test('what one node could not report, a revocation of the user on another one does', async (t) => {
  const { logins, adopt, otherSystem, listen, store } = setUp()
  listen()
  const [one, active] = [await adopt(), await adopt()]
  otherSystem.isDown = true
  await t.rejects(logins.revoke(one.login.id), UNAVAILABLE)
  const other = setUp({ store })
  other.listen()
  await other.logins.revokeUser('user-1', { except: active.login.id })
  t.same(other.otherSystem.revoked, [one.old.key])
})

t.test(
  'what could not be reported is reported later by itself, in whatever way it was revoked',
  async (t) => {
    const { logins, adoptions, clock, adopt, otherSystem, listen } = setUp({ maxLoginsPerUser: 2 })
    listen()
    const [evicted, other] = [await adopt(), await adopt()]
    otherSystem.isDown = true
    clock.advance(1)
    await t.rejects(logins.create(newLoginInput()), UNAVAILABLE, 'which makes room')
    await t.rejects(logins.revokeUser('user-1'), UNAVAILABLE)
    await t.rejects(adoptions.reportFailed(), UNAVAILABLE)
    otherSystem.isDown = false
    await adoptions.reportFailed()
    t.same(otherSystem.revoked, [], 'not at once again')
    clock.advance(29_999)
    await adoptions.reportFailed()
    t.same(otherSystem.revoked, [])
    clock.advance(1)
    await adoptions.reportFailed()
    t.same(otherSystem.revoked.toSorted(), [evicted.old.key, other.old.key].toSorted())
    await adoptions.reportFailed()
    t.equal(otherSystem.revoked.length, 2, 'once')
  }
)

t.test('a report is repeated at once after one that got there', async (t) => {
  const { logins, adoptions, adopt, otherSystem, listen } = setUp()
  listen()
  for (const revoked of [1, 2]) {
    const { login } = await adopt()
    otherSystem.isDown = true
    await t.rejects(logins.revoke(login.id), UNAVAILABLE)
    otherSystem.isDown = false
    await adoptions.reportFailed()
    t.equal(otherSystem.revoked.length, revoked)
  }
})

t.test('a login of ours alone is not reported, and without a listener nothing is asked', async (t) => {
  const { logins, spy, adopt, otherSystem, listen } = setUp()
  const asked = () => spy.calls.filter((name) => name.startsWith('adoptions.'))
  const { login } = await adopt()
  spy.calls.length = 0
  await logins.revoke(login.id)
  await logins.revokeUser('user-1')
  t.same(asked(), [])
  listen()
  const { id } = await logins.create({ ...newLoginInput(), user: { id: 'user-2', username: 'b' } })
  await logins.revoke(id)
  t.same(otherSystem.revoked, [])
})

t.test('every listener is asked, and one that fails makes all of them be asked again', async (t) => {
  const { logins, adoptions, adopt, otherSystem, listen } = setUp()
  const first: string[] = []
  adoptions.onRevoked(async (revoked) => void first.push(...revoked.map(({ loginId }) => loginId)))
  listen()
  const { login, old } = await adopt()
  otherSystem.isDown = true
  await t.rejects(logins.revoke(login.id), UNAVAILABLE)
  otherSystem.isDown = false
  await logins.revoke(login.id)
  t.same(first, [login.id, login.id])
  t.same(otherSystem.revoked, [old.key])
})
