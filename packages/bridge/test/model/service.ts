import { failedAuthentication, type Authenticated, type FailedAuthentication } from '@drawbridge/carrier'
import type { CarryDecision, CarryInput, Carrier, Login } from '@drawbridge/logins'
import type { BridgeOutcome } from '../../src/index.ts'
import { LIMITS, type Rules } from './rules.ts'
import type { AccessToken, Cookie, Credentials, RefreshToken, Request, Response, State } from './state.ts'

/*
 * The service, one request at a time: what the routes and the store do, by the rules that ship. A request is atomic, as the
 * store's methods are; what happens between the question of an exchange and its write is another action of the model.
 */

const UNAUTHORIZED: Response = { status: 401, userId: null, loginId: null, sets: {} }
const TWO_USERS: Response = { ...UNAUTHORIZED, status: 400 }
const CARRIED: Response = { ...UNAUTHORIZED, status: 409 }

const serve = (
  { userId, id: loginId }: Pick<Login, 'userId' | 'id'>,
  sets: Partial<Credentials>
): Response => ({
  status: 200,
  userId,
  loginId,
  sets
})

export function handle(state: State, rules: Rules, request: Request): Response {
  switch (request.act) {
    case 'read':
      return read(state, rules, request.presented)
    case 'refresh':
      return refresh(state, rules, request.presented.refresh)
    case 'sign in by cookie':
    case 'sign in by token':
      return signIn(state, rules, request)
    case 'log out':
      return logOut(state, rules, request.presented)
    default:
      return finishExchange(state, rules, request, beginExchange(state, rules, request))
  }
}

/** As `logins.resolve`. */
function resolve(state: State, rules: Rules, loginId: string): Login | null {
  const login = state.store[loginId]
  if (login === undefined || rules.loginEndsAt(login) <= state.now) return null
  return rules.checksRevocations && state.revoked.includes(loginId) ? null : login
}

// --- The guard ---------------------------------------------------------------------------------

function succeed(login: Pick<Login, 'userId' | 'id'>, carrier: Carrier): Authenticated {
  const principal = {
    userId: login.userId,
    username: login.userId,
    loginId: login.id,
    carrier,
    authenticatedAt: 0,
    expiresAt: 0,
    scopes: []
  }
  return { ok: true, principal }
}

const fail = (reason: 'none' | 'invalid') => failedAuthentication(reason, reason)

/** By the store alone. A snapshot is as an access token: short-lived, and no credential of an exchange. */
function readSession(
  state: State,
  rules: Rules,
  cookie: Cookie | null
): Authenticated | FailedAuthentication {
  if (cookie === null) return fail('none')
  const login = resolve(state, rules, cookie.loginId)
  if (login === null || !rules.isSecretOf(cookie.secret, login.session, state.now)) return fail('invalid')
  return succeed(login, 'session')
}

/** By the token alone and the revocations that the node knows of. */
function readToken(state: State, access: AccessToken | null): Authenticated | FailedAuthentication {
  if (access === null) return fail('none')
  if (state.now >= access.expiresAt || state.revoked.includes(access.loginId)) return fail('invalid')
  return succeed({ userId: access.userId, id: access.loginId }, 'token')
}

/** What the guard of the bridge decides, without any effect. */
export function authenticate(
  state: State,
  rules: Rules,
  { cookie, access }: Pick<Credentials, 'cookie' | 'access'>
): BridgeOutcome {
  const session = readSession(state, rules, cookie)
  const token = readToken(state, access)
  if (token.ok) return rules.chooseCredential(token, session)
  if (token.reason !== 'none') return rules.rejectToken(token, session)
  return session.ok ? session : { ...session, carrier: 'session' }
}

function read(state: State, rules: Rules, presented: Credentials): Response {
  const outcome = authenticate(state, rules, presented)
  if (!outcome.ok) return outcome.reason === 'two-users' ? TWO_USERS : UNAUTHORIZED
  const { userId, loginId } = outcome.principal
  touch(state, loginId)
  return serve({ userId, id: loginId }, {})
}

/** Use is written late, and to no one's loss: a failover of the model does not go back behind it. */
function touch(state: State, loginId: string): void {
  for (const records of [state.store, state.replica]) {
    const login = records[loginId]
    if (login !== undefined)
      records[loginId] = { ...login, lastSeenAt: Math.max(state.now, login.lastSeenAt) }
  }
}

// --- Sign-in, refresh, log-out -----------------------------------------------------------------

