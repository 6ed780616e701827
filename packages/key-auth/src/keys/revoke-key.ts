import type { Logins, RevocationCause } from '@drawbridge/logins'

/**
 * See `KeyAuth.revoke`. A login that the store no longer has is passed on all the same: it may be a key whose revocation reached
 * the store and not the other nodes.
 */
export async function revokeKey(
  logins: Pick<Logins, 'resolve' | 'revoke'>,
  userId: string,
  id: string,
  cause: RevocationCause = {}
): Promise<boolean> {
  const login = await logins.resolve(id)
  if (login !== null && login.key === null) return false
  const { by = 'service', reason = 'key-revoked' } = cause
  return logins.revoke(id, { userId, by, reason })
}
