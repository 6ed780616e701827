import { listCarriers } from './claims.ts'
import type { DeviceInfo, Login } from './login.ts'
import type { Carrier } from './principal.ts'

/** A login as a user or an administrator may see it: without any secret, hash or session data. */
export interface LoginView {
  /** Public. `revoke` takes it. */
  readonly id: string
  /** ms since the epoch. */
  readonly createdAt: number
  /** ms since the epoch; changes only when credentials are presented again. */
  readonly authenticatedAt: number
  /** ms since the epoch; an unused login expires earlier. */
  readonly expiresAt: number
  /** ms since the epoch; written at most once per touch interval. */
  readonly lastSeenAt: number
  readonly device: DeviceInfo
  /** By which carriers a request can present it now. */
  readonly carriers: readonly Carrier[]
  /** What the user calls a key; null for a sign-in. */
  readonly keyName: string | null
  /** Those that were asked for at the sign-in; null where the login has all that `getClaims` gives. */
  readonly scopes: readonly string[] | null
}

/** The public view of a login record. @param now ms since the epoch. */
export function toLoginView(login: Login, now: number): LoginView {
  const { id, createdAt, authenticatedAt, expiresAt, lastSeenAt, device, scopes } = login
  const carriers = listCarriers(login, now)
  const keyName = login.key?.name ?? null
  return { id, createdAt, authenticatedAt, expiresAt, lastSeenAt, device, carriers, keyName, scopes }
}
