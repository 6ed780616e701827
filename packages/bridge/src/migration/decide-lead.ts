import type { Adoption, Phase } from '@drawbridge/logins'

/** Which side decides whether a login is active: the other system, or we. */
export type Leader = Adoption['ledBy']

/** The link between a login of ours and a login of the other system. */
export type Link = Pick<Adoption, 'key' | 'ledBy' | 'returnedAt'>

/** An active login of ours; `link` is null where it has none with the other system. */
export interface LinkedLogin {
  readonly loginId: string
  readonly userId: string
  readonly link: Link | null
}

/** To which login of ours the presented credential of the other system belongs. */
export type Claimed =
  /** To this one, which is active. */
  | { readonly kind: 'active'; readonly login: LinkedLogin }
  /** To one that was revoked or has expired; or the user's credentials of its age are barred. */
  | { readonly kind: 'rejected' }
  /** To none so far. */
  | { readonly kind: 'unclaimed' }

/** The credential of the other system that the request presents. A key is null where nothing in it names one login. */
export type PresentedOld =
  | { readonly kind: 'none' | 'empty' | 'invalid' }
  | { readonly kind: 'found'; readonly key: string | null; readonly userId: string }

/** What is known of a request so far. Undefined is what was not asked yet: {@link decideLead} says what it needs next. */
export interface Facts {
  readonly phase: Phase
  /** Of the other system, see `OldLogins`. */
  readonly keepsRecord: boolean
  /** Whether one header can present the credential of one side alone, as `Authorization` does. */
  readonly presentsOneSide: boolean
  /** ms since the epoch, by the clock of `returnedAt`. */
  readonly now: number
  /** For how long requests may arrive that left before the browser had the other system's cookie back, ms. */
  readonly requestTimeoutMs: number
  /** The login of our credential, where it is active. */
  readonly ours: LinkedLogin | null
  readonly old?: PresentedOld
  readonly claimed?: Claimed
  /** Whether the other system has the login that ours is linked to. */
  readonly isActiveThere?: boolean
}

/** What comes next: a fact to find out, or what to do with the request. */
export type Step =
  | { readonly kind: 'find'; readonly fact: 'old' | 'isActiveThere' }
  /**
   * Finds `claimed`. `look`: nothing is written. `adopt`: a login of ours is made for it. `claim`: it is linked to ours,
   * as the other system made it anew for the same login.
   */
  | { readonly kind: 'find'; readonly fact: 'claimed'; readonly by: 'look' | 'adopt' | 'claim' }
  /** Ours serves the request. `lead`: who leads from now on. `giveOld`: the other system's credential is sent too. */
  | { readonly kind: 'serve-ours'; readonly lead: Leader | null; readonly giveOld: boolean }
  /**
   * The login that the old credential belongs to serves the request. `lead`: who leads from now on. `sendOurs`: our
   * credential of it is sent. `revokeOurs`: the other login that was presented was logged out there.
   */
  | {
      readonly kind: 'serve-claimed'
      readonly lead: Leader | null
      readonly sendOurs: boolean
      readonly revokeOurs: boolean
    }
  /** The other system's login serves the request, as it is. */
  | { readonly kind: 'serve-old' }
  /** Nobody is signed in. `revokeOurs`: the user has logged out at the other system. */
  | { readonly kind: 'reject'; readonly cause: string; readonly revokeOurs: boolean }

/**
 * Who is signed in by a request that may present a credential of ours and one of the other system.
 *
 * At any time one side leads a login, and the other follows. The lead moves only when both credentials were seen active in
 * one request, never when one was merely sent: the response may be lost. A credential that is missing ends nothing, since
 * browsers leave cookies out for reasons of their own.
 *
 * Pure, and the very function that the model of `test/migration-model` checks.
 */
export function decideLead(facts: Facts): Step {
  const { phase, ours, old } = facts
  const isOurs = ours !== null && weLead(ours)
  if (phase === 'retired') return isOurs ? serveOurs() : reject('it is not ours to serve')
  // The hot path: the other system's credential is not even read.
  if (phase === 'new' && isOurs) return serveOurs()
  if (old === undefined) return { kind: 'find', fact: 'old' }
  if (old.kind === 'found') {
    if (old.key === null && ours?.userId === old.userId) return decideOurs(facts, ours)
    if (facts.claimed === undefined) return { kind: 'find', fact: 'claimed', by: howToClaim(facts, old) }
    if (facts.claimed.kind === 'unclaimed') return { kind: 'serve-old' }
    if (facts.claimed.kind === 'active') return decideClaimed(facts, facts.claimed.login)
  }
  return ours === null ? reject('neither credential is valid') : decideOurs(facts, ours)
}

function weLead({ link }: LinkedLogin): boolean {
  return link === null || link.ledBy === 'new'
}

/**
 * A system without records signs its credential anew at each write, and each of them would else become a login. The phase
 * `old` makes nothing, and a token is exchanged only when its client asks for that. A credential that names no login cannot be
 * claimed, but the user may have revoked all logins since.
 */
function howToClaim(
  { phase, keepsRecord, presentsOneSide, ours }: Facts,
  { key, userId }: Pick<Extract<PresentedOld, { kind: 'found' }>, 'key' | 'userId'>
) {
  if (key === null) return 'look'
  if (ours !== null && ours.link !== null && ours.userId === userId && !keepsRecord) return 'claim'
  return phase === 'old' || presentsOneSide ? 'look' : 'adopt'
}

function decideClaimed(facts: Facts, login: LinkedLogin): Step {
  const { phase, ours, keepsRecord, presentsOneSide, isActiveThere } = facts
  const isOther = ours !== null && ours.loginId !== login.loginId
  const isLedThere = isOther && keepsRecord && !weLead(ours)
  if (isLedThere && isActiveThere === undefined) return { kind: 'find', fact: 'isActiveThere' }
  return {
    kind: 'serve-claimed',
    lead: presentsOneSide ? null : phase === 'new' ? 'new' : 'old',
    sendOurs: phase !== 'old' && !presentsOneSide && ours?.loginId !== login.loginId,
    revokeOurs: isLedThere && isActiveThere === false
  }
}

/** Our credential is presented, and no valid one of the other system that decides. */
function decideOurs(facts: Facts, ours: LinkedLogin): Step {
  const { phase, keepsRecord, old, isActiveThere, now, requestTimeoutMs } = facts
  if (weLead(ours)) {
    // After a step back: its own credential is given again, and it leads once that is seen. One without a key names no login.
    const isWithoutKey = old?.kind === 'found' && old.key === null
    return { kind: 'serve-ours', lead: null, giveOld: phase !== 'new' && !isWithoutKey }
  }
  if (keepsRecord) {
    if (isActiveThere === undefined) return { kind: 'find', fact: 'isActiveThere' }
    if (!isActiveThere) return reject('the other system has no such login any more', true)
    return { kind: 'serve-ours', lead: phase === 'new' ? 'new' : null, giveOld: false }
  }
  if (old?.kind === 'empty') return reject('the other system says that nobody is signed in', true)
  const { returnedAt } = ours.link ?? { returnedAt: null }
  const isOnItsWay = old?.kind === 'none' && returnedAt !== null && now - returnedAt < requestTimeoutMs
  return isOnItsWay ? serveOurs() : reject('the credential of the other system is not presented')
}

function serveOurs(): Step {
  return { kind: 'serve-ours', lead: null, giveOld: false }
}

function reject(cause: string, revokeOurs = false): Step {
  return { kind: 'reject', cause, revokeOurs }
}
