import type { Login } from '@drawbridge/logins'

/*
 * The state of the model: what the service has stored, what clients have, what is on its way, and the truth that the service
 * cannot see. Every object is replaced, never changed, but for the members of a state that `copyState` has copied.
 */

export interface Cookie {
  readonly kind: 'session'
  readonly loginId: string
  readonly secret: string
}

export interface RefreshToken {
  readonly kind: 'refresh'
  readonly loginId: string
  readonly generation: number
  readonly family: string
  readonly secret: string
}

export interface AccessToken {
  readonly kind: 'access'
  readonly loginId: string
  readonly userId: string
  /** ms since the epoch. */
  readonly expiresAt: number
}

export type Credential = Cookie | RefreshToken | AccessToken

/** The credentials that a client has, or that a request presents. */
export interface Credentials {
  readonly cookie: Cookie | null
  readonly access: AccessToken | null
  readonly refresh: RefreshToken | null
}

export const NOTHING: Credentials = { cookie: null, access: null, refresh: null }

export interface Request {
  readonly act:
    | 'read'
    | 'refresh'
    | 'sign in by cookie'
    | 'sign in by token'
    | 'session for access token'
    | 'session for refresh token'
    | 'token for session'
    | 'log out'
  /** Index of the client. */
  readonly client: number
  readonly presented: Credentials
  /** Of a sign-in. */
  readonly userId?: string
}

export interface Response {
  readonly status: 200 | 400 | 401 | 409
  /** Whose login served the request; null where none did. */
  readonly userId: string | null
  readonly loginId: string | null
  /** What the client has after it; a member that is absent stays. */
  readonly sets: Partial<Credentials>
}

/** What is true of a login, whatever the service has stored of it. */
export interface Fact {
  readonly userId: string
  readonly authenticatedAt: number
  readonly expiresAt: number
  readonly idleMs: number
  readonly usedAt: number
  /** It was logged out, or a replaced refresh token of it was presented too late. */
  readonly isEnded: boolean
  /** The store lost writes of it: its client may be rejected. */
  readonly isUnsure: boolean
  /** The newest cookie; `isOwn`: of the sign-in. */
  readonly session: { readonly cookie: Cookie; readonly endsAt: number; readonly isOwn: boolean } | null
  /** Refresh tokens, the newest last, and when each was first issued; `isOwn`: the first is of the sign-in. */
  readonly chain: ReadonlyArray<{
    readonly token: RefreshToken
    readonly at: number
    readonly isOwn: boolean
  }>
}

/** A credential that was sent at some time, received or not. */
export interface Issued {
  readonly credential: Credential
  /** ms since the epoch: when it ends by the truth, however much it is used. */
  readonly endsAt: number
}

/** An exchange between its question to the store and its write. */
export interface Midway {
  readonly request: Request
  /** What its response may have been at the question. */
  readonly statuses: readonly number[]
}

export interface State {
  now: number
  /** How many secrets were drawn. */
  drawn: number
  store: Record<string, Login>
  /** The store before its newest write, which a failover goes back to. */
  replica: Record<string, Login>
  /** Revoked logins, as every node knows them from the feed. */
  revoked: readonly string[]
  clients: readonly Credentials[]
  late: { readonly client: number; readonly sets: Partial<Credentials> } | null
  inFlight: Request | null
  midway: Midway | null
  facts: Record<string, Fact>
  issued: readonly Issued[]
  /** The first violation; null where there is none. */
  violation: string | null
}

export function createState(clientCount: number): State {
  return {
    now: 0,
    drawn: 0,
    store: {},
    replica: {},
    revoked: [],
    clients: Array.from({ length: clientCount }, () => NOTHING),
    late: null,
    inFlight: null,
    midway: null,
    facts: {},
    issued: [],
    violation: null
  }
}

export function copyState(state: State): State {
  return { ...state, store: { ...state.store }, replica: { ...state.replica }, facts: { ...state.facts } }
}

export function isSame(one: Credential, other: Credential): boolean {
  if (one.loginId !== other.loginId) return false
  if (one.kind === 'access') return other.kind === 'access' && one.expiresAt === other.expiresAt
  if (one.kind === 'session') return other.kind === 'session' && one.secret === other.secret
  return (
    other.kind === 'refresh' &&
    one.secret === other.secret &&
    one.generation === other.generation &&
    one.family === other.family
  )
}
