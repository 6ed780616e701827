import type { UserStore } from './user-store.ts'

export interface TimedOptions {
  /** How long each call may take. */
  readonly timeoutMs: number
  /** Called when a user could not be looked up in time. */
  readonly onSilence: (error: Error) => void
}

/**
 * A user store that answers in time or rejects. Drivers have other deadlines, or none: a table that a migration has
 * locked would keep every log-in waiting for as long as the lock is there. What a call does after its deadline nobody
 * learns, so a write that was given up may still be made.
 */
export function timedUserStore(users: UserStore, { timeoutMs, onSilence }: TimedOptions): UserStore {
  const inTime = <T>(work: () => Promise<T>, onLate?: TimedOptions['onSilence']): Promise<T> =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => {
        const error = new Error(`the user store has not answered within ${timeoutMs} ms`)
        reject(error)
        onLate?.(error)
      }
      let turn: NodeJS.Immediate | undefined
      // Where this process was busy for as long, the answer may have come: it is read before the immediate runs.
      const timer = setTimeout(() => (turn = setImmediate(giveUp)), timeoutMs)
      // Asynchronous, so that a store that throws instead of rejecting is one that rejects.
      const answer = (async () => work())()
      answer.then(resolve, reject).finally(() => (clearTimeout(timer), clearImmediate(turn)))
    })
  return {
    findByUsernameKey: (key) => inTime(() => users.findByUsernameKey(key), onSilence),
    findById: (id) => inTime(() => users.findById(id), onSilence),
    insert: (user) => inTime(() => users.insert(user)),
    replacePasswordHash: (...input) => inTime(() => users.replacePasswordHash(...input)),
    ping: () => inTime(() => users.ping())
  }
}
