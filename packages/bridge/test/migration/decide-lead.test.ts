import t from 'tap'
import { decideLead, type Facts, type Link } from '../../src/migration/decide-lead.ts'

const facts: Facts = {
  phase: 'both',
  keepsRecord: false,
  presentsOneSide: false,
  now: 1_000_000,
  requestTimeoutMs: 30_000,
  ours: null
}
const login = (link: Link | null) => ({ loginId: 'ours', userId: 'ada', link })
const led = (ledBy: 'old' | 'new', returnedAt: number | null = null): Link => ({
  key: 'k',
  ledBy,
  returnedAt
})
const found = { kind: 'found', key: 'k', userId: 'ada' } as const

t.test('after a step back who has no valid credential of the other system is given one', async (t) => {
  const ours = login(led('new'))
  const given = { kind: 'serve-ours', lead: null, giveOld: true }
  for (const kind of ['none', 'empty', 'invalid'] as const)
    t.same(decideLead({ ...facts, ours, old: { kind } }), given, kind)
  t.same(decideLead({ ...facts, ours, old: found, claimed: { kind: 'rejected' } }), given, 'a revoked one')
  t.same(decideLead({ ...facts, ours: login(null), old: { kind: 'none' } }), given, 'a sign-in with us')
})

t.test('a credential that names no login is no reason to give another one', async (t) => {
  const old = { ...found, key: null }
  const claimed = { kind: 'unclaimed' } as const
  t.match(decideLead({ ...facts, ours: login(led('new')), old }), { kind: 'serve-ours', giveOld: false })
  t.same(decideLead({ ...facts, old, claimed }), { kind: 'serve-old' })
  t.same(decideLead({ ...facts, ours: login(null), old: { ...old, userId: 'bob' }, claimed }), {
    kind: 'serve-old'
  })
})

t.test('a credential that names no login may be barred, and is never claimed', async (t) => {
  const old = { ...found, key: null }
  for (const phase of ['old', 'both', 'new'] as const)
    for (const ours of [null, { ...login(led('old')), userId: 'bob' }])
      t.same(decideLead({ ...facts, phase, ours, old }), { kind: 'find', fact: 'claimed', by: 'look' }, phase)
  t.match(decideLead({ ...facts, old, claimed: { kind: 'rejected' } }), {
    kind: 'reject',
    revokeOurs: false
  })
})

t.test(
  'a request that left before the browser had the old cookie back has as long as a request may take',
  async (t) => {
    const at = (returnedAt: number) =>
      decideLead({ ...facts, ours: login(led('old', returnedAt)), old: { kind: 'none' } })
    t.match(at(facts.now - 29_999), { kind: 'serve-ours', giveOld: false })
    t.match(at(facts.now - 30_000), { kind: 'reject', revokeOurs: false })
  }
)

t.test('in the phase new a login that we lead is served without a look at anything else', async (t) => {
  for (const link of [null, led('new')])
    t.same(decideLead({ ...facts, phase: 'new', ours: login(link) }), {
      kind: 'serve-ours',
      lead: null,
      giveOld: false
    })
  t.same(decideLead({ ...facts, phase: 'new', ours: login(led('old')) }), { kind: 'find', fact: 'old' })
})

t.test('a token is never adopted by a guard', async (t) => {
  for (const phase of ['old', 'both', 'new'] as const) {
    const bearer = { ...facts, phase, presentsOneSide: true, old: found }
    t.same(decideLead(bearer), { kind: 'find', fact: 'claimed', by: 'look' })
    t.match(decideLead({ ...bearer, claimed: { kind: 'active', login: login(led('new')) } }), {
      kind: 'serve-claimed',
      lead: null,
      sendOurs: false
    })
  }
})
