import t from 'tap'
import { decideMove, movedPhase, PHASES, type MoveInput } from '../../src/stores/phase.ts'

const NOW = 100_000
const step = (changes: Partial<MoveInput>): MoveInput => ({
  from: null,
  to: 'both',
  by: 'ada',
  minIntervalMs: 35_000,
  ...changes
})

t.test('only steps to a neighbour are made', (t) => {
  const allowed = PHASES.map((phase) =>
    PHASES.filter((to) => {
      const decision = decideMove({ phase, version: 3, since: 0 }, step({ from: 3, to }), NOW)
      t.ok(decision === 'move' || decision === 'not-neighbour')
      return decision === 'move'
    })
  )
  t.same(allowed, [['both'], ['old', 'new'], ['both', 'retired'], ['new']])
  t.same(
    PHASES.filter((to) => decideMove(null, step({ to }), NOW) === 'move'),
    ['both'],
    'without a row'
  )
  t.end()
})

t.test('a step is made from the version that is stored', (t) => {
  const stored = { phase: 'old', version: 3, since: 0 } as const
  t.equal(decideMove(stored, step({ from: 3 }), NOW), 'move')
  for (const from of [null, 0, 2, 4]) t.equal(decideMove(stored, step({ from }), NOW), 'changed')
  t.equal(decideMove(null, step({ from: 0 }), NOW), 'changed')
  t.end()
})

t.test('a step comes too soon until the interval is over, also where the clock was set back', (t) => {
  const since = (since: number) => decideMove({ phase: 'old', version: 1, since }, step({ from: 1 }), NOW)
  t.equal(since(NOW - 35_000), 'move')
  t.equal(since(NOW - 34_999), 'too-soon')
  t.equal(since(NOW + 1), 'too-soon')
  t.end()
})

t.test('a row that was lost is written in any phase, and one that is there is not', (t) => {
  for (const to of PHASES) t.equal(decideMove(null, step({ to, lostVersion: 7 }), NOW), 'move')
  const stored = { phase: 'old', version: 7, since: 0 } as const
  t.equal(decideMove(stored, step({ to: 'new', lostVersion: 7 }), NOW), 'changed')
  t.equal(decideMove(stored, step({ from: 7, to: 'new', lostVersion: 7 }), NOW), 'not-neighbour')
  t.end()
})

t.test('each step has the next version', (t) => {
  const moved = { migration: 'm', phase: 'both', version: 1, since: NOW, by: 'ada' }
  t.same(movedPhase('m', step({}), NOW), moved)
  t.same(movedPhase('m', step({ from: 4 }), NOW), { ...moved, version: 5 })
  t.same(movedPhase('m', step({ lostVersion: 7 }), NOW), { ...moved, version: 8 })
  t.end()
})
