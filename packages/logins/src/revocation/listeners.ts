import type { Revocation } from './feed.ts'
import { checkRevocations } from './check-revocations.ts'

type Listener = (revocation: Revocation) => void

/**
 * The listeners of all feeds in this process, by the object in which their logins are stored. Whoever creates
 * a feed need not know of the others.
 */
const listenersByStore = new WeakMap<object, Set<Listener>>()

/** The listeners of one process. A feed adds its own and takes them off again on close. */
export class Listeners {
  readonly #all: Set<Listener>
  readonly #own: Listener[] = []

  /** @param store the object in which logins are stored: feeds over the same object share their listeners. */
  constructor(store: object) {
    this.#all = listenersByStore.get(store) ?? new Set()
    listenersByStore.set(store, this.#all)
  }

  /** Calls `listener` for each revocation until `close`. */
  add(listener: Listener): void {
    this.#own.push(listener)
    this.#all.add(listener)
  }

  /** Calls every listener. @throws TypeError for an id that no feed could carry. */
  publish(revocations: readonly Revocation[]): void {
    checkRevocations(revocations)
    for (const revocation of revocations) for (const listener of this.#all) listener(revocation)
  }

  /** Takes the listeners of this feed off. */
  close(): void {
    for (const listener of this.#own) this.#all.delete(listener)
  }
}
