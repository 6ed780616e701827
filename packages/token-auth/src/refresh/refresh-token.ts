import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { deriveKeys } from '@drawbridge/logins/carrier'

/*
 * drbr_ and base64url, without unused bits, of
 *
 *   loginId 21 | generation 4 | family 16 | secret 16 | MAC 18
 *
 * The prefix is for scanners that look for leaked credentials. The MAC makes a token that is made up fall before
 * the store is asked. The family is drawn at log-in and stays the same through all rotations: a token that was made with
 * a stolen root secret and a public loginId lacks it, and neither rotates nor ends the login that it names.
 */
const PREFIX = 'drbr_'
const LOGIN_ID_BYTES = 21
const HEAD_BYTES = LOGIN_ID_BYTES + 4
const RANDOM_BYTES = 16
const FAMILY_END = HEAD_BYTES + RANDOM_BYTES
const BODY_BYTES = FAMILY_END + RANDOM_BYTES
const MAC_BYTES = 18
const FORMAT = /^drbr_[A-Za-z0-9_-]{100}$/

/** What four bytes can count to. A token that has come so far is not replaced any more. */
export const LAST_GENERATION = 0xffffffff

/** Of several root secrets the first makes tokens. */
export const NEWEST_ROOT = 0

/** What a refresh token says. */
export interface RefreshTokenContent {
  readonly loginId: string
  /** How often it has been rotated; 0 for the token that the log-in gave. */
  readonly generation: number
  /** The same in all tokens of a login. */
  readonly family: Buffer
  readonly secret: Buffer
}

/** Made by this service, and not yet known to be the newest, or of a living login. */
export interface RefreshToken extends RefreshTokenContent {
  /** Which of the root secrets it was made under. */
  readonly keyIndex: number
}

/** Writes and reads refresh tokens. */
export class RefreshTokenFormat {
  readonly #keys: readonly Buffer[]

  /**
   * @param secrets root secrets: the first makes tokens, all are tried on those that are presented.
   * @param instance what tells this instance of the plugin from others with the same root secrets.
   */
  constructor(secrets: readonly string[], instance: string) {
    this.#keys = deriveKeys(secrets, `refresh-token mac of ${instance}`)
  }

  /** @param keyIndex of the root secret that it is made under. */
  write({ loginId, generation, family, secret }: RefreshTokenContent, keyIndex = NEWEST_ROOT): string {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(generation)
    const body = Buffer.concat([Buffer.from(loginId, 'base64url'), count, family, secret])
    return PREFIX + Buffer.concat([body, mac(this.#keys[keyIndex] as Buffer, body)]).toString('base64url')
  }

  /** Null for what this instance did not make. */
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
      family: body.subarray(HEAD_BYTES, FAMILY_END),
      secret: body.subarray(FAMILY_END),
      keyIndex
    }
  }
}

/** A family or a secret: 128 random bits (ASVS 5.0 7.2.3, 11.5.1). */
export function newRandom(): Buffer {
  return randomBytes(RANDOM_BYTES)
}

/** What the store keeps of a secret. No slow hash: there are 128 random bits in it. */
export function hashSecret(secret: Buffer): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/**
 * What the store keeps of a family. As long as the family itself: who would put another in its place has to find one with
 * this hash, for which 128 bits do (ASVS 5.0 11.4.3), and it stands in every record.
 */
export function hashFamily(family: Buffer): string {
  return createHash('sha256').update(family).digest().subarray(0, RANDOM_BYTES).toString('base64url')
}

function mac(key: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, MAC_BYTES)
}
