import type { AuthenticateOutcome, FollowOutcome } from '@drawbridge/carrier'
import { LoginsUnavailableError, type Principal, type RoutePolicy } from '@drawbridge/logins'
import type { LoginWithClaims } from '@drawbridge/logins/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { findClaimed, toPassedPrincipal } from './adopt.ts'
import { decideLead, type Facts, type LinkedLogin, type Step } from './decide-lead.ts'
import { announceEnd } from './deprecation.ts'
import { LOGGED_OUT_THERE } from './ended-there.ts'
import { beginMoment, type Engine, type Moment } from './engine.ts'
import { giveOld } from './give-old.ts'
import { passInOutage } from './pass-in-outage.ts'
import { type OldCredential, type PresentedCredential, toPresentedOld } from './old-side.ts'

/** One request, and what was found out about it. */
interface Inquiry {
  readonly request: FastifyRequest
  readonly reply: FastifyReply | undefined
  readonly moment: Moment
  readonly principal: Principal | null
  readonly facts: Facts
  readonly presented?: PresentedCredential
}

/** See `Follower.follow`. */
export async function follow(
  engine: Engine,
  request: FastifyRequest,
  ours: AuthenticateOutcome,
  policy: RoutePolicy,
  reply: FastifyReply | undefined
): Promise<FollowOutcome> {
  try {
    return await decide(engine, request, ours, reply)
  } catch (error) {
    if (!(error instanceof LoginsUnavailableError)) throw error
    const passed = await passInOutage(engine, request, policy, reply)
    if (passed === null) throw error
    return passed
  }
}

/** Finds out what `decideLead` asks for, and does what it says. */
async function decide(
  engine: Engine,
  request: FastifyRequest,
  ours: AuthenticateOutcome,
  reply: FastifyReply | undefined
): Promise<FollowOutcome> {
  const principal = ours.ok ? ours.principal : null
  // Of a token that the store was asked about.
  if (principal !== null && engine.old.presentsOneSide) return { kind: 'ours' }
  if (principal === null && !engine.watch.isKnown) return followWithoutPhase(engine, request, ours)
  const moment = beginMoment(engine)
  const facts: Facts = {
    phase: moment.phase,
    keepsRecord: engine.old.keepsRecord,
    presentsOneSide: engine.old.presentsOneSide,
    now: moment.now,
    requestTimeoutMs: engine.requestTimeoutMs,
    ours: principal && (await findLinked(engine, principal))
  }
  let inquiry: Inquiry = { request, reply, moment, principal, facts }
  for (;;) {
    const step = decideLead(inquiry.facts)
    if (step.kind !== 'find') return act(engine, inquiry, step, !ours.ok && ours.reason === 'invalid')
    inquiry = await findOut(engine, inquiry, step)
  }
}

/**
 * While this node does not know the phase. Who presents no valid credential of either system is signed in in none, and gets the 401
 * that there would be without a migration; anybody else gets 503.
 */
async function followWithoutPhase(
  engine: Engine,
  request: FastifyRequest,
  ours: AuthenticateOutcome
): Promise<FollowOutcome> {
  const presented = await engine.old.present(request, engine.logins.now())
  if (presented.kind === 'found') beginMoment(engine)
  const isPresented = presented.kind !== 'none' || (!ours.ok && ours.reason === 'invalid')
  return { kind: 'none', isPresented, cause: 'neither credential is valid' }
}

/** A login that has a link to another system than this one has none. */
async function findLinked(
  { adoptions, migration }: Engine,
  { loginId, userId }: Principal
): Promise<LinkedLogin> {
  const adoption = await adoptions.find(loginId)
  return { loginId, userId, link: adoption?.migration === migration.name ? adoption : null }
}

async function findOut(
  engine: Engine,
  inquiry: Inquiry,
  step: Extract<Step, { kind: 'find' }>
): Promise<Inquiry> {
  const { request, moment, facts, presented } = inquiry
  switch (step.fact) {
    case 'old': {
      const found = await engine.old.present(request, moment.now)
      count(engine, moment, found)
      return { ...inquiry, presented: found, facts: { ...facts, old: toPresentedOld(found) } }
    }
    case 'isActiveThere': {
      const key = facts.ours?.link?.key
      const isActiveThere = key !== undefined && ((await engine.isActiveThere?.(key)) ?? false)
      return { ...inquiry, facts: { ...facts, isActiveThere } }
    }
    case 'claimed': {
      const old = oldFrom(presented)
      const claimed = await findClaimed(engine, request, old, facts.ours, step.by, moment)
      return { ...inquiry, facts: { ...facts, claimed } }
    }
  }
}

/** A credential that is younger than the phase `new` was made by an instance of the other system that is still running. */
function count({ counts }: Engine, { phase, since }: Moment, presented: PresentedCredential): void {
  if (presented.kind === 'invalid') counts.add(phase, `rejected.${presented.reason}`)
  const issuedAt = presented.kind === 'found' ? presented.old.issuedAt : null
  if (phase === 'new' && issuedAt !== null && issuedAt > since) counts.add(phase, 'issuedAfterSwitch')
}

