import { recordOutcome, endLogin } from './record.ts'
import type { Rules } from './rules.ts'
import { beginExchange, finishExchange, handle, revoke } from './service.ts'
import { type Credentials, copyState, NOTHING, type Request, type Response, type State } from './state.ts'
import { findViolation, judge, type Verdict } from './truth.ts'

/** One step that can be taken in a state. */
export interface Action {
  /** A function, since few of the names are ever read. */
  readonly name: () => string
  readonly apply: (state: State) => State
}

/** How many sign-ins a run may have. */
const MAX_LOGINS = 5

const DELIVERIES = ['now', 'late', 'lost'] as const
type Delivery = (typeof DELIVERIES)[number]

const EXCHANGES = ['session for access token', 'session for refresh token', 'token for session'] as const

/** ms: within the grace time, the grace time, longer than an access token, an idle limit, a session of an exchange. */
const WAITS = [1000, 2000, 6000, 9000, 20_000]

/** All steps that can be taken in this state. */
export function listActions(state: State, rules: Rules): readonly Action[] {
  return [
    ...state.clients.flatMap((_, client) => listClientActions(state, rules, client)),
    ...listArrivals(state, rules),
    ...WAITS.map((ms) =>
      action(
        () => `${ms} ms pass`,
        (next) => void (next.now += ms)
      )
    ),
    action(() => 'the store loses its newest write', failOver)
  ]
}

function action(name: () => string, change: (copy: State) => void): Action {
  return {
    name,
    apply: (state) => {
      const copy = copyState(state)
      change(copy)
      return copy
    }
  }
}

function listClientActions(state: State, rules: Rules, client: number): readonly Action[] {
  const owned = state.clients[client] ?? NOTHING
  const requests = listRequests(state, owned, client)
  return [
    ...requests.flatMap((request) =>
      DELIVERIES.filter((delivery) => delivery !== 'late' || state.late === null).map((delivery) =>
        action(
          () => `client ${client}: ${nameOf(request)}, response ${delivery}`,
          (copy) => perform(copy, rules, request, delivery)
        )
      )
    ),
    ...(state.inFlight === null
      ? requests.map((request) =>
          action(
            () => `client ${client}: ${nameOf(request)} is sent`,
            (copy) => void (copy.inFlight = request)
          )
        )
      : []),
    ...(state.midway === null ? listPauses(rules, requests) : []),
    ...listOtherUses(state, owned, client)
  ]
}

function listRequests(state: State, owned: Credentials, client: number): readonly Request[] {
  const { access, cookie, refresh } = owned
  const request = (act: Request['act'], presented: Credentials): Request => ({ act, client, presented })
  const signIns =
    Object.keys(state.facts).length < MAX_LOGINS
      ? (['sign in by cookie', 'sign in by token'] as const).flatMap((act) =>
          ['ada', 'bob'].map((userId) => ({ ...request(act, owned), userId }))
        )
      : []
  return [
    ...signIns,
    ...(access || cookie ? [request('read', { ...owned, refresh: null })] : []),
    ...(access && cookie ? [request('read', { ...NOTHING, cookie })] : []),
    ...(refresh ? [request('refresh', { ...NOTHING, refresh })] : []),
    ...(cookie ? EXCHANGES.slice(0, 2).map((act) => request(act, { ...NOTHING, cookie, access })) : []),
    ...(access && !cookie ? [request('session for refresh token', { ...NOTHING, access })] : []),
    ...(refresh ? [request('token for session', { ...NOTHING, cookie, refresh })] : []),
    ...(refresh && access ? [request('token for session', owned)] : []),
    ...(access || cookie || refresh ? [request('log out', owned)] : [])
  ]
}

function nameOf({ act, userId, presented }: Request): string {
  const kinds = Object.entries(presented).flatMap(([kind, one]) => (one === null ? [] : [kind]))
  return `${act}${userId === undefined ? '' : ` as ${userId}`} with ${kinds.join(' and ') || 'nothing'}`
}

/** An exchange whose question the store has answered, and whose write comes later. */
function listPauses(rules: Rules, requests: readonly Request[]): readonly Action[] {
  return requests
    .filter(({ act }) => EXCHANGES.some((exchange) => exchange === act))
    .map((request) =>
      action(
        () => `client ${request.client}: ${nameOf(request)} stops before its write`,
        (copy) => {
          const { statuses } = judge(copy, request)
          if (beginExchange(copy, rules, request) === null) copy.midway = { request, statuses }
        }
      )
    )
}

