import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { SessionCookieValue } from '../cookies/session-secret.ts'

/**
 * Ids for sessions whose cookie the request does not present, as a migration has decided that another login counts. Only this
 * process can make one, and no client ever gets it.
 */
export interface FollowedIds {
  create(loginId: string): SessionCookieValue
  /** In constant time. */
  has(value: SessionCookieValue): boolean
}

export function createFollowedIds(): FollowedIds {
  const key = randomBytes(32)
  const sign = (loginId: string) => createHmac('sha256', key).update(loginId).digest('base64url')
  return {
    create: (loginId) => ({ loginId, secret: sign(loginId), isPersistent: false }),
    has: ({ loginId, secret }) => {
      const [expected, actual] = [Buffer.from(sign(loginId)), Buffer.from(secret)]
      return expected.length === actual.length && timingSafeEqual(expected, actual)
    }
  }
}
