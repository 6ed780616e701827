import type { Revocation } from './feed.ts'

/** Longer and other than a loginId: a feed of somebody's own store may have ids of its own. */
const PUBLISHABLE_ID = /^[\w-]{1,64}$/

/**
 * Refuses what a feed would have to write into a line of its own: an id with a space in it would be two.
 *
 * @throws TypeError
 */
export function checkRevocations(revocations: readonly Revocation[]): void {
  if (revocations.every(({ loginId }) => typeof loginId === 'string' && PUBLISHABLE_ID.test(loginId))) return
  throw new TypeError('a loginId on the feed must be 1 to 64 characters of base64url')
}