/** Before each write: a failover loses one. */
function write(state: State, login: Login): Login {
  state.replica = { ...state.store }
  state.store[login.id] = login
  return login
}

export function revoke(state: State, loginId: string): void {
  state.replica = { ...state.store }
  delete state.store[loginId]
  if (!state.revoked.includes(loginId)) state.revoked = [...state.revoked, loginId]
}

const drawFrom = (state: State) => () => `drawn ${state.drawn++}`

function signIn(state: State, rules: Rules, { act, userId = '', presented }: Request): Response {
  const draw = drawFrom(state)
  const byCookie = act === 'sign in by cookie'
  const id = `login ${Object.keys(state.facts).length}`
  const secret = draw()
  const family = draw()
  const replaced = byCookie ? readSession(state, rules, presented.cookie) : fail('none')
  const login = write(state, {
    id,
    userId,
    username: userId,
    createdAt: state.now,
    authenticatedAt: state.now,
    expiresAt: state.now + (byCookie ? LIMITS.sessionAbsoluteMs : LIMITS.refreshAbsoluteMs),
    idleTimeoutSeconds: (byCookie ? LIMITS.sessionIdleMs : LIMITS.refreshIdleMs) / 1000,
    lastSeenAt: state.now,
    device: { userAgent: '', address: '' },
    session: byCookie ? { secretHash: secret, expiresAt: null } : null,
    refresh: byCookie
      ? null
      : {
          familyHash: family,
          generation: 0,
          hash: secret,
          previousHash: null,
          sealed: null,
          rotatedAt: state.now
        },
    key: null,
    scopes: [userId],
    data: {}
  })
  if (replaced.ok) revoke(state, replaced.principal.loginId)
  if (byCookie) return serve(login, { cookie: { kind: 'session', loginId: id, secret } })
  const access = issueAccessToken(state, rules, login)
  return serve(login, { access, refresh: { kind: 'refresh', loginId: id, generation: 0, family, secret } })
}

function issueAccessToken(state: State, rules: Rules, login: Login, notAfter = Infinity): AccessToken {
  const expiresAt = rules.accessTokenEndsAt(login, state.now, notAfter)
  return { kind: 'access', loginId: login.id, userId: login.userId, expiresAt }
}

const present = ({ family, generation, secret }: RefreshToken) => ({
  familyHash: family,
  generation,
  hash: secret,
  graceSeconds: LIMITS.graceSeconds
})

function refresh(state: State, rules: Rules, token: RefreshToken | null): Response {
  const login = token && resolve(state, rules, token.loginId)
  if (token === null || login === null || login.refresh === null) return UNAUTHORIZED
  const next = `next of ${token.secret} at ${state.now}`
  const input = { ...present(token), nextHash: next, nextSealed: next }
  const decision = rules.decideRotation(login.refresh, input, state.now)
  if (decision === 'unknown') return UNAUTHORIZED
  if (decision === 'reuse') {
    revoke(state, login.id)
    return UNAUTHORIZED
  }
  const rotated =
    decision === 'repeat'
      ? login
      : write(state, { ...login, lastSeenAt: state.now, refresh: rules.rotatedState(input, state.now) })
  const secret = rotated.refresh?.sealed ?? ''
  const successor: RefreshToken = { ...token, generation: token.generation + 1, secret }
  return serve(login, { access: issueAccessToken(state, rules, rotated), refresh: successor })
}

function logOut(state: State, rules: Rules, { cookie, access, refresh }: Credentials): Response {
  const ids = new Set<string>()
  const bearer = readToken(state, access)
  if (bearer.ok) ids.add(bearer.principal.loginId)
  const ofRefreshToken = refresh && state.store[refresh.loginId]
  const isGenuine = !ofRefreshToken || ofRefreshToken.refresh?.familyHash === refresh.family
  if (refresh !== null && isGenuine) ids.add(refresh.loginId)
  const isInvalid = refresh !== null || access !== null
  if (isInvalid && ids.size === 0 && cookie === null) return UNAUTHORIZED
  // Also where the store no longer has the login: an earlier log-out may have reached it, and not the other nodes.
  const isRemoved = cookie !== null && resolve(state, rules, cookie.loginId) === null
  if (isRemoved || readSession(state, rules, cookie).ok) ids.add(cookie?.loginId ?? '')
  for (const loginId of ids) revoke(state, loginId)
  return { ...UNAUTHORIZED, status: 200, sets: { cookie: null, access: null, refresh: null } }
}

// --- The exchange ------------------------------------------------------------------------------

