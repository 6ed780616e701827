import type { ClockStepDetector } from '../cache/clock-step-detector.ts'
import { wrapOutage } from '../errors.ts'
import type { LoginStore } from '../stores/login-store.ts'
import type { FeedPosition, RevocationFeed } from './feed.ts'
import { RevocationList } from './revocation-list.ts'
import { UnconfirmedRevocations } from './unconfirmed-revocations.ts'

/** Options of {@link Revocations}. */
export interface RevocationsOptions {
  readonly store: Pick<LoginStore, 'find'>
  readonly feed: RevocationFeed
  readonly clockSteps: Pick<ClockStepDetector, 'check'>
  readonly retentionSeconds: number
  /** ms on a clock that only goes forward. */
  readonly monotonicNow: () => number
  /** Called for each login that is listed, more than once where it is revoked more than once. */
  readonly onRevoked: (loginId: string) => void
}

/** The revocations that a node knows, and how it publishes its own to the others. */
export class Revocations {
  /** The logins that this node knows to be revoked. */
  readonly list: RevocationList
  readonly #options: RevocationsOptions
  /** The logins whose revocation the feed has accepted from this node. */
  readonly #published: RevocationList
  readonly #unconfirmed: UnconfirmedRevocations

  constructor(options: RevocationsOptions) {
    const { store, feed, retentionSeconds, monotonicNow } = options
    this.#options = options
    this.list = new RevocationList(retentionSeconds, monotonicNow)
    this.#published = new RevocationList(retentionSeconds, monotonicNow)
    this.#unconfirmed = new UnconfirmedRevocations({
      store,
      publish: (loginIds) => this.publish(loginIds),
      retentionMs: retentionSeconds * 1000
    })
    feed.subscribe(
      ({ loginId }) => this.add(loginId),
      () => this.list
    )
  }

  /** Checks the clock first: a new entry makes the list forget expired ones. */
  add(loginId: string): void {
    this.#options.clockSteps.check()
    this.list.add(loginId)
    this.#options.onRevoked(loginId)
  }

  isPublished(loginId: string): boolean {
    return this.#published.has(loginId)
  }

  /** Called after the store was asked: where the feed then fails, a node that asks the store still gets the truth. */
  async publish(loginIds: readonly string[]): Promise<FeedPosition> {
    if (loginIds.length === 0) return ''
    // The feed does so too, but it may reject before it has called its listeners.
    for (const loginId of loginIds) this.add(loginId)
    const position = await wrapOutage(() =>
      this.#options.feed.publish(loginIds.map((loginId) => ({ loginId })))
    )
    for (const loginId of loginIds) this.#published.add(loginId)
    return position
  }

  /** Logins that the store may have removed although its reply was lost. */
  addUnconfirmed(loginIds: readonly string[]): void {
    this.#unconfirmed.add(loginIds)
  }

  close(): void {
    this.#unconfirmed.close()
  }
}
