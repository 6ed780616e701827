/** How long an item may wait beyond its deadline, ms: those of one slot are due together. */
const SLOT_MS = 100

/**
 * Items by the moment at which they are due, for one timer of the caller: however many there are, a call costs what is due then.
 */
export class Deadlines<Item> {
  readonly #slots = new Map<number, Set<Item>>()
  readonly #slotOf = new Map<Item, number>()
  /** The slots up to this one were taken. */
  #taken = -1

  get size(): number {
    return this.#slotOf.size
  }

  /** Replaces the deadline of the item. @param at ms since the epoch; Infinity for none. */
  set(item: Item, at: number): void {
    this.delete(item)
    if (at === Infinity) return
    const slot = Math.max(Math.ceil(at / SLOT_MS), this.#taken + 1)
    const items = this.#slots.get(slot) ?? new Set()
    this.#slots.set(slot, items.add(item))
    this.#slotOf.set(item, slot)
  }

  /** Replaces the deadline of the item where it had a later one, or none. */
  setEarlier(item: Item, at: number): void {
    const slot = this.#slotOf.get(item)
    if (slot === undefined || at < slot * SLOT_MS) this.set(item, at)
  }

  /** Removes the item. */
  delete(item: Item): void {
    const slot = this.#slotOf.get(item)
    if (slot === undefined) return
    this.#slotOf.delete(item)
    const items = this.#slots.get(slot)
    items?.delete(item)
    if (items?.size === 0) this.#slots.delete(slot)
  }

  /** Removes what is due, and returns it. @param now ms since the epoch. */
  takeDue(now: number): readonly Item[] {
    const slot = Math.floor(now / SLOT_MS)
    const due = this.#listSlots(slot).flatMap((at) => [...(this.#slots.get(at) ?? [])])
    for (const item of due) this.delete(item)
    // Also where the clock was set back: what is set from now on may be due before what was taken.
    this.#taken = slot
    return due
  }

  /** Those between two calls are few; after a jump of the clock, or at the first call, the ones that exist are. */
  #listSlots(last: number): readonly number[] {
    const passed = last - this.#taken
    if (passed > this.#slots.size) return [...this.#slots.keys()].filter((slot) => slot <= last)
    return Array.from({ length: Math.max(0, passed) }, (_, at) => this.#taken + 1 + at)
  }
}
