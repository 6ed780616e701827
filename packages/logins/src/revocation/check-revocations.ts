import type { Revocation } from './feed.ts'

/** Wider than the form of a loginId: a feed over a store of your own may carry other ids. */
const PUBLISHABLE_ID = /^[\w-]{1,64}$/

/**
 * Checks the ids of revocations before a feed publishes them. A feed writes the ids of one publication into
 * one line, where an id with a space in it would read as two.
 * @throws TypeError for an id that is not 1 to 64 characters of base64url.
 */
export function checkRevocations(revocations: readonly Revocation[]): void {
  if (revocations.every(({ loginId }) => typeof loginId === 'string' && PUBLISHABLE_ID.test(loginId))) return
  throw new TypeError('a loginId on the feed must be 1 to 64 characters of base64url')
}
