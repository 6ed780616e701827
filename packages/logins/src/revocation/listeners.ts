import type { Revocation } from './feed.ts'
import { checkRevocations } from './check-revocations.ts'

type Listener = (revocation: Revocation) => void

/** Of all feeds in this process, by what their logins are stored in. Nobody who has one has to know of the others. */
const listenersByStore = new WeakMap<object, Set<Listener>>()

/** Those in this process who hear of revocations, and how one of the feeds adds its own and takes them back. */
export class Listeners {
  readonly #all: Set<Listener>
  readonly #own: Listener[] = []

  /** @param store what the logins are stored in: feeds over the same object hear one another. */
  constructor(store: object) {
    this.#all = listenersByStore.get(store) ?? new Set()
    listenersByStore.set(store, this.#all)
  }

  add(listener: Listener): void {
    this.#own.push(listener)
    this.#all.add(listener)
  }

  publish(revocations: readonly Revocation[]): void {
    checkRevocations(revocations)
    for (const revocation of revocations) for (const listener of this.#all) listener(revocation)
  }

  close(): void {
    for (const listener of this.#own) this.#all.delete(listener)
  }
}
