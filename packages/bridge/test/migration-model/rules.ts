import { decideLead, type Facts, type Step } from '../../src/migration/decide-lead.ts'

/** The rules that the model follows: the function that ships, and what is done around it. Each can be switched off. */
export interface Rules {
  readonly decideLead: (facts: Facts) => Step
  /** A claim outlives its login, so that what was logged out is not adopted again. */
  readonly keepsClaims: boolean
  /** A log-out claims the credential that it was presented with. */
  readonly claimsAtLogOut: boolean
  /** A log-out ends the login of the other system too. */
  readonly endsBoth: boolean
  /** The other system leads again once its credential was seen, not once it was sent. */
  readonly leadsOnceSeen: boolean
  /** Instances of the other system are stopped before we lead. */
  readonly stopsOldFirst: boolean
  /** No step before every node has learnt of the last one. */
  readonly takesOneStep: boolean
  /** Instances of the other system start again only when it leads every login. */
  readonly countsBeforeOld: boolean
  /** Retired only when we lead every login. */
  readonly countsBeforeRetired: boolean
}

export const shippedRules: Rules = {
  decideLead,
  keepsClaims: true,
  claimsAtLogOut: true,
  endsBoth: true,
  leadsOnceSeen: true,
  stopsOldFirst: true,
  takesOneStep: true,
  countsBeforeOld: true,
  countsBeforeRetired: true
}

const serveOurs: Step = { kind: 'serve-ours', lead: null, giveOld: false }

/** Rules of `decideLead` that are switched off, by what is done in their place. */
export const decisionsOff: Readonly<Record<string, Partial<Rules>>> = {
  'a value that was signed anew belongs to the login beside it': instead((step) =>
    step.kind === 'find' && step.fact === 'claimed' && step.by === 'claim' ? { ...step, by: 'adopt' } : null
  ),
  'the phase old makes nothing': instead((step) =>
    step.kind === 'find' && step.fact === 'claimed' && step.by === 'look' ? { ...step, by: 'adopt' } : null
  ),
  'while the other system leads, a login that is missing there is missing': instead((step, { ours }) =>
    ours !== null && (step.kind === 'reject' || (step.kind === 'find' && step.fact === 'isActiveThere'))
      ? serveOurs
      : null
  ),
  'we lead only what was handed over': instead((_step, { phase, ours }) =>
    phase === 'new' && ours !== null ? serveOurs : null
  ),
  'retired serves only what we lead': instead((_step, { phase, ours }) =>
    phase === 'retired' && ours !== null ? serveOurs : null
  ),
  'a credential that is not presented ends nothing': instead((_step, { old, ours, keepsRecord }) =>
    old?.kind === 'none' && ours?.link?.ledBy === 'old' && !keepsRecord
      ? { kind: 'reject', cause: 'its old cookie is missing', revokeOurs: true }
      : null
  ),
  'requests on their way have half a minute': {
    decideLead: (facts) => {
      const { ours } = facts
      if (!ours?.link) return decideLead(facts)
      return decideLead({ ...facts, ours: { ...ours, link: { ...ours.link, returnedAt: null } } })
    }
  }
}

function instead(replace: (step: Step, facts: Facts) => Step | null): Partial<Rules> {
  return {
    decideLead: (facts) => {
      const step = decideLead(facts)
      return replace(step, facts) ?? step
    }
  }
}
