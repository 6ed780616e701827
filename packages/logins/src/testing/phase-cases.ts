import assert from 'node:assert/strict'
import type { AdoptedLogin, AdoptionStore } from '../stores/adoption-store.ts'
import type { MoveInput } from '../stores/phase.ts'
import { adoptionCase, type AdoptionFixture, countKind } from './adoption-fixture.ts'

const CONCURRENCY = 20

/** Cases of `adoptionCases`: the phase of a migration, and the numbers that an operator asks for. */
export const phaseCases = [
  adoptionCase('a migration without a row has no phase, and its first step is from old', async (fixture) => {
    const { adoptions, migration, now } = fixture
    assert.equal(await adoptions.readPhase(migration), null)
    const skipped = await adoptions.movePhase(migration, step({ to: 'new' }))
    assert.deepEqual(skipped, { kind: 'not-neighbour', stored: null })
    const outcome = await adoptions.movePhase(migration, step({ to: 'both', by: 'ada\tü\n"' }))
    assert.ok(outcome.kind === 'moved')
    const { since } = outcome.stored
    assert.ok(Math.abs(since - now()) < 60_000, `${since}`)
    assert.deepEqual(outcome.stored, { migration, phase: 'both', version: 1, since, by: 'ada\tü\n"' })
    assert.deepEqual(await adoptions.readPhase(migration), outcome.stored)
  }),

  adoptionCase('steps are made to a neighbour only, forth and back', async ({ adoptions, migration }) => {
    const phases = ['both', 'new', 'retired', 'new', 'both', 'old', 'both'] as const
    for (const [at, to] of phases.entries()) {
      const from = at === 0 ? null : at
      const earlier = await adoptions.readPhase(migration)
      for (const other of ['old', 'both', 'new', 'retired'] as const) {
        const order = ['old', 'both', 'new', 'retired']
        const distance = Math.abs(order.indexOf(other) - order.indexOf(earlier?.phase ?? 'old'))
        if (distance === 1) continue
        const refused = await adoptions.movePhase(migration, step({ from, to: other }))
        assert.deepEqual(refused, { kind: 'not-neighbour', stored: earlier })
      }
      const outcome = await adoptions.movePhase(migration, step({ from, to }))
      assert.ok(outcome.kind === 'moved')
      assert.equal(outcome.stored.version, at + 1)
      assert.equal(outcome.stored.phase, to)
      assert.deepEqual(await adoptions.readPhase(migration), outcome.stored)
    }
  }),

  adoptionCase('a second step comes too soon until the interval is over', async (fixture) => {
    const { adoptions, migration, advance } = fixture
    await adoptions.movePhase(migration, step({ to: 'both' }))
    const second = step({ from: 1, to: 'new', minIntervalMs: 3000 })
    await advance(1000)
    const refused = await adoptions.movePhase(migration, second)
    assert.ok(refused.kind === 'too-soon')
    assert.ok(refused.waitMs > 0 && refused.waitMs <= 2000, `${refused.waitMs}`)
    assert.deepEqual(refused.stored, await adoptions.readPhase(migration))
    await advance(2400)
    assert.equal((await adoptions.movePhase(migration, second)).kind, 'moved')
  }),

  adoptionCase('of parallel steps from one version one is made', async ({ adoptions, migration }) => {
    for (const from of [null, 1, 2]) {
      const to = from === 1 ? 'old' : 'both'
      const outcomes = await Promise.all(
        Array.from({ length: CONCURRENCY }, (_, at) =>
          adoptions.movePhase(migration, step({ from, to, by: `operator ${at}` }))
        )
      )
      assert.equal(countKind(outcomes, 'moved'), 1)
      assert.equal(countKind(outcomes, 'changed'), CONCURRENCY - 1)
      const stored = await adoptions.readPhase(migration)
      for (const outcome of outcomes) assert.deepEqual(outcome.stored, stored)
    }
  }),

  adoptionCase('a step from a version that is not the stored one changes nothing', async (fixture) => {
    const { adoptions, migration } = fixture
    const early = await adoptions.movePhase(migration, step({ from: 1, to: 'both' }))
    assert.deepEqual(early, { kind: 'changed', stored: null })
    await adoptions.movePhase(migration, step({ to: 'both' }))
    const stored = await adoptions.readPhase(migration)
    for (const from of [null, 0, 2])
      assert.deepEqual(await adoptions.movePhase(migration, step({ from, to: 'new' })), {
        kind: 'changed',
        stored
      })
    assert.deepEqual(await adoptions.readPhase(migration), stored)
  }),

  adoptionCase(
    'a row that was lost is written anew, above the version that nodes have seen',
    async (fixture) => {
      const { adoptions, migration } = fixture
      const restore = step({ to: 'new', lostVersion: 7 })
      const outcome = await adoptions.movePhase(migration, restore)
      assert.ok(outcome.kind === 'moved')
      assert.equal(outcome.stored.version, 8)
      assert.equal(outcome.stored.phase, 'new')
      assert.equal((await adoptions.movePhase(migration, restore)).kind, 'changed', 'it is not lost now')
      const skipped = await adoptions.movePhase(migration, step({ from: 8, to: 'old', lostVersion: 8 }))
      assert.equal(skipped.kind, 'not-neighbour')
    }
  ),

  adoptionCase('the active logins of a migration are counted by lead, exactly', async (fixture) => {
    const { store, adoptions, adopt, insertLogin, oldCredential, migration, advance } = fixture
    const none = { old: 0, new: 0, returned: 0, mostOfOneUser: null }
    assert.deepEqual(await adoptions.countByLead(migration, 60_000), none)
    const led = (ledBy: 'old' | 'new') => adopt({}, oldCredential({ ledBy }))
    const old = await Promise.all(Array.from({ length: 7 }, () => led('old')))
    const ours = await Promise.all(Array.from({ length: 4 }, () => led('new')))
    await led('old').then(({ login }) => store.remove(login.id))
    await adopt({ idleTimeoutSeconds: 1 })
    await adopt({}, oldCredential({ migration: `${migration} 2` }))
    await insertLogin()
    await advance(1600)
    const count = async (withinMs: number) => {
      const { mostOfOneUser, ...leads } = await adoptions.countByLead(migration, withinMs)
      assert.equal(mostOfOneUser?.count, 1)
      return leads
    }
    assert.deepEqual(await count(60_000), { old: 7, new: 4, returned: 0 })
    const [first, second] = ours
    for (const one of [first, second])
      await adoptions.lead(one?.login.id ?? '', { ...(one?.input ?? old[0]!.input), ledBy: 'old' })
    await advance(10)
    assert.deepEqual(await count(60_000), { old: 9, new: 2, returned: 2 })
    assert.deepEqual(await count(1), { old: 9, new: 2, returned: 0 })
    const listed = await listAll(adoptions, migration)
    const active = [...old, ...ours].map(({ login }) => login.id)
    assert.deepEqual([...listed.keys()].toSorted(), active.toSorted())
    for (const [loginId, adoption] of listed) assert.deepEqual(adoption, await adoptions.find(loginId))
  }),

  adoptionCase('of a user with several active logins of a migration they are counted', async (fixture) => {
    const { store, adoptions, adopt, oldCredential, migration, newUserId } = fixture
    const [ada, bob] = [newUserId(), newUserId()]
    const mine = []
    for (let at = 0; at < 4; at++) mine.push((await adopt({ userId: ada })).login)
    for (let at = 0; at < 2; at++) await adopt({ userId: bob })
    for (let at = 0; at < 5; at++)
      await adopt({ userId: bob }, oldCredential({ migration: `${migration} 2` }))
    await store.remove(mine[0]?.id ?? '')
    const { mostOfOneUser } = await adoptions.countByLead(migration, 60_000)
    assert.equal(mostOfOneUser?.count, 3)
    assert.ok(mine.slice(1).some(({ id }) => id === mostOfOneUser?.loginId))
  }),

  adoptionCase('numbers are added and raised, for each phase and migration', async (fixture) => {
    const { adoptions, migration } = fixture
    assert.deepEqual(await adoptions.readCounts(migration), {})
    const sums = { adopted: 2, 'rejected.signature': 1 }
    await Promise.all(
      Array.from({ length: CONCURRENCY }, (_, at) =>
        adoptions.addCounts(migration, 'both', {
          add: sums,
          raise: { oldLastServedAt: 1_900_000_000_000 + at }
        })
      )
    )
    await adoptions.addCounts(migration, 'both', { raise: { oldLastServedAt: 5 } })
    await adoptions.addCounts(migration, 'new', { add: { adopted: 1 } })
    await adoptions.addCounts(`${migration} 2`, 'new', { add: { adopted: 9 } })
    await adoptions.addCounts(migration, 'retired', {})
    assert.deepEqual(await adoptions.readCounts(migration), {
      both: { adopted: 40, 'rejected.signature': 20, oldLastServedAt: 1_900_000_000_019 },
      new: { adopted: 1 }
    })
  })
]

function step(changes: Partial<MoveInput> & Pick<MoveInput, 'to'>): MoveInput {
  return { from: null, by: 'ada', minIntervalMs: 0, ...changes }
}

async function listAll(
  adoptions: AdoptionFixture['adoptions'],
  migration: string
): Promise<Map<string, AdoptedLogin['adoption']>> {
  const listed = new Map<string, AdoptedLogin['adoption']>()
  let cursor: Awaited<ReturnType<AdoptionStore['list']>>['cursor'] = null
  do {
    const page: Awaited<ReturnType<AdoptionStore['list']>> = await adoptions.list(migration, cursor)
    for (const { loginId, adoption } of page.adopted) listed.set(loginId, adoption)
    cursor = page.cursor
  } while (cursor !== null)
  return listed
}
