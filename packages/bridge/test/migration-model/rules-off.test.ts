import t from 'tap'
import { exploreAtRandom, exploreNearest, type Findings } from './explore.ts'
import { decisionsOff, type Rules, shippedRules } from './rules.ts'
import type { Variant } from './state.ts'
import type { World } from './systems.ts'

/** A rule that is switched off, the other system with which that is found soonest, and what is violated then. */
interface RuleOff {
  readonly off: Partial<Rules> | undefined
  readonly variant: Variant
  readonly violates: RegExp
  /** Of the walks: one with which it is found soon. Default 11. */
  readonly seed?: number
}

/** The rules that none is listed for save logins, and no invariant: that a value signed anew is claimed, that `old` makes nothing. */
const RULES_OFF: Readonly<Record<string, RuleOff>> = {
  'a claim outlives its login': { off: { keepsClaims: false }, variant: 'signed, emptied', violates: /^I2/ },
  'a log-out claims what it was presented with': {
    off: { claimsAtLogOut: false },
    variant: 'signed, emptied',
    violates: /^I2/
  },
  'a log-out ends both': { off: { endsBoth: false }, variant: 'record', violates: /^I2/ },
  'the lead returns once it is seen': {
    off: { leadsOnceSeen: false },
    variant: 'signed anew',
    violates: /^I1/
  },
  'old instances are stopped first': { off: { stopsOldFirst: false }, variant: 'record', violates: /^I1/ },
  'nodes take one step at a time': { off: { takesOneStep: false }, variant: 'record', violates: /^I1/ },
  'old instances start again at a count of none': {
    off: { countsBeforeOld: false },
    variant: 'signed, removed',
    violates: /^I1/
  },
  'retired at a count of none': {
    off: { countsBeforeRetired: false },
    variant: 'signed anew',
    violates: /^I1/
  },
  ...Object.fromEntries(
    (
      [
        ['while the other system leads, a login that is missing there is missing', 'record'],
        ['we lead only what was handed over', 'record'],
        ['retired serves only what we lead', 'record'],
        ['a credential that is not presented ends nothing', 'signed, emptied', 6],
        ['requests on their way have half a minute', 'signed, emptied', 6]
      ] as const
    ).map(([name, variant, seed = 11]) => [name, { off: decisionsOff[name], variant, violates: /^I/, seed }])
  )
}

/** The nearest states are looked at first, and then walks go deeper. */
function findFirst(world: World, seed: number): Findings {
  const nearest = exploreNearest(world, 3000)
  return nearest.broken === null ? exploreAtRandom(world, { walks: 12_000, length: 36, seed }) : nearest
}

for (const [name, { off, variant, violates, seed = 11 }] of Object.entries(RULES_OFF)) {
  t.test(`an invariant is violated without the rule: ${name}`, async (t) => {
    t.ok(off, 'the rule is one that can be switched off')
    const { broken, trail } = findFirst({ variant, rules: { ...shippedRules, ...off } }, seed)
    t.comment([broken, ...trail].join('; '))
    t.match(broken ?? 'nothing', violates)
  })
}
