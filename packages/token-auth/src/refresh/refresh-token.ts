import { createHash, randomBytes } from 'node:crypto'
import { deriveKeys, MacCodec } from '@drawbridge/logins/carrier'

/*
 * drbr_ and base64url of
 *
 *   loginId 21 | generation 4 | family 16 | secret 16 | MAC 18
 *
 * The family is random, drawn at the sign-in, and the same in all tokens of a login: a token that was made with a stolen
 * root secret and a public loginId lacks it, and neither rotates nor revokes the login that it names.
 */
const PREFIX = 'drbr_'
const LOGIN_ID_BYTES = 21
const HEAD_BYTES = LOGIN_ID_BYTES + 4
const RANDOM_BYTES = 16
const FAMILY_END = HEAD_BYTES + RANDOM_BYTES
const BODY_BYTES = FAMILY_END + RANDOM_BYTES

/** The largest number of four bytes. A token of this generation is not replaced any more. */
export const LAST_GENERATION = 0xffffffff

/** Of several root secrets the first makes tokens. */
export const NEWEST_ROOT = 0

/** What a refresh token contains. */
export interface RefreshTokenContent {
  readonly loginId: string
  /** How often it has been rotated; 0 for the token of the sign-in. */
  readonly generation: number
  /** The same in all tokens of a login. */
  readonly family: Buffer
  readonly secret: Buffer
}

/** A token that this service made, and that may be replaced, or of a login that is not active. */
export interface RefreshToken extends RefreshTokenContent {
  /** Index of the root secret that it was made under. */
  readonly keyIndex: number
}

/** Writes and reads refresh tokens. */
export class RefreshTokenFormat {
  readonly #codec: MacCodec

  /**
   * @param secrets root secrets: the first makes tokens, all are tried on presented ones.
   * @param instance what distinguishes this instance of the plugin from others with the same root secrets.
   */
  constructor(secrets: readonly string[], instance: string) {
    const keys = deriveKeys(secrets, `refresh-token mac of ${instance}`)
    this.#codec = new MacCodec(keys, PREFIX, BODY_BYTES)
  }

  /** @param keyIndex of the root secret that it is made under. */
  write({ loginId, generation, family, secret }: RefreshTokenContent, keyIndex = NEWEST_ROOT): string {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(generation)
    const body = Buffer.concat([Buffer.from(loginId, 'base64url'), count, family, secret])
    return this.#codec.encode(body, keyIndex)
  }

  /** Null for a text that this instance did not make. */
  read(text: string): RefreshToken | null {
    const decoded = this.#codec.decode(text)
    if (decoded === null) return null
    const { body, keyIndex } = decoded
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

/** What the store has of a secret. No slow hash: there are 128 random bits in it. */
export function hashSecret(secret: Buffer): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/**
 * What the store has of a family. As long as the family itself, since it is in every record: to put another family in its
 * place takes a second preimage, for which 128 bits are enough (ASVS 5.0 11.4.3).
 */
export function hashFamily(family: Buffer): string {
  return createHash('sha256').update(family).digest().subarray(0, RANDOM_BYTES).toString('base64url')
}
