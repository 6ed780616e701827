import assert from 'node:assert/strict'
import type { Login } from '../login/login.ts'
import type { ClaimInput } from '../stores/adoption-store.ts'
import { adoptionCase, type AdoptionFixture } from './adoption-fixture.ts'
import { NO_LIMIT } from './store-case.ts'

const CONCURRENCY = 20

/** Cases of `adoptionCases`: claims beside a login, the lead, and adoptions of what is no longer active. */
export const claimCases = [
  adoptionCase('a credential that a log-out has claimed becomes no login', async (fixture) => {
    const { adoptions, buildLogin, oldCredential } = fixture
    const [login, input] = [buildLogin(), oldCredential()]
    assert.deepEqual(await adoptions.claim(login.userId, { ...input, owner: null }), { loginId: null })
    assert.deepEqual(await adoptions.claim(login.userId, { ...input, owner: null }), { loginId: null })
    assert.deepEqual(await adoptions.adopt(login, input, NO_LIMIT), { kind: 'revoked' })
    const status = await adoptions.findClaim(login.userId, input, input.issuedAt)
    assert.deepEqual(status, { kind: 'claimed', loginId: null })
  }),

  adoptionCase('a login is given the name of another credential, and keeps its lead', async (fixture) => {
    const { adoptions, adopt, oldCredential } = fixture
    const { login, adoption, input } = await adopt()
    const other = oldCredential()
    assert.deepEqual(await claimFor(fixture, login, other), { loginId: login.id })
    assert.deepEqual(await adoptions.find(login.id), { ...adoption, key: other.key })
    for (const { key } of [input, other]) {
      const status = await adoptions.findClaim(login.userId, { ...input, key }, input.issuedAt)
      assert.deepEqual(status, { kind: 'claimed', loginId: login.id })
    }
    assert.deepEqual(await claimFor(fixture, login, input), { loginId: login.id }, 'the first one again')
    assert.deepEqual(await adoptions.find(login.id), adoption)
  }),

  adoptionCase('a login of a sign-in gets an adoption by its first claim', async (fixture) => {
    const { adoptions, insertLogin, oldCredential, migration } = fixture
    for (const ledBy of ['old', 'new'] as const) {
      const [login, input] = [await insertLogin(), oldCredential()]
      assert.equal(await adoptions.find(login.id), null)
      assert.deepEqual(await claimFor(fixture, login, input, ledBy), { loginId: login.id })
      const adoption = await adoptions.find(login.id)
      const ledSince = adoption?.ledSince
      const expected = { migration, key: input.key, ledBy, ledSince, returnedAt: null, adoptedAt: null }
      assert.deepEqual(adoption, expected)
    }
  }),

  adoptionCase('of parallel claims of one credential the first wins', async (fixture) => {
    const { adoptions, insertLogin, oldCredential, newUserId } = fixture
    const [userId, input] = [newUserId(), oldCredential()]
    const logins = await Promise.all(Array.from({ length: CONCURRENCY }, () => insertLogin({ userId })))
    const claims = await Promise.all(logins.map((login) => claimFor(fixture, login, input)))
    const winners = new Set(claims.map((claim) => claim?.loginId))
    assert.equal(winners.size, 1)
    const adopted = await Promise.all(logins.map(({ id }) => adoptions.find(id)))
    const named = logins.filter((_, at) => adopted[at] !== null).map(({ id }) => id)
    assert.deepEqual(named, [...winners])
  }),

  adoptionCase('nothing is claimed for a login that is not active, or not of the user', async (fixture) => {
    const { store, adoptions, adopt, insertLogin, buildLogin, oldCredential } = fixture
    const { login: removed } = await adopt()
    await store.remove(removed.id)
    for (const login of [removed, buildLogin()]) {
      const input = oldCredential()
      assert.equal(await claimFor(fixture, login, input), null)
      assert.deepEqual(await adoptions.findClaim(login.userId, input, input.issuedAt), { kind: 'unclaimed' })
    }
    const [login, stranger, input] = [await insertLogin(), await insertLogin(), oldCredential()]
    assert.equal(await claimFor(fixture, { ...login, userId: stranger.userId }, input), null)
    assert.deepEqual(await adoptions.findClaim(stranger.userId, input, input.issuedAt), { kind: 'unclaimed' })
    assert.equal(await adoptions.find(login.id), null)
  }),

  adoptionCase(
    'a time that has passed claims nothing',
    async ({ adoptions, newUserId, oldCredential, now }) => {
      const [userId, input] = [newUserId(), oldCredential({ claimedUntil: now() - 2000 })]
      assert.deepEqual(await adoptions.claim(userId, { ...input, owner: null }), { loginId: null })
      assert.deepEqual(await adoptions.findClaim(userId, input, input.issuedAt), { kind: 'unclaimed' })
    }
  ),

  adoptionCase('the lead moves, with the time since when, and says that it came back', async (fixture) => {
    const { adoptions, adopt, advance } = fixture
    const { login, adoption, input } = await adopt()
    const lead = async (ledBy: 'old' | 'new', key = input.key) => {
      const led = await adoptions.lead(login.id, { ...input, ledBy, key })
      assert.deepEqual(led, await adoptions.find(login.id))
      assert.ok(led !== null)
      return led
    }
    await advance(10)
    assert.deepEqual(await lead('old'), adoption, 'where it is')
    const taken = await lead('new')
    assert.ok(taken.ledSince > adoption.ledSince)
    assert.deepEqual(taken, { ...adoption, ledBy: 'new', ledSince: taken.ledSince })
    await advance(10)
    assert.deepEqual(await lead('new'), taken, 'where it is')
    const returned = await lead('old', 'another key')
    const { ledSince } = returned
    assert.ok(ledSince > taken.ledSince)
    assert.deepEqual(returned, { ...adoption, key: 'another key', ledSince, returnedAt: ledSince })
    await advance(10)
    assert.deepEqual(await lead('old', 'third key'), { ...returned, key: 'third key' })
    const again = await lead('new')
    assert.deepEqual(again, { ...taken, ledSince: again.ledSince })
  }),

  adoptionCase('there is no lead without an adoption, nor of a login that is not active', async (fixture) => {
    const { store, adoptions, adopt, insertLogin } = fixture
    const { login, input } = await adopt()
    const native = await insertLogin()
    await store.remove(login.id)
    for (const { id } of [login, native]) {
      assert.equal(await adoptions.lead(id, { ...input, ledBy: 'new' }), null)
      assert.equal(await adoptions.find(id), null)
    }
    assert.equal(await store.find(login.id), null)
  }),

  adoptionCase(
    'of a login that is no longer active the adoption is found until it is forgotten',
    async (fixture) => {
      const { store, adoptions, adopt, newUserId } = fixture
      const userId = newUserId()
      const [one, other, active] = [await adopt({ userId }), await adopt({ userId }), await adopt({ userId })]
      const ids = [one, other, active].map(({ login }) => login.id)
      assert.deepEqual(await adoptions.findInactive(ids), [])
      await store.remove(one.login.id)
      await store.removeByUser(userId, active.login.id)
      const inactive = [one, other].map(({ login, adoption }) => ({ loginId: login.id, adoption }))
      assert.deepEqual(await adoptions.findInactive(ids), inactive)
      assert.deepEqual(byId(await adoptions.listInactive(userId)), byId(inactive))
      assert.equal(await adoptions.find(one.login.id), null)
      await adoptions.forget([one.login.id, active.login.id])
      assert.deepEqual(await adoptions.findInactive(ids), inactive.slice(1))
      assert.deepEqual(await adoptions.listInactive(userId), inactive.slice(1))
      assert.deepEqual(await adoptions.find(active.login.id), active.adoption)
      await adoptions.forget([])
      assert.deepEqual(await adoptions.findInactive([]), [])
    }
  ),

  adoptionCase('an adoption is stored as long as its login could have been active', async (fixture) => {
    const { adoptions, adopt, advance, now } = fixture
    const { login, adoption } = await adopt({ expiresAt: now() + 3000, idleTimeoutSeconds: 1 })
    const { login: used } = await adopt({ userId: login.userId, expiresAt: now() + 3000 })
    await advance(1600)
    assert.equal(await adoptions.find(login.id), null)
    assert.deepEqual(await adoptions.findInactive([login.id]), [{ loginId: login.id, adoption }])
    assert.notEqual(await adoptions.find(used.id), null)
    await advance(1800)
    for (const { id } of [login, used]) assert.equal(await adoptions.find(id), null)
    assert.deepEqual(await adoptions.findInactive([login.id, used.id]), [])
    assert.deepEqual(await adoptions.listInactive(login.userId), [])
  }),

  adoptionCase('a claim or a lead in flight does not bring a removed login back', async (fixture) => {
    const { store, adoptions, adopt, oldCredential } = fixture
    for (let round = 0; round < 50; round++) {
      const { login, input } = await adopt()
      await Promise.all([
        claimFor(fixture, login, oldCredential()),
        adoptions.lead(login.id, { ...input, ledBy: 'new' }),
        store.remove(login.id),
        claimFor(fixture, login, oldCredential()),
        adoptions.lead(login.id, { ...input, ledBy: 'old' })
      ])
      assert.equal(await store.find(login.id), null)
      assert.equal(await adoptions.find(login.id), null)
    }
  })
]

function claimFor(
  { adoptions }: AdoptionFixture,
  { id, userId }: Pick<Login, 'id' | 'userId'>,
  old: Omit<ClaimInput, 'owner'>,
  ledBy: 'old' | 'new' = 'new'
) {
  return adoptions.claim(userId, { ...old, owner: { loginId: id, ledBy } })
}

const byId = (adopted: ReadonlyArray<{ readonly loginId: string }>) =>
  adopted.toSorted((one, other) => (one.loginId < other.loginId ? -1 : 1))
