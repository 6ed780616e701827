import type { Adoption, Phase } from '@drawbridge/logins'

/*
 * The state of the model: what both systems have stored, the one browser, what is on its way, and the truth that no server
 * sees. A sign-in begins a lineage, a number; whatever a sign-in leads to belongs to it.
 */

/** How the other system behaves. */
export type Variant =
  /** It stores a record of each login: express-session. */
  | 'record'
  /** It signs a value, and at a log-out leaves a valid one with nobody in it. */
  | 'signed, emptied'
  /** It signs a value, and at a log-out removes the cookie. */
  | 'signed, removed'
  /** As `signed, emptied`, and every response sets a new value. */
  | 'signed anew'

/** A login of ours. Its index is its id. */
export interface OurLogin {
  lineage: number
  readonly userId: string
  isActive: boolean
  /** The key is the index of an old login. */
  link: Adoption | null
  /** Whether its cookie has reached anybody. */
  isOut: boolean
}

/** A login of the other system, or a value that it has signed. Its index is its key. */
export interface OldRecord {
  readonly lineage: number
  readonly userId: string
  isActive: boolean
  readonly isEmpty: boolean
}

/** Indexes of the logins of the two cookies. */
export interface Cookies {
  readonly old: number | null
  readonly ours: number | null
}

export interface State {
  phase: Phase
  /** The phase that each node knows of. */
  readonly known: Phase[]
  areOldInstancesUp: boolean
  readonly logins: OurLogin[]
  /** The login that an old key was claimed for. */
  readonly claims: Record<number, number>
  readonly oldRecords: OldRecord[]
  browser: Cookies
  /** Cookies of a response on its way. */
  late: Partial<Cookies> | null
  /** A request on its way, with the cookies of when it left. */
  request: (Cookies & { readonly lineage: number }) | null
  /** Who the user of the browser believes to be. */
  believes: { readonly lineage: number; readonly userId: string } | null
  /** Lineages whose log-out was confirmed. */
  ended: number[]
  /** Signed values that a log-out of ours was presented with, or that were linked to what it ended. */
  readonly dead: number[]
  signIns: number
  steps: number
}

export function createState(): State {
  return {
    phase: 'old',
    known: ['old', 'old'],
    areOldInstancesUp: true,
    logins: [],
    claims: {},
    oldRecords: [],
    browser: { old: null, ours: null },
    late: null,
    request: null,
    believes: null,
    ended: [],
    dead: [],
    signIns: 0,
    steps: 0
  }
}

export function copyState(state: State): State {
  return {
    ...state,
    known: [...state.known],
    logins: state.logins.map((login) => ({ ...login })),
    claims: { ...state.claims },
    oldRecords: state.oldRecords.map((record) => ({ ...record })),
    ended: [...state.ended],
    dead: [...state.dead]
  }
}
