import type { Change, Revocation } from './feed.ts'
import { checkChanges, checkRevocations } from './check-revocations.ts'

type Listener<Entry> = (entry: Entry) => void

interface ListenerSets {
  readonly revocations: Set<Listener<Revocation>>
  readonly changes: Set<Listener<Change>>
}

/**
 * The listeners of all feeds in this process, by the object in which their logins are stored. Whoever creates
 * a feed need not know of the others.
 */
const listenersByStore = new WeakMap<object, ListenerSets>()

/** The listeners of one process. A feed adds its own and takes them off again on close. */
export class Listeners {
  readonly #all: ListenerSets
  readonly #removals: Array<() => void> = []

  /** @param store the object in which logins are stored: feeds over the same object share their listeners. */
  constructor(store: object) {
    this.#all = listenersByStore.get(store) ?? { revocations: new Set(), changes: new Set() }
    listenersByStore.set(store, this.#all)
  }

  /** Calls `listener` for each revocation until `close`. */
  add(listener: Listener<Revocation>): void {
    this.#addTo(this.#all.revocations, listener)
  }

  /** Calls `listener` for each change until `close`. */
  addForChanges(listener: Listener<Change>): void {
    this.#addTo(this.#all.changes, listener)
  }

  /** Calls every listener. @throws TypeError for an id that no feed could carry. */
  publish(revocations: readonly Revocation[]): void {
    checkRevocations(revocations)
    for (const revocation of revocations) for (const listener of this.#all.revocations) listener(revocation)
  }

  /** Calls every listener for changes. @throws TypeError for a prefix that no feed could carry. */
  publishChanges(changes: readonly Change[]): void {
    checkChanges(changes)
    for (const change of changes) for (const listener of this.#all.changes) listener(change)
  }

  /** Takes the listeners of this feed off. */
  close(): void {
    for (const remove of this.#removals) remove()
  }

  #addTo<Entry>(listeners: Set<Listener<Entry>>, listener: Listener<Entry>): void {
    listeners.add(listener)
    this.#removals.push(() => listeners.delete(listener))
  }
}
