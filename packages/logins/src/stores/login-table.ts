import { kindOf, type Login } from '../login/login.ts'
import type { InsertOutcome } from './login-store.ts'

/**
 * Where a `TableLoginStore` stores its rows. The methods are synchronous, so that `work` runs from its
 * first read to its last write without any other method of this process in between.
 */
export interface LoginTable {
  /**
   * Runs `work`, which is synchronous, as one transaction: all of its writes happen or none, with no other
   * write between them.
   */
  atomically<T>(work: () => T): T | Promise<T>
  /** Runs `work`, which only reads. */
  read<T>(work: () => T): T | Promise<T>
  /** Adds a row. Throws where the id exists. May delete some expired rows. */
  insert(login: Login, now: number): void
  /** The active login with this id; null where there is none, or it cannot be decoded. */
  find(loginId: string, now: number): Login | null
  /** Overwrites a login that `find` returned in the same `work`. */
  replace(login: Login): void
  /** Deletes rows; ids without a row are ignored. */
  delete(loginIds: readonly string[]): void
  /** The ids of the user's active logins, the newest first. */
  listIds(userId: string, now: number): string[]
  /** The name that a user was given, until that expires; null where there is none. */
  findName(userId: string, now: number): string | null
  /** May delete some expired rows. @param until ms since the epoch. */
  putName(userId: string, username: string, until: number, now: number): void
  /** Throws where the table is unreachable. */
  ping(): void
}

/**
 * Adds a login and removes those that have to make room for it, in one `work`.
 * @returns null where the login is a key for which there is no room, and nothing was written.
 */
export function insertLogin(
  table: LoginTable,
  login: Login,
  maxPerUser: number,
  now: number
): InsertOutcome | null {
  const removed = findSurplus(table, login, maxPerUser, now)
  if (removed.length > 0 && login.key !== null) return null
  const named = { ...login, username: table.findName(login.userId, now) ?? login.username }
  table.insert(named, now)
  table.delete(removed)
  return { login: named, removed }
}

/** Gives all active logins of a user another name, and those that are written until then. @param until ms since the epoch. */
export function renameLogins(
  table: LoginTable,
  userId: string,
  username: string,
  { until, now }: { readonly until: number; readonly now: number }
): void {
  table.putName(userId, username, until, now)
  for (const loginId of table.listIds(userId, now)) {
    const login = table.find(loginId, now)
    if (login !== null) table.replace({ ...login, username })
  }
}

/** The new login is not counted: it stays, even where its clock was behind that of the others. */
function findSurplus(table: LoginTable, login: Login, maxPerUser: number, now: number): string[] {
  const others = table.listIds(login.userId, now)
  if (others.length < maxPerUser) return []
  const sameKind = others.filter((loginId) => {
    const other = table.find(loginId, now)
    return (other === null ? 'sign-in' : kindOf(other)) === kindOf(login)
  })
  return sameKind.slice(maxPerUser - 1)
}
