import type { Away } from '@drawbridge/test-support/feed/fault-scenarios'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { RevocationList } from '../../../src/revocation/revocation-list.ts'
import { temporaryFolder } from '@drawbridge/test-support/servers/redis'
import { ownScript } from '@drawbridge/test-support/processes/own-script'
import type { NodeCommand } from './node-process.ts'
import type { NodeReport } from './oracle-node.ts'
import { MAX_STALENESS_MS, type FeedSpec, openFeed, openFeedOfNode } from './servers.ts'
import { clock, toLoginId, Truth } from './ground-truth.ts'

const NODE_PROCESS = ownScript(fileURLToPath(new URL('./node-process.ts', import.meta.url)))
/** Eight nodes; those of the last process can be stopped. */
const NODES = [3, 3, 2]
const RATE_MS = 10
/** Every other login has long been in use when it is revoked; the rest has just been issued. */
const LONG_BEFORE = 120
const JUST_BEFORE = 3
const QUIET_MS = 4000
/** For a busy machine; the test waits no longer than delivery takes. */
const DELIVERY_TIMEOUT_MS = 30_000

export interface Verdict {
  /** Pairs of node and login: accepted later than the staleness bound after the revocation was confirmed. */
  readonly violations: number
  /** Pairs of node and login: the node has not got the revocation when all is quiet again. */
  readonly neverReceived: number
  /** Revoked logins that a node which boots at the end would accept. */
  readonly unknownToNewNode: number
  /** Active logins that a node rejects. */
  readonly wronglyRevoked: number
  readonly confirmed: number
  readonly unconfirmed: number
  readonly exposureMs: readonly number[]
  readonly publishMs: readonly number[]
  /** For each node. */
  readonly notFreshMs: readonly number[]
  readonly resets: Readonly<Record<string, number>>
}

export interface Scenario {
  readonly spec: FeedSpec
  /** For the nodes that can be stopped, if they reach the servers by another address. */
  readonly awaySpec?: FeedSpec
  /** The fault, which happens while logins are revoked at a constant rate. */
  readonly inject: (away: Away) => Promise<unknown>
  /** Some nodes may never get some revocations, so the test does not wait as long. */
  readonly mayMiss?: boolean
}

/** Runs nodes in processes of their own, and knows at every moment what they may and may not accept. */
export class Oracle {
  readonly #children: readonly ChildProcess[]

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children
  }

  static start(): Oracle {
    return new Oracle(NODES.map(() => fork(NODE_PROCESS)))
  }

  stop(): void {
    for (const child of this.#children) {
      child.kill('SIGCONT')
      child.disconnect()
    }
  }

  async judge({
    spec,
    awaySpec = spec,
    inject,
    mayMiss = spec.isNaive ?? false
  }: Scenario): Promise<Verdict> {
    const folder = temporaryFolder()
    const path = join(folder, 'truth')
    const revoker = new Revoker(path, spec)
    try {
      await revoker.ready()
      await this.#command((at) => {
        const isAway = at === NODES.length - 1
        return { kind: 'begin', spec: isAway ? awaySpec : spec, nodes: NODES[at] as number, truth: path }
      })
      await this.#underLoad(revoker, inject)
      const reports = await this.#collectReports(revoker, spec, mayMiss)
      return { ...revoker.judge(reports), unknownToNewNode: await revoker.askNewNode(spec) }
    } finally {
      await this.#command(() => ({ kind: 'end' }))
      await revoker.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }

  async #underLoad(revoker: Revoker, inject: Scenario['inject']): Promise<void> {
    const away = this.#children.at(-1) as ChildProcess
    const load = revoker.run()
    try {
      await sleep(700)
      await inject({ stop: () => away.kill('SIGSTOP'), resume: () => away.kill('SIGCONT') })
      await sleep(300)
    } finally {
      away.kill('SIGCONT')
      revoker.stop()
      await load
    }
  }

  /** Resolves when every node has got everything, or never will: the naive feed publishes nothing twice. */
  async #collectReports(
    revoker: Revoker,
    { isNaive = false }: FeedSpec,
    mayMiss: boolean
  ): Promise<NodeReport[]> {
    const deadline = clock() + (mayMiss ? QUIET_MS : DELIVERY_TIMEOUT_MS)
    for (;;) {
      await sleep(200)
      const reports = (await this.#command(() => ({ kind: 'report' }))).flat() as NodeReport[]
      const isQuiet = clock() > revoker.lastConfirmedAt + MAX_STALENESS_MS + 100
      if ((isQuiet && (isNaive || revoker.judge(reports).neverReceived === 0)) || clock() > deadline)
        return reports
    }
  }

  #command(commandFor: (child: number) => NodeCommand): Promise<unknown[]> {
    return Promise.all(
      this.#children.map(async (child, at) => {
        child.send(commandFor(at))
        const [reply] = (await once(child, 'message')) as [{ result?: unknown; error?: string }]
        if (reply.error !== undefined) throw new Error(reply.error)
        return reply.result
      })
    )
  }
}

