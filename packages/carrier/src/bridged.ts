import type {
  Login,
  Principal,
  RefreshTokenState,
  RevocationCause,
  RoutePolicy,
  StoredSessionSecret
} from '@drawbridge/logins'
import type { CarrierLogins, LoginWithClaims } from '@drawbridge/logins/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AuthenticateOutcome, FailedAuthentication } from './authenticate-outcome.ts'
import type { HttpError } from './errors.ts'
import type { Follower } from './follower.ts'
import type { GuardedCarrier, Unresolved } from './guard.ts'
import type { SecuritySchemes } from './open-api/describe-routes.ts'
import type { CreatedKey, KeyView } from './personal-access-tokens.ts'
import type { CredentialsVerifier, Reauthentication } from './sign-in.ts'
import type { AccessTokenResponse } from './token-response.ts'

/*
 * What session-auth, token-auth and key-auth offer to a plugin that joins them, beside what they offer to applications.
 */

/** A session that was presented, as the store has it now. */
export interface PresentedSession {
  readonly login: LoginWithClaims
  /** The secret in the cookie, which only the browser has. */
  readonly secret: string
  /** ms since the epoch: when the session ends, however much it is used; null for when its login expires. */
  readonly expiresAt: number | null
  /** ms since the epoch: a moment before the store was asked. */
  readonly asOf: number
}

/** A refresh token that was presented: we made it, and the store was not asked yet. */
export interface PresentedToken {
  readonly loginId: string
  readonly familyHash: string
  readonly generation: number
  readonly hash: string
  /** For how long after a rotation the replaced token is still accepted, seconds. */
  readonly graceSeconds: number
  /** Random bytes that all tokens of the login have in common, and nobody who never had one. */
  readonly family: Buffer
}

/** A session that was added to a login, or that was added to it before. */
export interface CarriedSession {
  readonly login: LoginWithClaims
  readonly secret: string
  /** ms since the epoch: a moment before the store was asked. */
  readonly asOf: number
}

/**
 * A session secret that is derived from what only the bearer of another credential has: any number of requests, on any node,
 * get the very same one, with nothing to store or to agree on.
 */
export interface DerivedSession {
  /** What the store gets of it. */
  readonly stored: Pick<StoredSessionSecret, 'secretHash'>
  /** The secret that the store has the hash of, by whichever root secret; undefined for another one. */
  find(stored: StoredSessionSecret | null): string | undefined
}

/** A first refresh token that is derived as a {@link DerivedSession} is. */
export interface DerivedTokens {
  /** What the store gets of it. */
  readonly stored: Pick<RefreshTokenState, 'familyHash' | 'hash'>
  /**
   * The response with a new access token; null where the login has another refresh token by now, or expires within this second.
   * @param asOf ms since the epoch: a moment before the store was asked.
   */
  createResponse(login: LoginWithClaims, asOf: number): AccessTokenResponse | null
}

/** The outcome of a carry: what to send, or why there is nothing. */
export type CarryResult<Carried> =
  /** `isRepeated`: the login had it before. */
  | { readonly ok: true; readonly carried: Carried; readonly isRepeated: boolean }
  /** `taken`: the login has a credential of that kind, which is not the one that this call would give. */
  | { readonly ok: false; readonly reason: 'taken' | 'unknown' | 'reused' }

/** Of session-auth. */
export interface BridgedSessions {
  readonly credentials: CredentialsVerifier
  readonly carrier: 'session'
  readonly logins: CarrierLogins
  readonly idleTimeoutSeconds: number
  readonly absoluteTimeoutSeconds: number
  /** What its guard does. */
  readonly guarded: GuardedCarrier<Unresolved>
  /** Of OpenAPI. */
  readonly securitySchemes: SecuritySchemes
  /** Whether the request has a cookie of ours, valid or not. */
  isPresented(request: FastifyRequest): boolean
  /** On the hot path, without I/O. Whether a session cookie of the request may be of another user than this login. */
  mayBeOfOtherUser(request: FastifyRequest, loginId: string): boolean
  /** Whose session the request has, whatever page sent it. Not use of the login; sends nothing. */
  identify(request: FastifyRequest, policy: RoutePolicy): AuthenticateOutcome | Promise<AuthenticateOutcome>
  /** Whether the request may come from one of our own pages, or from no page. */
  isSameOrigin(request: FastifyRequest): boolean
  /** The 403 for a request that a page of another origin may have sent. */
  crossOriginError(request: FastifyRequest): HttpError
  /** Asks the store for the one session of the request, from whatever page. Use of the login. Rejects when the store is down. */
  present(request: FastifyRequest): Promise<PresentedSession | FailedAuthentication>
  /** The logins of all session cookies of the request, as the store has them; null for too many cookies. */
  listPresented(request: FastifyRequest): Promise<readonly Login[] | null>
  /** Adds a session to the login of a refresh token. Repeated, it gives the very same one for as long as that is valid. */
  carry(token: PresentedToken, login: LoginWithClaims): Promise<CarryResult<CarriedSession>>
  /** Sets the cookies of a carried session, and the principal of the request. */
  send(request: FastifyRequest, reply: FastifyReply, session: CarriedSession): Principal
  /** The secret of a session of its own for the login of a credential that another system made. */
  deriveSession(oldSecret: string, loginId: string): DerivedSession
  /**
   * Sends the cookies of a session when the response is sent, unless its login is revoked by then, or the handler has set others.
   */
  sendLater(reply: FastifyReply, session: CarriedSession): void
  /** Lets a migration decide beside it. @throws OptionError where another one does. */
  follow(follower: Follower): void
  /** Whether it signs with this secret, or verifies by it. */
  hasSecret(secret: string): boolean
  /** As `app.sessionAuth`. */
  revokeOthers(request: FastifyRequest, reply: FastifyReply, cause?: RevocationCause): Promise<number>
  /** As `app.sessionAuth`. */
  reauthenticate(request: FastifyRequest, reply: FastifyReply, verified: Reauthentication): Promise<Principal>
  /**
   * Revokes the logins of the request's cookies and removes them. As `endSession`, without proof of origin.
   *
   * @returns whether there was a login, active or revoked before.
   */
  end(request: FastifyRequest, reply: FastifyReply): Promise<boolean>
}

