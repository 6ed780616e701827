import type { UserStore } from './user-store.ts'

/** Options of {@link withStoreTimeout}. */
export interface StoreTimeoutOptions {
  /** Timeout of each call. */
  readonly timeoutMs: number
  /** Called when a look-up of a user times out. */
  readonly onLookupTimeout: (error: Error) => void
}

/**
 * A user store whose calls time out. Drivers have other timeouts, or none: a table that a migration has locked would
 * make every sign-in wait for as long as it is locked. The result of a call after its timeout is ignored, so a write
 * that has timed out may still take effect.
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
        const error = new Error(`the user store did not reply within ${timeoutMs} ms`)
        reject(error)
        onTimeout?.(error)
      }
      let immediate: NodeJS.Immediate | undefined
      // If this process was busy, the reply may have arrived unread: it is read before the immediate runs.
      const timer = setTimeout(() => (immediate = setImmediate(fail)), timeoutMs)
      // Async, so that a store that throws instead of rejecting is treated as one that rejects.
      const result = (async () => work())()
      result.then(resolve, reject).finally(() => (clearTimeout(timer), clearImmediate(immediate)))
    })
  return {
    findByUsernameKey: (key) => runInTime(() => users.findByUsernameKey(key), onLookupTimeout),
    findById: (id) => runInTime(() => users.findById(id), onLookupTimeout),
    insert: (user) => runInTime(() => users.insert(user)),
    replacePasswordHash: (...input) => runInTime(() => users.replacePasswordHash(...input)),
    ping: () => runInTime(() => users.ping()),
    ...(users.setDisabled && {
      setDisabled: (...input) => runInTime(() => users.setDisabled!(...input))
    }),
    ...(users.remove && { remove: (id) => runInTime(() => users.remove!(id)) }),
    ...(users.rename && { rename: (...input) => runInTime(() => users.rename!(...input)) })
  }
}
