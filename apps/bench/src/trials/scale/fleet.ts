import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { readCpuMicros } from '../../harness/redis.ts'
import type { RunContext } from '../../harness/rounds.ts'
import { ServerProcess } from '../../harness/server-process.ts'
import type { Heard } from '../../scenarios/followers.ts'
import type { Pace, Published } from '../../scenarios/publish-revocations.ts'
import type { Round } from './rate-result.ts'

/** How long the last revocations of a window may take until they are heard. */
const SETTLE_MS = 3000
const POLL_MS = 100

/** How many nodes, and in how many processes. Those of one process publish, the others are measured. */
export interface FleetSize {
  readonly processes: number
  readonly nodesPerProcess: number
}

/** CPU while nothing is revoked, µs per second. */
export interface IdleCpu {
  readonly nodeMicros: number
  readonly redisMicros: number
}

/** Nodes that follow one feed. */
export class Fleet {
  readonly nodeCount: number
  readonly #redis: Redis
  readonly #publishers: ServerProcess
  readonly #processes: readonly ServerProcess[]
  /** How many nodes are measured. */
  readonly #measuredCount: number

  private constructor(redis: Redis, processes: readonly ServerProcess[], { nodesPerProcess }: FleetSize) {
    const [publishers, ...others] = processes
    this.#redis = redis
    this.#publishers = publishers as ServerProcess
    this.#processes = others
    this.nodeCount = processes.length * nodesPerProcess
    this.#measuredCount = others.length * nodesPerProcess
  }

  static async start({ folder, redisUrl = '' }: RunContext, size: FleetSize): Promise<Fleet> {
    const setting = { redisUrl, prefix: 'scale', followers: size.nodesPerProcess } as const
    const processes: ServerProcess[] = []
    while (processes.length < size.processes)
      processes.push(await ServerProcess.start('followers', setting, folder, 'both'))
    return new Fleet(new Redis(redisUrl), processes, size)
  }

  async measureIdle(seconds: number): Promise<IdleCpu> {
    const before = await this.#readCpu()
    await wait(seconds * 1000)
    const after = await this.#readCpu()
    return {
      nodeMicros: (after.nodes - before.nodes) / this.#measuredCount / seconds,
      redisMicros: (after.redis - before.redis) / seconds
    }
  }

  async measureRound(pace: Pace, idle: IdleCpu): Promise<Round> {
    await Promise.all(this.#processes.map((process) => process.call('resetHeard')))
    const [before, entriesBefore, startedAt] = [
      await this.#readCpu(),
      await this.#readEntries(),
      performance.now()
    ]
    const { count: published, ...result } = await this.#publishers.call<Published>('publishAtPace', pace)
    const expected = published * this.#measuredCount
    const all = await this.#waitUntilHeard(expected)
    const [after, seconds] = [await this.#readCpu(), (performance.now() - startedAt) / 1000]
    const nodes = after.nodes - before.nodes - idle.nodeMicros * this.#measuredCount * seconds
    const redis = after.redis - before.redis - idle.redisMicros * seconds
    return {
      published,
      failed: result.failedCount,
      pace: result.perSecond / pace.perSecond,
      expected,
      heard: sum(all.map(({ count }) => count)),
      staleCount: sum(all.map(({ staleCount }) => staleCount)),
      p50Ms: all.map(({ p50 }) => p50 / 1e6),
      p99Ms: all.map(({ p99 }) => p99 / 1e6),
      nodeMicros: nodes / this.#measuredCount / published,
      redisMicros: redis / published,
      entries: ((await this.#readEntries()) - entriesBefore) / published
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.#publishers, ...this.#processes].map((process) => process.stop()))
    await this.#redis.flushall()
    this.#redis.disconnect()
  }

  /** What was heard by then, where it is not all of it. */
  async #waitUntilHeard(expected: number): Promise<readonly Heard[]> {
    for (let passedMs = 0; ; passedMs += POLL_MS) {
      const all = await Promise.all(this.#processes.map((process) => process.call<Heard>('readHeard')))
      if (sum(all.map(({ count }) => count)) >= expected || passedMs >= SETTLE_MS) return all
      await wait(POLL_MS)
    }
  }

  /** µs of all measured nodes together, and of Redis. */
  async #readCpu() {
    const usages = await Promise.all(this.#processes.map((process) => process.usage()))
    return { nodes: sum(usages.map(({ cpuMicros }) => cpuMicros)), redis: await readCpuMicros(this.#redis) }
  }

  /** How many entries were appended to streams since Redis has started. */
  async #readEntries(): Promise<number> {
    const stats = await this.#redis.info('commandstats')
    return Number(/^cmdstat_xadd:calls=(\d+)/m.exec(stats)?.[1] ?? 0)
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
