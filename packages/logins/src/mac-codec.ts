import { createHmac, timingSafeEqual } from 'node:crypto'

const MAC_BYTES = 18

/** What a text contains that this service made. */
export interface DecodedBody {
  readonly body: Buffer
  /** Index of the key that it was made under. */
  readonly keyIndex: number
}

/**
 * Texts that only this service can make: a prefix, for scanners that look for leaked credentials, and base64url of a body
 * and its MAC (HMAC-SHA256, 144 bits). A forged text is rejected before the store is asked.
 */
export class MacCodec {
  readonly #keys: readonly Buffer[]
  readonly #prefix: string
  readonly #format: RegExp

  /**
   * @param keys the first makes texts, all are tried on presented ones.
   * @param bodyBytes a multiple of 3, so that base64url has no unused bits and a text has one spelling.
   */
  constructor(keys: readonly Buffer[], prefix: string, bodyBytes: number) {
    this.#keys = keys
    this.#prefix = prefix
    this.#format = new RegExp(`^${prefix}[A-Za-z0-9_-]{${((bodyBytes + MAC_BYTES) * 4) / 3}}$`)
  }

  encode(body: Buffer, keyIndex = 0): string {
    const mac = computeMac(this.#keys[keyIndex] as Buffer, body)
    return this.#prefix + Buffer.concat([body, mac]).toString('base64url')
  }

  /** Null for what is not a text that was made under one of the keys. A list of one text would match the format too. */
  decode(text: string): DecodedBody | null {
    if (typeof text !== 'string' || !this.#format.test(text)) return null
    const bytes = Buffer.from(text.slice(this.#prefix.length), 'base64url')
    const [body, mac] = [bytes.subarray(0, -MAC_BYTES), bytes.subarray(-MAC_BYTES)]
    const keyIndex = this.#keys.findIndex((key) => timingSafeEqual(computeMac(key, body), mac))
    return keyIndex === -1 ? null : { body, keyIndex }
  }
}

function computeMac(key: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, MAC_BYTES)
}
