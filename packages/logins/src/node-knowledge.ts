import type { ClockWatch } from './clock-watch.ts'
import { CredentialCache, type Remembered } from './credential-cache.ts'
import { LoginsUnavailableError } from './errors.ts'
import type { DenySet } from './feed/deny-set.ts'
import type { Feed } from './feed/feed.ts'
import type { OnStale, OnStoreDown, RoutePolicy, Standing, Verified } from './logins.ts'
import type { Principal } from './principal.ts'
import type { Touches } from './touches.ts'

export interface NodeKnowledgeOptions {
  readonly feed: Feed
  readonly denied: DenySet
  readonly touches: Touches
  readonly clock: ClockWatch
  readonly touchIntervalSeconds: number
  readonly cacheMaxAgeSeconds: number
  readonly cacheMaxEntries: number
  readonly onStale: OnStale
  readonly onStoreDown: OnStoreDown
  /** ms since the epoch. */
  readonly now: () => number
}

/** A stale node waits for one audit: a small read for all requests together, instead of one store read for each. */
const RENEW_MS = 50

/** What a node may answer by itself, and when it must ask. */
export class NodeKnowledge {
  readonly #options: NodeKnowledgeOptions
  readonly #caches: CredentialCache[] = []

  constructor(options: NodeKnowledgeOptions) {
    this.#options = options
  }

  get cacheSize(): number {
    return this.#caches.reduce((sum, cache) => sum + cache.size, 0)
  }

  standing(loginId: string, issuedAt: number): Standing {
    const { feed, denied, clock } = this.#options
    clock.look()
    if (denied.has(loginId)) return 'ended'
    const isCovered = issuedAt >= feed.coveredFrom && issuedAt > clock.datedUntil
    return isCovered && feed.isFresh() ? 'alive' : 'unknown'
  }

  /** All that was verified is verified once again. */
  forget(): void {
    for (const cache of this.#caches) cache.clear()
  }

  openCache(): CredentialCache {
    const { feed, denied, touches, touchIntervalSeconds, cacheMaxEntries, now } = this.#options
    const touchIntervalMs = touchIntervalSeconds * 1000
    const cache = new CredentialCache(
      cacheMaxEntries,
      {
        isFresh: () => feed.isFresh(),
        epoch: () => feed.trustEpoch,
        isDenied: (loginId) => denied.has(loginId),
        seen: (entry, at) => {
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

  remember(cache: CredentialCache, credential: string, verified: Verified, isUse: boolean): void {
    this.#fill(cache, credential, verified, this.#options.feed.trustEpoch, isUse)
  }

  async settle(
    cache: CredentialCache,
    credential: string,
    ask: () => Promise<Verified | null>,
    policy: RoutePolicy = {},
    unsure?: Verified
  ): Promise<Principal | null> {
    const { feed, denied } = this.#options
    const { onStale = this.#options.onStale, onStoreDown = this.#options.onStoreDown, countsAsUse } = policy
    if (!feed.isFresh() && (await feed.renew(RENEW_MS))) {
      const principal = cache.get(credential, countsAsUse)
      if (principal !== undefined) return principal
    }
    if (onStale === 'closed' && !feed.isFresh())
      throw new LoginsUnavailableError(new Error('the feed is stale'))
    // What is read now belongs to the epoch of now, whatever it is by the time that it has come.
    const { trustEpoch } = feed
    const verifiedAt = this.#options.now()
    try {
      const verified = await ask()
      if (verified === null || denied.has(verified.principal.loginId)) return null
      const until = { verifiedAt, ...verified.until }
      this.#fill(cache, credential, { ...verified, until }, trustEpoch, countsAsUse)
      return verified.principal
    } catch (error) {
      const principal =
        onStoreDown === 'closed' ? undefined : this.#goOn(cache, credential, onStoreDown, unsure)
      if (principal === undefined) throw error
      return principal
    }
  }

  #fill(
    cache: CredentialCache,
    credential: string,
    { principal, until }: Verified,
    trustEpoch: number,
    isUse: boolean | undefined
  ): void {
    // A revocation may have arrived while the store was read: what was read is then out of date.
    const { denied, clock, cacheMaxAgeSeconds } = this.#options
    clock.look()
    if (denied.has(principal.loginId)) return
    const now = this.#options.now()
    const entry: Remembered = {
      principal,
      expiresAt: Math.min(until.expiresAt, now + cacheMaxAgeSeconds * 1000),
      verifiedAt: until.verifiedAt ?? now,
      trustEpoch,
      touchedAt: until.lastSeenAt ?? Infinity
    }
    cache.set(credential, entry, isUse)
  }

  #goOn(
    cache: CredentialCache,
    credential: string,
    { serveForSeconds }: { readonly serveForSeconds: number },
    unsure: Verified | undefined
  ): Principal | undefined {
    const cached = cache.getUnsure(credential, serveForSeconds * 1000)
    if (cached !== undefined || unsure === undefined) return cached
    const { principal, until } = unsure
    const { verifiedAt = -Infinity, expiresAt } = until
    const { denied, clock, now } = this.#options
    const at = now()
    if (at >= expiresAt || at - verifiedAt > serveForSeconds * 1000) return undefined
    return verifiedAt <= clock.datedUntil || denied.has(principal.loginId) ? undefined : principal
  }
}
