import type { Principal, RoutePolicy } from '@drawbridge/logins'
import type { LoginWithClaims } from '@drawbridge/logins/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { OptionError } from '@drawbridge/options'
import { type AuthenticateOutcome, failedAuthentication } from './authenticate-outcome.ts'

/**
 * What decides beside a carrier who is signed in: a migration, for as long as logins of another system count too. Methods
 * reject with the HttpError to send.
 */
export interface Follower {
  /**
   * On the hot path, without I/O. Whether a valid credential of ours decides alone, so that nothing else of the request is
   * looked at.
   */
  isSettled(principal: Principal): boolean
  /** Decides about a request whose own credential had this outcome. @param reply absent where nothing can be sent. */
  follow(
    request: FastifyRequest,
    ours: AuthenticateOutcome,
    policy: RoutePolicy,
    reply?: FastifyReply
  ): Promise<FollowOutcome>
  /**
   * Before a client gets the credential of a new login: revokes the login of the other system that the request presents, and
   * gives the new one what belongs to it there. Where this rejects, the login is revoked.
   *
   * @param reply absent where a carrier sends its credentials in the body.
   */
  beforeSignIn(
    request: FastifyRequest,
    reply: FastifyReply | undefined,
    login: LoginWithClaims
  ): Promise<void>
  /**
   * The login of ours that the request's credential of the other system belongs to; one is made where there is none, in any
   * phase: what revokes all others must be able to spare it. Null where nobody is signed in by such a credential.
   *
   * @param limit `unlimited` where no client can do without, such as for a change of password; `limited`: of one address only so many
   *   are made, and beyond that it rejects with 429.
   */
  adopt(request: FastifyRequest, limit: 'limited' | 'unlimited'): Promise<Principal | null>
  /**
   * Revokes the login of the other system that the request presents, with that of ours that it belongs to, and removes its
   * cookies. @returns whether there was one.
   */
  logOut(request: FastifyRequest, reply: FastifyReply): Promise<boolean>
}

/** What a {@link Follower} has decided. */
export type FollowOutcome =
  /** Our credential counts. */
  | { readonly kind: 'ours' }
  /** Another login counts. */
  | { readonly kind: 'other'; readonly principal: Principal }
  /** Nobody is signed in. `isPresented`: the request has a credential, which is not valid. */
  | { readonly kind: 'none'; readonly isPresented: boolean; readonly cause: string }

/** The one follower of a carrier; undefined until a migration is registered, and mostly for good. */
export interface FollowerSlot {
  follower: Follower | undefined
}

/** @param owner the plugin, such as `sessionAuth`. @throws OptionError where there is one already. */
export function installFollower(owner: string, slot: FollowerSlot, follower: Follower): void {
  if (slot.follower !== undefined)
    throw new OptionError(`${owner} takes part in one migration at a time, and is in one already`)
  slot.follower = follower
}

/** The outcome of a request about which a follower has decided. @param ours that of our own credential. */
export function toOutcome(
  decided: Exclude<FollowOutcome, { kind: 'ours' }>,
  ours: AuthenticateOutcome
): AuthenticateOutcome {
  if (decided.kind === 'other') return { ok: true, principal: decided.principal }
  const loginId = ours.ok ? ours.principal.loginId : ours.loginId
  return failedAuthentication(decided.isPresented ? 'invalid' : 'none', decided.cause, loginId)
}

/**
 * Whether an outcome of our own credential is one that a follower decides about. Not a request of another page, nor one whose
 * credentials of ours contradict each other: no other credential makes those good.
 */
export function isFollowed(known: { readonly ok: null } | AuthenticateOutcome): boolean {
  return known.ok !== false || known.reason === 'none' || known.reason === 'invalid'
}
