import t from 'tap'
import type { RefreshHandle } from '../../src/login.ts'
import { decideRotation, type Rotation, rotated } from '../../src/stores/rotation.ts'

const handle: RefreshHandle = {
  familyHash: 'f',
  generation: 7,
  hash: 'h7',
  previousHash: 'h6',
  sealed: 's7',
  rotatedAt: 100_000
}
const show = (generation: number, hash: string, graceSeconds = 10): Rotation => ({
  familyHash: 'f',
  generation,
  hash,
  nextHash: 'next',
  nextSealed: 'sealed',
  graceSeconds
})

t.test('who wins', (t) => {
  const decide = (shown: Rotation, now = 100_000) => decideRotation(handle, shown, now)
  t.equal(decide(show(7, 'h7')), 'rotate', 'the newest')
  t.equal(decide(show(7, 'h7'), 10 ** 12), 'rotate', 'however old')
  t.equal(decide(show(7, 'other')), 'reuse', 'another of its generation')
  t.equal(decide(show(6, 'h6')), 'replay', 'the one before')
  t.equal(decide(show(6, 'h6'), 109_999), 'replay', 'to the end of the window')
  t.equal(decide(show(6, 'h6'), 110_000), 'reuse', 'and no longer')
  t.equal(decide(show(6, 'other')), 'reuse', 'another of that generation')
  t.equal(decide(show(5, 'h6')), 'reuse', 'an older one')
  t.equal(decide(show(0, 'h0')), 'reuse', 'the first')
  t.equal(decide(show(8, 'h8')), 'rotate', 'one that the store has not reached')
  t.end()
})

t.test("M1: a token of another family is nobody's, whatever else it says", (t) => {
  for (const token of [show(7, 'h7'), show(7, 'other'), show(6, 'h6'), show(0, 'h0'), show(8, 'h8')])
    t.equal(decideRotation(handle, { ...token, familyHash: 'another' }, 100_000), 'unknown')
  t.end()
})

t.test('a window of 0 s is never open, not even where the clock was set back', (t) => {
  for (const now of [100_000, 99_000, 100_001]) {
    t.equal(decideRotation(handle, show(6, 'h6', 0), now), 'reuse')
  }
  t.equal(decideRotation(handle, show(6, 'h6', 10), 99_000), 'replay')
  t.end()
})

t.test('before the first rotation there is no token before', (t) => {
  const first = { ...handle, generation: 0, previousHash: null }
  t.equal(decideRotation(first, show(-1, 'h'), 100_000), 'reuse')
  t.end()
})

t.test('the handle that is left behind ties the two tokens together', (t) => {
  t.same(rotated(show(7, 'h7'), 5), {
    familyHash: 'f',
    generation: 8,
    hash: 'next',
    previousHash: 'h7',
    sealed: 'sealed',
    rotatedAt: 5
  })
  t.equal(decideRotation(rotated(show(7, 'h7'), 5), show(7, 'h7'), 6), 'replay')
  t.end()
})
