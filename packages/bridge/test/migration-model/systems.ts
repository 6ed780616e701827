import type { Facts, LinkedLogin, Step } from '../../src/migration/decide-lead.ts'
import {
  type Adoption,
  claimedAdoption,
  type Lead,
  ledAdoption,
  newAdoption,
  type Phase
} from '@drawbridge/logins'
import type { Rules } from './rules.ts'
import type { Cookies, OldRecord, OurLogin, State, Variant } from './state.ts'

/*
 * Both systems, one request at a time: what a node of ours does with the steps of `decideLead`, and what the other system
 * answers. A request is atomic.
 */

export const MOST_OLD_RECORDS = 7

/** What the model runs with. */
export interface World {
  readonly variant: Variant
  readonly rules: Rules
  /** Whether the address of the browser has had as many logins made at node 1 as it may: no other is made there. Default false. */
  readonly isThrottled?: boolean
}

/** How a node has answered a request. */
export type Answer =
  | { readonly ok: true; readonly userId: string; readonly lineage: number; readonly sets: Partial<Cookies> }
  | { readonly ok: false; readonly cause: string; readonly sets: Partial<Cookies> }

export function oldRecord(state: State, key: number): OldRecord {
  return state.oldRecords[key] as OldRecord
}

export function ourLogin(state: State, id: number): OurLogin {
  return state.logins[id] as OurLogin
}

export const keepsRecord = ({ variant }: World) => variant === 'record'

// --- The other system --------------------------------------------------------------------------

export function createOldRecord(state: State, lineage: number, userId: string): number {
  return state.oldRecords.push({ lineage, userId, isActive: true, isEmpty: false }) - 1
}

export function readOld(world: World, state: State, key: number | null) {
  if (key === null) return { kind: 'none' } as const
  const { isEmpty, isActive, userId } = oldRecord(state, key)
  if (isEmpty) return { kind: 'empty' } as const
  if (keepsRecord(world) && !isActive) return { kind: 'invalid' } as const
  return { kind: 'found', key: String(key), userId } as const
}

export function endOld(world: World, state: State, key: number | null): void {
  if (key !== null && keepsRecord(world)) oldRecord(state, key).isActive = false
}

// --- Ours --------------------------------------------------------------------------------------

function activeOrNull(state: State, id: number | null): LinkedLogin | null {
  if (id === null || !ourLogin(state, id).isActive) return null
  const { userId, link } = ourLogin(state, id)
  return { loginId: String(id), userId, link }
}

export function createLogin(state: State, login: Omit<OurLogin, 'isActive' | 'isOut'>): number {
  return state.logins.push({ ...login, isActive: true, isOut: false }) - 1
}

/** The login that an old key belongs to; one is made for it where there is none. */
function adopt({ rules }: World, state: State, key: number): number {
  const claimed = state.claims[key]
  if (claimed !== undefined && (rules.keepsClaims || ourLogin(state, claimed).isActive)) return claimed
  const { lineage, userId } = oldRecord(state, key)
  return (state.claims[key] = createLogin(state, { lineage, userId, link: newLink(key, 'old') }))
}

/** The store's part of `find claimed`. */
function findClaimed(
  world: World,
  state: State,
  key: number,
  ours: LinkedLogin | null,
  by: 'look' | 'adopt' | 'claim'
) {
  const claimed = state.claims[key]
  const isClaimed = claimed !== undefined && (world.rules.keepsClaims || ourLogin(state, claimed).isActive)
  if (!isClaimed && (by === 'look' || (by === 'adopt' && world.isThrottled)))
    return { kind: 'unclaimed' } as const
  if (!isClaimed && by === 'claim' && ours !== null) {
    state.claims[key] = Number(ours.loginId)
    const { link } = ourLogin(state, Number(ours.loginId))
    if (link !== null)
      ourLogin(state, Number(ours.loginId)).link = claimedAdoption(link, { ...link, key: String(key) }, 0)
    // A log-out and sign-in of the same user there, which nobody saw here, goes on as one login: accepted, and documented.
    ourLogin(state, Number(ours.loginId)).lineage = oldRecord(state, key).lineage
  }
  const id = adopt(world, state, key)
  const login = activeOrNull(state, id)
  return login === null ? ({ kind: 'rejected' } as const) : ({ kind: 'active', login } as const)
}

