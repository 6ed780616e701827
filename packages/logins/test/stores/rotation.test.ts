import t from 'tap'
import type { RefreshTokenState } from '../../src/login/login.ts'
import { decideRotation, type RotateInput, rotatedState } from '../../src/stores/rotation.ts'

const state: RefreshTokenState = {
  familyHash: 'f',
  generation: 7,
  hash: 'h7',
  previousHash: 'h6',
  sealed: 's7',
  rotatedAt: 100_000
}
const present = (generation: number, hash: string, graceSeconds = 10): RotateInput => ({
  familyHash: 'f',
  generation,
  hash,
  nextHash: 'next',
  nextSealed: 'sealed',
  graceSeconds
})

t.test('what happens to each token', (t) => {
  const decide = (presented: RotateInput, now = 100_000) => decideRotation(state, presented, now)
  t.equal(decide(present(7, 'h7')), 'rotate', 'the newest')
  t.equal(decide(present(7, 'h7'), 10 ** 12), 'rotate', 'however old')
  t.equal(decide(present(7, 'other')), 'reuse', 'another of its generation')
  t.equal(decide(present(6, 'h6')), 'repeat', 'the one before')
  t.equal(decide(present(6, 'h6'), 109_999), 'repeat', 'until the end of the window')
  t.equal(decide(present(6, 'h6'), 110_000), 'reuse', 'after the window')
  t.equal(decide(present(6, 'other')), 'reuse', 'another of that generation')
  t.equal(decide(present(5, 'h6')), 'reuse', 'an older one')
  t.equal(decide(present(0, 'h0')), 'reuse', 'the first')
  t.equal(decide(present(8, 'h8')), 'rotate', 'one of a generation that the store has not reached')
  t.end()
})

t.test('M1: a token of another family is unknown, whatever else it says', (t) => {
  for (const token of [
    present(7, 'h7'),
    present(7, 'other'),
    present(6, 'h6'),
    present(0, 'h0'),
    present(8, 'h8')
  ])
    t.equal(decideRotation(state, { ...token, familyHash: 'another' }, 100_000), 'unknown')
  t.end()
})

t.test('a window of 0 s is never open, not even where the clock was set back', (t) => {
  for (const now of [100_000, 99_000, 100_001]) {
    t.equal(decideRotation(state, present(6, 'h6', 0), now), 'reuse')
  }
  t.equal(decideRotation(state, present(6, 'h6', 10), 99_000), 'repeat')
  t.end()
})

t.test('before the first rotation there is no previous token', (t) => {
  const first = { ...state, generation: 0, previousHash: null }
  t.equal(decideRotation(first, present(-1, 'h'), 100_000), 'reuse')
  t.end()
})

t.test('the state after a rotation links the two tokens', (t) => {
  t.same(rotatedState(present(7, 'h7'), 5), {
    familyHash: 'f',
    generation: 8,
    hash: 'next',
    previousHash: 'h7',
    sealed: 'sealed',
    rotatedAt: 5
  })
  t.equal(decideRotation(rotatedState(present(7, 'h7'), 5), present(7, 'h7'), 6), 'repeat')
  t.end()
})
