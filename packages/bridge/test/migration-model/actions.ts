import { decideMove, PHASES, type Phase } from '@drawbridge/logins'
import { copyState, type Cookies, type State } from './state.ts'
import {
  createLogin,
  createOldRecord,
  endOld,
  endPresented,
  handle,
  keepsRecord,
  newLink,
  MOST_OLD_RECORDS,
  oldRecord,
  ourLogin,
  readOld,
  type World
} from './systems.ts'

/** Something that can happen. `change` gets a copy of the state. */
export interface Action {
  readonly name: string
  readonly change: (state: State) => void
  /** Of the operator, not of the user: rare, so that walks are led to them. */
  readonly isOfOperator?: boolean
}

const [MOST_SIGN_INS, MOST_LOGINS, MOST_STEPS] = [3, 5, 5]

export function apply(state: State, { change }: Action): State {
  const next = copyState(state)
  change(next)
  return next
}

export function listActions(world: World, state: State): readonly Action[] {
  const nodes = state.known.flatMap((phase, node) => [
    ...listSignIns(world, state, phase, node),
    ...listRequests(world, state, phase, node),
    ...listLogOuts(world, state, phase, node)
  ])
  return [
    ...nodes,
    ...listAtOldInstances(world, state),
    ...listOnTheirWay(world, state),
    ...listOperations(world, state)
  ]
}

/** What was lost on its way is in nobody's hands. */
function send(state: State, sets: Partial<Cookies>): Partial<Cookies> {
  if (typeof sets.ours === 'number') ourLogin(state, sets.ours).isOut = true
  return sets
}

function receive(state: State, sets: Partial<Cookies>): void {
  state.browser = { ...state.browser, ...send(state, sets) }
}

function hasRoom({ signIns, oldRecords, logins }: State): boolean {
  return signIns < MOST_SIGN_INS && oldRecords.length < MOST_OLD_RECORDS - 1 && logins.length < MOST_LOGINS
}

function begin(state: State): number {
  state.late = null
  state.request = null
  return state.signIns++
}

function listSignIns(world: World, state: State, phase: Phase, node: number): readonly Action[] {
  if (!hasRoom(state)) return []
  const isOldServed = phase === 'old' || phase === 'both'
  return ['ada', 'bob'].map((userId) => ({
    name: `sign in as ${userId} at node ${node} (${phase})`,
    change: (next) => {
      if (next.believes) next.ended.push(next.believes.lineage)
      endPresented(world, next, phase, next.browser)
      const lineage = begin(next)
      const key = isOldServed ? createOldRecord(next, lineage, userId) : null
      const link = key === null ? null : newLink(key, 'old')
      const ours = createLogin(next, { lineage, userId, link })
      if (key !== null) next.claims[key] = ours
      receive(next, { old: key, ours })
      next.believes = { lineage, userId }
    }
  }))
}

function listRequests(world: World, state: State, phase: Phase, node: number): readonly Action[] {
  const here = { ...world, isThrottled: world.isThrottled === true && node === 1 }
  const responses = ['now', 'late', 'lost'].filter((response) => response !== 'late' || !state.late)
  const requests = responses.map((response) => ({
    name: `request at node ${node} (${phase}), response ${response}`,
    change: (next: State) => {
      const { sets } = handle(here, next, phase, next.browser)
      if (response === 'now') receive(next, sets)
      else if (response === 'late' && Object.keys(sets).length > 0) next.late = send(next, sets)
    }
  }))
  const arrivals = state.request === null ? [] : ['now', 'lost']
  return [
    ...requests,
    ...arrivals.map((response) => ({
      name: `the request that was sent arrives at node ${node} (${phase}), response ${response}`,
      change: (next: State) => {
        const { old, ours } = next.request as Cookies
        next.request = null
        const { sets } = handle(here, next, phase, { old, ours })
        if (response === 'now') receive(next, sets)
      }
    }))
  ]
}

function listLogOuts(world: World, state: State, phase: Phase, node: number): readonly Action[] {
  if (state.browser.old === null && state.browser.ours === null) return []
  return ['now', 'lost'].map((response) => ({
    name: `log out at node ${node} (${phase}), response ${response}`,
    change: (next) => {
      endPresented(world, next, phase, next.browser)
      if (next.believes) next.ended.push(next.believes.lineage)
      next.believes = null
      if (response === 'now') receive(next, { old: null, ours: null })
    }
  }))
}

function listAtOldInstances(world: World, state: State): readonly Action[] {
  if (!state.areOldInstancesUp) return []
  const presented = readOld(world, state, state.browser.old)
  return [
    ...(hasRoom(state) ? ['ada', 'bob'].map((userId) => signInAtOldInstance(world, userId)) : []),
    ...(world.variant === 'signed anew' && presented.kind === 'found'
      ? listRequestsAtOldInstance(state)
      : []),
    ...(presented.kind === 'found' ? [logOutAtOldInstance(world)] : [])
  ]
}

function signInAtOldInstance(world: World, userId: string): Action {
  return {
    name: `sign in as ${userId} at an old instance`,
    change: (next) => {
      if (next.believes && keepsRecord(world)) next.ended.push(next.believes.lineage)
      if (readOld(world, next, next.browser.old).kind === 'found') endOld(world, next, next.browser.old)
      const lineage = begin(next)
      receive(next, { old: createOldRecord(next, lineage, userId) })
      next.believes = { lineage, userId }
    }
  }
}

