import * as v from 'valibot'
import { loginEndsAt, type Login } from '../login/login.ts'
import { clock, parseOptions, wholeNumber } from '@drawbridge/options'
import { ExpiringMap } from './expiring-map.ts'
import { decodeLogin, encodeLogin } from './login-codec.ts'
import type { LoginStore } from './login-store.ts'
import type { LoginTable } from './login-table.ts'
import { MemoryAdoptionTable } from './memory-adoption-table.ts'
import { TableLoginStore } from './table-login-store.ts'

/** Options of {@link createMemoryLoginStore}. */
export interface MemoryLoginStoreOptions {
  /**
   * How many logins the store accepts, 1 to 10 000 000. One more is rejected: to make room, a user who did
   * nothing would have to be logged out. Default 100 000, each of about 1 KiB without session data.
   */
  readonly maxLogins?: number
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

const schema = v.strictObject({
  maxLogins: v.optional(wholeNumber(1, 10_000_000), 100_000),
  now: v.optional(clock())
})

/**
 * Creates a store in memory, for one process, tests and first steps: a restart loses every login.
 *
 * @throws OptionError for an invalid option.
 * @example
 * ```ts
 * const logins = createLogins({ store: createMemoryLoginStore({ maxLogins: 10_000 }) })
 * ```
 */
export function createMemoryLoginStore(options: MemoryLoginStoreOptions = {}): LoginStore {
  const { maxLogins, now } = parseOptions('memoryLoginStore', schema, options)
  const table = new MemoryTable(maxLogins)
  return new TableLoginStore(table, new MemoryAdoptionTable(table), now ?? Date.now)
}

interface Row {
  readonly userId: string
  readonly createdAt: number
  readonly endsAt: number
  /** Text, as in every other store: no caller can change it, and every store returns the same `data`. */
  readonly record: string
}

/**
 * How many rows each insert checks for expiry: more than one, so that the sweep is faster than the growth.
 */
const SWEEP_BATCH_SIZE = 4
/** A full table checks all its rows, but not for every insert that it then has to reject. */
const FULL_SWEEP_INTERVAL_MS = 1000

class MemoryTable implements LoginTable {
  readonly #maxLogins: number
  readonly #rows = new Map<string, Row>()
  readonly #byUser = new Map<string, Set<string>>()
  readonly #names = new ExpiringMap<string>()
  #sweepCursor = this.#rows.entries()
  #fullSweepAt = -Infinity

  constructor(maxLogins: number) {
    this.#maxLogins = maxLogins
  }

  /** Nothing to undo: in each method only the first write can throw, and it does so before it has written. */
  atomically<T>(work: () => T): T {
    return work()
  }

  read<T>(work: () => T): T {
    return work()
  }

  insert(login: Login, now: number): void {
    this.#sweep(SWEEP_BATCH_SIZE, now)
    if (this.#rows.has(login.id)) throw new Error('a login with this id already exists')
    if (this.#rows.size >= this.#maxLogins) this.#makeRoom(now)
    this.replace(login)
    const ids = this.#byUser.get(login.userId)
    if (ids === undefined) this.#byUser.set(login.userId, new Set([login.id]))
    else ids.add(login.id)
  }

  find(loginId: string, now: number): Login | null {
    const row = this.#rows.get(loginId)
    return row !== undefined && row.endsAt > now ? decodeLogin(row.record) : null
  }

  replace(login: Login): void {
    const { userId, createdAt } = login
    this.#rows.set(login.id, { userId, createdAt, endsAt: loginEndsAt(login), record: encodeLogin(login) })
  }

  delete(loginIds: readonly string[]): void {
    for (const loginId of loginIds) {
      const row = this.#rows.get(loginId)
      if (row !== undefined) this.#drop(loginId, row.userId)
    }
  }

  listIds(userId: string, now: number): string[] {
    const ids = [...(this.#byUser.get(userId) ?? [])].filter((id) => this.#row(id).endsAt > now)
    // The set is in the order of insertion; reversed, it decides which of two logins made in the same
    // millisecond is newer.
    return ids.reverse().sort((a, b) => this.#row(b).createdAt - this.#row(a).createdAt)
  }

  findName(userId: string, now: number): string | null {
    return this.#names.get(userId, now)
  }

  putName(userId: string, username: string, until: number, now: number): void {
    this.#names.set(userId, username, until, now)
  }

  ping(): void {}

  #row(loginId: string): Row {
    return this.#rows.get(loginId) as Row
  }

  #drop(loginId: string, userId: string): void {
    this.#rows.delete(loginId)
    const ids = this.#byUser.get(userId) as Set<string>
    ids.delete(loginId)
    if (ids.size === 0) this.#byUser.delete(userId)
  }

  #makeRoom(now: number): void {
    // In either direction: a clock that was set back must not leave the table full.
    if (Math.abs(now - this.#fullSweepAt) >= FULL_SWEEP_INTERVAL_MS) {
      this.#fullSweepAt = now
      this.#sweepCursor = this.#rows.entries()
      this.#sweep(this.#rows.size, now)
    }
    if (this.#rows.size < this.#maxLogins) return
    throw new Error(
      `the memory store is full: ${this.#maxLogins} active logins. Raise maxLogins, or store logins in a database`
    )
  }

  /**
   * Continues where it stopped, and starts again at the end: the iterator of a Map allows rows to come and
   * go.
   */
  #sweep(steps: number, now: number): void {
    for (let step = 0; step < steps; step++) {
      const next = this.#sweepCursor.next()
      if (next.done) {
        this.#sweepCursor = this.#rows.entries()
        return
      }
      const [loginId, row] = next.value
      if (row.endsAt <= now) this.#drop(loginId, row.userId)
    }
  }
}
