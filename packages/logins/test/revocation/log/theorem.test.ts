import fc from 'fast-check'
import t from 'tap'
import type { Fault } from './simulated-log.ts'
import { type Action, SimulatedService } from './simulated-service.ts'

const NODES = 3

const small = fc.integer({ min: 0, max: 5 })
const few = fc.integer({ min: 0, max: 2 })
const record = fc.record
const fault: fc.Arbitrary<Fault> = fc.oneof(
  record({
    kind: fc.constantFrom(
      'restart',
      'wipe',
      'lose everything',
      'delete the stream',
      'delete the epoch',
      'hang'
    )
  }) as fc.Arbitrary<Fault>,
  record({ kind: fc.constant('lose the tail' as const), count: few }),
  record({
    kind: fc.constant('promote a replica' as const),
    lag: few,
    clockBehindMs: fc.constantFrom(0, 2000)
  }),
  record({ kind: fc.constant('trim' as const), keep: few }),
  record({ kind: fc.constant('delete entries' as const), every: fc.integer({ min: 1, max: 3 }) }),
  record({ kind: fc.constant('delete the newest' as const), count: fc.integer({ min: 1, max: 3 }) }),
  record({ kind: fc.constant('set the clock back' as const), ms: fc.constant(500) })
)

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(25, 100, 300, 1100) })
  },
  { weight: 4, arbitrary: record({ kind: fc.constant('issue' as const) }) },
  { weight: 4, arbitrary: record({ kind: fc.constant('verify' as const), node: small }) },
  { weight: 6, arbitrary: record({ kind: fc.constant('revoke' as const), login: small }) },
  {
    weight: 4,
    arbitrary: record({ kind: fc.constantFrom('pause' as const, 'resume' as const), node: small })
  },
  { weight: 1, arbitrary: record({ kind: fc.constant('boot' as const), node: small }) },
  { weight: 2, arbitrary: record({ kind: fc.constant('detour' as const), node: small, log: small }) },
  {
    weight: 3,
    arbitrary: record({
      kind: fc.constantFrom('slow append' as const, 'slow audit' as const),
      log: small,
      ms: fc.constantFrom(0, 50, 300, 900)
    })
  },
  {
    weight: 2,
    arbitrary: record({ kind: fc.constant('deaf' as const), node: small, isDeaf: fc.boolean() })
  },
  { weight: 4, arbitrary: record({ kind: fc.constant('fault' as const), log: small, fault }) },
  { weight: 1, arbitrary: record({ kind: fc.constant('heal' as const) }) }
)

/** A node is paused while a login is revoked and a fault happens, with random actions in between. */
const episode: fc.Arbitrary<Action[]> = fc
  .tuple(
    small,
    small,
    small,
    fault,
    fc.constantFrom(25, 100, 900),
    fc.array(action, { minLength: 6, maxLength: 6 })
  )
  .map(([node, login, log, fault, ms, [a, b, c, d, e, f]]) =>
    [
      { kind: 'issue' } as const,
      a,
      { kind: 'verify', node } as const,
      b,
      { kind: 'pause', node } as const,
      { kind: 'revoke', login } as const,
      c,
      { kind: 'pass', ms } as const,
      d,
      { kind: 'fault', log, fault } as const,
      e,
      { kind: 'resume', node } as const,
      f
    ].filter((action) => action !== undefined)
  )

const part = fc.oneof({ weight: 8, arbitrary: action.map((one) => [one]) }, { weight: 1, arbitrary: episode })

/** The same seed each time, unless one is given. */
const seed = Number(process.env.SEED ?? 156_161_514)
const numRuns = Number(process.env.RUNS ?? 1500)

for (const logs of [1, 3]) {
  t.test(
    `no node accepts a login whose revocation was confirmed longer ago than the bound: ${logs} log(s)`,
    async (t) => {
      t.comment(`SEED=${seed}`)
      const theorem = fc.property(fc.array(part, { minLength: 5, maxLength: 40 }), (parts) => {
        const wrong = new SimulatedService(logs, NODES).run(parts.flat())
        if (wrong !== null) throw new Error(wrong)
      })
      const result = fc.check(theorem, { seed, numRuns })
      t.equal(result.failed, false, fc.defaultReportMessage(result) ?? '')
    }
  )
}
