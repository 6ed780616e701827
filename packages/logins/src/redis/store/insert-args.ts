import { isPending, type Login, loginEndsAt } from '../../login/login.ts'
import { encodeRow } from './login-row.ts'

/** In the order of the script that inserts a login. */
export function toInsertArgs(login: Login, maxPerUser: number): ReadonlyArray<string | number> {
  const { id, createdAt, expiresAt } = login
  const pending = isPending(login) ? 1 : 0
  return [id, createdAt, expiresAt, loginEndsAt(login), maxPerUser, pending, encodeRow(login)]
}
