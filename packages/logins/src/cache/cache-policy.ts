import type { ClockStepDetector } from './clock-step-detector.ts'
import { CredentialCache, type CacheEntry } from './credential-cache.ts'
import { LoginsUnavailableError } from '../errors.ts'
import type { RevocationList } from '../revocation/revocation-list.ts'
import type { RevocationFeed } from '../revocation/feed.ts'
import type { OnStale, OnStoreDown, RoutePolicy, LoginStatus, VerifiedCredential } from '../logins.ts'
import type { Principal } from '../login/principal.ts'
import type { Touches } from './touches.ts'

export interface CachePolicyOptions {
  readonly feed: RevocationFeed
  readonly revocationList: RevocationList
  readonly touches: Touches
  readonly clockSteps: ClockStepDetector
  readonly touchIntervalSeconds: number
  readonly cacheMaxAgeSeconds: number
  readonly cacheMaxEntries: number
  readonly onStale: OnStale
  readonly onStoreDown: OnStoreDown
  /** ms since the epoch. */
  readonly now: () => number
}

/** A stale node waits for one audit: a small read for all requests together, instead of one store read for each. */
const RENEW_TIMEOUT_MS = 50

/** What a node may answer by itself, and when it must ask. */
export class CachePolicy {
  readonly #options: CachePolicyOptions
  readonly #caches: CredentialCache[] = []

  constructor(options: CachePolicyOptions) {
    this.#options = options
  }

  get cacheSize(): number {
    return this.#caches.reduce((sum, cache) => sum + cache.size, 0)
  }

  localStatus(loginId: string, issuedAt: number): LoginStatus {
    const { feed, revocationList, clockSteps } = this.#options
    clockSteps.check()
    if (revocationList.has(loginId)) return 'revoked'
    const isCovered = issuedAt >= feed.coveredFrom && issuedAt > clockSteps.ambiguousUntil
    return isCovered && feed.isFresh() ? 'active' : 'unknown'
  }

  /** All that was verified is verified once again. */
  clearCaches(): void {
    for (const cache of this.#caches) cache.clear()
  }

  openCache(): CredentialCache {
    const { feed, revocationList, touches, touchIntervalSeconds, cacheMaxEntries, now } = this.#options
    const touchIntervalMs = touchIntervalSeconds * 1000
    const cache = new CredentialCache(
      cacheMaxEntries,
      {
        isFresh: () => feed.isFresh(),
        epoch: () => feed.trustEpoch,
        isRevoked: (loginId) => revocationList.has(loginId),
        onHit: (entry, at) => {
          if (at - entry.touchedAt < touchIntervalMs) return
          entry.touchedAt = at
          touches.add(entry.principal.loginId, at)
        }
      },
      now
    )
    this.#caches.push(cache)
    return cache
  }

  remember(cache: CredentialCache, credential: string, verified: VerifiedCredential, isUse: boolean): void {
    this.#cacheVerified(cache, credential, verified, this.#options.feed.trustEpoch, isUse)
  }

  async settle(
    cache: CredentialCache,
    credential: string,
    verify: () => Promise<VerifiedCredential | null>,
    policy: RoutePolicy = {},
    fallback?: VerifiedCredential
  ): Promise<Principal | null> {
    const { feed, revocationList } = this.#options
    const { onStale = this.#options.onStale, onStoreDown = this.#options.onStoreDown, countsAsUse } = policy
    if (!feed.isFresh() && (await feed.renew(RENEW_TIMEOUT_MS))) {
      const principal = cache.get(credential, countsAsUse)
      if (principal !== undefined) return principal
    }
    if (onStale === 'fail-closed' && !feed.isFresh())
      throw new LoginsUnavailableError(new Error('the feed is stale'))
    // What is read now belongs to the epoch of now, whatever it is by the time that it has come.
    const { trustEpoch } = feed
    const verifiedAt = this.#options.now()
    try {
      const verified = await verify()
      if (verified === null || revocationList.has(verified.principal.loginId)) return null
      const validity = { verifiedAt, ...verified.validity }
      this.#cacheVerified(cache, credential, { ...verified, validity }, trustEpoch, countsAsUse)
      return verified.principal
    } catch (error) {
      const principal =
        onStoreDown === 'fail-closed' ? undefined : this.#serveStale(cache, credential, onStoreDown, fallback)
      if (principal === undefined) throw error
      return principal
    }
  }

  #cacheVerified(
    cache: CredentialCache,
    credential: string,
    { principal, validity }: VerifiedCredential,
    trustEpoch: number,
    isUse: boolean | undefined
  ): void {
    // A revocation may have arrived while the store was read: what was read is then out of date.
    const { revocationList, clockSteps, cacheMaxAgeSeconds } = this.#options
    clockSteps.check()
    if (revocationList.has(principal.loginId)) return
    const now = this.#options.now()
    const entry: CacheEntry = {
      principal,
      expiresAt: Math.min(validity.expiresAt, now + cacheMaxAgeSeconds * 1000),
      verifiedAt: validity.verifiedAt ?? now,
      trustEpoch,
      touchedAt: validity.lastSeenAt ?? Infinity
    }
    cache.set(credential, entry, isUse)
  }

  #serveStale(
    cache: CredentialCache,
    credential: string,
    { serveStaleForSeconds }: { readonly serveStaleForSeconds: number },
    fallback: VerifiedCredential | undefined
  ): Principal | undefined {
    const cached = cache.getStale(credential, serveStaleForSeconds * 1000)
    if (cached !== undefined || fallback === undefined) return cached
    const { principal, validity } = fallback
    const { verifiedAt = -Infinity, expiresAt } = validity
    const { revocationList, clockSteps, now } = this.#options
    const at = now()
    if (at >= expiresAt || at - verifiedAt > serveStaleForSeconds * 1000) return undefined
    return verifiedAt <= clockSteps.ambiguousUntil || revocationList.has(principal.loginId)
      ? undefined
      : principal
  }
}
