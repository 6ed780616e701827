import { createHmac, timingSafeEqual } from 'node:crypto'
import { deriveKeys } from '../root-secret.ts'

/*
 * drbp_ and base64url, without unused bits, of
 *
 *   loginId 21 | MAC 18
 *
 * A loginId is public; the MAC makes of that of a pending login what only its client holds. The key is of one instance of
 * one carrier, so that what was begun as a session is not completed as tokens, nor what one of two log-ins began by the other.
 */
const PREFIX = 'drbp_'
const LOGIN_ID_BYTES = 21
const MAC_BYTES = 18
const FORMAT = /^drbp_[A-Za-z0-9_-]{52}$/

/** Writes and reads what the client of a pending login holds. */
export class PendingTickets {
  readonly #keys: readonly Buffer[]

  /**
   * @param secrets root secrets: the first makes tickets, all are tried on those that are presented.
   * @param identity the carrier, and which instance of it: part of the label of the keys.
   */
  constructor(secrets: readonly string[], identity: string) {
    this.#keys = deriveKeys(secrets, `pending login of ${identity}`)
  }

  write(loginId: string): string {
    const id = Buffer.from(loginId, 'base64url')
    return PREFIX + Buffer.concat([id, mac(this.#keys[0] as Buffer, id)]).toString('base64url')
  }

  /** The loginId; null for what this service did not make for this instance. */
  read(text: string): string | null {
    if (!FORMAT.test(text)) return null
    const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url')
    const id = bytes.subarray(0, LOGIN_ID_BYTES)
    const shown = bytes.subarray(LOGIN_ID_BYTES)
    const isOurs = this.#keys.some((key) => timingSafeEqual(mac(key, id), shown))
    return isOurs ? id.toString('base64url') : null
  }
}

function mac(key: Buffer, id: Buffer): Buffer {
  return createHmac('sha256', key).update(id).digest().subarray(0, MAC_BYTES)
}
