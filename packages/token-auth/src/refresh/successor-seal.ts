import { hkdfSync } from 'node:crypto'
import { deriveKeys, Sealer, unseal } from '@drawbridge/logins/carrier'
import type { RefreshToken } from './refresh-token.ts'

/** What the successor of a refresh token has that the token itself does not. */
export interface Successor {
  readonly secret: Buffer
  /** Index of the root secret that it was made under. */
  readonly keyIndex: number
}

/**
 * Seals the successor of a refresh token, so that the store can have it and only a client that presents the predecessor
 * can get it. Opening needs both that token's secret and the root secret: neither a stolen store nor a stolen root secret
 * gives a token.
 *
 * The key is that of the root secret that the predecessor was made under, so that every node that can read the predecessor
 * can open the seal, whatever the order of its root secrets. Only the secret is sealed, since a store has the seal with
 * every login; the root secret that the successor was made under is not written but tried, as the associated data, so that
 * every node writes the very same token.
 */
export class SuccessorSeal {
  readonly #sealer = new Sealer()
  readonly #keys: readonly Buffer[]
  /** One for each root secret. */
  readonly #origins: readonly Buffer[]

  /** @param instance as for {@link RefreshTokenFormat}. */
  constructor(secrets: readonly string[], instance: string) {
    this.#keys = deriveKeys(secrets, `refresh-token successor of ${instance}`)
    this.#origins = deriveKeys(secrets, `refresh-token successor origin of ${instance}`)
  }

  seal(predecessor: RefreshToken, { secret, keyIndex }: Successor): string {
    return this.#sealer.seal(this.#keyFor(predecessor), secret, this.#origins[keyIndex] as Buffer)
  }

  /** Null when it is not the seal of this token's successor. */
  open(predecessor: RefreshToken, sealed: string): Successor | null {
    const bytes = Buffer.from(sealed, 'base64url')
    const key = this.#keyFor(predecessor)
    for (const [keyIndex, origin] of this.#origins.entries()) {
      const secret = unseal(key, bytes, origin)
      if (secret !== null) return { secret, keyIndex }
    }
    return null
  }

  #keyFor({ loginId, generation, secret, keyIndex }: RefreshToken): Buffer {
    const purpose = `drawbridge successor of ${loginId} ${generation}`
    return Buffer.from(hkdfSync('sha256', secret, this.#keys[keyIndex] as Buffer, purpose, 32))
  }
}
