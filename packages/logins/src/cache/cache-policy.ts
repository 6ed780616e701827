import type { ClockStepDetector } from './clock-step-detector.ts'
import {
  type CacheEntry,
  type CacheLookup,
  CredentialCache,
  type CredentialEntry
} from './credential-cache.ts'
import { LoginsUnavailableError } from '../errors.ts'
import type { RevocationList } from '../revocation/revocation-list.ts'
import type { UserChanges } from '../revocation/user-changes.ts'
import type { FeedReader } from '../revocation/feed.ts'
import type { OnStale, OnStoreDown, RoutePolicy } from './outage-policy.ts'
import type { LoginStatus, QueryStart, VerifiedCredential } from './verified-credential.ts'
import type { Principal } from '../login/principal.ts'
import type { Touches } from './touches.ts'

/** Options of {@link CachePolicy}: those of `createLogins`, and what it works with. */
export interface CachePolicyOptions {
  readonly feed: FeedReader
  readonly revocationList: RevocationList
  readonly changes: Pick<UserChanges, 'count' | 'isOutdated' | 'hasChangedSince'>
  readonly touches: Pick<Touches, 'add'>
  readonly clockSteps: ClockStepDetector
  readonly touchIntervalSeconds: number
  readonly cacheMaxAgeSeconds: number
  readonly cacheMaxEntries: number
  readonly onStale: OnStale
  readonly onStoreDown: OnStoreDown
  /** Called with a credential that was presented after its entry had expired. */
  readonly onExpired: (entry: CacheEntry) => void
  /** ms since the epoch, by the clock that all nodes go by. */
  readonly now: () => number
}

/** A stale node waits for one small read of the feed, for all requests together, instead of one store read for each. */
const RENEW_TIMEOUT_MS = 50

/**
 * Why the store was asked about a credential. `not-cached`: the node has not verified it lately. `reset`: it has, and must do so
 * again. `stale`: the node could not tell whether it was revoked.
 */
export type StoreAskReason = 'not-cached' | 'reset' | 'stale'

/** What a node may serve by itself, and when it must ask the store. Its methods are those of `CarrierLogins`. */
export class CachePolicy {
  readonly #options: CachePolicyOptions
  readonly #caches: CredentialCache[] = []
  readonly #storeAsks = { 'not-cached': 0, reset: 0, stale: 0 }

  constructor(options: CachePolicyOptions) {
    this.#options = options
  }

  get cacheSize(): number {
    return this.#caches.reduce((sum, cache) => sum + cache.size, 0)
  }

