import type { Logins } from '@drawbridge/logins'

/**
 * See `KeyAuth.revoke`. A login that the store no longer has is passed on all the same: it may be a key whose revocation reached
 * the store and not the other nodes.
 */
export async function revokeKey(
  logins: Pick<Logins, 'resolve' | 'revoke'>,
  userId: string,
  id: string
): Promise<boolean> {
  const login = await logins.resolve(id)
  if (login !== null && login.key === null) return false
  return logins.revoke(id, { userId })
}
