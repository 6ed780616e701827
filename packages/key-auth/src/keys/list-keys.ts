import type { KeyView } from '@drawbridge/carrier'
import type { Logins } from '@drawbridge/logins'

/** See `KeyAuth.list`. */
export async function listKeys(
  logins: Pick<Logins, 'listByUser'>,
  userId: string
): Promise<readonly KeyView[]> {
  const views = await logins.listByUser(userId)
  return views.flatMap(({ id, keyName: name, scopes, createdAt, lastSeenAt, expiresAt }) =>
    name === null ? [] : [{ id, name, scopes: scopes ?? [], createdAt, lastSeenAt, expiresAt }]
  )
}
