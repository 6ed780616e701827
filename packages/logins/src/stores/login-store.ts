import type { RevocationFeed } from '../revocation/feed.ts'
import type { Login } from '../login/login.ts'
import type { RotateInput } from './rotation.ts'

/** What a rotation came to. The verb decides, in one atomic step, who won. */
export type RotateOutcome =
  /** This call rotated: `login.refresh` is the new handle. */
  | { readonly kind: 'rotated'; readonly login: Login }
  /** Another call rotated the same token within the grace window: `login.refresh` is what that one stored. */
  | { readonly kind: 'repeated'; readonly login: Login }
  /** A token that was replaced is shown again after the window: this call has ended the login. */
  | { readonly kind: 'reused'; readonly login: Login }
  /** No such login is alive, or the token is none of its. */
  | { readonly kind: 'unknown' }

/** A login was seen at a moment (ms since the epoch). */
export interface Touch {
  readonly loginId: string
  readonly seenAt: number
}

/** What of a living login a request may write. */
export interface LoginChange {
  readonly data: Readonly<Record<string, unknown>>
}

/** What the ages of a feed are measured by. */
export interface FeedClocks {
  /** ms since the epoch. */
  readonly now: () => number
  /** ms on a clock that only goes forward. */
  readonly monotonicNow: () => number
}

/**
 * Where the records live. Every verb is atomic by itself, and **no verb but `insert` ever creates**: a login
 * that has ended stays ended, whatever was in flight when it did.
 *
 * Logins that have expired are as if they were not there; the store's own clock decides. A record that cannot
 * be read back counts as not there too. A promise rejects only when the store is broken or cannot be reached.
 *
 * The cases in `@drawbridge/logins/testing` are this contract as tests; run them against a store of your own.
 */
export interface LoginStore {
  /**
   * Whether other processes may write to the same records. `createLogins` then refuses to work without a feed by which their
   * revocations come here.
   */
  readonly isShared: boolean
  /**
   * Opens a feed of the store's own, where it can tell by itself that others wrote to it. It is closed with the logins that
   * it was opened for. Absent where a shared store needs another feed.
   */
  openFeed?(clocks: FeedClocks): RevocationFeed
  /**
   * Writes a new login; rejects where the id is taken, or the login has ended already by the store's clock. Where the
   * user then has more than `maxPerUser` living ones, the oldest of the others (by `createdAt`) are ended in the same step. Pending logins (`isPending`), which a
   * password alone can make, are counted apart: they end none that is carried, and none that is carried ends them.
   * @returns the ids of the logins ended to make room; mostly none.
   */
  insert(login: Login, maxPerUser: number): Promise<readonly string[]>
  /** The living login of this id, or null. What is returned is the caller's own copy. */
  find(loginId: string): Promise<Login | null>
  /**
   * Moves `lastSeenAt` forward (never back) on those that are alive.
   * @returns for each touch, in order, whether its login is alive.
   */
  touch(touches: readonly Touch[]): Promise<readonly boolean[]>
  /** Replaces members of a living login. @returns the changed login, or null where none is alive. */
  update(loginId: string, change: LoginChange): Promise<Login | null>
  /**
   * Rotates the refresh token of a living login, by the rules of `decideRotation`. A rotation is use: it moves
   * `lastSeenAt` to now.
   */
  rotate(loginId: string, input: RotateInput): Promise<RotateOutcome>
  /** Ends a login. @returns whether it was alive. */
  remove(loginId: string): Promise<boolean>
  /** Ends every login of a user, but `except`. @returns the ids of those it ended. */
  removeByUser(userId: string, except?: string): Promise<readonly string[]>
  /** The living logins of a user, the newest first. */
  listByUser(userId: string): Promise<readonly Login[]>
  /**
   * Publishes a short text under a topic for `ttlSeconds`, the same for all texts of a topic. Only for a store that nodes of
   * their own configuration share, as in Redis: absent where there is one process, or one machine with one configuration.
   * @returns all texts of the topic that have not expired by the store's clock, this one included.
   */
  announce?(topic: string, text: string, ttlSeconds: number): Promise<readonly string[]>
  /** Resolves when the store answers; for readiness probes. */
  ping(): Promise<void>
}
