type Action = () => Promise<unknown>

/** A real store whose verbs can be made to wait for what happens in between: an interleaving that needs no clock. */
export interface InterposedStore<T extends object> {
  readonly store: T
  /** The verbs that were asked. */
  readonly calls: string[]
  /** What happens, once, when that verb is asked the next time: before the store hears of it. */
  before(method: keyof T & string, action: Action): void
  /** The same, when the store has answered, and before who asked is told. What it throws is told instead. */
  after(method: keyof T & string, action: Action): void
}

export function interpose<T extends object>(target: T): InterposedStore<T> {
  const calls: string[] = []
  const actions = new Map<string, Action>()
  const once = async (when: string) => {
    const action = actions.get(when)
    actions.delete(when)
    await action?.()
  }
  const store = new Proxy(target, {
    get: (_, method: string) => {
      if (typeof target[method as keyof T] !== 'function') return target[method as keyof T]
      return async (...args: unknown[]) => {
        calls.push(method)
        await once(`before ${method}`)
        const call = target[method as keyof T] as (...args: unknown[]) => Promise<unknown>
        const result = await call.apply(target, args)
        await once(`after ${method}`)
        return result
      }
    }
  })
  return {
    store,
    calls,
    before: (method, action) => void actions.set(`before ${method}`, action),
    after: (method, action) => void actions.set(`after ${method}`, action)
  }
}
