import t from 'tap'
import { exploreAll, exploreAtRandom, type Findings } from './explore.ts'
import { shippedRules } from './rules.ts'
import { createStarts } from './starts.ts'

/** The same seed each time, unless one is given. */
const seed = Number(process.env.SEED ?? 731_202_611)
const walks = Number(process.env.RUNS ?? 250)

function describe({ violation, trail }: Findings): string {
  return violation === null ? '' : [violation, ...trail].join('\n  ')
}

for (const [name, start] of Object.entries(createStarts(shippedRules))) {
  t.test(`I1 to I5 are true in every state that can be reached: ${name}`, async (t) => {
    const depth = start.issued.length === 0 ? 3 : 2
    const findings = exploreAll(shippedRules, start, depth)
    t.equal(describe(findings), '')
    t.ok(findings.states > 400, `${findings.states} states`)
  })
}

for (const clientCount of [1, 2]) {
  t.test(`I1 to I5 are true on random walks: ${clientCount} client(s)`, async (t) => {
    t.comment(`SEED=${seed}`)
    const findings = exploreAtRandom(shippedRules, { clientCount, walks, steps: 40, seed })
    t.equal(describe(findings), '', `SEED=${seed}`)
    t.equal(findings.states, walks * 40)
  })
}
