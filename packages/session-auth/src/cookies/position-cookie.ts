import type { FeedPosition } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { FastifyReply } from 'fastify'
import { decodeOnce, findCookie } from './header.ts'
import type { ParsedOptions } from '../options.ts'
import { createCookieAttributes, createSigner } from './session-cookie.ts'
import { createCookieLine, setCookie } from './set-cookie.ts'

/** Long enough for any staleness bound that a person would notice. */
const LIFETIME_SECONDS = 10
/** Three positions of a feed. */
const MAX_POSITION_LENGTH = 256

/**
 * Tells the next node how far the last one had read, for a moment: who has just ended other logins sees them ended,
 * whichever node answers.
 */
export interface PositionCookie {
  /** On the hot path. Null for almost every request. */
  read(header: string | undefined): FeedPosition | null
  set(reply: FastifyReply, position: FeedPosition): void
}

export function createPositionCookie(
  { cookie, secret }: ParsedOptions,
  logins: CarrierLogins
): PositionCookie {
  const name = `${cookie.name}-position`
  const signer = createSigner(secret, 'position cookie', cookie.name)
  const { isShared } = logins
  const read = (header: string): FeedPosition | null => {
    const raw = findCookie(header, name)
    if (typeof raw !== 'string' || raw.length > MAX_POSITION_LENGTH * 2) return null
    const { valid, value } = signer.unsign(decodeOnce(raw))
    return valid ? value : null
  }
  return {
    read: (header) => (isShared && header !== undefined ? read(header) : null),
    set: (reply, position) => {
      if (!isShared || position === '' || position.length > MAX_POSITION_LENGTH) return
      const attributes = { ...createCookieAttributes(cookie), maxAge: LIFETIME_SECONDS }
      setCookie(reply, createCookieLine(name, signer.sign(position), attributes))
    }
  }
}
