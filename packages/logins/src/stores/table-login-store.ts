import { setImmediate as turn } from 'node:timers/promises'
import { endsAt, isPending, type Login } from '../login.ts'
import { jsonObject } from './login-codec.ts'
import type { LoginChange, LoginStore, RotateOutcome, Touch } from './login-store.ts'
import { decideRotation, type Rotation, rotated } from './rotation.ts'

/**
 * Where a {@link TableLoginStore} keeps its rows. Once a verb has begun nothing here waits, so that it runs from its first
 * read to its last write with no other verb of this process in between.
 */
export interface LoginTable {
  /** Runs a verb, which does not wait, so that of its writes all happen or none, and nobody else's between them. */
  atomically<T>(verb: () => T): T | Promise<T>
  /** Runs a verb that only reads. */
  reading<T>(verb: () => T): T | Promise<T>
  /** Where the id is taken, throws. May drop some rows that have ended. */
  insert(login: Login, now: number): void
  /** Null where none lives under this id, or none that can be read. */
  find(loginId: string, now: number): Login | null
  /** Writes anew a login that `find` gave in the same step. */
  replace(login: Login): void
  delete(loginIds: readonly string[]): void
  /** The ids of those that live, the newest first. */
  idsOf(userId: string, now: number): string[]
  /** Throws where the table cannot be reached. */
  ping(): void
}

/** 36 µs each in SQLite: whoever waits for this process meanwhile waits no longer than that. */
const TOUCHES_IN_ONE_STEP = 500

/** The verbs of a {@link LoginStore}, over a table that answers at once. */
export class TableLoginStore implements LoginStore {
  readonly isShared: boolean = false
  readonly #table: LoginTable
  readonly #now: () => number

  constructor(table: LoginTable, now: () => number) {
    this.#table = table
    this.#now = now
  }

  insert(login: Login, maxPerUser: number): Promise<readonly string[]> {
    return this.#step((now) => {
      if (endsAt(login) <= now) throw new Error('this login has ended before it began')
      const surplus = this.#surplus(login, maxPerUser, now)
      this.#table.insert(login, now)
      this.#table.delete(surplus)
      return surplus
    })
  }

  async find(loginId: string): Promise<Login | null> {
    return this.#table.reading(() => this.#table.find(loginId, this.#now()))
  }

  async touch(touches: readonly Touch[]): Promise<readonly boolean[]> {
    const alive: boolean[] = []
    for (let at = 0; at < touches.length; at += TOUCHES_IN_ONE_STEP) {
      if (at > 0) await turn()
      const group = touches.slice(at, at + TOUCHES_IN_ONE_STEP)
      alive.push(...(await this.#step((now) => group.map((touch) => this.#touchOne(touch, now)))))
    }
    return alive
  }

  update(loginId: string, change: LoginChange): Promise<Login | null> {
    return this.#step((now) => {
      const login = this.#table.find(loginId, now)
      return login && this.#replace({ ...login, data: jsonObject(change.data) })
    })
  }

  rotate(loginId: string, rotation: Rotation): Promise<RotateOutcome> {
    return this.#step((now): RotateOutcome => {
      const login = this.#table.find(loginId, now)
      if (!login?.refresh) return { kind: 'unknown' }
      const decision = decideRotation(login.refresh, rotation, now)
      if (decision === 'unknown') return { kind: 'unknown' }
      if (decision === 'replay') return { kind: 'replayed', login }
      if (decision === 'rotate') {
        const lastSeenAt = Math.max(now, login.lastSeenAt)
        const next = { ...login, lastSeenAt, refresh: rotated(rotation, now) }
        return { kind: 'rotated', login: this.#replace(next) }
      }
      this.#table.delete([loginId])
      return { kind: 'reused', login }
    })
  }

  remove(loginId: string): Promise<boolean> {
    return this.#step((now) => {
      const wasAlive = this.#table.find(loginId, now) !== null
      this.#table.delete([loginId])
      return wasAlive
    })
  }

  removeByUser(userId: string, except?: string): Promise<readonly string[]> {
    return this.#step((now) => {
      const ended = this.#table.idsOf(userId, now).filter((loginId) => loginId !== except)
      this.#table.delete(ended)
      return ended
    })
  }

  /** Not one step: a list takes no lock from those who write. Each login in it lived when it was read. */
  async listByUser(userId: string): Promise<readonly Login[]> {
    return this.#table.reading(() => {
      const now = this.#now()
      const logins = this.#table.idsOf(userId, now).map((loginId) => this.#table.find(loginId, now))
      return logins.filter((login) => login !== null)
    })
  }

  async ping(): Promise<void> {
    await this.#table.reading(() => this.#table.ping())
  }

  /** Async, so that what the table throws is a rejection like any other. */
  async #step<T>(verb: (now: number) => T): Promise<T> {
    return this.#table.atomically(() => verb(this.#now()))
  }

  /** The new one is not counted among them: it stays, even where its clock was behind that of the others. */
  #surplus(login: Login, maxPerUser: number, now: number): string[] {
    const others = this.#table.idsOf(login.userId, now)
    if (others.length < maxPerUser) return []
    const alike = others.filter((loginId) => {
      const other = this.#table.find(loginId, now)
      return (other !== null && isPending(other)) === isPending(login)
    })
    return alike.slice(maxPerUser - 1)
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
