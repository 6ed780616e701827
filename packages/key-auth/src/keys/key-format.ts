import { createHash, randomBytes } from 'node:crypto'
import { deriveKeys, MacCodec } from '@drawbridge/logins/carrier'
import { checksum, CHECKSUM_LENGTH } from './checksum.ts'

/*
 * drbk_, base64url of
 *
 *   loginId 21 | secret 24 | MAC 18
 *
 * and the checksum of all before it. Every key has the same length and one spelling.
 */

/** What every key begins with, and no other credential: for scanners, and for the bridge. */
export const KEY_PREFIX = 'drbk_'
const LOGIN_ID_BYTES = 21
const SECRET_BYTES = 24
const MAC_BYTES = 18
const KEY_LENGTH = KEY_PREFIX.length + ((LOGIN_ID_BYTES + SECRET_BYTES + MAC_BYTES) * 4) / 3 + CHECKSUM_LENGTH

/** What a key contains. */
export interface KeyContent {
  readonly loginId: string
  readonly secret: Buffer
}

/** Writes and reads keys. */
export class KeyFormat {
  readonly #codec: MacCodec

  /** @param secrets root secrets: the first makes keys, all are tried on presented ones. */
  constructor(secrets: readonly string[]) {
    const keys = deriveKeys(secrets, 'personal-access-token mac')
    this.#codec = new MacCodec(keys, KEY_PREFIX, LOGIN_ID_BYTES + SECRET_BYTES)
  }

  write({ loginId, secret }: KeyContent): string {
    const text = this.#codec.encode(Buffer.concat([Buffer.from(loginId, 'base64url'), secret]))
    return text + checksum(text)
  }

  /** Null for a text that this service did not make. */
  read(key: string): KeyContent | null {
    if (key.length !== KEY_LENGTH) return null
    const text = key.slice(0, -CHECKSUM_LENGTH)
    if (key.slice(-CHECKSUM_LENGTH) !== checksum(text)) return null
    const decoded = this.#codec.decode(text)
    if (decoded === null) return null
    const { body } = decoded
    return {
      loginId: body.subarray(0, LOGIN_ID_BYTES).toString('base64url'),
      secret: body.subarray(LOGIN_ID_BYTES)
    }
  }
}

/** A new secret: 192 random bits (ASVS 5.0 7.2.3, 11.5.1). */
export function newSecret(): Buffer {
  return randomBytes(SECRET_BYTES)
}

/** What the store has of a secret. No slow hash: there are 192 random bits in it. */
export function hashSecret(secret: Buffer): string {
  return createHash('sha256').update(secret).digest('base64url')
}
