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
  /** ms since the epoch: when the login ends if it is not used again, as was known then; null where it was not. */
  readonly loginEndsAt: number | null
  /** The epoch of {@link CacheGuard} in which it was verified. */
  readonly trustEpoch: number
  /**
   * ms since the epoch: the last use that is written to the store, or is about to be; null where use is not written. Unlike an
   * infinite number, null takes no memory of its own (bench, `node-memory`).
   */
  touchedAt: number | null
}

/** An entry and its credential. */
export interface CredentialEntry extends CacheEntry {
  /** Stored as it is: a slice of a longer string would retain all of that. */
  readonly credential: string
}

/** In characters: 256 bits of base64url, as much as a signature by HMAC with SHA-256 has. */
const KEY_LENGTH = 43

/**
 * What an entry is found by: the end of its credential, where its signature or its secret is. V8 hashes each character of a key that
 * it has not seen, and each request has strings of its own: a whole token costs a microsecond (bench, `cold-guards`).
 */
function toKey(credential: string): string {
  return credential.slice(-KEY_LENGTH)
}

/**
 * Raw credential → principal: all that a hit needs. Synchronous, bounded, no I/O and no hashing.
 *
 * Sound by four rules: a hit is the same raw credential from its first character to its last; only a fully verified
 * credential enters; expiry and revocation are checked on every hit; and a stale node does not serve from it.
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
  #young = new Map<string, CredentialEntry>()
  #old = new Map<string, CredentialEntry>()

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
    const key = toKey(credential)
    const entry = this.#young.get(key) ?? this.#promote(key)
    if (entry?.credential !== credential) return this.#miss('absent', isFirst)
    const now = this.#now()
    if (now >= entry.expiresAt || this.#guard.isRevoked(entry.principal.loginId)) {
      this.#delete(key)
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
    return this.#find(credential) !== undefined
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
    const entry = this.#find(credential)
    const now = this.#now()
    if (entry === undefined || now >= entry.expiresAt || now - entry.verifiedAt > maxAgeMs) return undefined
    return this.#guard.isRevoked(entry.principal.loginId) ? undefined : entry.principal
  }

  /** Only for a credential that has passed every check. @param now ms since the epoch. */
  set(entry: CredentialEntry, now: number, isUse = true): void {
    if (isUse) this.#guard.onHit(entry, now)
    this.#addYoung(entry)
  }

  /** Removes every credential of a login whose id begins so. One pass over all entries: not for a request. */
  deleteByPrefix(prefixes: ReadonlySet<string>): void {
    for (const generation of [this.#young, this.#old])
      for (const [key, { principal }] of generation)
        if (prefixes.has(prefixFrom(principal.loginId))) generation.delete(key)
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

  #find(credential: string): CredentialEntry | undefined {
    const key = toKey(credential)
    const entry = this.#young.get(key) ?? this.#old.get(key)
    return entry?.credential === credential ? entry : undefined
  }

  #promote(key: string): CredentialEntry | undefined {
    const entry = this.#old.get(key)
    if (entry !== undefined) this.#addYoung(entry)
    return entry
  }

  /** Its key is cut from the credential that is stored, and not from that of a request: it would retain the header of that. */
  #addYoung(entry: CredentialEntry): void {
    const key = toKey(entry.credential)
    this.#old.delete(key)
    this.#young.set(key, entry)
    if (this.#young.size < this.#generationSize) return
    this.#old = this.#young
    this.#young = new Map()
  }

  #delete(key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
