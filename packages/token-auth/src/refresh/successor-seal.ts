import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { deriveKeys } from '@drawbridge/logins/carrier'
import type { RefreshToken } from './refresh-token.ts'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What a successor is made of, beside what its predecessor says. */
export interface Successor {
  readonly secret: Buffer
  /** Which of the root secrets it was made under. */
  readonly keyIndex: number
}

/**
 * Seals the successor of a refresh token so that the store can keep it and only who shows the predecessor can
 * open it. Needs both that token's secret and the root secret: neither a stolen store nor a stolen root secret
 * gives a token.
 *
 * The key is that of the root secret that the predecessor was made under, so that every node that could read the
 * predecessor can open the seal, whatever the order of its root secrets. Only the secret is sealed, since a store
 * keeps the seal with every login; under which root secret the successor was made is not written but tried, as the
 * associated data, so that whoever opens the seal writes the very same token.
 */
export class SuccessorSeal {
  readonly #keys: readonly Buffer[]
  /** One for each root secret. */
  readonly #origins: readonly Buffer[]

  /** @param instance as for the format of the tokens. */
  constructor(secrets: readonly string[], instance: string) {
    this.#keys = deriveKeys(secrets, `refresh-token successor of ${instance}`)
    this.#origins = deriveKeys(secrets, `refresh-token successor origin of ${instance}`)
  }

  /** The nonce is random because all who race with one token seal under one key. */
  seal(predecessor: RefreshToken, { secret, keyIndex }: Successor): string {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, this.#keyFor(predecessor), nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(this.#origins[keyIndex] as Buffer)
    const sealed = Buffer.concat([cipher.update(secret), cipher.final()])
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')
  }

  /** Null when it is not the seal of this token's successor. */
  open(predecessor: RefreshToken, sealed: string): Successor | null {
    const bytes = Buffer.from(sealed, 'base64url')
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return null
    const key = this.#keyFor(predecessor)
    for (const [keyIndex, origin] of this.#origins.entries()) {
      const secret = decrypt(key, origin, bytes)
      if (secret !== null) return { secret, keyIndex }
    }
    return null
  }

  #keyFor({ loginId, generation, secret, keyIndex }: RefreshToken): Buffer {
    const purpose = `drawbridge successor of ${loginId} ${generation}`
    return Buffer.from(hkdfSync('sha256', secret, this.#keys[keyIndex] as Buffer, purpose, 32))
  }
}

function decrypt(key: Buffer, origin: Buffer, bytes: Buffer): Buffer | null {
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(origin)
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch {
    return null
  }
}
