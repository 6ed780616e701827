import { randomBytes } from 'node:crypto'
import type { ChainableCommander, RedisOptions } from 'ioredis'
import type { Appended, EntryKind, LogAudit, LogDriver, LogEntry } from '../../revocation/log/log.ts'
import { serializeEntry } from '../../revocation/log/log.ts'
import {
  reconnect,
  duplicate,
  reconnectUnlessAt,
  type RedisClient,
  sentinelWatchFor,
  parseServerInfo,
  withTimeout
} from '../redis-client.ts'
import { APPEND, AUDIT } from './log-scripts.ts'

/** Options of {@link RedisLogDriver}. */
export interface RedisLogDriverOptions {
  readonly redis: RedisClient
  /** What the keys of this log begin with, `<prefix>:{<tag>}:`; the tag decides the shard. */
  readonly keyBase: string
  /**
   * Entries older than this are trimmed, ms. By age alone: with a limit on their count, a client that logs in
   * and out quickly could push out the entries of others.
   */
  readonly retentionMs: number

  /** How long Redis may take to reply to an append or an audit, ms. */
  readonly timeoutMs: number
  /** Whether the Redis user may only read: there is one connection, and every append rejects. */
  readonly isReadOnly: boolean
  readonly onError: (error: unknown) => void
}

const READ_COUNT = 1000
const READ_MARGIN_MS = 400

type Replies = Awaited<ReturnType<ChainableCommander['exec']>>
type Reply = readonly [id: string, fields: readonly string[]]

/** One log as a Redis stream. Two connections: one reads and may block, the other appends, where the node writes at all. */
export class RedisLogDriver implements LogDriver {
  readonly #options: RedisLogDriverOptions
  readonly #streamKey: string
  readonly #epochKey: string
  readonly #reader: RedisClient
  readonly #writer: RedisClient | null
  /** The incarnation that the last audit reported. */
  #incarnation: string | null = null

  constructor(options: RedisLogDriverOptions) {
    this.#options = options
    this.#streamKey = `${options.keyBase}feed`
    this.#epochKey = `${options.keyBase}epoch`
    this.#reader = duplicate(options.redis, feedOptions('drawbridge:feed'), options.onError)
    this.#writer = options.isReadOnly
      ? null
      : duplicate(options.redis, feedOptions('drawbridge:feed-writer'), options.onError)
  }

