import t from 'tap'
import { exploreAtRandom, exploreNearest, type Findings } from './explore.ts'
import { decisionsOff, type Rules, shippedRules } from './rules.ts'
import type { Variant } from './state.ts'

interface RuleOff {
  readonly off: Partial<Rules>
  /** The other system with which it is found soonest. */
  readonly variant: Variant
  readonly violates: 'I1' | 'I2' | 'I3'
}

const RULES_OFF: Readonly<Record<string, RuleOff>> = {
  'a claim outlives its login': { off: { keepsClaims: false }, variant: 'record', violates: 'I2' },
  'a log-out claims what it was presented with': {
    off: { claimsAtLogOut: false },
    variant: 'signed, emptied',
    violates: 'I2'
  },
  'a log-out ends both': { off: { endsBoth: false }, variant: 'record', violates: 'I2' },
  'the lead returns once it is seen': {
    off: { leadsOnceSeen: false },
    variant: 'signed, emptied',
    violates: 'I1'
  },
  'old instances are stopped first': {
    off: { stopsOldFirst: false },
    variant: 'signed, emptied',
    violates: 'I1'
  },
  'nodes take one step at a time': {
    off: { takesOneStep: false },
    variant: 'signed, emptied',
    violates: 'I1'
  },
  'old instances start again at a count of none': {
    off: { countsBeforeOld: false },
    variant: 'signed, emptied',
    violates: 'I1'
  },
  'retired at a count of none': { off: { countsBeforeRetired: false }, variant: 'record', violates: 'I1' }
}

function findFirst(world: { readonly variant: Variant; readonly rules: Rules }): Findings {
  const nearest = exploreNearest(world, 12_000)
  return nearest.broken === null ? exploreAtRandom(world, { walks: 12_000, length: 36, seed: 11 }) : nearest
}

for (const name of process.env.PROBE ? [...Object.keys(RULES_OFF), ...Object.keys(decisionsOff)] : []) {
  for (const variant of ['record', 'signed, emptied', 'signed, removed', 'signed anew'] as const) {
    const off = RULES_OFF[name]?.off ?? decisionsOff[name]
    const started = Date.now()
    const { broken, trail } = findFirst({ variant, rules: { ...shippedRules, ...off } })
    console.log(name, '|', variant, '|', broken, trail.length, Date.now() - started)
  }
}
t.pass('x')
