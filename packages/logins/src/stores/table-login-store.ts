import { setImmediate as nextTurn } from 'node:timers/promises'
import { loginEndsAt, isPending, type Login } from '../login/login.ts'
import { toJsonObject } from './login-codec.ts'
import { carriedLogin, type CarryInput, decideCarry } from './carry.ts'
import type { CarryOutcome, LoginChange, LoginStore, RotateOutcome, Touch } from './login-store.ts'
import { decideRotation, type RotateInput, rotatedState } from './rotation.ts'

/**
 * Where a {@link TableLoginStore} stores its rows. The methods are synchronous, so that `work` runs from its
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
  /** Throws where the table is unreachable. */
  ping(): void
}

/** How many touches one transaction writes: other work of this process waits no longer than that takes. */
const TOUCH_BATCH_SIZE = 500

/** A {@link LoginStore} over a table with synchronous methods. */
export class TableLoginStore implements LoginStore {
  readonly isShared: boolean = false
  readonly #table: LoginTable
  readonly #now: () => number

  constructor(table: LoginTable, now: () => number) {
    this.#table = table
    this.#now = now
  }

  insert(login: Login, maxPerUser: number): Promise<readonly string[]> {
    return this.#transact((now) => {
      if (loginEndsAt(login) <= now) throw new Error('this login would already be expired')
      const surplus = this.#findSurplus(login, maxPerUser, now)
      this.#table.insert(login, now)
      this.#table.delete(surplus)
      return surplus
    })
  }

  async find(loginId: string): Promise<Login | null> {
    return this.#table.read(() => this.#table.find(loginId, this.#now()))
  }

  async touch(touches: readonly Touch[]): Promise<readonly boolean[]> {
    const active: boolean[] = []
    for (let at = 0; at < touches.length; at += TOUCH_BATCH_SIZE) {
      if (at > 0) await nextTurn()
      const group = touches.slice(at, at + TOUCH_BATCH_SIZE)
      active.push(...(await this.#transact((now) => group.map((touch) => this.#touchOne(touch, now)))))
    }
    return active
  }

  update(loginId: string, change: LoginChange): Promise<Login | null> {
    return this.#transact((now) => {
      const login = this.#table.find(loginId, now)
      return login && this.#replace({ ...login, data: toJsonObject(change.data) })
    })
  }

  rotate(loginId: string, input: RotateInput): Promise<RotateOutcome> {
    return this.#transact((now): RotateOutcome => {
      const login = this.#table.find(loginId, now)
      if (!login?.refresh) return { kind: 'unknown' }
      const decision = decideRotation(login.refresh, input, now)
      if (decision === 'unknown') return { kind: 'unknown' }
      if (decision === 'repeat') return { kind: 'repeated', login }
      if (decision === 'rotate') {
        const lastSeenAt = Math.max(now, login.lastSeenAt)
        const next = { ...login, lastSeenAt, refresh: rotatedState(input, now) }
        return { kind: 'rotated', login: this.#replace(next) }
      }
      this.#table.delete([loginId])
      return { kind: 'reused', login }
    })
  }

  carry(loginId: string, input: CarryInput): Promise<CarryOutcome> {
    return this.#transact((now): CarryOutcome => {
      const login = this.#table.find(loginId, now)
      const decision = login === null ? 'unknown' : decideCarry(login, input, now)
      if (login === null || decision === 'unknown') return { kind: 'unknown' }
      if (decision === 'keep') return { kind: 'kept', login }
      if (decision === 'add') return { kind: 'added', login: this.#replace(carriedLogin(login, input, now)) }
      this.#table.delete([loginId])
      return { kind: 'reused', login }
    })
  }

  remove(loginId: string): Promise<boolean> {
    return this.#transact((now) => {
      const wasActive = this.#table.find(loginId, now) !== null
      this.#table.delete([loginId])
      return wasActive
    })
  }

  removeByUser(userId: string, except?: string): Promise<readonly string[]> {
    return this.#transact((now) => {
      const revoked = this.#table.listIds(userId, now).filter((loginId) => loginId !== except)
      this.#table.delete(revoked)
      return revoked
    })
  }

  /** Not a transaction: a list takes no lock from writers. Each login in it was active when it was read. */
  async listByUser(userId: string): Promise<readonly Login[]> {
    return this.#table.read(() => {
      const now = this.#now()
      const logins = this.#table.listIds(userId, now).map((loginId) => this.#table.find(loginId, now))
      return logins.filter((login) => login !== null)
    })
  }

  async ping(): Promise<void> {
    await this.#table.read(() => this.#table.ping())
  }

  /** Async, so that an error of the table becomes a rejection. */
  async #transact<T>(work: (now: number) => T): Promise<T> {
    return this.#table.atomically(() => work(this.#now()))
  }

  /**
   * The ids that an insert removes. The new login is not counted: it stays, even where its clock was behind
   * that of the others.
   */
  #findSurplus(login: Login, maxPerUser: number, now: number): string[] {
    const others = this.#table.listIds(login.userId, now)
    if (others.length < maxPerUser) return []
    const sameKind = others.filter((loginId) => {
      const other = this.#table.find(loginId, now)
      return (other !== null && isPending(other)) === isPending(login)
    })
    return sameKind.slice(maxPerUser - 1)
  }

  #touchOne({ loginId, seenAt }: Touch, now: number): boolean {
    const login = this.#table.find(loginId, now)
    if (login === null) return false
    if (seenAt > login.lastSeenAt) this.#replace({ ...login, lastSeenAt: seenAt })
    return true
  }

  #replace(login: Login): Login {
    this.#table.replace(login)
    return login
  }
}