function oldFrom(presented: PresentedCredential | undefined) {
  if (presented?.kind === 'found') return presented.old
  throw new Error('decideLead asked about a credential that is not presented')
}

async function act(
  engine: Engine,
  inquiry: Inquiry,
  step: Exclude<Step, { kind: 'find' }>,
  isOursInvalid: boolean
): Promise<FollowOutcome> {
  const { facts, presented } = inquiry
  switch (step.kind) {
    case 'serve-ours':
      return serveOurs(engine, inquiry, step)
    case 'serve-claimed':
      return serveClaimed(engine, inquiry, step)
    case 'serve-old': {
      const principal = await toPassedPrincipal(engine, inquiry.request, oldFrom(presented), inquiry.moment)
      engine.counts.add(inquiry.moment.phase, 'passed')
      engine.counts.serveOld(inquiry.moment.phase, inquiry.moment.now, oldFrom(presented).acceptedUntil)
      if (inquiry.reply !== undefined) announceEnd(engine, inquiry.moment, inquiry.reply)
      return { kind: 'other', principal }
    }
    case 'reject': {
      if (step.revokeOurs && facts.ours !== null) await endOurs(engine, inquiry.moment, facts.ours)
      const isOldPresented = facts.old !== undefined && facts.old.kind !== 'none'
      return {
        kind: 'none',
        isPresented: isOursInvalid || facts.ours !== null || isOldPresented,
        cause: step.cause
      }
    }
  }
}

/** The user has logged out there: it ends on every node, as by a log-out here. */
async function endOurs({ logins, counts }: Engine, { phase }: Moment, ours: LinkedLogin): Promise<void> {
  counts.add(phase, 'endedThere')
  await logins.revoke(ours.loginId, LOGGED_OUT_THERE)
}

async function serveOurs(
  engine: Engine,
  { reply, moment, principal, facts }: Inquiry,
  { lead, giveOld: isOldGiven }: Extract<Step, { kind: 'serve-ours' }>
): Promise<FollowOutcome> {
  const { ours } = facts
  if (ours === null || principal === null) throw new Error('decideLead serves a login that is not presented')
  if (lead !== null && ours.link !== null) await setLead(engine, moment, ours, lead, ours.link.key)
  if (
    isOldGiven &&
    reply !== undefined &&
    engine.old.canGive &&
    !(await giveOld(engine, reply, ours, 'new', moment))
  ) {
    return { kind: 'none', isPresented: true, cause: 'the login was revoked meanwhile' }
  }
  const isLed = ours.link === null || ours.link.ledBy === 'new' || lead === 'new'
  if (isLed && (moment.phase === 'new' || moment.phase === 'retired'))
    engine.settled.add(principal, moment.version)
  return { kind: 'ours' }
}

async function serveClaimed(
  engine: Engine,
  { reply, moment, principal, facts, presented }: Inquiry,
  { lead, sendOurs, revokeOurs }: Extract<Step, { kind: 'serve-claimed' }>
): Promise<FollowOutcome> {
  const { logins, ours, counts } = engine
  const old = oldFrom(presented)
  const claimed = facts.claimed?.kind === 'active' ? facts.claimed.login : null
  if (claimed === null) throw new Error('decideLead serves a login that was not found')
  if (revokeOurs && facts.ours !== null) await endOurs(engine, moment, facts.ours)
  if (lead !== null && old.key !== null) await setLead(engine, moment, claimed, lead, old.key)
  const asOf = logins.now()
  const found = await logins.resolve(claimed.loginId)
  if (found === null) return { kind: 'none', isPresented: true, cause: 'the login was revoked meanwhile' }
  const login = await logins.withClaims(found)
  counts.add(moment.phase, 'servedByOld')
  counts.serveOld(moment.phase, moment.now, old.acceptedUntil)
  if (reply !== undefined) announceEnd(engine, moment, reply)
  if (sendOurs && reply !== undefined && ours.carrier === 'session') {
    const secret = ours.deriveSession(old.secret, login.id).find(login.session)
    // Absent where the login got its session at a sign-in: the browser that has it has that one.
    if (secret !== undefined) ours.sendLater(reply, { login, secret, asOf })
  }
  const served = principal?.loginId === login.id ? login : asOldSays(login, old)
  return { kind: 'other', principal: logins.toPrincipal(served, ours.carrier) }
}

/**
 * A user who authenticates again gets another credential of ours, and the old one stays as it is: whoever has stolen that has
 * not authenticated.
 */
function asOldSays(login: LoginWithClaims, { authenticatedAt }: OldCredential): LoginWithClaims {
  if (login.authenticatedAt <= login.createdAt) return login
  return { ...login, authenticatedAt: Math.min(login.authenticatedAt, authenticatedAt ?? 0) }
}

async function setLead(
  { adoptions, migration, counts }: Engine,
  { phase }: Moment,
  { loginId, link }: LinkedLogin,
  ledBy: 'old' | 'new',
  key: string
): Promise<void> {
  if (link?.ledBy === ledBy && link.key === key) return
  await adoptions.lead(loginId, { migration: migration.name, key, ledBy })
  if (ledBy === 'new' && link?.ledBy === 'old') counts.add(phase, 'handedOver')
}
