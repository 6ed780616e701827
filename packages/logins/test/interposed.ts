type Act = () => Promise<unknown>

/** A real store whose verbs can be made to wait for what happens in between: an interleaving that needs no clock. */
export interface Interposed<T extends object> {
  readonly store: T
  /** The verbs that were asked. */
  readonly calls: string[]
  /** What happens, once, when that verb is asked the next time: before the store hears of it. */
  before(verb: keyof T & string, act: Act): void
  /** The same, when the store has answered, and before who asked is told. What it throws is told instead. */
  after(verb: keyof T & string, act: Act): void
}

export function interposed<T extends object>(target: T): Interposed<T> {
  const calls: string[] = []
  const acts = new Map<string, Act>()
  const once = async (when: string) => {
    const act = acts.get(when)
    acts.delete(when)
    await act?.()
  }
  const store = new Proxy(target, {
    get: (_, verb: string) => {
      if (typeof target[verb as keyof T] !== 'function') return target[verb as keyof T]
      return async (...args: unknown[]) => {
        calls.push(verb)
        await once(`before ${verb}`)
        const ask = target[verb as keyof T] as (...args: unknown[]) => Promise<unknown>
        const answer = await ask.apply(target, args)
        await once(`after ${verb}`)
        return answer
      }
    }
  })
  return {
    store,
    calls,
    before: (verb, act) => void acts.set(`before ${verb}`, act),
    after: (verb, act) => void acts.set(`after ${verb}`, act)
  }
}