/** Of token-auth. */
export interface BridgedTokens {
  readonly credentials: CredentialsVerifier
  readonly carrier: 'token'
  readonly logins: CarrierLogins
  readonly accessTokenTtlSeconds: number
  /** Of its logins. */
  readonly idleTimeoutSeconds: number
  readonly absoluteTimeoutSeconds: number
  /** What its guard does. */
  readonly guarded: GuardedCarrier<Unresolved>
  /** Of OpenAPI. */
  readonly securitySchemes: SecuritySchemes
  /** The first refresh token for the login of a credential that another system made. */
  deriveTokens(oldSecret: string, loginId: string): DerivedTokens
  /** Revokes the login of another system whose token the request presents. @returns whether there was one. */
  endOld(request: FastifyRequest, reply: FastifyReply): Promise<boolean>
  /** Lets a migration decide beside it. @throws OptionError where another one does. */
  follow(follower: Follower): void
  /** Whether it makes refresh tokens or access tokens with this secret, or verifies by it. */
  hasSecret(secret: string): boolean
  /** Null for a text that we did not make. */
  readRefreshToken(text: string): PresentedToken | null
  /** As `app.tokenAuth`. */
  revokeOthers(request: FastifyRequest, cause?: RevocationCause): Promise<number>
  /** As `app.tokenAuth`. */
  reauthenticate(request: FastifyRequest, verified: Reauthentication): Promise<AccessTokenResponse>
  /** The id of the login of a refresh token of any generation; null for one that we did not make. */
  findLoginId(refreshToken: string): Promise<string | null>
  /** The response with a new access token; null where the session expires within this second. */
  issueAccessToken(session: PresentedSession): AccessTokenResponse | null
  /** Adds a first refresh token to the login of a session. Repeated, within the grace time, it gives the very same one. */
  carry(session: PresentedSession): Promise<CarryResult<AccessTokenResponse>>
}

/** Of key-auth. */
export interface BridgedKeys {
  readonly carrier: 'key'
  readonly logins: CarrierLogins
  /** What its guard does. */
  readonly guarded: GuardedCarrier<Unresolved>
  /** Of OpenAPI. */
  readonly securitySchemes: SecuritySchemes
  /** On the hot path, without I/O. Whether an Authorization header has a key, valid or not: no other bearer token begins so. */
  isKey(authorization: string): boolean
  /** As `create` of `app.keyAuth`. */
  create(request: FastifyRequest, input: unknown, reply: FastifyReply): Promise<CreatedKey>
  /** As `app.keyAuth`. */
  list(userId: string): Promise<readonly KeyView[]>
  /** As `app.keyAuth`. */
  revoke(userId: string, id: string, cause: RevocationCause): Promise<boolean>
}

/** What a plugin offers to a bridge. */
export type Bridged = BridgedSessions | BridgedTokens | BridgedKeys

/** Global, since two copies of this package may be loaded. */
const BRIDGED = Symbol.for('drawbridge.bridged')

/** Adds to what an application sees of a carrier what only a bridge sees. */
export function offerBridged<Api extends object>(api: Api, bridged: Bridged): Readonly<Api> {
  return Object.freeze(Object.defineProperty(api, BRIDGED, { value: bridged }))
}

/** What `app.sessionAuth`, `app.tokenAuth` or `app.keyAuth` offers to a bridge; undefined for anything else. */
export function findBridged<Carrier extends Bridged['carrier']>(
  api: unknown,
  carrier: Carrier
): Extract<Bridged, { carrier: Carrier }> | undefined {
  const bridged = (api as { readonly [BRIDGED]?: Bridged } | undefined)?.[BRIDGED]
  return bridged?.carrier === carrier ? (bridged as Extract<Bridged, { carrier: Carrier }>) : undefined
}
