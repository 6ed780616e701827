import { randomBytes } from 'node:crypto'
import type { ChainableCommander, RedisOptions } from 'ioredis'
import type { Appended, EntryKind, LogAudit, LogDriver, LogEntry } from '../../revocation/log/log.ts'
import { serializeEntry, START } from '../../revocation/log/log.ts'
import {
  reconnect,
  duplicate,
  reconnectUnlessAt,
  type RedisClient,
  sentinelWatchFor,
  parseServerInfo,
  withTimeout
} from '../redis-client.ts'

export interface RedisLogDriverOptions {
  readonly redis: RedisClient
  /** `<prefix>:{<tag>}:` of the keys of this log; the tag says on which shard it is. */
  readonly keyBase: string
  /** Entries older than this are trimmed, by age alone: by count, whoever logs in and out quickly could push others' out. */
  readonly retentionMs: number
  readonly timeoutMs: number
  readonly onError: (error: unknown) => void
}

const READ_COUNT = 1000
const READ_MARGIN_MS = 400

/**
 * KEYS stream, epoch. ARGV cursor, count. All in one step, so that what is compared was true at one moment. A script that does not
 * write, and no transaction: a server whose memory is full lets nothing be queued, and answers this.
 */
const AUDIT = `#!lua flags=no-writes
local begun = redis.call('HMGET', KEYS[2], 'id', 't0', 'by')
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
local read = redis.call('XREAD', 'COUNT', ARGV[2], 'STREAMS', KEYS[1], ARGV[1])
local facts = redis.pcall('XINFO', 'STREAM', KEYS[1])
if facts.err then
  if not string.find(facts.err, 'no such key', 1, true) then return facts end
  facts = false
end
return { begun, found, read, facts, redis.call('INFO', 'server', 'replication') }
`

/**
 * KEYS stream, epoch. ARGV candidate epoch, incarnation, retention ms, kind, values. The server stamps the epoch: a log that was
 * wiped, evicted or deleted begins anew under another name, and whoever read the old one sees it. So does one whose
 * server restarted or was replaced, since its last entries may be lost; the others stay in it.
 *
 * On a server whose memory is full too: it is small, and what it tells has set memory free.
 */
const APPEND = `#!lua flags=allow-oom
local epoch, by = unpack(redis.call('HMGET', KEYS[2], 'id', 'by'))
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local isGenesis = ARGV[4] == 'genesis'
local id = '${START}'
if not epoch or redis.call('EXISTS', KEYS[1]) == 0 or (isGenesis and by ~= ARGV[2]) then
  epoch = ARGV[1]
  redis.call('HSET', KEYS[2], 'id', epoch, 't0', string.format('%.0f', now), 'by', ARGV[2])
  id = redis.call('XADD', KEYS[1], '*', 'e', epoch, 'k', 'genesis', 'v', '')
end
if not isGenesis then
  local oldest = string.format('%.0f', now - tonumber(ARGV[3]))
  id = redis.call('XADD', KEYS[1], 'MINID', '~', oldest, '*', 'e', epoch, 'k', ARGV[4], 'v', ARGV[5])
end
return { id, epoch }
`

type Replies = Awaited<ReturnType<ChainableCommander['exec']>>
type Reply = readonly [id: string, fields: readonly string[]]

/** One log as a stream of Redis. Two connections: one that reads and may block, one that appends. */
export class RedisLogDriver implements LogDriver {
  readonly #options: RedisLogDriverOptions
  readonly #streamKey: string
  readonly #epochKey: string
  readonly #reader: RedisClient
  readonly #writer: RedisClient
  /** What the last audit said. */
  #incarnation: string | null = null

  constructor(options: RedisLogDriverOptions) {
    this.#options = options
    this.#streamKey = `${options.keyBase}feed`
    this.#epochKey = `${options.keyBase}epoch`
    this.#reader = duplicate(options.redis, feedOptions('drawbridge:feed'), options.onError)
    this.#writer = duplicate(options.redis, feedOptions('drawbridge:feed-writer'), options.onError)
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
    if (this.#incarnation === null) throw new Error('the log was not looked at yet')
    const keys = [this.#streamKey, this.#epochKey]
    // In one pipeline: by itself, WAIT of a Cluster goes to any node and says nothing of this entry.
    const pipeline = this.#writer.pipeline()
    // Not by its hash: a pipeline is not sent again where a server that restarted does not know the script.
    pipeline.eval(APPEND, 2, ...keys, newEpoch(), this.#incarnation, retentionMs, kind, values.join(' '))
    if (replicas > 0) pipeline.wait(replicas, Math.floor(timeoutMs / 2))
    const [[error, value] = [null, null], waited] = (await this.#execAppend(pipeline)) ?? []
    if (error !== null) throw error
    const [id, epoch] = value as [string, string]
    return { id, epoch, replicas: Number(waited?.[1] ?? 0) }
  }

  reconnect(): void {
    reconnect(this.#reader)
  }

  close(): void {
    this.#reader.disconnect()
    this.#writer.disconnect()
  }

  /** What was not answered in time may never be, and would stand before all that follows. */
  async #execAppend(pipeline: ChainableCommander): Promise<Replies> {
    try {
      await waitUntilReady(this.#writer, this.#options.timeoutMs)
      return await withTimeout(this.#options.timeoutMs, 'append', pipeline.exec())
    } catch (error) {
      reconnect(this.#writer)
      throw error
    }
  }

  async #runAudit(cursor: string): Promise<readonly unknown[]> {
    const { timeoutMs } = this.#options
    await waitUntilReady(this.#reader, timeoutMs)
    // Not by its hash, as below: the server that does not know it may have taken another's place.
    const evaluated = this.#reader.eval(AUDIT, 2, this.#streamKey, this.#epochKey, cursor, READ_COUNT)
    const reply = withTimeout(timeoutMs, 'audit', evaluated)
    // A primary that was replaced does not know it. Where most sentinels cannot be asked, there may be such a one.
    const sentinelsPolled = sentinelWatchFor(this.#options.redis)?.refresh(timeoutMs)
    const [replies] = await this.#onSameConnection(Promise.all([reply, sentinelsPolled]))
    return replies as readonly unknown[]
  }

  /** A reply that came by another connection than the command went out by is of a server that may be another. */
  async #onSameConnection<T>(reply: Promise<T>): Promise<T> {
    const before = currentStream(this.#reader)
    const value = await reply
    if (currentStream(this.#reader) !== before)
      throw new Error('the connection to Redis was replaced meanwhile')
    return value
  }
}

/** There is no offline queue on these connections, so that nothing is sent to a server that was not asked for it. */
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

/** Undefined while there is none. */
function currentStream(client: RedisClient): unknown {
  const { stream } = client as unknown as { readonly stream?: { readonly destroyed: boolean } }
  return stream?.destroyed === true ? undefined : stream
}

/** What it asks is short, and the next one follows: it comes back sooner than others. */
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

/** ms since the epoch: what was trimmed or deleted is not covered. */
function computeCoveredFrom(streamInfo: ReadonlyMap<string, unknown>, t0: number): number {
  const ms = (name: string) => Number(String(streamInfo.get(name)).split('-')[0])
  const isEmpty = Number(streamInfo.get('length')) === 0
  const isTrimmed = Number(streamInfo.get('entries-added')) > Number(streamInfo.get('length'))
  const oldest = ms(isEmpty ? 'last-generated-id' : 'recorded-first-entry-id')
  return Math.max(t0, isTrimmed ? oldest : 0, ms('max-deleted-entry-id'))
}