/** It honours, and signs anew, what nobody can revoke there: its own hole, and no fault of ours. */
function listRequestsAtOldInstance({ late, oldRecords }: State): readonly Action[] {
  if (oldRecords.length >= MOST_OLD_RECORDS) return []
  const responses = ['now', 'late'].filter((response) => response === 'now' || !late)
  return responses.map((response) => ({
    name: `request at an old instance, response ${response}`,
    change: (next) => {
      const { lineage, userId } = oldRecord(next, next.browser.old as number)
      const old = createOldRecord(next, lineage, userId)
      if (response === 'late') {
        next.late = { old }
        return
      }
      next.ended = next.ended.filter((one) => one !== lineage)
      receive(next, { old })
    }
  }))
}

function logOutAtOldInstance(world: World): Action {
  return {
    name: 'log out at an old instance',
    change: (next) => {
      if (next.believes) next.ended.push(next.believes.lineage)
      next.believes = null
      if (keepsRecord(world)) endOld(world, next, next.browser.old)
      else if (world.variant === 'signed, removed') receive(next, { old: null })
      else {
        const empty = { lineage: -1, userId: '', isActive: true, isEmpty: true }
        receive(next, { old: next.oldRecords.push(empty) - 1 })
      }
    }
  }
}

function listOnTheirWay(world: World, state: State): readonly Action[] {
  const actions: Action[] = []
  if (state.request === null && state.believes !== null)
    actions.push({
      name: 'a request leaves the browser',
      change: (next) => {
        next.request = { ...next.browser, lineage: (next.believes as { lineage: number }).lineage }
      }
    })
  if (state.late !== null)
    actions.push({
      name: 'the late response arrives',
      change: (next) => {
        const sets = next.late as Partial<Cookies>
        next.late = null
        receive(next, sets)
        // The other system's own race: a value that it signed before the log-out, and that nobody can revoke, is back.
        const { old } = sets
        if (world.variant !== 'signed anew' || typeof old !== 'number' || next.dead.includes(old)) return
        next.ended = next.ended.filter((one) => one !== oldRecord(next, old).lineage)
      }
    })
  return actions
}

function listOperations(world: World, state: State): readonly Action[] {
  const { rules } = world
  const isSettled = state.known.every((phase) => phase === state.phase) || !rules.takesOneStep
  // A request does not last as long as a step.
  const isQuiet = isSettled && state.request === null
  const learnt = state.known.flatMap((phase, node) =>
    phase === state.phase ? [] : [learn(node, state.phase)]
  )
  return [
    ...learnt,
    ...(isQuiet && state.steps < MOST_STEPS ? listSteps(world, state) : []),
    ...(isQuiet ? listStartsAndStops(world, state) : [])
  ].map((action) => ({ ...action, isOfOperator: true }))
}

function learn(node: number, phase: Phase): Action {
  return {
    name: `node ${node} learns of ${phase}`,
    change: (next) => {
      next.known[node] = phase
    }
  }
}

function listSteps({ rules }: World, state: State): readonly Action[] {
  const next = PHASES.filter((phase) => state.phase !== 'retired' && isStep(state.phase, phase))
  const isBlocked = (phase: Phase) =>
    (phase === 'new' && state.areOldInstancesUp && rules.stopsOldFirst) ||
    (phase === 'retired' && rules.countsBeforeRetired && !isEveryLoginOurs(state))
  return next
    .filter((phase) => PHASES.indexOf(phase) < PHASES.indexOf(state.phase) || !isBlocked(phase))
    .map((phase) => ({
      name: `step to ${phase}`,
      change: (copy) => {
        copy.phase = phase
        copy.steps++
      }
    }))
}

function isStep(from: Phase, to: Phase): boolean {
  const stored = { phase: from, version: 1, since: 0 }
  return decideMove(stored, { from: 1, to, by: '', minIntervalMs: 0 }, 0) === 'move'
}

/** What the operator's count says: nobody has the other system's credential alone. */
function isEveryLoginOurs({ believes, browser, logins }: State): boolean {
  if (believes === null) return true
  const login = browser.ours === null ? undefined : logins[browser.ours]
  return login !== undefined && login.isActive && login.link?.ledBy !== 'old'
}

function listStartsAndStops({ rules }: World, state: State): readonly Action[] {
  const isOldServed = state.phase === 'old' || state.phase === 'both'
  if (state.areOldInstancesUp) return state.phase === 'both' ? [STOP] : []
  const isEveryLoginTheirs = state.logins.every(({ isActive, link }) => !isActive || link?.ledBy === 'old')
  return isOldServed && (isEveryLoginTheirs || !rules.countsBeforeOld) ? [START] : []
}

const STOP: Action = {
  name: 'stop the old instances',
  change: (next) => {
    next.areOldInstancesUp = false
  }
}

/** Only after the time that requests on their way have. */
const START: Action = {
  name: 'start the old instances again',
  change: (next) => {
    next.areOldInstancesUp = true
    for (const login of next.logins) if (login.link) login.link = { ...login.link, returnedAt: null }
  }
}
