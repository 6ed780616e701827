import t from 'tap'
import { toFigureResults } from '../../src/results/figures.ts'
import { Measurements } from '../../src/results/measurements.ts'
import { row } from './rows.ts'

const findFigure = (id: string, measured: Measurements) =>
  toFigureResults(measured).find((figure) => figure.id === id)

t.test('the added cost of a guard is compared with that of a peer, each above its own floor', async (t) => {
  const measured = new Measurements(
    [row('session-guard', [22, 23, 21], [20, 20, 20]), row('fastify-session', [40, 50, 60], [20, 20, 20])],
    []
  )
  // 2/20, 3/30 and 1/40: round by round, before the median is taken.
  t.match(findFigure('session-warm', measured), {
    value: { median: 0.1, least: 0.025, most: 0.1 },
    isReached: true
  })
})

t.test('a figure is reached up to its limit, and not beyond', async (t) => {
  const with_ = (added: number) =>
    new Measurements([row('session-guard', [20 + added], [20]), row('fastify-session', [120], [20])], [])
  t.equal(findFigure('session-warm', with_(12))?.isReached, true)
  t.equal(findFigure('session-warm', with_(12.1))?.isReached, false)
})

t.test('a rate has a lower bound', async (t) => {
  const rowsWithRate = (rate: number) => {
    const one = row('session-guard', [22], [20])
    const samples = one.samples.map((sample) => ({ ...sample, requestsPerSecond: rate }))
    return new Measurements([{ ...one, samples }], [])
  }
  t.match(findFigure('session-pace', rowsWithRate(850)), { value: { median: 0.85 }, isReached: true })
  t.equal(findFigure('session-pace', rowsWithRate(849))?.isReached, false)
})

t.test('the CPU of a whole request is compared where both are ours', async (t) => {
  const rows = [row('session-guard-1', [20], null), row('session-guard-100000', [25], null)]
  t.match(findFigure('session-many', new Measurements(rows, [])), {
    value: { median: 1.25 },
    isReached: true
  })
})

t.test('a finding is looked up by its id', async (t) => {
  const findings = [
    { id: 'log-ins', label: '', unit: '/s', values: [95, 80] },
    { id: 'route', label: '', unit: '/s', values: [100, 100] }
  ]
  t.match(findFigure('log-ins', new Measurements([], findings)), { value: { least: 0.8, most: 0.95 } })
})

t.test('a figure with a missing measurement is left out', async (t) => {
  t.strictSame(toFigureResults(new Measurements([row('session-guard', [1], null)], [])), [])
})
