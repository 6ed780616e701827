import { prefixFrom } from '../login/login.ts'
import type { Principal } from '../login/principal.ts'

/** What a node checks before it serves from its cache. */
export interface CacheGuard {
  /** Whether this node has read every revocation that is older than the staleness bound. */
  isFresh(): boolean
  /** Increases whenever all that was verified before must be verified again. */
  epoch(): number
  /** Whether this node knows the login to be revoked. */
  isRevoked(loginId: string): boolean
  /** Called when an entry has expired, and its credential is presented: once for each entry. */
  onExpired(entry: CacheEntry): void
  /** Called when the login was used just now. */
  onHit(entry: CacheEntry, now: number): void
}

/**
 * What a look-up in a cache found. `hit`: the credential was served from it. `absent`: the node has not verified it, or dropped it.
 * `expired`: too old to be served again. `revoked`: of a login that is. `reset`: verified before all had to be verified again.
 * `stale`: the node could not tell whether it was revoked.
 */
export type CacheLookup = 'hit' | 'absent' | 'expired' | 'revoked' | 'reset' | 'stale'

/** A verified credential. */
export interface CacheEntry {
  readonly principal: Principal
  /** ms since the epoch: not served from then on. */
  readonly expiresAt: number
  /** ms since the epoch: when the store, or our own signature, said so. */
  readonly verifiedAt: number
  /** ms since the epoch: when the login ends if it is not used again, as was known then; Infinity where it was not. */
  readonly loginEndsAt: number
  /** The epoch of {@link CacheGuard} in which it was verified. */
  readonly trustEpoch: number
  /** ms since the epoch: the last use that is written to the store, or is about to be; Infinity where use is not written. */
  touchedAt: number
}

/** An entry and its key. */
interface KeyedCacheEntry extends CacheEntry {
  readonly credential: string
}

/**
 * Raw credential → principal: all that a hit needs. Synchronous, bounded, no I/O and no hashing.
 *
 * Sound by four rules: the key is the whole raw credential; only a fully verified credential enters; expiry and
 * revocation are checked on every hit; and a stale node does not serve from it.
 *
 * Bounded by two generations: entries enter the young one; when it is full it becomes the old one, and the old one is
 * dropped. An entry that is hit in the old one moves to the young one. Unlike a least-recently-used list it has no write per
 * hit (bench, `session-guard-100000`).
 */
export class CredentialCache {
  readonly #generationSize: number
  readonly #guard: CacheGuard
  readonly #now: () => number
  /** Plain numbers: a hit costs one addition for them (bench, `guards`). */
  readonly #lookups = { hit: 0, absent: 0, expired: 0, revoked: 0, reset: 0, stale: 0 }
  #young = new Map<string, KeyedCacheEntry>()
  #old = new Map<string, KeyedCacheEntry>()

  /** @param maxEntries at most so many entries; it drops none while it has fewer than half of that. */
  constructor(maxEntries: number, guard: CacheGuard, now: () => number) {
    this.#generationSize = Math.max(1, Math.floor(maxEntries / 2))
    this.#guard = guard
    this.#now = now
  }

  /**
   * Undefined where the store must be asked.
   *
   * @param isUse whether the request resets the idle timeout of its login.
   * @param isFirst false where the request has missed already: it is counted again only where it hits.
   */
  get(credential: string, isUse = true, isFirst = true): Principal | undefined {
    const entry = this.#young.get(credential) ?? this.#promote(credential)
    if (entry === undefined) return this.#miss('absent', isFirst)
    const now = this.#now()
    if (now >= entry.expiresAt || this.#guard.isRevoked(entry.principal.loginId)) {
      this.delete(credential)
      if (now < entry.expiresAt) return this.#miss('revoked', isFirst)
      this.#guard.onExpired(entry)
      return this.#miss('expired', isFirst)
    }
    if (entry.trustEpoch !== this.#guard.epoch()) return this.#miss('reset', isFirst)
    if (!this.#guard.isFresh()) return this.#miss('stale', isFirst)
    if (isUse) this.#guard.onHit(entry, now)
    this.#lookups.hit += 1
    return entry.principal
  }

  /** Whether it has an entry of the credential, valid or not. */
  has(credential: string): boolean {
    return this.#young.has(credential) || this.#old.has(credential)
  }

  /** How many look-ups found what, since the cache was made. */
  get lookups(): Readonly<Record<CacheLookup, number>> {
    return this.#lookups
  }

  /**
   * For an outage, where the policy serves stale credentials: one that was verified no longer ago than this, although it may
   * have been revoked since.
   */
  getStale(credential: string, maxAgeMs: number): Principal | undefined {
    const entry = this.#young.get(credential) ?? this.#old.get(credential)
    const now = this.#now()
    if (entry === undefined || now >= entry.expiresAt || now - entry.verifiedAt > maxAgeMs) return undefined
    return this.#guard.isRevoked(entry.principal.loginId) ? undefined : entry.principal
  }

  /**
   * Only for a credential that has passed every check.
   *
   * @param credential is stored as it is: a slice of a longer string would retain all of that.
   */
  set(credential: string, entry: CacheEntry, isUse = true): void {
    const { principal, expiresAt, verifiedAt, loginEndsAt, trustEpoch, touchedAt } = entry
    const stored = { credential, principal, expiresAt, verifiedAt, loginEndsAt, trustEpoch, touchedAt }
    if (isUse) this.#guard.onHit(stored, this.#now())
    this.#addYoung(stored)
  }

  /** Removes a credential. */
  delete(credential: string): void {
    this.#young.delete(credential)
    this.#old.delete(credential)
  }

  /** Removes every credential of a login whose id begins so. One pass over all entries: not for a request. */
  deleteByPrefix(prefixes: ReadonlySet<string>): void {
    for (const generation of [this.#young, this.#old])
      for (const [credential, { principal }] of generation)
        if (prefixes.has(prefixFrom(principal.loginId))) generation.delete(credential)
  }

  /** Removes all. */
  clear(): void {
    this.#young = new Map()
    this.#old = new Map()
  }

  /** How many entries it has. */
  get size(): number {
    return this.#young.size + this.#old.size
  }

  #miss(reason: Exclude<CacheLookup, 'hit'>, isFirst: boolean): undefined {
    if (isFirst) this.#lookups[reason] += 1
  }

  #promote(credential: string): KeyedCacheEntry | undefined {
    const entry = this.#old.get(credential)
    if (entry !== undefined) this.#addYoung(entry)
    return entry
  }

  #addYoung(entry: KeyedCacheEntry): void {
    this.#old.delete(entry.credential)
    this.#young.set(entry.credential, entry)
    if (this.#young.size < this.#generationSize) return
    this.#old = this.#young
    this.#young = new Map()
  }
}