  /** Of all caches together. */
  countLookups(): Readonly<Record<CacheLookup, number>> {
    const sum = { hit: 0, absent: 0, expired: 0, revoked: 0, reset: 0, stale: 0 }
    for (const { lookups } of this.#caches)
      for (const found of Object.keys(sum) as CacheLookup[]) sum[found] += lookups[found]
    return sum
  }

  /** How often a guard has asked the store, by why. */
  countStoreAsks(): Readonly<Record<StoreAskReason, number>> {
    return { ...this.#storeAsks }
  }

  localStatus(loginId: string, issuedAt: number): LoginStatus {
    const { feed, revocationList, changes, clockSteps } = this.#options
    clockSteps.check()
    if (revocationList.has(loginId)) return 'revoked'
    if (changes.isOutdated(loginId, issuedAt)) return 'unknown'
    const isCovered = issuedAt >= feed.coveredFrom && issuedAt > clockSteps.ambiguousUntil
    return isCovered && feed.isFresh() ? 'active' : 'unknown'
  }

  /** All that was verified must be verified again. */
  clearCaches(): void {
    for (const cache of this.#caches) cache.clear()
  }

  /** All that was verified of these logins must be verified again. */
  forgetByPrefix(prefixes: ReadonlySet<string>): void {
    for (const cache of this.#caches) cache.deleteByPrefix(prefixes)
  }

  openCache(): CredentialCache {
    const { feed, revocationList, touches, touchIntervalSeconds, cacheMaxEntries, onExpired, now } =
      this.#options
    const touchIntervalMs = touchIntervalSeconds * 1000
    const cache = new CredentialCache(
      cacheMaxEntries,
      {
        isFresh: () => feed.isFresh(),
        epoch: () => feed.trustEpoch,
        isRevoked: (loginId) => revocationList.has(loginId),
        onExpired,
        onHit: (entry, at) => {
          if (entry.touchedAt === null || at - entry.touchedAt < touchIntervalMs) return
          entry.touchedAt = at
          touches.add(entry.principal.loginId, at)
        }
      },
      now
    )
    this.#caches.push(cache)
    return cache
  }

  freshen(
    cache: CredentialCache,
    credential: string,
    policy: RoutePolicy
  ): Promise<Principal | undefined> | undefined {
    if (!this.#options.feed.isFresh()) return this.#freshenStale(cache, credential, policy)
    this.#countAsk(cache, credential)
    return undefined
  }

  startQuery(): QueryStart {
    const { feed, changes, now } = this.#options
    return { trustEpoch: feed.trustEpoch, changeCount: changes.count, at: now() }
  }

  remember(
    cache: CredentialCache,
    credential: string,
    { principal, validity }: VerifiedCredential,
    isUse?: boolean,
    query?: QueryStart
  ): boolean {
    const { feed, revocationList, changes, clockSteps, cacheMaxAgeSeconds } = this.#options
    clockSteps.check()
    // The revocation may have arrived while the store was asked: its reply is then out of date.
    if (revocationList.has(principal.loginId)) return false
    // So may a change: the reply is right for this request, which was there before, and for no later one.
    if (query !== undefined && changes.hasChangedSince(principal.loginId, query.changeCount)) return true
    const now = this.#options.now()
    const entry: CredentialEntry = {
      credential,
      principal,
      expiresAt: Math.min(validity.expiresAt, now + cacheMaxAgeSeconds * 1000),
      verifiedAt: validity.verifiedAt ?? query?.at ?? now,
      loginEndsAt: validity.loginEndsAt ?? null,
      // What the store was asked in one epoch belongs to that one, even if the reply comes in the next.
      trustEpoch: query?.trustEpoch ?? feed.trustEpoch,
      touchedAt: validity.lastSeenAt ?? null
    }
    cache.set(entry, now, isUse)
    return true
  }

  fallback(
    cache: CredentialCache,
    credential: string,
    { onStoreDown = this.#options.onStoreDown }: RoutePolicy,
    signed?: VerifiedCredential | null
  ): Principal | undefined {
    if (onStoreDown === 'fail-closed') return undefined
    const maxAgeMs = onStoreDown.serveStaleForSeconds * 1000
    const cached = cache.getStale(credential, maxAgeMs)
    return cached ?? (signed ? this.#serveSigned(signed, maxAgeMs) : undefined)
  }

  async #freshenStale(
    cache: CredentialCache,
    credential: string,
    { onStale = this.#options.onStale, countsAsUse }: RoutePolicy
  ): Promise<Principal | undefined> {
    const { feed } = this.#options
    const cached = (await feed.renew(RENEW_TIMEOUT_MS))
      ? cache.get(credential, countsAsUse, false)
      : undefined
    if (cached !== undefined) return cached
    if (onStale === 'fail-closed' && !feed.isFresh())
      throw new LoginsUnavailableError(new Error('the feed is stale'))
    this.#countAsk(cache, credential)
    return undefined
  }

  /** The store is asked next. An entry that is there all the same is one that was verified before the last reset. */
  #countAsk(cache: CredentialCache, credential: string): void {
    const known = cache.has(credential) ? 'reset' : 'not-cached'
    this.#storeAsks[this.#options.feed.isFresh() ? known : 'stale'] += 1
  }

  #serveSigned({ principal, validity }: VerifiedCredential, maxAgeMs: number): Principal | undefined {
    const { verifiedAt = -Infinity, expiresAt } = validity
    const { revocationList, changes, clockSteps, now } = this.#options
    const at = now()
    if (at >= expiresAt || at - verifiedAt > maxAgeMs) return undefined
    if (changes.isOutdated(principal.loginId, verifiedAt)) return undefined
    return verifiedAt <= clockSteps.ambiguousUntil || revocationList.has(principal.loginId)
      ? undefined
      : principal
  }
}
