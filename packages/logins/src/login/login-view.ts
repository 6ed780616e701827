import { type DeviceInfo, type Login } from './login.ts'
import type { Carrier } from './principal.ts'

/** What a user or an administrator may see of a login: nothing that a cookie or a token is checked by. */
export interface LoginView {
  /** Public: what `revoke` takes. */
  readonly id: string
  /** ms since the epoch. */
  readonly createdAt: number
  /** ms since the epoch; moves only when credentials are presented again. */
  readonly authenticatedAt: number
  /** ms since the epoch; it ends earlier where it is not used. */
  readonly expiresAt: number
  /** ms since the epoch; written at most once per touch interval. */
  readonly lastSeenAt: number
  readonly device: DeviceInfo
  readonly carriers: readonly Carrier[]
  readonly scopes: readonly string[]
}

export function toLoginView(login: Login): LoginView {
  const { id, createdAt, authenticatedAt, expiresAt, lastSeenAt, device, scopes, session, refresh } = login
  const carriers: Carrier[] = []
  if (session !== null) carriers.push('session')
  if (refresh !== null) carriers.push('token')
  return { id, createdAt, authenticatedAt, expiresAt, lastSeenAt, device, carriers, scopes }
}
