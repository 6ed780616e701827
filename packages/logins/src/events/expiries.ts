import type { CacheEntry } from '../cache/credential-cache.ts'
import { RevocationList } from '../revocation/revocation-list.ts'
import type { RevocationFeed } from '../revocation/feed.ts'
import { unreadLogin } from './describe-login.ts'
import type { LoginExpiredEvent } from './login-event.ts'
import type { PublishEvent } from './login-events.ts'

/** Options of {@link Expiries}. */
export interface ExpiriesOptions {
  readonly feed: Pick<RevocationFeed, 'isFresh' | 'coveredFrom'>
  readonly isRevoked: (loginId: string) => boolean
  readonly retentionSeconds: number
  /** ms since the epoch, by the clock that all nodes go by. */
  readonly now: () => number
  /** ms on a clock that only goes forward. */
  readonly monotonicNow: () => number
  readonly publishEvent: PublishEvent
}

/** Credentials whose entry has expired, while the store is asked about their logins. */
const MAX_UNCONFIRMED = 1000

/**
 * Notices that a login has expired. A store only says that there is none, which is so after a revocation too. But of a
 * login that this node has verified lately it would have heard the revocation: where its cached credential is presented
 * again, and it is gone, it has expired.
 */
export class Expiries {
  readonly #options: ExpiriesOptions
  readonly #unconfirmed = new Map<string, CacheEntry>()
  /** A login has several credentials, and is reported once. */
  readonly #reported: RevocationList

  constructor(options: ExpiriesOptions) {
    this.#options = options
    this.#reported = new RevocationList(options.retentionSeconds, options.monotonicNow)
  }

  /** A credential was presented after its entry in the cache had expired. */
  add(entry: CacheEntry): void {
    const { loginId, expiresAt } = entry.principal
    const now = this.#options.now()
    if (now >= expiresAt) return this.#report(entry, 'absolute')
    // It cannot have expired: where the store has none, the revocation is still on its way.
    if (entry.loginEndsAt === null || now < entry.loginEndsAt) return
    if (this.#unconfirmed.size >= MAX_UNCONFIRMED) this.#unconfirmed.clear()
    this.#unconfirmed.set(loginId, entry)
  }

  /** The store has no such login. */
  confirm(loginId: string): void {
    const entry = this.#unconfirmed.get(loginId)
    if (entry === undefined) return
    this.#unconfirmed.delete(loginId)
    this.#report(entry, 'idle')
  }

  /** The store has it: it was used since. */
  dismiss(loginId: string): void {
    this.#unconfirmed.delete(loginId)
  }

  #report({ principal, verifiedAt }: CacheEntry, limit: LoginExpiredEvent['limit']): void {
    const { feed, isRevoked, retentionSeconds, now, publishEvent } = this.#options
    const { loginId, userId, carrier } = principal
    const isRecent = now() - verifiedAt < retentionSeconds * 1000
    const isKnown = isRecent && verifiedAt >= feed.coveredFrom && feed.isFresh()
    if (!isKnown || isRevoked(loginId) || this.#reported.has(loginId)) return
    this.#reported.add(loginId)
    publishEvent(() => ({ type: 'login-expired', ...unreadLogin(loginId, userId, carrier), limit }))
  }
}
