import { kindOf, type Login, loginEndsAt } from '../../login/login.ts'
import type { InsertOutcome } from '../../stores/login-store.ts'
import { encodeRow } from './login-row.ts'

/** What the script returns: the ids that were removed, and the name as JSON text that replaced the one of the row, empty for none. */
export type Inserted = readonly [removed: readonly string[], name: string]

/** In the order of the script that inserts a login. */
export function toInsertArgs(login: Login, maxPerUser: number): ReadonlyArray<string | number> {
  const { id, createdAt, expiresAt } = login
  return [id, createdAt, expiresAt, loginEndsAt(login), maxPerUser, kindOf(login), encodeRow(login)]
}

/** What was written. */
export function toInsertOutcome(login: Login, [removed, name]: Inserted): InsertOutcome {
  return { login: name === '' ? login : { ...login, username: JSON.parse(name) as string }, removed }
}