/** A request at a node of ours. */
export function handle(world: World, state: State, phase: Phase, cookies: Cookies): Answer {
  let facts: Facts = {
    phase,
    keepsRecord: keepsRecord(world),
    presentsOneSide: false,
    requestTimeoutMs: 30_000,
    now: 0,
    ours: activeOrNull(state, cookies.ours)
  }
  for (;;) {
    const step = world.rules.decideLead(facts)
    if (step.kind !== 'find') return perform(world, state, cookies, facts, step)
    facts = { ...facts, ...findFact(world, state, cookies, facts, step) }
  }
}

function findFact(
  world: World,
  state: State,
  { old }: Cookies,
  { ours }: Facts,
  step: Extract<Step, { kind: 'find' }>
): Partial<Facts> {
  switch (step.fact) {
    case 'old':
      return { old: readOld(world, state, old) }
    case 'isActiveThere':
      return { isActiveThere: oldRecord(state, Number(ours?.link?.key)).isActive }
    case 'claimed':
      return { claimed: findClaimed(world, state, old as number, ours, step.by) }
  }
}

function perform(
  world: World,
  state: State,
  cookies: Cookies,
  facts: Facts,
  step: Exclude<Step, { kind: 'find' }>
): Answer {
  const ours = cookies.ours as number
  switch (step.kind) {
    case 'reject':
      if (step.revokeOurs) ourLogin(state, ours).isActive = false
      return { ok: false, cause: step.cause, sets: {} }
    case 'serve-old': {
      const { userId, lineage } = oldRecord(state, cookies.old as number)
      return { ok: true, userId, lineage, sets: {} }
    }
    case 'serve-ours':
      if (step.lead !== null) moveLead(state, ours, step.lead, null)
      return serve(state, ours, step.giveOld ? giveOld(world, state, ours) : {})
    case 'serve-claimed': {
      if (step.revokeOurs) ourLogin(state, ours).isActive = false
      const id = facts.claimed?.kind === 'active' ? Number(facts.claimed.login.loginId) : -1
      if (step.lead !== null) moveLead(state, id, step.lead, cookies.old)
      return serve(state, id, step.sendOurs ? { ours: id } : {})
    }
  }
}

function serve(state: State, id: number, sets: Partial<Cookies>): Answer {
  const { userId, lineage } = ourLogin(state, id)
  return { ok: true, userId, lineage, sets }
}

const MIGRATION = 'express'

/** @param key of an old login. */
export function newLink(key: number, ledBy: Lead): Adoption {
  return newAdoption({ migration: MIGRATION, key: String(key), ledBy }, 0)
}

function moveLead(state: State, id: number, ledBy: Lead, key: number | null): void {
  const login = ourLogin(state, id)
  if (login.link === null) return
  const name = { migration: MIGRATION, key: key === null ? login.link.key : String(key) }
  login.link = ledAdoption(login.link, { ...name, ledBy }, 0)
}

/** The same as it had, where that is active, or a new one. */
function giveOld(world: World, state: State, id: number): Partial<Cookies> {
  const { link, lineage, userId } = ourLogin(state, id)
  const had = link === null ? null : Number(link.key)
  if (keepsRecord(world) && had !== null && oldRecord(state, had).isActive && state.claims[had] === id)
    return { old: had }
  if (state.oldRecords.length >= MOST_OLD_RECORDS) return {}
  const key = createOldRecord(state, lineage, userId)
  state.claims[key] = id
  const name = { migration: MIGRATION, key: String(key) }
  const claimed = claimedAdoption(link, { ...name, ledBy: 'new' }, 0)
  const isSeen = world.rules.leadsOnceSeen
  ourLogin(state, id).link = isSeen ? claimed : { ...claimed, ledBy: 'old', returnedAt: null }
  return { old: key }
}

/** A log-out at a node of ours, and what a sign-in there replaces. */
export function endPresented(world: World, state: State, phase: Phase, cookies: Cookies): void {
  endLogin(world, state, activeOrNull(state, cookies.ours) && cookies.ours)
  const old = phase === 'retired' ? ({ kind: 'none' } as const) : readOld(world, state, cookies.old)
  if (old.kind !== 'found') return
  const key = Number(old.key)
  endLogin(world, state, adopt(world, state, key))
  if (world.rules.endsBoth) endOld(world, state, key)
  if (!world.rules.claimsAtLogOut) delete state.claims[key]
}

function endLogin(world: World, state: State, id: number | null): void {
  if (id === null) return
  for (const [key, claimed] of Object.entries(state.claims)) if (claimed === id) state.dead.push(Number(key))
  const login = ourLogin(state, id)
  login.isActive = false
  if (world.rules.endsBoth && login.link !== null) endOld(world, state, Number(login.link.key))
}