  async audit(cursor: string): Promise<LogAudit> {
    const [epochFields, atCursor, read, info, server] = await this.#runAudit(cursor)
    const [id, t0, by] = epochFields as ReadonlyArray<string | null>
    const [found] = atCursor as readonly Reply[]
    const entries = parseEntries(read)
    const streamInfo = info === null ? null : toMap(info as unknown[])
    if (streamInfo !== null && !streamInfo.has('entries-added'))
      throw new Error('the feed needs Redis 7 or later')
    const serverInfo = parseServerInfo(String(server))
    if (!serverInfo.isMaster) reconnectUnlessAt(this.#options.redis, null)
    else if (serverInfo.incarnation !== (this.#incarnation ?? serverInfo.incarnation))
      reconnectUnlessAt(this.#options.redis, serverInfo.incarnation)
    this.#incarnation = serverInfo.incarnation
    return {
      ...serverInfo,
      epoch: streamInfo !== null && by === serverInfo.incarnation ? (id ?? null) : null,
      entryAtCursor: found === undefined ? null : serializeEntry(parseEntry(found)),
      entries,
      isComplete: entries.length < READ_COUNT,
      added: Number(streamInfo?.get('entries-added')),
      length: Number(streamInfo?.get('length')),
      coveredFrom: streamInfo === null ? Infinity : computeCoveredFrom(streamInfo, Number(t0))
    }
  }

  async wait(cursor: string, ms: number): Promise<readonly LogEntry[]> {
    const reply = this.#reader.xread('COUNT', READ_COUNT, 'BLOCK', ms, 'STREAMS', this.#streamKey, cursor)
    return parseEntries(await this.#onSameConnection(withTimeout(ms + READ_MARGIN_MS, 'wait', reply)))
  }

  async begin(): Promise<void> {
    await this.append('genesis', [], 0)
  }

  async append(kind: EntryKind, values: readonly string[], replicas: number): Promise<Appended> {
    const { retentionMs, timeoutMs } = this.#options
    if (this.#writer === null) throw new Error('the log is only read here, and no other node has started it')
    if (this.#incarnation === null) throw new Error('the log has not been audited yet')
    const keys = [this.#streamKey, this.#epochKey]
    // In one pipeline: alone, WAIT of a Cluster goes to any node and says nothing about this entry.
    const pipeline = this.#writer.pipeline()
    // Not EVALSHA: a pipeline is not sent again where a restarted server does not know the script.
    pipeline.eval(APPEND, 2, ...keys, newEpoch(), this.#incarnation, retentionMs, kind, values.join(' '))
    if (replicas > 0) pipeline.wait(replicas, Math.floor(timeoutMs / 2))
    const [[error, value] = [null, null], waited] = (await this.#execAppend(this.#writer, pipeline)) ?? []
    if (error !== null) throw error
    const [id, epoch] = value as [string, string]
    return { id, epoch, replicas: Number(waited?.[1] ?? 0) }
  }

  reconnect(): void {
    reconnect(this.#reader)
  }

  close(): void {
    this.#reader.disconnect()
    this.#writer?.disconnect()
  }

  /** A command without a reply in time may never get one, and would block all that follow it. */
  async #execAppend(writer: RedisClient, pipeline: ChainableCommander): Promise<Replies> {
    try {
      await waitUntilReady(writer, this.#options.timeoutMs)
      return await withTimeout(this.#options.timeoutMs, 'append', pipeline.exec())
    } catch (error) {
      reconnect(writer)
      throw error
    }
  }

  async #runAudit(cursor: string): Promise<readonly unknown[]> {
    const { timeoutMs, isReadOnly } = this.#options
    await waitUntilReady(this.#reader, timeoutMs)
    const args = [AUDIT, 2, this.#streamKey, this.#epochKey, cursor, READ_COUNT] as const
    // Not EVALSHA, as in `append`: the server that does not know the script may have replaced another. Who may only read a
    // key may not pass it to EVAL.
    const evaluated = isReadOnly ? this.#reader.call('eval_ro', ...args) : this.#reader.eval(...args)
    const reply = withTimeout(timeoutMs, 'audit', evaluated)
    // A replaced primary does not know that it was replaced. Where most sentinels are unreachable there may
    // be such a primary.
    const sentinelsPolled = sentinelWatchFor(this.#options.redis)?.refresh(timeoutMs)
    const [replies] = await this.#onSameConnection(Promise.all([reply, sentinelsPolled]))
    return replies as readonly unknown[]
  }

  /** A reply on another connection than the one that sent the command may come from another server. */
  async #onSameConnection<T>(reply: Promise<T>): Promise<T> {
    const before = currentStream(this.#reader)
    const value = await reply
    if (currentStream(this.#reader) !== before)
      throw new Error('the connection to Redis was replaced meanwhile')
    return value
  }
}

/** These connections have no offline queue, so that no command goes to a server it was not meant for. */
async function waitUntilReady(client: RedisClient, timeoutMs: number): Promise<void> {
  if (client.status === 'ready') return
  if (client.status === 'end') throw new Error('the connection to Redis is closed')
  let onReady = () => {}
  const ready = new Promise<void>((resolve) => (onReady = resolve))
  client.once('ready', onReady)
  try {
    await withTimeout(timeoutMs, 'connect', ready)
  } finally {
    client.off('ready', onReady)
  }
}

/** Undefined while there is no connection. */
function currentStream(client: RedisClient): unknown {
  const { stream } = client as unknown as { readonly stream?: { readonly destroyed: boolean } }
  return stream?.destroyed === true ? undefined : stream
}

/** Its commands are short and frequent, so it reconnects sooner than others. */
function feedOptions(connectionName: string): RedisOptions {
  return {
    connectionName,
    retryStrategy: (attempt) => Math.min(10 * 2 ** Math.min(attempt - 1, 5), 200) + Math.random() * 20
  }
}

function newEpoch(): string {
  return randomBytes(9).toString('base64url')
}

function parseEntries(reply: unknown): LogEntry[] {
  const [stream] = (reply ?? []) as ReadonlyArray<readonly [string, readonly Reply[]]>
  return (stream?.[1] ?? []).map(parseEntry)
}

function parseEntry([id, fields]: Reply): LogEntry {
  const map = toMap(fields) as ReadonlyMap<string, string>
  const values = map.get('v') ?? ''
  return {
    id,
    epoch: map.get('e') ?? '',
    kind: map.get('k') as EntryKind,
    values: values === '' ? [] : values.split(' ')
  }
}

function toMap(flat: readonly unknown[]): Map<string, unknown> {
  const map = new Map<string, unknown>()
  for (let at = 0; at < flat.length; at += 2) map.set(String(flat[at]), flat[at + 1])
  return map
}

/** ms since the epoch. Entries that were trimmed or deleted are not covered. */
function computeCoveredFrom(streamInfo: ReadonlyMap<string, unknown>, t0: number): number {
  const ms = (name: string) => Number(String(streamInfo.get(name)).split('-')[0])
  const isEmpty = Number(streamInfo.get('length')) === 0
  const isTrimmed = Number(streamInfo.get('entries-added')) > Number(streamInfo.get('length'))
  const oldest = ms(isEmpty ? 'last-generated-id' : 'recorded-first-entry-id')
  return Math.max(t0, isTrimmed ? oldest : 0, ms('max-deleted-entry-id'))
}
