import { RevocationList } from '../../../src/revocation/revocation-list.ts'
import { type FeedSpec, type OpenedFeed, openFeedOfNode } from './servers.ts'
import { clock, toLoginId, type Rows } from './ground-truth.ts'

const MAX_LOGINS = 200_000

export interface NodeReport {
  /** For each login: when it was last accepted from local state, by `clock`; 0 for never. */
  readonly acceptedAt: readonly number[]
  /** For each login: whether the node knows that it is revoked. */
  readonly isRevoked: readonly boolean[]
  readonly notFreshMs: number
  readonly resets: Readonly<Record<string, number>>
}

/**
 * A node, and a record of which logins it would accept from local state, sampled continuously. For every
 * login it has the credential that it verified at first sight (and again when it had to), and one that
 * another node signed.
 */
export class OracleNode {
  readonly #opened: OpenedFeed
  readonly #revocationList = new RevocationList(900, Date.now)
  /** Login → the trust epoch in which the store was asked; absent where the store has no such login. */
  readonly #cached = new Map<number, number>()
  readonly #acceptedAt = new Float64Array(MAX_LOGINS)
  /** Logins whose revocation the node has not got. */
  readonly #open = new Set<number>()
  #seen = 0
  #notFreshMs = 0
  #sampledAt = clock()

  constructor(spec: FeedSpec) {
    this.#opened = openFeedOfNode(spec)
    this.#opened.feed.subscribe(
      ({ loginId }) => this.#revocationList.add(loginId),
      () => this.#revocationList
    )
  }

  async ready(): Promise<void> {
    if (!(await this.#opened.feed.renew(10_000))) throw new Error('the node does not become fresh')
    this.#notFreshMs = 0
    this.#sampledAt = clock()
  }

  sample(rows: Rows): void {
    this.#recordFreshness(this.#opened.feed.isFresh())
    for (; this.#seen < rows.count; this.#seen++) this.#open.add(this.#seen)
    for (const at of this.#open) {
      if (this.#revocationList.has(toLoginId(at))) this.#open.delete(at)
      else if (rows.issuedAt(at) !== 0) this.#presentBoth(at, rows)
    }
  }

  report(): NodeReport {
    return {
      acceptedAt: [...this.#acceptedAt.subarray(0, this.#seen)],
      isRevoked: Array.from({ length: this.#seen }, (_, at) => this.#revocationList.has(toLoginId(at))),
      notFreshMs: this.#notFreshMs,
      resets: this.#opened.feed.health().resets
    }
  }

  close(): Promise<void> {
    return this.#opened.close()
  }

  /** Presents both credentials of a login. */
  #presentBoth(at: number, rows: Rows): void {
    const now = clock()
    this.#verify(at, rows)
    const { feed } = this.#opened
    if (!feed.isFresh()) return
    if (this.#cached.get(at) === feed.trustEpoch || rows.issuedAt(at) >= feed.coveredFrom)
      this.#acceptedAt[at] = now
  }

  /** Asks the store, which has the ground truth, where the cached entry is of another trust epoch. */
  #verify(at: number, rows: Rows): void {
    const { trustEpoch } = this.#opened.feed
    if (this.#cached.get(at) === trustEpoch) return
    if (rows.revokedAt(at) === 0) this.#cached.set(at, trustEpoch)
    else this.#cached.delete(at)
  }

  /** While the process is stopped it serves no request: that does not count. */
  #recordFreshness(isFresh: boolean): void {
    const now = clock()
    if (!isFresh) this.#notFreshMs += Math.min(now - this.#sampledAt, 100)
    this.#sampledAt = now
  }
}
