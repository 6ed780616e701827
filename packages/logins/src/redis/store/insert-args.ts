import { kindOf, type Login, loginEndsAt } from '../../login/login.ts'
import { encodeRow } from './login-row.ts'

/** In the order of the script that inserts a login. */
export function toInsertArgs(login: Login, maxPerUser: number): ReadonlyArray<string | number> {
  const { id, createdAt, expiresAt } = login
  return [id, createdAt, expiresAt, loginEndsAt(login), maxPerUser, kindOf(login), encodeRow(login)]
}
