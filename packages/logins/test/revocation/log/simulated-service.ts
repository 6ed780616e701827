import type { LogAudit } from '../../../src/revocation/log/log.ts'
import { LogReader } from '../../../src/revocation/log/log-reader.ts'
import { FreshnessTracker } from '../../../src/revocation/log/freshness-tracker.ts'
import { type Fault, SimulatedLog } from './simulated-log.ts'

const BOUND_MS = 1000
const STEP_MS = 25
const PAGE = 4
const PUBLISH_MS = 1000

/** A rule of the protocol that is switched off, to show that the model detects it. */
export interface Mutation {
  /** Changes what the driver reports before the reader gets it. */
  readonly distort?: () => (cursor: string, audit: LogAudit) => LogAudit
  /** The servers do not report their incarnation. */
  readonly anonymous?: true
  readonly leaseFromArrival?: true
  readonly ignoreTrustEpoch?: true
  readonly ignoreCoverage?: true
  readonly ignoreResets?: true
  readonly read?: number
}

export type Action =
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'issue' }
  | { readonly kind: 'verify'; readonly node: number }
  | { readonly kind: 'revoke'; readonly login: number }
  | { readonly kind: 'pause' | 'resume' | 'boot'; readonly node: number }
  | { readonly kind: 'detour'; readonly node: number; readonly log: number }
  /** How long an append, or an audit, takes each way. */
  | { readonly kind: 'slow append' | 'slow audit'; readonly log: number; readonly ms: number }
  /** No entry reaches the node between two audits. */
  | { readonly kind: 'deaf'; readonly node: number; readonly isDeaf: boolean }
  | { readonly kind: 'fault'; readonly log: number; readonly fault: Fault }
  | { readonly kind: 'heal' }

interface Login {
  readonly id: string
  readonly issuedAt: number
  revokedAt: number
  confirmedAt: number
}

interface PendingAudit {
  readonly sentAt: number
  audit: LogAudit | null
  dueAt: number
}

/**
 * A node: the real reader and the real freshness tracker, with the smallest possible revocation list and
 * cache.
 */
class SimulatedNode {
  readonly readers: readonly LogReader[]
  readonly freshness: FreshnessTracker
  readonly revoked = new Set<string>()
  /** loginId → the trust epoch in which the store was asked. */
  readonly cached = new Map<string, number>()
  readonly pendingAudits: Array<PendingAudit | null>
  readonly auditedAt: number[]
  readonly resets: number[]
  readonly distort: ReadonlyArray<(cursor: string, audit: LogAudit) => LogAudit>
  isPaused = false
  isDeaf = false

  constructor(logs: number, now: () => number, mutation: Mutation, onReset: (log: number) => void) {
    const readers: LogReader[] = Array.from(
      { length: logs },
      (_, log) =>
        new LogReader({
          fenced: false,
          serverNow: now,
          onRevoked: (loginId) => this.revoked.add(loginId),
          onChanged: () => {},
          onBeat: () => {},
          onReset: () => {
            this.resets[log] = (this.resets[log] ?? 0) + 1
            if (!mutation.ignoreResets) this.freshness.onReset(readers[log] as LogReader)
            onReset(log)
          }
        })
    )
    const majority = Math.floor(logs / 2) + 1
    const readQuorum = mutation.read ?? majority
    this.readers = readers
    // Another origin than the wall clock's, as in production.
    const monotonicNow = () => now() - 123_456
    this.freshness = new FreshnessTracker({
      logs: readers,
      writeQuorum: majority,
      readQuorum,
      maxStalenessMs: BOUND_MS,
      monotonicNow,
      wallNow: now,
      serverNow: now
    })
    this.pendingAudits = readers.map(() => null)
    this.auditedAt = readers.map(() => -Infinity)
    this.resets = readers.map(() => 0)
    this.distort = readers.map(() => mutation.distort?.() ?? ((_cursor, audit) => audit))
  }
}

/** A service of several nodes over one log or three, with simulated time. */
export class SimulatedService {
  #now = 1_000_000
  readonly #mutation: Mutation
  readonly #logs: SimulatedLog[]
  readonly #nodes: SimulatedNode[]
  readonly #appendMs: number[]
  readonly #auditMs: number[]
  readonly #logins: Login[] = []
  readonly #publications = new Map<Login, { since: number; taken: Set<number> }>()
  #appends: Array<{ login: Login; log: number; at: number; epoch: string | null; resets: number }> = []
  #faulty: { log: number; until: number } | null = null

