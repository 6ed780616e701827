import { setImmediate as nextTurn } from 'node:timers/promises'
import { loginEndsAt, type Login } from '../login/login.ts'
import type { AdoptionStore } from './adoption-store.ts'
import { carriedLogin, type CarryInput, decideCarry } from './carry.ts'
import { changedLogin, type LoginChange } from './login-change.ts'
import type { CarryOutcome, InsertOutcome, LoginStore, RotateOutcome, Touch } from './login-store.ts'
import { insertLogin, type LoginTable, renameLogins } from './login-table.ts'
import { decideRotation, type RotateInput, rotatedState } from './rotation.ts'
import { type AdoptionTable, TableAdoptionStore } from './table-adoption-store.ts'

/** How many touches one transaction writes: other work of this process waits no longer than that takes. */
const TOUCH_BATCH_SIZE = 500

/** A {@link LoginStore} over a table with synchronous methods. */
export class TableLoginStore implements LoginStore {
  readonly isShared: boolean = false
  readonly adoptions: AdoptionStore
  readonly #table: LoginTable
  readonly #now: () => number

  constructor(table: LoginTable, adoptions: AdoptionTable, now: () => number) {
    this.#table = table
    this.#now = now
    this.adoptions = new TableAdoptionStore(table, adoptions, now)
  }

  insert(login: Login, maxPerUser: number): Promise<InsertOutcome | null> {
    return this.#transact((now) => {
      if (loginEndsAt(login) <= now) throw new Error('this login would already be expired')
      return insertLogin(this.#table, login, maxPerUser, now)
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
      const changed = login && changedLogin(login, change, now)
      return changed && this.#replace(changed)
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

  remove(loginId: string): Promise<Login | null> {
    return this.#transact((now) => {
      const login = this.#table.find(loginId, now)
      this.#table.delete([loginId])
      return login
    })
  }

  removeByUser(userId: string, except?: string): Promise<readonly string[]> {
    return this.#transact((now) => {
      const revoked = this.#table.listIds(userId, now).filter((loginId) => loginId !== except)
      this.#table.delete(revoked)
      return revoked
    })
  }

  renameUser(userId: string, username: string, forSeconds: number): Promise<void> {
    return this.#transact((now) =>
      renameLogins(this.#table, userId, username, { until: now + forSeconds * 1000, now })
    )
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
