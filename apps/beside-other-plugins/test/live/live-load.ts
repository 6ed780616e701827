import { setTimeout as sleep } from 'node:timers/promises'
import { generateSigningKey } from '@drawbridge/token-auth'
import { until } from '@drawbridge/test-support/until'
import { type Connection, endOf, type Kind, open } from './connections.ts'
import type { BeginCommand, NodeProcess } from './node-process.ts'
import { post, signIn, type SignedIn } from './sign-in.ts'

/** `maxStalenessMs` of the feed. */
const MAX_STALENESS_MS = 1000
/** A check, a try to become fresh, a question to the store and its timeout; and a busy machine. */
const MARGIN_MS = 1000
const DEADLINE_MS = 15_000
const KINDS: readonly Kind[] = ['socket', 'stream', 'sse']

/** A login, and what it has open on each node. */
interface LiveLogin extends SignedIn {
  readonly connections: ReadonlyArray<{ readonly node: NodeProcess; readonly connection: Connection }>
  /** `Date.now()` at which the response to its log-out arrived. */
  revokedAt: number
}

/** Where the nodes store logins and publish revocations, and how many logins have connections on each. */
export interface LiveLoadOptions extends Pick<BeginCommand, 'servers' | 'loginsPort' | 'mode'> {
  /** How many are logged out, and how many are not. */
  readonly leaving: number
  readonly staying: number
  readonly isNaive?: boolean
}

/** What the connections of a service did while something happened to its Redis. */
export interface Verdict {
  /** Messages that were sent on a connection later than the bound after the log-out. */
  readonly late: number
  /** Connections that a revoked login still has when all is quiet. */
  readonly leftOpen: number
  /** Connections of active logins that were closed as after a log-out, though the store still has the login. */
  readonly wronglySignedOut: number
  readonly revoked: number
  readonly connections: number
  readonly ends: Readonly<Record<string, number>>
  /** From the response to the log-out to the close, by the client's clock, ms. */
  readonly closedAfterMs: readonly number[]
}

/** Connections of many logins on all nodes, some of which are logged out at a constant rate. */
export class LiveLoad {
  readonly #nodes: readonly NodeProcess[]
  readonly #urls: readonly string[]
  readonly #leaving: LiveLogin[] = []
  readonly #staying: LiveLogin[] = []
  #isStopped = false

  private constructor(nodes: readonly NodeProcess[], urls: readonly string[]) {
    this.#nodes = nodes
    this.#urls = urls
  }

  static async start(
    nodes: readonly NodeProcess[],
    { leaving, staying, isNaive = false, ...where }: LiveLoadOptions
  ): Promise<LiveLoad> {
    const spec = { ...where, keys: [generateSigningKey()], isNaive, beatMs: 50 }
    const load = new LiveLoad(nodes, await Promise.all(nodes.map((node) => node.begin(spec))))
    for (let made = 0; made < leaving; made++) load.#leaving.push(await load.#connect(`leaving-${made}`))
    for (let made = 0; made < staying; made++) load.#staying.push(await load.#connect(`staying-${made}`))
    return load
  }

  /** Revokes one login after the other while `inject` runs, and those that are left afterwards. */
  async run(inject: () => Promise<unknown>, pauseMs: number): Promise<void> {
    const revoking = this.#revokeAll(pauseMs)
    await sleep(500)
    await inject()
    this.#isStopped = true
    await revoking
  }

  /** To be called once, when all is over. */
  async judge(): Promise<Verdict> {
    const revoked = this.#leaving.filter(({ revokedAt }) => revokedAt !== Infinity)
    const theirs = revoked.flatMap(({ connections }) => connections.map(({ connection }) => connection))
    await until(() => theirs.every((connection) => endOf(connection) !== 'open'), DEADLINE_MS).catch(() => {})
    const all = [...this.#leaving, ...this.#staying].flatMap(({ connections }) => connections)
    const ends = all.map(({ connection }) => endOf(connection))
    return {
      late: revoked.reduce((sum, login) => sum + this.#countLate(login), 0),
      leftOpen: theirs.filter((connection) => endOf(connection) === 'open').length,
      wronglySignedOut: await this.#countWronglySignedOut(),
      revoked: revoked.length,
      connections: all.length,
      ends: Object.fromEntries(
        [...new Set(ends)].map((end) => [end, ends.filter((one) => one === end).length])
      ),
      closedAfterMs: revoked.flatMap(({ connections, revokedAt }) =>
        connections.map(({ connection }) => connection.closedAt - revokedAt)
      )
    }
  }

  async stop(): Promise<void> {
    for (const { connections } of [...this.#leaving, ...this.#staying])
      for (const { connection } of connections) connection.close()
    await Promise.all(this.#nodes.map((node) => node.end()))
  }

  async #connect(user: string): Promise<LiveLogin> {
    const [url] = this.#urls as [string]
    const login = await signIn(url, Math.random() < 0.5 ? 'session' : 'token', user)
    const opened = this.#nodes.flatMap((node, at) =>
      KINDS.map(async (kind) => {
        const connection = await open(kind, this.#urls[at] as string, login.headers)
        return { node, connection }
      })
    )
    return { ...login, connections: await Promise.all(opened), revokedAt: Infinity }
  }

  async #revokeAll(pauseMs: number): Promise<void> {
    for (const [at, login] of this.#leaving.entries()) {
      // Those of a stopped node answer later: it is the last one.
      const url = this.#urls[at % (this.#urls.length - 1)] as string
      await post(`${url}/revoke/${login.loginId}`)
      login.revokedAt = Date.now()
      if (!this.#isStopped) await sleep(pauseMs)
    }
  }

  #countLate({ connections, revokedAt }: LiveLogin): number {
    const isLate = ({ node, connection }: LiveLogin['connections'][number]) =>
      connection.lastSentAt > Math.max(revokedAt + MAX_STALENESS_MS, node.resumedAt) + MARGIN_MS
    return connections.filter(isLate).length
  }

  /** A login that every node serves is active. */
  async #countWronglySignedOut(): Promise<number> {
    const [url] = this.#urls as [string]
    let count = 0
    for (const { headers, connections } of this.#staying) {
      const status = await statusOf(url, headers)
      if (status === 401) continue
      count += connections.filter(({ connection }) => endOf(connection) === 'signed-out').length
    }
    return count
  }
}

/** Of a guarded request, once it is no 503. */
async function statusOf(url: string, headers: SignedIn['headers']): Promise<number> {
  let status = 0
  await until(async () => {
    status = (await fetch(`${url}/me`, { headers })).status
    return status !== 503
  })
  return status
}

/** Percentiles of the values, as text. */
export function percentiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms of ${sorted.length}`
}
