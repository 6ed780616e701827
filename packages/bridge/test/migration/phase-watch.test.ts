import type { StoredPhase } from '@drawbridge/logins'
import t from 'tap'
import { LEASE_MS, PhaseWatch } from '../../src/migration/phase-watch.ts'

const both: StoredPhase = { migration: 'express', phase: 'both', version: 1, since: 0, by: 'ada' }

/** A watch whose reads are answered by hand. */
function createWatch(t: { teardown(work: () => void): void }) {
  const state = { now: 0, errors: [] as string[], answer: async (): Promise<StoredPhase | null> => null }
  const watch = new PhaseWatch({
    migration: 'express',
    readPhase: () => state.answer(),
    monotonicNow: () => state.now,
    onError: ({ message }) => state.errors.push(message)
  })
  t.teardown(() => watch.close())
  return { state, watch }
}

t.test('without a row the phase is the first one', async (t) => {
  const { watch } = createWatch(t)
  await watch.start()
  t.same(watch.current, { phase: 'old', version: 0, since: 0 })
})

t.test(
  'a phase that was read is acted on for five seconds from the question, not from the answer',
  async (t) => {
    const { state, watch } = createWatch(t)
    state.answer = async () => {
      state.now += 3000
      return both
    }
    await watch.start()
    state.now = LEASE_MS - 1
    t.match(watch.current, { phase: 'both', version: 1 })
    state.now = LEASE_MS
    t.throws(() => watch.current, { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
    t.notOk(watch.isKnown)
  }
)

t.test('a store that cannot be asked is reported once, and leaves what was read until then', async (t) => {
  const { state, watch } = createWatch(t)
  state.answer = async () => both
  await watch.start()
  state.answer = () => Promise.reject(new Error('down'))
  await watch.read()
  await watch.read()
  t.same(state.errors, ['down'])
  t.match(watch.current, { phase: 'both' })
  state.answer = async () => both
  await watch.read()
  state.answer = () => Promise.reject(new Error('down again'))
  await watch.read()
  t.same(state.errors, ['down', 'down again'])
})

t.test('a row that was lost is not taken for the first phase', async (t) => {
  const { state, watch } = createWatch(t)
  state.answer = async () => both
  await watch.start()
  state.answer = async () => null
  await watch.read()
  t.match(state.errors, [/lost the phase.*"both", version 1.*migrations\.restore/])
  state.now = LEASE_MS
  t.throws(() => watch.current, { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  state.answer = async () => ({ ...both, version: 2 })
  await watch.read()
  t.match(watch.current, { phase: 'both', version: 2 })
})

t.test('in an outage the last phase is found for as long as is asked for, and only then', async (t) => {
  const { state, watch } = createWatch(t)
  t.equal(await watch.findInOutage(60_000), null, 'nothing was read so far')
  state.answer = async () => both
  await watch.start()
  t.equal(await watch.findInOutage(60_000), null, 'the store can be reached')
  state.answer = () => Promise.reject(new Error('down'))
  t.match(await watch.findInOutage(60_000), { phase: 'both' }, 'it is asked first')
  state.now = 59_999
  t.match(await watch.findInOutage(60_000), { phase: 'both' })
  t.equal(await watch.findInOutage(59_999), null)
  state.now = 60_000
  t.equal(await watch.findInOutage(60_000), null)
  state.answer = async () => both
  await watch.read()
  t.equal(await watch.findInOutage(60_000), null)
})

t.test(
  'a store that has lost the row is no outage, and one that is down after that is none either',
  async (t) => {
    const { state, watch } = createWatch(t)
    state.answer = async () => both
    await watch.start()
    state.answer = async () => null
    t.equal(await watch.findInOutage(60_000), null)
    state.answer = () => Promise.reject(new Error('down'))
    await watch.read()
    t.equal(await watch.findInOutage(60_000), null)
  }
)