/** What others do with what a client has: a thief, another device that revokes the user's logins. */
function listOtherUses(
  { clients, facts }: State,
  { refresh, cookie, access }: Credentials,
  client: number
): readonly Action[] {
  const owner = facts[(refresh ?? cookie ?? access)?.loginId ?? '']?.userId
  const to = clients.length - 1
  return [
    ...(refresh && client !== to
      ? [
          action(
            () => `client ${to} gets the refresh token of client ${client}`,
            (copy) => {
              copy.clients = copy.clients.map((one, at) => (at === to ? { ...one, refresh } : one))
            }
          )
        ]
      : []),
    ...(owner === undefined
      ? []
      : [
          action(
            () => `all logins of ${owner} are revoked`,
            (copy) => revokeUser(copy, owner)
          )
        ])
  ]
}

function revokeUser(copy: State, userId: string): void {
  for (const [loginId, fact] of Object.entries(copy.facts)) {
    if (fact.userId !== userId) continue
    revoke(copy, loginId)
    endLogin(copy, loginId)
  }
}

function listArrivals({ late, inFlight, midway }: State, rules: Rules): readonly Action[] {
  const arrives = ['now', 'lost'] as const
  return [
    ...(late
      ? [
          action(
            () => 'the late response arrives',
            (copy) => deliverLate(copy, late)
          )
        ]
      : []),
    ...(inFlight
      ? arrives.map((delivery) =>
          action(
            () => `the request in flight arrives, response ${delivery}`,
            (copy) => {
              copy.inFlight = null
              perform(copy, rules, inFlight, delivery)
            }
          )
        )
      : []),
    ...(midway
      ? arrives.map((delivery) =>
          action(
            () => `the stopped exchange writes, response ${delivery}`,
            (copy) => {
              copy.midway = null
              resume(copy, rules, midway, delivery)
            }
          )
        )
      : [])
  ]
}

function deliverLate(copy: State, { client, sets }: NonNullable<State['late']>): void {
  copy.late = null
  receive(copy, client, sets)
}

export function perform(copy: State, rules: Rules, request: Request, delivery: Delivery): void {
  const before = copyState(copy)
  const response = handle(copy, rules, request)
  complete(before, copy, { request, response, verdict: judge(before, request) }, delivery)
}

/** What was true at the question may be true of the response, and what is true at the write. */
function resume(
  copy: State,
  rules: Rules,
  { request, statuses }: NonNullable<State['midway']>,
  delivery: Delivery
): void {
  const before = copyState(copy)
  const now = judge(before, request)
  const response = finishExchange(copy, rules, request, null)
  const loginId = (request.act === 'token for session' ? request.presented.refresh : request.presented.cookie)
    ?.loginId
  const isStillOpen = now.statuses.includes(200) || response.status !== 200
  const verdict = {
    ...now,
    loginId: loginId ?? null,
    statuses: isStillOpen ? [...statuses, ...now.statuses] : now.statuses
  }
  complete(before, copy, { request, response, verdict }, delivery)
}

interface Exchange {
  readonly request: Request
  readonly response: Response
  readonly verdict: Verdict
}

function complete(
  before: State,
  copy: State,
  { request, response, verdict }: Exchange,
  delivery: Delivery
): void {
  copy.violation ??= findViolation(before, verdict, request, response)
  recordOutcome(before, copy, request, response)
  if (delivery === 'now') receive(copy, request.client, response.sets)
  if (delivery === 'late') copy.late = { client: request.client, sets: response.sets }
}

function receive(copy: State, client: number, sets: Partial<Credentials>): void {
  copy.clients = copy.clients.map((one, at) => (at === client ? { ...one, ...sets } : one))
}

/** Its client may be rejected then; what was revoked stays revoked. */
function failOver(copy: State): void {
  const lost = new Set([...Object.keys(copy.store), ...Object.keys(copy.replica)])
  for (const loginId of lost) {
    const fact = copy.facts[loginId]
    const isLost = JSON.stringify(copy.store[loginId]) !== JSON.stringify(copy.replica[loginId])
    if (isLost && fact !== undefined) copy.facts[loginId] = { ...fact, isUnsure: true }
  }
  copy.store = { ...copy.replica }
}
