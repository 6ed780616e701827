import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/*
 * AES-256-GCM (NIST SP 800-38D). A sealed text is base64url of
 *
 *   nonce 12 | ciphertext | tag 16
 */
const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Encrypts and authenticates. One for each set of keys: it never uses a nonce twice. */
export class Sealer {
  readonly #nonces = new Nonces()

  /**
   * @param key 32 bytes.
   * @param associatedData without which it does not open.
   */
  seal(key: Buffer, plaintext: string | Buffer, associatedData: string | Buffer): string {
    const nonce = this.#nonces.next()
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(Buffer.from(associatedData))
    const ciphertext = cipher.update(Buffer.from(plaintext))
    // `final` of GCM has no bytes: it makes the tag.
    cipher.final()
    return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString('base64url')
  }
}

/** The plaintext of a sealed text, decoded from base64url; null where key, associated data or a byte differ. */
export function unseal(key: Buffer, bytes: Buffer, associatedData: string | Buffer): Buffer | null {
  if (bytes.length <= NONCE_BYTES + TAG_BYTES) return null
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(associatedData))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    // `final` of GCM has no text to join, and joining costs time (bench, `session-guard-snapshot`).
    const plaintext = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
    decipher.final()
    return plaintext
  } catch {
    return null
  }
}

const NONCE_BATCH_SIZE = 256

/** Random, each used once; many drawn at a time, as a draw costs more than the rest (bench, `session-guard-redis-cold`). */
class Nonces {
  #batch = Buffer.alloc(0)
  #offset = 0

  next(): Buffer {
    if (this.#offset === this.#batch.length) {
      this.#batch = randomBytes(NONCE_BATCH_SIZE * NONCE_BYTES)
      this.#offset = 0
    }
    this.#offset += NONCE_BYTES
    return this.#batch.subarray(this.#offset - NONCE_BYTES, this.#offset)
  }
}
