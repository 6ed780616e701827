import { perform } from './actions.ts'
import type { Rules } from './rules.ts'
import { copyState, createState, NOTHING, type Request, type State } from './state.ts'

/** States from which every way is tried: with nothing, signed in by one carrier, with both, as two users. */
export function createStarts(rules: Rules): Readonly<Record<string, State>> {
  const byCookie = after(rules, createState(1), 'sign in by cookie', 'ada')
  const byToken = after(rules, createState(1), 'sign in by token', 'ada')
  return {
    'nobody is signed in': createState(1),
    'signed in by cookie': byCookie,
    'signed in by token': byToken,
    'a session that got a refresh token': after(rules, byCookie, 'session for refresh token'),
    'a token that got a session': after(rules, byToken, 'token for session'),
    'a session near its end': age(rules, byCookie),
    'a session of a token near its end': age(rules, after(rules, byToken, 'token for session')),
    'two logins of one user': after(rules, byCookie, 'sign in by token', 'ada'),
    'two users in one client': after(rules, byToken, 'sign in by cookie', 'bob')
  }
}

function after(rules: Rules, state: State, act: Request['act'], userId?: string): State {
  const copy = copyState(state)
  const presented = state.clients[0] ?? NOTHING
  perform(copy, rules, { act, client: 0, presented, ...(userId !== undefined && { userId }) }, 'now')
  return copy
}

/** The cookie is used until it is older than its end less the life of an access token. */
function age(rules: Rules, state: State): State {
  return [6000, 12_000, 18_000].reduce<State>((at, now) => after(rules, { ...at, now }, 'read'), {
    ...state,
    clients: state.clients.map((one) => ({ ...one, access: null }))
  })
}
