import type { FeedPosition } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { FastifyReply } from 'fastify'
import { decodeOnce, POSITION_SUFFIX, type RawCookie } from './header.ts'
import type { ParsedOptions } from '../options.ts'
import { createCookieAttributes, createSigner } from './session-cookie.ts'
import { createCookieLine, setCookie } from './set-cookie.ts'

/** Longer than any staleness bound that a user would notice. */
const LIFETIME_SECONDS = 10
/** Three positions of a feed. */
const MAX_POSITION_LENGTH = 256

/**
 * Carries to the next node, for a few seconds, how far the feed must be read: for the user who has just revoked other logins
 * they are revoked, whichever node serves the next request.
 */
export interface PositionCookie {
  /** On the hot path. Null for almost every request. */
  open(raw: RawCookie): FeedPosition | null
  set(reply: FastifyReply, position: FeedPosition): void
}

/** The position cookie of one instance of the plugin. */
export function createPositionCookie(
  { cookie, secret }: ParsedOptions,
  logins: CarrierLogins
): PositionCookie {
  const name = cookie.name + POSITION_SUFFIX
  const signer = createSigner(secret, 'position cookie', cookie.name)
  const { isShared } = logins
  return {
    open: (raw) => {
      if (!isShared || typeof raw !== 'string' || raw.length > MAX_POSITION_LENGTH * 2) return null
      const { valid, value } = signer.unsign(decodeOnce(raw))
      return valid ? value : null
    },
    set: (reply, position) => {
      if (!isShared || position === '' || position.length > MAX_POSITION_LENGTH) return
      const attributes = { ...createCookieAttributes(cookie), maxAge: LIFETIME_SECONDS }
      setCookie(reply, createCookieLine(name, signer.sign(position), attributes))
    }
  }
}
