import assert from 'node:assert/strict'
import type { Login } from '../login/login.ts'
import type { AdoptInput } from '../stores/adoption-store.ts'
import { adoptionCase, type AdoptionFixture, countKind } from './adoption-fixture.ts'
import { NO_LIMIT, removedBy } from './store-case.ts'

const CONCURRENCY = 100
const ROUNDS = 300

const UNCLAIMED = { kind: 'unclaimed' }
const REVOKED = { kind: 'revoked' }
const BARRED = { kind: 'barred' }

/** Cases of `adoptionCases`: an old credential becomes a login once. */
export const adoptCases = [
  adoptionCase('an old credential becomes a login, with its claim and its adoption', async (fixture) => {
    const { store, adoptions, buildLogin, oldCredential, now } = fixture
    const [login, input] = [buildLogin({ authenticatedAt: 0, data: { cart: [1] } }), oldCredential()]
    assert.deepEqual(await claimOf(fixture, login, input), UNCLAIMED)
    const outcome = await adoptions.adopt(login, input, NO_LIMIT)
    assert.ok(outcome.kind === 'adopted')
    const { migration, key, ledBy } = input
    const { ledSince } = outcome.adoption
    assert.ok(Math.abs(ledSince - now()) < 60_000, `${ledSince}`)
    const adoption = { migration, key, ledBy, ledSince, returnedAt: null, adoptedAt: ledSince }
    assert.deepEqual(outcome, { kind: 'adopted', login, adoption, removed: [] })
    assert.deepEqual(await store.find(login.id), login)
    assert.deepEqual(await store.listByUser(login.userId), [login])
    assert.deepEqual(await adoptions.find(login.id), adoption)
    assert.deepEqual(await claimOf(fixture, login, input), { kind: 'claimed', loginId: login.id })
  }),

  adoptionCase('adopted again, the login is the one that is there', async (fixture) => {
    const { store, adoptions, buildLogin, adopt } = fixture
    const { login, adoption, input } = await adopt()
    await store.update(login.id, { data: { late: true } })
    const again = await adoptions.adopt(buildLogin({ userId: login.userId }), input, 1)
    assert.deepEqual(again, { kind: 'existing', login: { ...login, data: { late: true } }, adoption })
    assert.deepEqual(await store.listByUser(login.userId), [{ ...login, data: { late: true } }])
  }),

  adoptionCase(`of ${CONCURRENCY} parallel adoptions one makes the login`, async (fixture) => {
    const { store, adoptions, buildLogin, oldCredential, newUserId } = fixture
    const [userId, input] = [newUserId(), oldCredential()]
    const outcomes = await Promise.all(
      Array.from({ length: CONCURRENCY }, () => adoptions.adopt(buildLogin({ userId }), input, NO_LIMIT))
    )
    assert.equal(countKind(outcomes, 'adopted'), 1)
    assert.equal(countKind(outcomes, 'existing'), CONCURRENCY - 1)
    const [login, ...others] = await store.listByUser(userId)
    assert.deepEqual(others, [])
    for (const outcome of outcomes) assert.deepEqual((outcome as { login?: Login }).login, login)
  }),

  adoptionCase('an adoption makes room as an insert does, and makes it once', async (fixture) => {
    const { store, adoptions, buildLogin, oldCredential, newUserId, now } = fixture
    const userId = newUserId()
    const earlier = [3, 2, 1].map((age) => buildLogin({ userId, createdAt: now() - age }))
    for (const login of earlier) await store.insert(login, NO_LIMIT)
    const [input, login] = [oldCredential(), buildLogin({ userId })]
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => adoptions.adopt(login, input, 3)))
    const removed = outcomes.flatMap((outcome) => (outcome.kind === 'adopted' ? outcome.removed : []))
    assert.deepEqual(removed, [earlier[0]?.id])
    assert.equal((await store.listByUser(userId)).length, 3)
  }),

  adoptionCase('a login that is adopted while its user is renamed has the new name', async (fixture) => {
    const { store, adoptions, buildLogin, oldCredential, newUserId } = fixture
    const [userId, input] = [newUserId(), oldCredential()]
    const login = buildLogin({ userId, username: 'old' })
    await store.renameUser(userId, 'new "name"', 60)
    for (const kind of ['adopted', 'existing']) {
      const outcome = await adoptions.adopt(login, input, NO_LIMIT)
      assert.equal(outcome.kind, kind)
      assert.deepEqual((outcome as { login?: Login }).login, { ...login, username: 'new "name"' })
    }
    await store.renameUser(userId, 'third', 60)
    assert.deepEqual(await store.find(login.id), { ...login, username: 'third' })
  }),

  adoptionCase('a claim outlives its login, however that was removed', async (fixture) => {
    const { store, adopt, insertLogin, buildLogin } = fixture
    const { login: removed, input: first } = await adopt()
    assert.equal((await store.remove(removed.id))?.id, removed.id)
    const { login: ofUser, input: second } = await adopt()
    assert.deepEqual(await store.removeByUser(ofUser.userId), [ofUser.id])
    const { login: evicted, input: third } = await adopt()
    assert.deepEqual(await removedBy(store.insert(buildLogin({ userId: evicted.userId }), 1)), [evicted.id])
    for (const [login, input] of [
      [removed, first],
      [ofUser, second],
      [evicted, third]
    ] as const) {
      await isRefused(fixture, login.userId, input, REVOKED)
      assert.deepEqual(await claimOf(fixture, login, input), { kind: 'claimed', loginId: login.id })
    }
    await insertLogin()
  }),

  adoptionCase('a claim outlives a login that was not used', async (fixture) => {
    const { adopt, advance } = fixture
    const { login, input } = await adopt({ idleTimeoutSeconds: 1 })
    await advance(1400)
    await isRefused(fixture, login.userId, input, REVOKED)
  }),

  adoptionCase('a claim lasts as long as it was made for', async (fixture) => {
    const { store, adopt, advance, now, oldCredential } = fixture
    const { login, input } = await adopt({}, oldCredential({ claimedUntil: now() + 3000 }))
    await store.remove(login.id)
    await advance(1800)
    await isRefused(fixture, login.userId, input, REVOKED)
    await advance(1600)
    assert.deepEqual(await claimOf(fixture, login, input), UNCLAIMED)
    await adopt({ userId: login.userId }, { ...input, claimedUntil: now() + 60_000 })
  }),

  adoptionCase('what would already be expired is not adopted, and nothing is written', async (fixture) => {
    const { store, adoptions, buildLogin, oldCredential, now } = fixture
    const past = now() - 2000
    const attempts = [
      [buildLogin({ expiresAt: past }), oldCredential()],
      [buildLogin({ lastSeenAt: now() - 10_000, idleTimeoutSeconds: 5 }), oldCredential()],
      [buildLogin(), oldCredential({ claimedUntil: past })]
    ] as const
    for (const [login, input] of attempts) {
      assert.deepEqual(await adoptions.adopt(login, input, NO_LIMIT), { kind: 'expired' })
      assert.equal(await store.find(login.id), null)
      assert.equal(await adoptions.find(login.id), null)
      assert.deepEqual(await claimOf(fixture, login, input), UNCLAIMED)
    }
  }),

  adoptionCase('an adoption that rejects has claimed nothing', async (fixture) => {
    const { adoptions, insertLogin, oldCredential } = fixture
    const [login, input] = [await insertLogin(), oldCredential()]
    await assert.rejects(adoptions.adopt(login, input, NO_LIMIT))
    assert.deepEqual(await claimOf(fixture, login, input), UNCLAIMED)
    assert.equal(await adoptions.find(login.id), null)
  }),

  adoptionCase(
    'keys are what the other system has, and belong to one user and one migration',
    async (fixture) => {
      const { adoptions, adopt, oldCredential, newUserId } = fixture
      const keys = ['a\tb', 'a\nb', '-', '', '"\\', '\u0000ü漢', `${'x'.repeat(4096)}`, '{a}', '*?[a]']
      for (const key of keys) {
        const { login, adoption, input } = await adopt({}, oldCredential({ key }))
        assert.deepEqual(await adoptions.find(login.id), adoption)
        assert.equal(adoption.key, key)
        const other = { ...input, migration: `${input.migration} 2` }
        assert.deepEqual(await claimOf(fixture, login, other), UNCLAIMED)
        assert.deepEqual(await adoptions.findClaim(newUserId(), input, input.issuedAt), UNCLAIMED)
      }
    }
  ),

  adoptionCase('a bar refuses what was issued up to it, or at an unknown time', async (fixture) => {
    const { adoptions, newUserId, oldCredential, adopt, now } = fixture
    const [userId, at] = [newUserId(), now() - 5000]
    const earlier = await adopt({ userId }, oldCredential({ issuedAt: at - 1 }))
    await adoptions.bar(userId, at, now() + 60_000)
    for (const issuedAt of [at - 1000, at, null])
      await isRefused(fixture, userId, oldCredential({ issuedAt }), BARRED)
    await adopt({ userId }, oldCredential({ issuedAt: at + 1 }))
    await adopt({}, oldCredential({ issuedAt: at }))
    assert.equal((await adoptions.adopt(earlier.login, earlier.input, NO_LIMIT)).kind, 'existing')
    const claimed = { kind: 'claimed', loginId: earlier.login.id }
    assert.deepEqual(await claimOf(fixture, earlier.login, earlier.input), claimed)
  }),

  adoptionCase(
    'without a bar, what was issued at an unknown time is adopted',
    async ({ adopt, oldCredential }) => {
      await adopt({}, oldCredential({ issuedAt: null }))
    }
  ),

  adoptionCase('a bar is raised and never lowered', async (fixture) => {
    const { adoptions, newUserId, oldCredential, adopt, advance, now } = fixture
    const [userId, at] = [newUserId(), now() - 5000]
    await adoptions.bar(userId, at, now() + 3000)
    await adoptions.bar(userId, at - 1000, now() + 1000)
    await isRefused(fixture, userId, oldCredential({ issuedAt: at }), BARRED)
    await adoptions.bar(userId, at + 1000, now() + 1000)
    await advance(1600)
    await isRefused(fixture, userId, oldCredential({ issuedAt: at + 1000 }), BARRED)
    await adopt({ userId }, oldCredential({ issuedAt: at + 1001 }))
    await advance(1800)
    await adopt({ userId }, oldCredential({ issuedAt: at }))
  }),

  adoptionCase(
    'a bar of all users refuses what was issued up to it, whoever it belongs to',
    async (fixture) => {
      const { adoptions, newUserId, oldCredential, adopt, advance, now } = fixture
      // Long ago: other cases may use the same store.
      await adoptions.bar(null, 1000, now() + 1000)
      await isRefused(fixture, newUserId(), oldCredential({ issuedAt: 1000 }), BARRED)
      await adopt({}, oldCredential({ issuedAt: 1001 }))
      const userId = newUserId()
      await adoptions.bar(userId, 500, now() + 60_000)
      await isRefused(fixture, userId, oldCredential({ issuedAt: 1000 }), BARRED)
      await advance(1400)
      await adopt({}, oldCredential({ issuedAt: 1000 }))
    }
  ),

  adoptionCase(
    `a bar before a removal leaves no adoption in flight active, ${ROUNDS} times`,
    async (fixture) => {
      const { store, adoptions, buildLogin, newUserId, oldCredential, now } = fixture
      let active = 0
      for (let round = 0; round < ROUNDS; round++) {
        const [userId, issuedAt] = [newUserId(), now() - 1]
        const adoptOne = () => adoptions.adopt(buildLogin({ userId }), oldCredential({ issuedAt }), NO_LIMIT)
        const adopting = [adoptOne(), adoptOne()]
        await adoptions.bar(userId, issuedAt, now() + 60_000)
        adopting.push(adoptOne())
        const removal = store.removeByUser(userId)
        adopting.push(adoptOne())
        await Promise.all([removal, ...adopting])
        active += (await store.listByUser(userId)).length
      }
      assert.equal(active, 0)
    }
  )
]

function claimOf({ adoptions }: AdoptionFixture, { userId }: Pick<Login, 'userId'>, input: AdoptInput) {
  return adoptions.findClaim(userId, input, input.issuedAt)
}

async function isRefused(
  { store, adoptions, buildLogin }: AdoptionFixture,
  userId: string,
  input: AdoptInput,
  outcome: typeof REVOKED | typeof BARRED
): Promise<void> {
  const before = await store.listByUser(userId)
  const login = buildLogin({ userId })
  assert.deepEqual(await adoptions.adopt(login, input, NO_LIMIT), outcome)
  assert.equal(await store.find(login.id), null)
  assert.equal(await adoptions.find(login.id), null)
  assert.deepEqual(await store.listByUser(userId), before)
  const { kind } = await adoptions.findClaim(userId, input, input.issuedAt)
  assert.equal(kind, outcome.kind === 'barred' ? 'barred' : 'claimed')
}
