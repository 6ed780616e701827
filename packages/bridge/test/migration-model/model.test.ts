import t from 'tap'
import { exploreAtRandom, exploreNearest, type Findings } from './explore.ts'
import { shippedRules } from './rules.ts'
import type { Variant } from './state.ts'

/** The same seed each time, unless one is given. */
const seed = Number(process.env.SEED ?? 31)
const walks = Number(process.env.RUNS ?? 400)
const mostStates = Number(process.env.STATES ?? 12_000)

const VARIANTS: readonly Variant[] = ['record', 'signed, emptied', 'signed, removed', 'signed anew']

const describe = ({ broken, trail }: Findings) => (broken === null ? '' : [broken, ...trail].join('\n  '))

const worlds = VARIANTS.flatMap((variant) => [
  { variant, rules: shippedRules, title: variant },
  { variant, rules: shippedRules, isThrottled: true, title: `${variant}, one node makes no more logins` }
])

for (const { title, ...world } of worlds) {
  t.test(`I1 to I3 are true in the nearest states of a migration: ${title}`, async (t) => {
    const findings = exploreNearest(world, mostStates)
    t.equal(describe(findings), '')
    t.equal(findings.states, mostStates)
  })

  t.test(`I1 to I3 are true on random walks through a migration: ${title}`, async (t) => {
    t.comment(`SEED=${seed}`)
    const findings = exploreAtRandom(world, { walks, length: 36, seed })
    t.equal(describe(findings), '', `SEED=${seed}`)
    t.equal(findings.states, walks * 36)
  })
}
