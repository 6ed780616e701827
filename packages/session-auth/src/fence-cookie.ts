import type { Fence, Logins } from '@drawbridge/logins'
import type { FastifyReply } from 'fastify'
import { decodeOnce, findCookie } from './cookie-header.ts'
import type { ParsedOptions } from './options.ts'
import { attributesOf, createSigner } from './session-cookie.ts'
import { cookieLine, setCookie } from './set-cookie.ts'

/** Long enough for any staleness bound that a person would notice. */
const LIFE_SECONDS = 10
/** Three positions of a feed. */
const MAX_FENCE = 256

/**
 * Tells the next node how far the last one had read, for a moment: who has just ended other logins sees them ended,
 * whichever node answers.
 */
export interface FenceCookie {
  /** On the hot path. Null for almost every request. */
  read(header: string | undefined): Fence | null
  set(reply: FastifyReply, fence: Fence): void
}

export function createFenceCookie({ cookie, secret }: ParsedOptions, logins: Logins): FenceCookie {
  const name = `${cookie.name}-fence`
  const signer = createSigner(secret, 'fence cookie', cookie.name)
  const { isShared } = logins
  const read = (header: string): Fence | null => {
    const raw = findCookie(header, name)
    if (typeof raw !== 'string' || raw.length > MAX_FENCE * 2) return null
    const { valid, value } = signer.unsign(decodeOnce(raw))
    return valid ? value : null
  }
  return {
    read: (header) => (isShared && header !== undefined ? read(header) : null),
    set: (reply, fence) => {
      if (!isShared || fence === '' || fence.length > MAX_FENCE) return
      const attributes = { ...attributesOf(cookie), maxAge: LIFE_SECONDS }
      setCookie(reply, cookieLine(name, signer.sign(fence), attributes))
    }
  }
}