  constructor(logs: number, nodes: number, mutation: Mutation = {}) {
    this.#mutation = mutation
    this.#logs = Array.from({ length: logs }, () => new SimulatedLog(() => this.#now, mutation.anonymous))
    this.#appendMs = this.#logs.map(() => 0)
    this.#auditMs = this.#logs.map(() => 0)
    this.#nodes = Array.from({ length: nodes }, (_, at) => this.#newNode(at))
    this.#pass(2 * STEP_MS)
  }

  /** @returns the violation, or null. */
  run(actions: readonly Action[]): string | null {
    for (const action of actions) {
      const wrong = this.#act(action)
      if (wrong !== null) return wrong
    }
    return this.#pass(3 * BOUND_MS)
  }

  #newNode(at: number): SimulatedNode {
    const lose = (log: number) => {
      if (at !== 0) return
      for (const { taken } of this.#publications.values()) taken.delete(log)
    }
    return new SimulatedNode(this.#logs.length, () => this.#now, this.#mutation, lose)
  }

  #act(action: Action): string | null {
    switch (action.kind) {
      case 'pass':
        return this.#pass(action.ms)
      case 'issue':
        this.#logins.push({
          id: `login ${this.#logins.length}`,
          issuedAt: this.#now,
          revokedAt: Infinity,
          confirmedAt: Infinity
        })
        return null
      case 'verify':
        this.#verifyAll(this.#node(action.node))
        return null
      case 'revoke':
        this.#revoke(action.login)
        return null
      case 'pause':
        // The first node is the one that revokes logins.
        if (action.node % this.#nodes.length !== 0) this.#node(action.node).isPaused = true
        return null
      case 'resume':
        this.#node(action.node).isPaused = false
        return null
      case 'boot':
        this.#boot(action.node % this.#nodes.length)
        return null
      case 'detour':
        this.#listen(this.#node(action.node), action.log % this.#logs.length, true)
        return null
      case 'slow append':
        this.#appendMs[action.log % this.#logs.length] = action.ms
        return null
      case 'slow audit':
        this.#auditMs[action.log % this.#logs.length] = action.ms
        return null
      case 'deaf':
        this.#node(action.node).isDeaf = action.isDeaf
        return null
      case 'fault':
        this.#inject(action.log % this.#logs.length, action.fault)
        return null
      case 'heal':
        this.#heal()
        return null
    }
  }

  #node(node: number): SimulatedNode {
    return this.#nodes[node % this.#nodes.length] as SimulatedNode
  }

  /** A restarted process: it knows nothing, and the credentials that it gets are signed ones. */
  #boot(at: number): void {
    if (at !== 0) this.#nodes[at] = this.#newNode(at)
  }

  /** One fault at a time: faults on two logs within two staleness bounds count as simultaneous. */
  #inject(log: number, fault: Fault): void {
    const other = this.#faulty
    if (other !== null && other.log !== log && this.#now < other.until) return
    this.#faulty = { log, until: fault.kind === 'hang' ? Infinity : this.#now + 2 * BOUND_MS }
    this.#logs[log]?.inject(fault)
  }

  #heal(): void {
    for (const log of this.#logs) log.isUp = true
    if (this.#faulty?.until === Infinity) this.#faulty.until = this.#now + 2 * BOUND_MS
  }

  #verifyAll(node: SimulatedNode): void {
    const { trustEpoch } = node.freshness
    for (const { id, revokedAt } of this.#logins) if (this.#now < revokedAt) node.cached.set(id, trustEpoch)
  }

  #revoke(at: number): void {
    const login = this.#logins[at % Math.max(1, this.#logins.length)]
    if (login === undefined || login.revokedAt !== Infinity) return
    login.revokedAt = this.#now
    this.#node(0).revoked.add(login.id)
    this.#publications.set(login, { since: this.#now, taken: new Set() })
    for (const log of this.#logs.keys()) this.#send(login, log)
  }

  #send(login: Login, log: number): void {
    const { resets } = this.#node(0)
    const at = this.#now + (this.#appendMs[log] ?? 0)
    this.#appends.push({ login, log, at, epoch: null, resets: resets[log] ?? 0 })
  }

  #pass(ms: number): string | null {
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.#now += Math.min(STEP_MS, left)
      this.#deliverAppends()
      for (const node of this.#nodes) for (const log of this.#logs.keys()) this.#step(node, log)
      const wrong = this.#check()
      if (wrong !== null) return wrong
    }
    return null
  }

  #deliverAppends(): void {
    const due = this.#appends.filter(({ at }) => at <= this.#now)
    this.#appends = this.#appends.filter(({ at }) => at > this.#now)
    for (const append of due) {
      const log = this.#logs[append.log] as SimulatedLog
      if (append.epoch === null && log.isUp) {
        const { epoch } = log.append('revoked', [append.login.id])
        this.#appends.push({ ...append, epoch, at: this.#now + (this.#appendMs[append.log] ?? 0) })
      } else this.#acknowledge(append.login, append.log, append.epoch, append.resets)
    }
  }

  /** As publisher.ts does. */
  #acknowledge(login: Login, log: number, epoch: string | null, resets: number): void {
    const publication = this.#publications.get(login)
    if (publication === undefined) return
    const node = this.#node(0)
    if (epoch !== null && node.readers[log]?.epoch === epoch && node.resets[log] === resets) {
      publication.taken.add(log)
      if (publication.taken.size > this.#logs.length / 2) {
        login.confirmedAt = this.#now
        this.#publications.delete(login)
      }
    } else if (this.#now < publication.since + PUBLISH_MS) this.#send(login, log)
    else this.#publications.delete(login)
  }

  #step(node: SimulatedNode, log: number): void {
    const pending = node.pendingAudits[log] ?? null
    if (pending !== null) return this.#advanceAudit(node, log, pending)
    if (node.isPaused) return
    if (this.#now - (node.auditedAt[log] ?? 0) >= BOUND_MS / 4) this.#startAudit(node, log)
    else this.#listen(node, log, false)
  }

  #startAudit(node: SimulatedNode, log: number): void {
    const auditMs = this.#auditMs[log] ?? 0
    node.pendingAudits[log] = { sentAt: this.#now - 123_456, audit: null, dueAt: this.#now + auditMs }
  }

  /** A request is served even if its sender is paused; the sender reads the reply when it resumes. */
  #advanceAudit(node: SimulatedNode, log: number, pending: PendingAudit): void {
    if (pending.dueAt > this.#now) return
    const server = this.#logs[log] as SimulatedLog
    const reader = node.readers[log] as LogReader
    if (pending.audit === null) {
      if (!server.isUp) {
        node.pendingAudits[log] = null
        return
      }
      pending.audit = server.audit(reader.cursor, PAGE)
      pending.dueAt = this.#now + (this.#auditMs[log] ?? 0)
    }
    if (pending.dueAt > this.#now || node.isPaused) return
    node.pendingAudits[log] = null
    this.#hear(node, log, pending.sentAt, pending.audit)
  }

  #hear(node: SimulatedNode, log: number, sentAt: number, heard: LogAudit): void {
    const reader = node.readers[log] as LogReader
    const audit = node.distort[log]?.(reader.cursor, heard) ?? heard
    const asOf = this.#mutation.leaseFromArrival ? this.#now - 123_456 : sentAt
    const step = reader.onAudit(asOf, audit)
    if (step === 'begin') this.#logs[log]?.begin()
    if (step === 'done') {
      node.auditedAt[log] = this.#now
      node.freshness.onLease()
    }
  }

  #listen(node: SimulatedNode, log: number, isDetour: boolean): void {
    const server = this.#logs[log] as SimulatedLog
    if (node.isPaused || node.isDeaf || !server.isUp || node.pendingAudits[log] !== null) return
    const reader = node.readers[log] as LogReader
    if (reader.epoch === null || reader.onEntries(server.wait(reader.cursor, isDetour))) return
    this.#startAudit(node, log)
  }

  /**
   * The theorem: no node accepts a login from local state whose revocation was confirmed longer ago than the
   * staleness bound.
   */
  #check(): string | null {
    for (const login of this.#logins) {
      if (this.#now <= login.confirmedAt + BOUND_MS) continue
      for (const [at, node] of this.#nodes.entries()) {
        if (!node.isPaused && this.#accepts(node, login))
          return `node ${at} accepts ${login.id}, confirmed ${this.#now - login.confirmedAt} ms ago`
      }
    }
    return null
  }

  #accepts({ freshness, revoked, cached }: SimulatedNode, { id, issuedAt }: Login): boolean {
    if (!freshness.isFresh() || revoked.has(id)) return false
    const { ignoreTrustEpoch, ignoreCoverage } = this.#mutation
    const epoch = cached.get(id)
    if (epoch !== undefined && (ignoreTrustEpoch || epoch === freshness.trustEpoch)) return true
    return ignoreCoverage || issuedAt >= freshness.coveredFrom
  }
}
