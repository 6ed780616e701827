import { type Login, loginEndsAt, type Principal } from '@drawbridge/logins'
import { deriveKeys, Sealer, unseal } from '@drawbridge/logins/carrier'
import { deepFreeze } from '@drawbridge/carrier'

/** How far the clock of the node that seals a snapshot may be ahead of, or behind, the clock of the node that opens it. */
export const CLOCK_SKEW_SECONDS = 5

/** What a node read of a login when it asked the store. */
export interface Snapshot {
  readonly principal: Principal
  /** ms since the epoch. */
  readonly sealedAt: number
  /** ms since the epoch: when the session ends if it is not used again. */
  readonly endsAt: number
}

/** @param asOf ms since the epoch: a moment before the store was asked for the login. */
export function createSnapshot(login: Login, principal: Principal, asOf: number): Snapshot {
  const endsAt = Math.min(loginEndsAt(login), login.session?.expiresAt ?? Infinity)
  return { principal, sealedAt: asOf, endsAt }
}

/** A snapshot of a request. */
export interface OpenedSnapshot extends Snapshot {
  /** It was sealed, and the cookie signed, under an older root secret. */
  readonly isOutdated: boolean
}

/**
 * Seals snapshots, so that a node that has never read a login can serve it as it would a token: by what the request
 * carries, and by the revocations that the node has read. A snapshot is sealed to the cookie that it was made for,
 * signature and all (its associated data), so that by itself, or beside another cookie, it is worth nothing.
 */
export class SnapshotSeal {
  readonly #sealer = new Sealer()
  readonly #keys: readonly Buffer[]

  /**
   * @param secrets root secrets: the first seals, all open.
   * @param cookieName of the session cookie: what was sealed for one instance of the plugin opens in no other.
   */
  constructor(secrets: readonly string[], cookieName: string) {
    this.#keys = deriveKeys(secrets, `session snapshot ${cookieName}`)
  }

  /** @param cookie what we signed: a snapshot that opens beside it proves its signature too. */
  seal(cookie: string, { principal, sealedAt, endsAt }: Snapshot): string {
    // A list, without names, is shorter (bench, `session-guard-snapshot`).
    return this.#sealer.seal(this.#keys[0] as Buffer, JSON.stringify([sealedAt, endsAt, principal]), cookie)
  }

  /** Null where it was not sealed by us for this cookie. */
  open(cookie: string, sealed: string): OpenedSnapshot | null {
    const bytes = Buffer.from(sealed, 'base64url')
    for (const key of this.#keys) {
      const text = unseal(key, bytes, cookie)
      if (text === null) continue
      const [sealedAt, endsAt, principal] = JSON.parse(text.toString()) as [number, number, Principal]
      // It is cached and used for every request with the cookie: a change by one request would be seen by all.
      return { sealedAt, endsAt, principal: deepFreeze(principal), isOutdated: key !== this.#keys[0] }
    }
    return null
  }
}
