import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { deriveKeys } from '@drawbridge/logins/carrier'

/*
 * drbp_ and base64url, without unused bits, of
 *
 *   loginId 21 | secret 18 | MAC 18
 *
 * The MAC makes a ticket that is made up fall before the store is asked. The key is of one instance of one carrier, so
 * that what was begun as a session is not completed as tokens, nor what one of two log-ins began by the other. The
 * record keeps the hash of the secret: a stolen root secret and a loginId, which is public, make no ticket.
 */
const PREFIX = 'drbp_'
const LOGIN_ID_BYTES = 21
const SECRET_BYTES = 18
const BODY_BYTES = LOGIN_ID_BYTES + SECRET_BYTES
const MAC_BYTES = 18
const FORMAT = /^drbp_[A-Za-z0-9_-]{76}$/

export interface Ticket {
  readonly loginId: string
  readonly secret: Buffer
}

/** Writes and reads what the client of a pending login holds. */
export class TicketCodec {
  readonly #keys: readonly Buffer[]

  /**
   * @param secrets root secrets: the first makes tickets, all are tried on those that are presented.
   * @param identity the carrier, and which instance of it: part of the label of the keys.
   */
  constructor(secrets: readonly string[], identity: string) {
    this.#keys = deriveKeys(secrets, `second-factor ticket of ${identity}`)
  }

  encode({ loginId, secret }: Ticket): string {
    const body = Buffer.concat([Buffer.from(loginId, 'base64url'), secret])
    return PREFIX + Buffer.concat([body, computeMac(this.#keys[0] as Buffer, body)]).toString('base64url')
  }

  /** Null for what this service did not make for this instance. */
  decode(ticket: string): Ticket | null {
    if (!FORMAT.test(ticket)) return null
    const bytes = Buffer.from(ticket.slice(PREFIX.length), 'base64url')
    const body = bytes.subarray(0, BODY_BYTES)
    const isAuthentic = this.#keys.some((key) =>
      timingSafeEqual(computeMac(key, body), bytes.subarray(BODY_BYTES))
    )
    if (!isAuthentic) return null
    return {
      loginId: body.subarray(0, LOGIN_ID_BYTES).toString('base64url'),
      secret: body.subarray(LOGIN_ID_BYTES)
    }
  }
}

export function createTicketSecret(): Buffer {
  return randomBytes(SECRET_BYTES)
}

/** What the record keeps of a ticket. No slow hash: there are 144 random bits in the secret. */
export function hashTicketSecret(secret: Buffer): string {
  return createHash('sha256').update(secret).digest('base64url')
}

function computeMac(key: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, MAC_BYTES)
}
