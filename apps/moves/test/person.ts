import type { Client, Side } from './clients.ts'
import type { Truth, Verdict } from './oracle.ts'
import type { Network } from './transport.ts'
import type { Wallet } from './wallet.ts'

export type Kind =
  /** A browser that sends bursts of requests, and sometimes writes with the other system. */
  | 'browser'
  /** Comes by once in each stage. */
  | 'visitor'
  /** Signs in and out, at either side, with bursts in between. */
  | 'leaver'
  /** Signs in anew in each stage of the phase `new`, and so has our credential alone at the next step back. */
  | 'newcomer'
  /** The same, with a burst each time and hardly a pause. */
  | 'hasty newcomer'
  /** Revokes all its logins, and signs in again. */
  | 'changer'
  /** Two users, one after the other. */
  | 'sharer'
  /** Has the old credential beside ours, and presents now this one and now that one. */
  | 'keeper'
  /** A page with its access token in memory: a reload drops it, and several requests at once fetch it again. */
  | 'spa'
  /** An app that sleeps through whole stages with what it has, and whose first response to an exchange or a refresh is lost. */
  | 'mobile'

/** These have tokens; others may have cookies. */
export const TOKEN_KINDS: ReadonlySet<Kind> = new Set(['spa', 'mobile'])

/** What people have in common: the servers, the stage, and what is counted. */
export interface World {
  readonly client: Client
  readonly random: () => number
  /** Goes up with each stage. */
  stage: number
  isOver: boolean
  isOldUp: boolean
  isOursUp: boolean
  /** Everybody who is awake comes by, and nobody signs in or out. */
  isGathering: boolean
  /** Those who sleep come by too. */
  isWakingAll: boolean
  /** Whether nodes of ours alone serve, in the phase `new`. */
  isNew: boolean
  readonly network: Network
  pauseMs: number
  /** A server of a side; null where there is none now. */
  pick(side: Side): string | null
  count(verdict: Verdict, detail: string): void
  requests: number
}

export interface Person {
  readonly name: string
  readonly kind: Kind
  readonly users: readonly string[]
  readonly wallet: Wallet
  truth: Truth
  /** Sign-ins whose answers were lost, and exchanges of which each is one: so many logins may be there that nobody has. */
  spareLogins: number
  /** Whatever names no login of it is refused since a change of password: it signs in here. */
  isBarred: boolean
  isAsleep: boolean
  /** Of the sign-in now: wallets that nodes of ours have served. */
  served: Wallet[]
  /** Wallets after whose log-out nothing may be served. */
  readonly dead: { readonly wallet: Wallet; readonly user: string }[]
  /** In this stage: how often ours was served with our credential, and with both. */
  withOurs: number
  withBoth: number
  turns: number
  /** The stage in which it signed in last. */
  signedInAt: number
  readonly held: Set<Promise<unknown>>
  readonly late: Set<Promise<unknown>>
}

export function createPerson(name: string, kind: Kind): Person {
  return {
    name,
    kind,
    users: kind === 'sharer' ? [`${name}-a`, `${name}-b`] : [name],
    wallet: new Map(),
    truth: { user: null, era: 0, isUnsure: false },
    spareLogins: 0,
    isBarred: false,
    isAsleep: false,
    served: [],
    dead: [],
    withOurs: 0,
    withBoth: 0,
    turns: 0,
    signedInAt: -1,
    held: new Set(),
    late: new Set()
  }
}
