import type { Change, Revocation } from './feed.ts'

/** Wider than the form of a loginId: a feed over a store of your own may carry other ids. */
const PUBLISHABLE = /^[\w-]{1,64}$/

/**
 * Checks the ids of revocations before a feed publishes them. A feed writes the ids of one publication into
 * one line, where an id with a space in it would read as two.
 * @throws TypeError for an id that is not 1 to 64 characters of base64url.
 */
export function checkRevocations(revocations: readonly Revocation[]): void {
  if (revocations.every(({ loginId }) => typeof loginId === 'string' && PUBLISHABLE.test(loginId))) return
  throw new TypeError('a loginId on the feed must be 1 to 64 characters of base64url')
}

/** As {@link checkRevocations}, of changes. @throws TypeError */
export function checkChanges(changes: readonly Change[]): void {
  const isPublishable = ({ loginIdPrefix }: Change) =>
    typeof loginIdPrefix === 'string' && PUBLISHABLE.test(loginIdPrefix)
  if (changes.every(isPublishable)) return
  throw new TypeError('the prefix of a change on the feed must be 1 to 64 characters of base64url')
}