/** Issues and revokes logins, store first, and records when each revocation was confirmed. */
class Revoker {
  readonly #truth: Truth
  readonly #opened
  readonly #revocationList = new RevocationList(900, Date.now)
  readonly #confirmedAt: number[] = []
  readonly #publishMs: number[] = []
  #lastConfirmedAt = 0
  #revokedCount = 0
  #isStopped = false

  constructor(path: string, spec: FeedSpec) {
    this.#truth = new Truth(path, 'w+')
    this.#opened = openFeed(spec)
    this.#opened.feed.subscribe(
      ({ loginId }) => this.#revocationList.add(loginId),
      () => this.#revocationList
    )
  }

  get lastConfirmedAt(): number {
    return this.#lastConfirmedAt
  }

  async ready(): Promise<void> {
    if (!(await this.#opened.feed.renew(10_000))) throw new Error('the revoker does not become fresh')
    for (let at = 0; at < LONG_BEFORE; at += 2) this.#truth.issue(at, Date.now())
  }

  async run(): Promise<void> {
    const publishing: Array<Promise<void>> = []
    const start = clock()
    for (let at = 0; !this.#isStopped; at++) {
      await sleep(Math.max(0, start + at * RATE_MS - clock()))
      // Even ones are issued long before they are revoked, odd ones just before.
      this.#truth.issue(at % 2 === 0 ? at + LONG_BEFORE : at + JUST_BEFORE + 1, Date.now())
      if (at < JUST_BEFORE + 1) this.#truth.issue(at, Date.now())
      publishing.push(this.#revoke(at))
    }
    await Promise.all(publishing)
  }

  stop(): void {
    this.#isStopped = true
  }

  async close(): Promise<void> {
    await this.#opened.close()
    this.#truth.close()
  }

  judge(reports: readonly NodeReport[]): Omit<Verdict, 'unknownToNewNode'> {
    const rows = this.#truth.read()
    const exposureMs: number[] = []
    let [violations, neverReceived, wronglyRevoked] = [0, 0, 0]
    const resets: Record<string, number> = {}
    for (const report of reports) {
      for (const [reason, count] of Object.entries(report.resets))
        resets[reason] = (resets[reason] ?? 0) + count
      for (let at = 0; at < rows.count; at++) {
        if (rows.revokedAt(at) === 0) {
          if (report.isRevoked[at]) wronglyRevoked += 1
          continue
        }
        if (!report.isRevoked[at]) neverReceived += 1
        const confirmedAt = this.#confirmedAt[at]
        if (confirmedAt === undefined) continue
        const exposure = Math.max(0, (report.acceptedAt[at] ?? 0) - confirmedAt)
        exposureMs.push(exposure)
        if (exposure > MAX_STALENESS_MS) violations += 1
      }
    }
    return {
      violations,
      neverReceived,
      wronglyRevoked,
      confirmed: this.#publishMs.length,
      unconfirmed: this.#revokedCount - this.#publishMs.length,
      exposureMs,
      publishMs: this.#publishMs,
      notFreshMs: reports.map(({ notFreshMs }) => notFreshMs),
      resets
    }
  }

  /** A new node has cached nothing, and gets credentials that other nodes signed. */
  async askNewNode(spec: FeedSpec): Promise<number> {
    const { feed, close } = openFeedOfNode(spec)
    const revoked = new Set<string>()
    feed.subscribe(({ loginId }) => revoked.add(loginId))
    await feed.renew(5000)
    await sleep(100)
    const rows = this.#truth.read()
    const unknown = [...this.#confirmedAt.keys()].filter(
      (at) =>
        this.#confirmedAt[at] !== undefined &&
        !revoked.has(toLoginId(at)) &&
        rows.issuedAt(at) >= feed.coveredFrom
    )
    await close()
    return unknown.length
  }

  async #revoke(at: number): Promise<void> {
    const loginId = toLoginId(at)
    this.#revokedCount += 1
    this.#truth.revoke(at)
    const start = clock()
    try {
      await this.#opened.feed.publish([{ loginId }])
      this.#confirmedAt[at] = this.#lastConfirmedAt = clock()
      this.#publishMs.push(clock() - start)
    } catch {
      // Not confirmed.
    }
  }
}

/** One line for t.comment. */
export function formatVerdict(verdict: Verdict): string {
  const { violations, neverReceived, unknownToNewNode, confirmed, unconfirmed } = verdict
  return [
    `violations ${violations}, never received ${neverReceived}, unknown to a new node ${unknownToNewNode}`,
    `confirmed ${confirmed}, not confirmed ${unconfirmed}`,
    `exposure ${formatPercentiles(verdict.exposureMs)}, publish ${formatPercentiles(verdict.publishMs)}`,
    `not fresh ${verdict.notFreshMs.map(Math.round).join(' ')} ms, resets ${JSON.stringify(verdict.resets)}`
  ].join('; ')
}

function formatPercentiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return `p50/p99/max ${[0.5, 0.99, 1].map((share) => at(share).toFixed(1)).join('/')} ms`
}
