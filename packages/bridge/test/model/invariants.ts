import type { BridgeOutcome } from '../../src/index.ts'
import { authenticate, carry, handle } from './service.ts'
import { LIMITS, type Rules } from './rules.ts'
import { type Credential, copyState, NOTHING, type Request, type Response, type State } from './state.ts'
import { findViolation, judge, standingOf } from './truth.ts'

/** How many of the credentials that were ever sent a state is searched with: the newest. */
const REMEMBERED = 8

/** What of I1 to I5 a state violates; null for nothing. */
export function findBrokenInvariant(state: State, rules: Rules): string | null {
  return (
    state.violation ??
    findSecondLogin(state) ??
    findGrowth(state) ??
    findRejectedClient(state, rules) ??
    findServedInvalid(state, rules) ??
    findMixedUsers(state, rules) ??
    findForged(state, rules)
  )
}

const PROBES = [
  'refresh',
  'session for access token',
  'session for refresh token',
  'token for session'
] as const

/** I1: what a client has can be used, and an exchange be repeated, in every state that lost and late responses lead to. */
function findRejectedClient(state: State, rules: Rules): string | null {
  for (const [client, presented] of state.clients.entries()) {
    for (const one of [presented, { ...presented, access: null }, { ...presented, cookie: null }]) {
      const found = probe(state, rules, { act: 'read', client, presented: one })
      if (found !== null) return found
    }
    for (const act of PROBES) {
      const found = probe(state, rules, { act, client, presented: { ...presented, access: null } })
      if (found !== null) return found
    }
  }
  return null
}

/** What would be wrong with the response, if a client sent this now. */
function probe(state: State, rules: Rules, request: Request): string | null {
  const response =
    request.act === 'read'
      ? toResponse(authenticate(state, rules, request.presented))
      : handle(copyState(state), rules, request)
  return findViolation(state, judge(state, request), request, response)
}

function toResponse(outcome: BridgeOutcome): Response {
  if (!outcome.ok)
    return { status: outcome.reason === 'two-users' ? 400 : 401, userId: null, loginId: null, sets: {} }
  const { userId, loginId } = outcome.principal
  return { status: 200, userId, loginId, sets: {} }
}

const present = (credential: Credential) => ({
  ...NOTHING,
  ...(credential.kind === 'session' && { cookie: credential }),
  ...(credential.kind === 'access' && { access: credential }),
  ...(credential.kind === 'refresh' && { refresh: credential })
})

/** I2 and I5: nothing of a login that was logged out or has expired is served, whoever has it. */
function findServedInvalid(state: State, rules: Rules): string | null {
  for (const { credential } of state.issued.slice(-REMEMBERED)) {
    if (['valid', 'unsure'].includes(standingOf(state, credential))) continue
    const acts =
      credential.kind === 'refresh' ? (['refresh', 'token for session'] as const) : (['read'] as const)
    for (const act of acts) {
      const found = probe(state, rules, { act, client: 0, presented: present(credential) })
      if (found !== null) return found
    }
    if (credential.kind === 'refresh') continue
    const found = probe(state, rules, {
      act: 'session for refresh token',
      client: 0,
      presented: present(credential)
    })
    if (found !== null) return found
  }
  return null
}

/** I3: of a token and a cookie of two users neither is served in silence; of one that is not valid the other is no victim. */
function findMixedUsers(state: State, rules: Rules): string | null {
  const newest = state.issued.slice(-REMEMBERED).map(({ credential }) => credential)
  for (const access of newest) {
    if (access.kind !== 'access') continue
    for (const cookie of newest) {
      if (cookie.kind !== 'session') continue
      const presented = { ...NOTHING, access, cookie }
      const found = probe(state, rules, { act: 'read', client: 0, presented })
      if (found !== null) return found
    }
  }
  return null
}

/** I4: sign-ins alone make logins, and whoever revokes one revokes all that came of it (I2). */
function findSecondLogin({ store, facts }: State): string | null {
  const unknown = Object.values(store).find(({ id }) => facts[id] === undefined)
  return unknown === undefined ? null : `I4: no sign-in made ${unknown.id}`
}

/** I5: an exchange moves no limit, no scope, and not when the user authenticated. */
function findGrowth({ store, facts, now }: State): string | null {
  for (const { id, userId, expiresAt, authenticatedAt, idleTimeoutSeconds, scopes, session } of Object.values(
    store
  )) {
    const fact = facts[id]
    if (fact === undefined) continue
    const isSame =
      expiresAt === fact.expiresAt &&
      authenticatedAt === fact.authenticatedAt &&
      idleTimeoutSeconds * 1000 === fact.idleMs &&
      scopes?.join() === userId
    const limit = Math.min(fact.expiresAt, now + LIMITS.sessionAbsoluteMs)
    if (!isSame || (session?.expiresAt ?? 0) > limit) return `I5: ${id} has grown at ${now}`
  }
  return null
}

/** I3: a made-up credential of a login gets nothing of it. */
function findForged(state: State, rules: Rules): string | null {
  for (const { id, refresh } of Object.values(state.store)) {
    const cookie = { kind: 'session', loginId: id, secret: 'made up' } as const
    const token = {
      kind: 'refresh',
      loginId: id,
      generation: 0,
      family: 'made up',
      secret: 'made up'
    } as const
    for (const act of ['read', ...PROBES] as const) {
      const presented = act === 'read' ? present(cookie) : { ...present(token), cookie }
      const found = probe(state, rules, { act, client: 0, presented })
      if (found !== null) return found
    }
    const { decision } = carry(copyState(state), rules, id, {
      add: 'refresh',
      presented: { secretHash: 'made up' },
      refresh: { familyHash: 'made up', hash: 'made up' }
    })
    if (refresh === null && decision !== 'unknown') return `I3: ${decision} for a made-up session of ${id}`
  }
  return null
}
