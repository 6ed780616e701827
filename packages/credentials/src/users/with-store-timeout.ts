import type { UserStore } from './user-store.ts'

export interface StoreTimeoutOptions {
  /** How long each call may take. */
  readonly timeoutMs: number
  /** Called when a user could not be looked up in time. */
  readonly onLookupTimeout: (error: Error) => void
}

/**
 * A user store that answers in time or rejects. Drivers have other deadlines, or none: a table that a migration has
 * locked would keep every log-in waiting for as long as the lock is there. What a call does after its deadline nobody
 * learns, so a write that was given up may still be made.
 */
export function withStoreTimeout(
  users: UserStore,
  { timeoutMs, onLookupTimeout }: StoreTimeoutOptions
): UserStore {
  const runInTime = <T>(
    work: () => Promise<T>,
    onTimeout?: StoreTimeoutOptions['onLookupTimeout']
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      const fail = (): void => {
        const error = new Error(`the user store has not answered within ${timeoutMs} ms`)
        reject(error)
        onTimeout?.(error)
      }
      let immediate: NodeJS.Immediate | undefined
      // Where this process was busy for as long, the answer may have come: it is read before the immediate runs.
      const timer = setTimeout(() => (immediate = setImmediate(fail)), timeoutMs)
      // Asynchronous, so that a store that throws instead of rejecting is one that rejects.
      const result = (async () => work())()
      result.then(resolve, reject).finally(() => (clearTimeout(timer), clearImmediate(immediate)))
    })
  return {
    findByUsernameKey: (key) => runInTime(() => users.findByUsernameKey(key), onLookupTimeout),
    findById: (id) => runInTime(() => users.findById(id), onLookupTimeout),
    insert: (user) => runInTime(() => users.insert(user)),
    replacePasswordHash: (...input) => runInTime(() => users.replacePasswordHash(...input)),
    ping: () => runInTime(() => users.ping())
  }
}
