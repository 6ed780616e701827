import { LIMITS } from './rules.ts'
import {
  type Credentials,
  type Credential,
  type Fact,
  isSame,
  type Request,
  type Response,
  type State
} from './state.ts'
import { standingOf } from './truth.ts'

/*
 * What a request makes true. Called with the state before it, `before`, for what was true then.
 */

export function recordOutcome(before: State, state: State, request: Request, response: Response): void {
  const { act, presented } = request
  if (act === 'log out') recordLogOut(before, state, presented, response)
  else if (response.status === 200) recordSuccess(before, state, request, response)
  else if (response.status === 409) recordUse(state, request)
  else recordReuse(before, state, request, response)
}

/** A session that was presented was used, though there was nothing to give for it. */
function recordUse(state: State, { act, presented }: Request): void {
  if (act === 'session for refresh token') change(state, presented.cookie?.loginId, { usedAt: state.now })
}

function change(state: State, loginId: string | undefined, members: Partial<Fact>): void {
  const fact = loginId === undefined ? undefined : state.facts[loginId]
  if (loginId !== undefined && fact !== undefined) state.facts[loginId] = { ...fact, ...members }
}

export function endLogin(state: State, loginId: string): void {
  change(state, loginId, { isEnded: true })
}

/** Each login that was presented has ended, where it was active, as soon as the response may have arrived. */
function recordLogOut(
  before: State,
  state: State,
  { access, cookie, refresh }: Credentials,
  { status }: Response
): void {
  if (status !== 200) return
  // A refresh token of any age is enough to log out.
  const isKnown = (credential: Credential) =>
    isEndedBy(before, state, credential) ||
    (credential.kind === 'refresh' && before.facts[credential.loginId]?.isUnsure === false)
  for (const credential of [access, cookie, refresh])
    if (credential !== null && isKnown(credential)) endLogin(state, credential.loginId)
}

/** A replaced refresh token that comes too late ends its login (RFC 9700 section 4.14.2). */
function recordReuse(before: State, state: State, { act, presented }: Request, { status }: Response): void {
  const { refresh } = presented
  const isJudged = status === 401 && (act === 'refresh' || act === 'token for session')
  if (!isJudged || refresh === null || before.facts[refresh.loginId]?.isUnsure === true) return
  if (standingOf(before, refresh) === 'ended') endLogin(state, refresh.loginId)
}

function recordSuccess(before: State, state: State, request: Request, response: Response): void {
  const { act, presented } = request
  const loginId = response.loginId ?? ''
  if (act === 'sign in by cookie' || act === 'sign in by token')
    recordSignIn(before, state, request, response)
  if (act === 'refresh') recordRefresh(state, response)
  if (act === 'token for session') recordSession(before, state, presented, response)
  if (act === 'session for refresh token') recordFirstToken(state, response)
  if (act !== 'refresh' && act !== 'token for session') change(state, loginId, { usedAt: state.now })
  issue(
    state,
    response,
    act === 'refresh' || act === 'token for session' ? presented.refresh : presented.cookie
  )
}

function recordSignIn(
  before: State,
  state: State,
  { act, userId = '', presented }: Request,
  response: Response
): void {
  const byCookie = act === 'sign in by cookie'
  const { cookie, refresh } = response.sets
  const expiresAt = state.now + (byCookie ? LIMITS.sessionAbsoluteMs : LIMITS.refreshAbsoluteMs)
  const replaced = byCookie ? presented.cookie : null
  if (replaced !== null && isEndedBy(before, state, replaced)) endLogin(state, replaced.loginId)
  state.facts[response.loginId ?? ''] = {
    userId,
    authenticatedAt: state.now,
    expiresAt,
    idleMs: byCookie ? LIMITS.sessionIdleMs : LIMITS.refreshIdleMs,
    usedAt: state.now,
    isEnded: false,
    isUnsure: false,
    session: cookie ? { cookie, endsAt: expiresAt, isOwn: true } : null,
    chain: refresh ? [{ token: refresh, at: state.now, isOwn: true }] : []
  }
}

/** Whether a request has ended the login of a credential. Of a login that the store may have lost, the service knows. */
function isEndedBy(before: State, state: State, credential: Credential): boolean {
  const standing = standingOf(before, credential)
  return standing === 'valid' || (standing === 'unsure' && state.revoked.includes(credential.loginId))
}

function recordRefresh(state: State, { loginId, sets: { refresh } }: Response): void {
  const fact = state.facts[loginId ?? '']
  if (!fact || !refresh) return
  const isRepeated = fact.chain.some(({ token }) => isSame(token, refresh))
  if (isRepeated) return
  change(state, loginId ?? '', {
    usedAt: state.now,
    chain: [...fact.chain, { token: refresh, at: state.now, isOwn: true }]
  })
}

function recordFirstToken(state: State, { loginId, sets: { refresh } }: Response): void {
  const fact = state.facts[loginId ?? '']
  if (!fact || !refresh) return
  const [first] = fact.chain
  if (first === undefined) {
    change(state, loginId ?? '', { chain: [{ token: refresh, at: state.now, isOwn: false }] })
  } else if (!isSame(first.token, refresh) && !fact.isUnsure) {
    state.violation ??= `I1: a repeated exchange gave another refresh token of ${loginId} at ${state.now}`
  }
}

function recordSession(
  before: State,
  state: State,
  { cookie: presented }: Credentials,
  response: Response
): void {
  const loginId = response.loginId ?? ''
  const fact = state.facts[loginId]
  const { cookie } = response.sets
  if (presented !== null && cookie && presented.loginId !== loginId && isEndedBy(before, state, presented))
    endLogin(state, presented.loginId)
  if (!fact || !cookie) return
  const isValid = fact.session !== null && state.now < fact.session.endsAt
  if (isValid && fact.session !== null && isSame(fact.session.cookie, cookie)) return
  if (isValid && !fact.isUnsure)
    state.violation ??= `I1: a repeated exchange gave another cookie of ${loginId} at ${state.now}`
  const endsAt = Math.min(state.now + LIMITS.sessionAbsoluteMs, fact.expiresAt)
  change(state, loginId, { usedAt: state.now, session: { cookie, endsAt, isOwn: false } })
}

/** Remembers what was sent. Nothing lives longer than the credential that it was issued for. */
function issue(state: State, { loginId, sets }: Response, presented: Credential | null): void {
  const fact = state.facts[loginId ?? '']
  if (fact === undefined) return
  const parent = presented?.loginId === loginId ? findIssued(state, presented) : undefined
  for (const credential of [sets.cookie, sets.access, sets.refresh]) {
    if (!credential || findIssued(state, credential) !== undefined) continue
    const endsAt = endOf(fact, credential)
    if (endsAt > Math.min(parent?.endsAt ?? Infinity, fact.expiresAt))
      state.violation ??= `I5: a ${credential.kind} of ${loginId} lives longer than what it was issued for, at ${state.now}`
    state.issued = [...state.issued, { credential, endsAt }]
  }
}

const findIssued = ({ issued }: State, credential: Credential | null) =>
  issued.find((one) => credential !== null && isSame(one.credential, credential))

function endOf(fact: Fact, credential: Credential): number {
  if (credential.kind === 'access') return credential.expiresAt
  if (credential.kind === 'session') return fact.session?.endsAt ?? fact.expiresAt
  return fact.expiresAt
}
