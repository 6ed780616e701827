import type { Carrier, Login } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * The logins of another system, from which users are moved to ours. Five members are enough to move away from it; with the
 * others a log-out reaches it at once, and a step back reaches its own instances.
 *
 * The cases in `@drawbridge/bridge/testing` are this contract as tests.
 */
export interface OldLogins {
  /** How clients present its credentials: a cookie is a `session`, an Authorization header a `token`. */
  readonly carrier: Carrier
  /** Whether the other system stores a record of each login, by which it can be asked about and revoked. */
  readonly keepsRecord: boolean
  /**
   * Whether its credentials can be forged by who guesses a short secret from one of them. They may then be accepted for 90 days
   * at most. Default false.
   */
  readonly isWeak?: boolean
  /** Whether some credentials never expire: until when they are accepted has then to be said. Default false. */
  readonly mayNeverExpire?: boolean
  /**
   * Whether one of its secrets is one of ours, as `isOurs` says. Whoever has it there could then make our credentials. Absent
   * where that cannot be asked.
   */
  sharesSecret?(isOurs: (secret: string) => boolean): boolean
  /**
   * What a request presents of it. Whatever a client sends is an outcome; rejects only where the record cannot be asked for,
   * which is 503.
   */
  read(request: FastifyRequest): Promise<PresentedOldLogin> | PresentedOldLogin
  /** Removes its cookies from the browser, each with the path and domain that it was set with. */
  clear(reply: FastifyReply): void
  /** Whether this login is active there. Only, and always, with `keepsRecord`. */
  isActive?(key: string): Promise<boolean>
  /** Revokes this login there; repeated, it does nothing more. Only, and always, with `keepsRecord`. */
  revoke?(key: string): Promise<void>
  /**
   * Gives a login of ours one of the other system too, and sends its cookie: for a step back, and for sign-ins while instances
   * of the other system still serve requests. Absent where only the other system can.
   *
   * @param key of the login that it had there: the same is given again where it is active. Null for a new one; a system that
   *   keeps no record always gives a new one.
   * @returns the key of the one that was given.
   */
  give?(reply: FastifyReply, login: GivenLogin, key: string | null): Promise<string>
  /** How many of its logins are active, for the operator. Absent where it cannot be known. */
  count?(): Promise<number>
}

/** What the other system is given of a login of ours. */
export type GivenLogin = Pick<Login, 'id' | 'userId' | 'username' | 'expiresAt'>

/** Why a credential does not count: that system did not make it, its time has passed, it is from a clock that is ahead, or it says what it cannot. */
export type RejectionReason = 'signature' | 'expired' | 'clock' | 'malformed' | 'other'

/** What a request presents of the other system. */
export type PresentedOldLogin =
  /** No credential of it. */
  | { readonly kind: 'none' }
  /** A credential that it did not make, or that it would not accept. `cause` is for the log; `reason`, which is counted, is `other` by default. */
  | { readonly kind: 'invalid'; readonly cause: string; readonly reason?: RejectionReason }
  /** A credential that it made, and in which nobody is signed in: what some systems leave after a log-out. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'found'; readonly old: OldLogin }

/** A valid login of the other system. */
export interface OldLogin {
  /**
   * Names one login there, and no other, now or later; null where nothing in the credential does. It is stored: an id, or a
   * digest of a credential, never a signed one itself.
   */
  readonly key: string | null
  /**
   * What only the bearer of the credential has: the secret of our login is derived from it. The same for all credentials with
   * one key, whichever of several secrets signed them.
   */
  readonly secret: string
  readonly userId: string
  readonly username?: string | undefined
  /** ms since the epoch; null where the credential does not say. */
  readonly issuedAt: number | null
  /** When the user authenticated, ms since the epoch; null where the credential does not say. */
  readonly authenticatedAt: number | null
  /** ms since the epoch; null for a credential that never expires. */
  readonly expiresAt: number | null
}
