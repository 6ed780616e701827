import { createHash, randomBytes } from 'node:crypto'
import { deriveKeys, MacCodec } from '@drawbridge/logins/carrier'

/*
 * drbp_ and base64url of
 *
 *   loginId 21 | secret 18 | MAC 18
 *
 * The keys are of one instance of one carrier, so that a sign-in that was begun as a session is not completed as tokens,
 * nor one of two services by the other. The record has the hash of the secret: a stolen root secret and a loginId, which
 * is public, make no ticket.
 */
const PREFIX = 'drbp_'
const LOGIN_ID_BYTES = 21
const SECRET_BYTES = 18

/** What a ticket contains. */
export interface Ticket {
  readonly loginId: string
  readonly secret: Buffer
}

/** Writes and reads the tickets of pending logins. */
export class TicketCodec {
  readonly #codec: MacCodec

  /**
   * @param secrets root secrets: the first makes tickets, all are tried on presented ones.
   * @param identity the carrier and its instance: part of the label of the keys.
   */
  constructor(secrets: readonly string[], identity: string) {
    const keys = deriveKeys(secrets, `second-factor ticket of ${identity}`)
    this.#codec = new MacCodec(keys, PREFIX, LOGIN_ID_BYTES + SECRET_BYTES)
  }

  encode({ loginId, secret }: Ticket): string {
    return this.#codec.encode(Buffer.concat([Buffer.from(loginId, 'base64url'), secret]))
  }

  /** Null for a ticket that this service did not make for this instance. */
  decode(ticket: string): Ticket | null {
    const decoded = this.#codec.decode(ticket)
    if (decoded === null) return null
    const { body } = decoded
    return {
      loginId: body.subarray(0, LOGIN_ID_BYTES).toString('base64url'),
      secret: body.subarray(LOGIN_ID_BYTES)
    }
  }
}

/** 144 random bits. */
export function createTicketSecret(): Buffer {
  return randomBytes(SECRET_BYTES)
}

/** What the record has of a ticket. No slow hash: there are 144 random bits in the secret. */
export function hashTicketSecret(secret: Buffer): string {
  return createHash('sha256').update(secret).digest('base64url')
}
