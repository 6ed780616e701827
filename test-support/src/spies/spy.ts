type Action = () => unknown

/**
 * A real store or feed whose calls are recorded. A test can make methods fail, or run an action before or after one of
 * them: an interleaving that needs no clock. Only methods that return a promise are recorded; those of a
 * store's `adoptions` as `adoptions.find`.
 */
export interface Spy<T extends object> {
  /** The watched object. */
  readonly store: T
  /** The names of the called methods, in order. */
  readonly calls: string[]
  /** How many times each method was called. */
  readonly counts: Readonly<Record<string, number>>
  /** Methods that reject and do not reach the object. */
  readonly down: Set<string>
  /** While set, every method rejects with it, as if the store were unreachable. */
  outage: Error | null
  /** Watches another object, with the same list of calls. */
  wrap<U extends object>(target: U): U
  /** Runs `action` once, before the next call of the method reaches the object. */
  before(method: (keyof T & string) | `adoptions.${string}`, action: Action): void
  /** Runs `action` once, before the next result of the method reaches the caller, which gets what it throws. */
  after(method: (keyof T & string) | `adoptions.${string}`, action: Action): void
  /** Called, and awaited, before and after each call, with a name such as `before insert`; null for nobody. */
  watcher: ((moment: string) => unknown) | null
}

/** Watches an object. */
export function spy<T extends object>(target: T): Spy<T> {
  const calls: string[] = []
  const down = new Set<string>()
  const actions = new Map<string, Action>()
  const runOnce = async (when: string) => {
    const action = actions.get(when)
    actions.delete(when)
    await action?.()
  }
  // Without an action the object is called at once, as if there were no spy.
  const callThrough = async (method: string, call: () => unknown) => {
    if (self.outage !== null) throw self.outage
    if (down.has(method)) throw new Error(`${method} is down`)
    if (actions.has(`before ${method}`)) await runOnce(`before ${method}`)
    if (self.watcher !== null) await self.watcher(`before ${method}`)
    const result = await call()
    if (actions.has(`after ${method}`)) await runOnce(`after ${method}`)
    if (self.watcher !== null) await self.watcher(`after ${method}`)
    return result
  }
  const wrap = <U extends object>(inner: U, prefix = ''): U =>
    new Proxy(inner, {
      get: (_, name) => {
        const member: unknown = Reflect.get(inner, name)
        if (name === 'adoptions' && member !== undefined) return wrap(member as object, 'adoptions.')
        if (typeof member !== 'function') return member
        const method = (member as (...args: unknown[]) => unknown).bind(inner)
        if (typeof name !== 'string' || SYNCHRONOUS.has(name)) return method
        return (...args: unknown[]) => {
          calls.push(prefix + name)
          return callThrough(prefix + name, () => method(...args))
        }
      }
    })
  const self: Spy<T> = {
    store: wrap(target),
    calls,
    get counts() {
      const counts: Record<string, number> = {}
      for (const name of calls) counts[name] = (counts[name] ?? 0) + 1
      return counts
    },
    down,
    outage: null,
    watcher: null,
    wrap: (inner) => wrap(inner),
    before: (method, action) => void actions.set(`before ${method}`, action),
    after: (method, action) => void actions.set(`after ${method}`, action)
  }
  return self
}

/** Methods of stores and feeds that return no promise. */
const SYNCHRONOUS: ReadonlySet<string> = new Set([
  'openFeed',
  'subscribe',
  'subscribeChanges',
  'isFresh',
  'health'
])
