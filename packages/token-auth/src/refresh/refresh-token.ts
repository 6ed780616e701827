import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { deriveKeys } from '@drawbridge/logins'

/*
 * drbr_ and base64url, without unused bits, of
 *
 *   loginId 21 | generation 4 | secret 32 | MAC 18
 *
 * The prefix is for scanners that look for leaked credentials. The MAC makes a token that is made up fall before
 * the store is asked, so that who knows a loginId can neither try secrets nor end that login by a false reuse.
 */
const PREFIX = 'drbr_'
const LOGIN_ID_BYTES = 21
const HEAD_BYTES = LOGIN_ID_BYTES + 4
const SECRET_BYTES = 32
const BODY_BYTES = HEAD_BYTES + SECRET_BYTES
const MAC_BYTES = 18
const FORMAT = /^drbr_[A-Za-z0-9_-]{100}$/

/** Of several root secrets the first makes tokens. */
export const NEWEST_ROOT = 0

/** Made by this service, and not yet known to be the newest, or of a living login. */
export interface RefreshToken {
  readonly loginId: string
  /** How often it has been rotated; 0 for the token that the log-in gave. */
  readonly generation: number
  readonly secret: Buffer
  /** Which of the root secrets it was made under. */
  readonly keyIndex: number
}

/** Writes and reads refresh tokens. */
export class RefreshTokenFormat {
  readonly #keys: readonly Buffer[]

  /** @param secrets root secrets: the first makes tokens, all are tried on those that are shown. */
  constructor(secrets: readonly string[]) {
    this.#keys = deriveKeys(secrets, 'refresh-token mac')
  }

  /** @param keyIndex of the root secret that it is made under. */
  write(loginId: string, generation: number, secret: Buffer, keyIndex = NEWEST_ROOT): string {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(generation)
    const body = Buffer.concat([Buffer.from(loginId, 'base64url'), count, secret])
    return PREFIX + Buffer.concat([body, mac(this.#keys[keyIndex] as Buffer, body)]).toString('base64url')
  }

  /** Null for what this service did not make. */
  read(text: string): RefreshToken | null {
    if (!FORMAT.test(text)) return null
    const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url')
    const body = bytes.subarray(0, BODY_BYTES)
    const keyIndex = this.#keys.findIndex((key) =>
      timingSafeEqual(mac(key, body), bytes.subarray(BODY_BYTES))
    )
    if (keyIndex === -1) return null
    return {
      loginId: body.subarray(0, LOGIN_ID_BYTES).toString('base64url'),
      generation: body.readUInt32BE(LOGIN_ID_BYTES),
      secret: body.subarray(HEAD_BYTES),
      keyIndex
    }
  }
}

export function newSecret(): Buffer {
  return randomBytes(SECRET_BYTES)
}

/** What the store keeps of a secret. No slow hash: there are 256 random bits in it. */
export function hashOf(secret: Buffer): string {
  return createHash('sha256').update(secret).digest('base64url')
}

function mac(key: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, MAC_BYTES)
}
