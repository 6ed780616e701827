import type { RevocationFeed } from '../revocation/feed.ts'
import type { Login } from '../login/login.ts'
import type { AdoptionStore } from './adoption-store.ts'
import type { CarryInput } from './carry.ts'
import type { LoginChange } from './login-change.ts'
import type { RotateInput } from './rotation.ts'

/** The outcome of a rotation, decided in one atomic step. */
export type RotateOutcome =
  /** This call rotated the token: `login.refresh` is the new state. */
  | { readonly kind: 'rotated'; readonly login: Login }
  /**
   * Another call rotated the same token within the grace window: `login.refresh` is the state that call
   * stored.
   */
  | { readonly kind: 'repeated'; readonly login: Login }
  /**
   * A replaced token is presented again after the window: this call has removed the login. `login` is the
   * removed record.
   */
  | { readonly kind: 'reused'; readonly login: Login }
  /** There is no such active login, or the token does not belong to it. */
  | { readonly kind: 'unknown' }

/** The outcome of a carry, decided in one atomic step. */
export type CarryOutcome =
  /** This call added the credential. `login` is the login with it. */
  | { readonly kind: 'added'; readonly login: Login }
  /**
   * The login has a valid credential of that kind, which this call has left as it was: an earlier call or the sign-in
   * stored it. `login` has it.
   */
  | { readonly kind: 'kept'; readonly login: Login }
  /**
   * A replaced refresh token is presented again after the window: this call has removed the login. `login` is the
   * removed record.
   */
  | { readonly kind: 'reused'; readonly login: Login }
  /** There is no such active login, or the presented credential does not belong to it. */
  | { readonly kind: 'unknown' }

/** What an insert has written. */
export interface InsertOutcome {
  /** As it was written: with the name that its user has, where that is another since a moment ago (`renameUser`). */
  readonly login: Login
  /** The ids of the logins that had to make room, mostly none. */
  readonly removed: readonly string[]
}

/** The use of a login. `seenAt`: ms since the epoch. */
export interface Touch {
  readonly loginId: string
  readonly seenAt: number
}

/** The clocks by which a feed measures ages. */
export interface FeedClocks {
  /** ms since the epoch. */
  readonly now: () => number
  /** ms on a clock that never goes back. */
  readonly monotonicNow: () => number
}

/**
 * The contract of a store of logins. Every method is atomic, and **only `insert` ever creates a record** (and `adopt` of a store
 * that has `adoptions`): a
 * login that was removed stays removed, whatever was in flight then.
 *
 * A login that has expired by the store's own clock counts as missing, and so does a record that cannot be
 * decoded. A promise rejects only when the store is broken or unreachable.
 *
 * The cases in `@drawbridge/logins/testing` are this contract as tests; run them against a store of your own.
 */
export interface LoginStore {
  /**
   * Whether other processes may write to the same records. `createLogins` then requires a feed that delivers
   * their revocations.
   */
  readonly isShared: boolean
  /**
   * What migrations from another system need besides: the logins that were made for credentials of that system. Absent in a
   * store that serves none.
   */
  readonly adoptions?: AdoptionStore
  /**
   * Opens the store's own feed, where the store can detect that others wrote to it. The feed is closed with
   * the logins that it was opened for. Absent where a shared store needs another feed.
   */
  openFeed?(clocks: FeedClocks): RevocationFeed
  /**
   * Writes a new login. Rejects where the id exists, or the login is already expired by the store's clock.
   * Where the user then has more than `maxPerUser` active ones, removes the oldest of the others (by
   * `createdAt`) in the same step. Pending logins (`isPending`), which a password alone can create, and keys are each
   * counted separately (`kindOf`): no kind removes another. A key removes none at all: a program that nobody watches would stop.
   * @returns what was written; null where a key is one too many, and nothing was.
   */
  insert(login: Login, maxPerUser: number): Promise<InsertOutcome | null>
  /** The active login with this id, or null. The caller may change what is returned. */
  find(loginId: string): Promise<Login | null>
  /**
   * Moves `lastSeenAt` of active logins forward, never back.
   * @returns for each touch, in order, whether its login is active.
   */
  touch(touches: readonly Touch[]): Promise<readonly boolean[]>
  /**
   * Replaces members of an active login, by the rules of `changedLogin`. @returns the changed login; null where there is no
   * active one, or it does not have the credential that is replaced.
   */
  update(loginId: string, change: LoginChange): Promise<Login | null>
  /**
   * Rotates the refresh token of an active login, by the rules of `decideRotation`. A rotation is use: it
   * sets `lastSeenAt` to now.
   */
  rotate(loginId: string, input: RotateInput): Promise<RotateOutcome>
  /**
   * Adds a second credential to an active login, by the rules of `decideCarry`: it never replaces a valid one. To add
   * one is use: it sets `lastSeenAt` to now.
   */
  carry(loginId: string, input: CarryInput): Promise<CarryOutcome>
  /** Removes a login. @returns the removed one; null where it was not active. */
  remove(loginId: string): Promise<Login | null>
  /** Removes every login of a user except `except`. @returns the ids of the removed active ones. */
  removeByUser(userId: string, except?: string): Promise<readonly string[]>
  /**
   * Gives all active logins of a user another username, pending ones and keys too; and in the same step says that a login of
   * the user which is written in the next `forSeconds`, by `insert` or by `adopt`, gets this one too: a sign-in that is in
   * flight has read the name from before. A later call replaces an earlier one.
   */
  renameUser(userId: string, username: string, forSeconds: number): Promise<void>
  /** The active logins of a user, pending ones too, the newest first. */
  listByUser(userId: string): Promise<readonly Login[]>
  /**
   * Publishes a short text under a topic for `ttlSeconds`, which is the same for all texts of a topic. Only
   * for a store that is shared by nodes with configurations of their own, such as Redis; absent for one
   * process, or one machine with one configuration.
   * @returns all texts of the topic that have not expired by the store's clock, this one included.
   */
  announce?(topic: string, text: string, ttlSeconds: number): Promise<readonly string[]>
  /** Resolves when the store is reachable; for readiness probes. */
  ping(): Promise<void>
  /** Closes what the store itself has opened. Called once, by `logins.close()`. Absent where it has opened nothing. */
  close?(): Promise<void>
}