/** What an exchange has found out before it writes: its response, or null to go on. */
export function beginExchange(state: State, rules: Rules, { act, presented }: Request): Response | null {
  const bearer = readToken(state, presented.access)
  if (act === 'token for session') {
    const login = presented.refresh && resolve(state, rules, presented.refresh.loginId)
    if (login === null) return UNAUTHORIZED
    const session = readSession(state, rules, presented.cookie)
    return [bearer, session].some((other) => other.ok && other.principal.userId !== login.userId)
      ? TWO_USERS
      : null
  }
  const selected = rules.selectForExchange(presented)
  const given = selected === 'access' ? bearer : readSession(state, rules, presented.cookie)
  if (selected === null || !given.ok) return UNAUTHORIZED
  return bearer.ok && bearer.principal.userId !== given.principal.userId ? TWO_USERS : null
}

export function finishExchange(
  state: State,
  rules: Rules,
  request: Request,
  rejected: Response | null
): Response {
  if (rejected !== null) return rejected
  const { act, presented } = request
  if (act === 'token for session') return tokenForSession(state, rules, presented)
  const selected = rules.selectForExchange(presented)
  const credential = selected === 'access' ? presented.access : presented.cookie
  const login = credential && resolve(state, rules, credential.loginId)
  if (login === null || credential === null) return UNAUTHORIZED
  touch(state, login.id)
  const used = state.store[login.id] ?? login
  const access = issueAccessToken(state, rules, used, used.session?.expiresAt ?? Infinity)
  if (act === 'session for access token') return serve(used, { access })
  const secret = credential.kind === 'session' ? credential.secret : (used.session?.secretHash ?? '')
  return sessionForRefreshToken(state, rules, { login: used, secret, access })
}

/** As `store.carry`. */
export function carry(
  state: State,
  rules: Rules,
  loginId: string,
  input: CarryInput
): { readonly decision: CarryDecision; readonly login: Login | null } {
  const login = resolve(state, rules, loginId)
  if (login === null) return { decision: 'unknown', login }
  const decision = rules.decideCarry(login, input, state.now)
  if (decision === 'reuse') revoke(state, loginId)
  if (decision !== 'add') return { decision, login }
  return { decision, login: write(state, rules.carriedLogin(login, input, state.now)) }
}

function sessionForRefreshToken(
  state: State,
  rules: Rules,
  { login, secret, access }: { readonly login: Login; readonly secret: string; readonly access: AccessToken }
): Response {
  const first = rules.deriveRefresh(secret, login.id, drawFrom(state))
  const token: RefreshToken = { kind: 'refresh', loginId: login.id, generation: 0, ...first }
  const outcome = carry(state, rules, login.id, {
    add: 'refresh',
    presented: { secretHash: secret },
    refresh: { familyHash: token.family, hash: token.secret }
  })
  const stored = outcome.login?.refresh
  if (outcome.decision === 'unknown' || !stored) return UNAUTHORIZED
  const isGiven =
    stored.generation === 0 && stored.hash === token.secret && stored.familyHash === token.family
  const isRepeatable = state.now - stored.rotatedAt < LIMITS.graceSeconds * 1000
  const isTaken = outcome.decision === 'keep' && !(isGiven && isRepeatable)
  return isTaken ? CARRIED : serve(login, { access, refresh: token })
}

function tokenForSession(state: State, rules: Rules, { refresh, cookie }: Credentials): Response {
  const login = refresh && resolve(state, rules, refresh.loginId)
  if (refresh === null || login === null) return UNAUTHORIZED
  const presented = readSession(state, rules, cookie)
  const expiresAt = rules.carriedSessionEndsAt(login, state.now)
  const newest = rules.deriveSession(refresh.family, expiresAt, drawFrom(state))
  const outcome = carry(state, rules, login.id, {
    add: 'session',
    presented: present(refresh),
    session: { secretHash: newest, expiresAt }
  })
  const stored = outcome.login?.session
  if (outcome.decision === 'unknown' || outcome.decision === 'reuse' || !stored) return UNAUTHORIZED
  const secret =
    outcome.decision === 'add'
      ? newest
      : rules.deriveSession(refresh.family, stored.expiresAt ?? -1, drawFrom(state))
  const isOwn = presented.ok && presented.principal.loginId === login.id
  if (stored.secretHash !== secret) return isOwn ? serve(login, {}) : CARRIED
  if (presented.ok && !isOwn) revoke(state, presented.principal.loginId)
  return serve(login, { cookie: { kind: 'session', loginId: login.id, secret } })
}
