import {
  serializeEntry,
  compareIds,
  type Appended,
  type EntryKind,
  type LogAudit,
  type LogEntry
} from '../../../src/revocation/log/log.ts'

interface State {
  epoch: { id: string; t0: number; by: string } | null
  stream: { entries: LogEntry[]; added: number; last: string; deleted: number } | null
}

/** The faults of the server of a log. */
export type Fault =
  | { readonly kind: 'restart' | 'wipe' | 'lose everything' | 'delete the stream' | 'delete the epoch' }
  | { readonly kind: 'lose the tail'; readonly count: number }
  | { readonly kind: 'promote a replica'; readonly lag: number; readonly clockBehindMs: number }
  | { readonly kind: 'trim'; readonly keep: number }
  | { readonly kind: 'delete entries'; readonly every: number }
  | { readonly kind: 'delete the newest'; readonly count: number }
  | { readonly kind: 'set the clock back'; readonly ms: number }
  | { readonly kind: 'hang' }

let serial = 0

/** A log in memory with all the faults of a Redis stream. */
export class SimulatedLog {
  readonly #now: () => number
  #state: State = { epoch: null, stream: null }
  /** The state of the replaced server when it was replaced. */
  #replaced: State | null = null
  #incarnation = `run ${serial++}`
  #clockOffsetMs = 0
  isUp = true

  readonly #isAnonymous: boolean

  constructor(now: () => number, isAnonymous = false) {
    this.#now = now
    this.#isAnonymous = isAnonymous
  }

  audit(cursor: string, count: number): LogAudit {
    const { epoch, stream } = this.#state
    const remaining = entriesAfter(this.#state, cursor)
    const at = stream?.entries.find(({ id }) => id === cursor)
    return {
      isMaster: true,
      incarnation: this.#incarnation,
      epoch: stream !== null && epoch?.by === this.#incarnation ? epoch.id : null,
      entryAtCursor: at === undefined ? null : serializeEntry(at),
      entries: remaining.slice(0, count),
      isComplete: remaining.length < count,
      added: stream?.added ?? Number.NaN,
      length: stream?.entries.length ?? Number.NaN,
      coveredFrom: this.#coverage(),
      serverNow: this.#serverNow()
    }
  }

  /** @param isLost reads from the replaced server, if there is one. */
  wait(cursor: string, isLost: boolean): readonly LogEntry[] {
    return entriesAfter((isLost && this.#replaced) || this.#state, cursor)
  }

  begin(): void {
    const { epoch, stream } = this.#state
    if (epoch === null || stream === null || epoch.by !== this.#incarnation) this.#begin()
  }

  append(kind: EntryKind, values: readonly string[]): Appended {
    if (this.#state.epoch === null || this.#state.stream === null) this.#begin()
    return { ...this.#add(kind, values), replicas: 0 }
  }

  inject(fault: Fault): void {
    switch (fault.kind) {
      case 'restart':
        return this.#restart()
      case 'wipe':
        this.#state = { epoch: null, stream: null }
        return
      case 'lose everything':
        this.#state = { epoch: null, stream: null }
        return this.#restart()
      case 'delete the stream':
        this.#state.stream = null
        return
      case 'delete the epoch':
        this.#state.epoch = null
        return
      case 'lose the tail':
        this.#dropTail(fault.count)
        return this.#restart()
      case 'promote a replica':
        this.#replaced = structuredClone(this.#state)
        this.#dropTail(fault.lag)
        this.#clockOffsetMs -= fault.clockBehindMs
        return this.#restart()
      case 'trim':
        this.#remove((_, at, { length }) => at < length - fault.keep)
        return
      case 'delete entries':
        this.#delete((at) => at % fault.every === 0)
        return
      case 'delete the newest':
        this.#delete((at, length) => at >= length - fault.count)
        return
      case 'set the clock back':
        this.#clockOffsetMs -= fault.ms
        return
      case 'hang':
        this.isUp = false
    }
  }

  #serverNow(): number {
    return this.#now() + this.#clockOffsetMs
  }

  #restart(): void {
    if (!this.#isAnonymous) this.#incarnation = `run ${serial++}`
  }

  #begin(): void {
    this.#state.epoch = { id: `epoch ${serial++}`, t0: this.#serverNow(), by: this.#incarnation }
    this.#state.stream ??= { entries: [], added: 0, last: '0-0', deleted: 0 }
    this.#add('genesis', [])
  }

  #add(kind: EntryKind, values: readonly string[]): { id: string; epoch: string } {
    const { stream, epoch } = this.#state as { stream: NonNullable<State['stream']>; epoch: { id: string } }
    const [ms = 0, seq = 0] = stream.last.split('-').map(Number)
    const now = this.#serverNow()
    stream.last = now > ms ? `${now}-0` : `${ms}-${seq + 1}`
    stream.entries.push({ id: stream.last, epoch: epoch.id, kind, values })
    stream.added += 1
    return { id: stream.last, epoch: epoch.id }
  }

  #dropTail(count: number): void {
    const { stream } = this.#state
    if (stream === null) return
    const dropped = stream.entries.splice(Math.max(0, stream.entries.length - count)).length
    stream.added -= dropped
    stream.last = stream.entries.at(-1)?.id ?? '0-0'
    // The key of the epoch is older than the entry that started it: both are lost, or neither.
    if (stream.entries.length === 0) this.#state = { epoch: null, stream: null }
  }

  #remove(isRemoved: (entry: LogEntry, at: number, all: readonly LogEntry[]) => boolean): void {
    const { stream } = this.#state
    if (stream !== null) stream.entries = stream.entries.filter((...args) => !isRemoved(...args))
  }

  #delete(isDeleted: (at: number, length: number) => boolean): void {
    this.#remove(({ id }, at, { length }) => {
      if (!isDeleted(at, length)) return false
      const { stream } = this.#state
      if (stream !== null) stream.deleted = Math.max(stream.deleted, msOf(id))
      return true
    })
  }

  #coverage(): number {
    const { epoch, stream } = this.#state
    if (epoch === null || stream === null) return Infinity
    const isTrimmed = stream.added > stream.entries.length
    const oldest = msOf(stream.entries[0]?.id ?? stream.last)
    return Math.max(epoch.t0, isTrimmed ? oldest : 0, stream.deleted)
  }
}

function entriesAfter({ stream }: State, cursor: string): readonly LogEntry[] {
  return (stream?.entries ?? []).filter(({ id }) => compareIds(id, cursor) > 0)
}

function msOf(id: string): number {
  return Number(id.split('-')[0])
}
