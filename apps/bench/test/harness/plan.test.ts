import t from 'tap'
import { groups, checkGroups } from '../../src/harness/plan.ts'
import { figures, toFigureResults } from '../../src/results/figures.ts'
import { Measurements } from '../../src/results/measurements.ts'
import { trials } from '../../src/trials/index.ts'
import { row } from '../results/rows.ts'

const rows = groups.flatMap((group) => group.rows)
const asMeasured = (ids: readonly (typeof rows)[number][]) =>
  ids.map(({ id, headers }) => row(id, [2], headers === null ? null : [1]))

t.test('the id of each row is unique', async (t) => {
  t.equal(new Set(rows.map(({ id }) => id)).size, rows.length)
  t.equal(new Set(trials.map(({ id }) => id)).size, trials.length)
})

t.test('the rows of each ratio are in the plan', async (t) => {
  const found = toFigureResults(new Measurements(asMeasured(rows), [])).map(({ id }) => id)
  const trialFigures = [
    'bridge-session',
    'bridge-token',
    'key-token',
    'moved-session',
    'verifier-token',
    'telemetry-session',
    'telemetry-token',
    'connections-session',
    'connections-token',
    'token-cold-hs256',
    'token-cold-hs256-cache',
    'session-snapshot',
    'eight-nodes',
    'verifier-lag',
    'session-bytes',
    'token-bytes',
    'connection-bytes',
    'connection-micros',
    'log-ins',
    'flood',
    'redis-session',
    'redis-token'
  ]
  t.strictSame(
    figures.map(({ id }) => id).filter((id) => !found.includes(id)),
    trialFigures
  )
})

t.test(
  'rows whose costs are compared are measured in the same rounds, over floors of their own headers',
  async (t) => {
    for (const group of groups) {
      const kinds = new Map<string, Set<string>>()
      for (const { headers, scenario, setting } of group.rows) {
        if (headers === null) continue
        const kind = `${setting.algorithm === 'HS256' ? 'short' : 'long'} ${/token|jwt/.test(scenario) ? 'token' : scenario}`
        kinds.set(headers, (kinds.get(headers) ?? new Set()).add(kind))
      }
      for (const [headers, of] of kinds) t.equal(of.size, 1, `${group.id}: ${headers}`)
    }
  }
)

t.test('a check compares figures', async (t) => {
  const short = checkGroups().flatMap((group) => group.rows)
  t.ok(toFigureResults(new Measurements(asMeasured(short), [])).length >= 8)
})
