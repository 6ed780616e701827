import type { Logins } from '@drawbridge/logins'

/** A key as its user may see it: nothing that authenticates. */
export interface KeyView {
  /** Of its login. Public; `revoke` takes it. */
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  /** ms since the epoch. */
  readonly createdAt: number
  /** ms since the epoch; written at most once per touch interval, and `createdAt` until it is first used. */
  readonly lastSeenAt: number
  /** ms since the epoch. */
  readonly expiresAt: number
}

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
