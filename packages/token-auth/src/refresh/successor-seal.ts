import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { deriveKeys } from '@drawbridge/logins'
import type { RefreshToken } from './refresh-token.ts'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals the successor of a refresh token so that the store can keep it and only who shows the predecessor can
 * open it. Needs both that token's secret and the root secret: neither a stolen store nor a stolen root secret
 * gives a token.
 *
 * The key is that of the root secret that the predecessor was made under, so that every node that could read the
 * predecessor can open the seal, whatever the order of its root secrets.
 */
export class SuccessorSeal {
  readonly #keys: readonly Buffer[]

  constructor(secrets: readonly string[]) {
    this.#keys = deriveKeys(secrets, 'refresh-token successor')
  }

  /** The nonce is random because all who race with one token seal under one key. */
  seal(shown: RefreshToken, successor: string): string {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, this.#keyFor(shown), nonce, { authTagLength: TAG_BYTES })
    const sealed = Buffer.concat([cipher.update(successor, 'latin1'), cipher.final()])
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')
  }

  /** Null when it is not the seal of this token's successor. */
  open(shown: RefreshToken, sealed: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url')
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#keyFor(shown), bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES
      })
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      const opened = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
      return Buffer.concat([opened, decipher.final()]).toString('latin1')
    } catch {
      return null
    }
  }

  #keyFor({ loginId, generation, secret, keyIndex }: RefreshToken): Buffer {
    const purpose = `drawbridge successor of ${loginId} ${generation}`
    return Buffer.from(hkdfSync('sha256', secret, this.#keys[keyIndex] as Buffer, purpose, 32))
  }
}
