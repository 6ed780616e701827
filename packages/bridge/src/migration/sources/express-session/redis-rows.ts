import { callbackify } from 'node:util'
import { parseJsonObject } from '@drawbridge/carrier'
import { objectWithMethods, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import type { SessionRow, SessionStore } from './session-store.ts'

/** The part of a client of ioredis that is used: one server, or a Cluster. */
export interface RedisCommands {
  get(key: string): Promise<string | null>
  set(key: string, value: string, unit: 'EX', seconds: number): Promise<unknown>
  del(key: string): Promise<unknown>
}

interface Scannable {
  scanStream(options: { match: string; count: number }): AsyncIterable<string[]>
}

/** Options of {@link redisRows}. */
export interface RedisRowsOptions {
  /** A client of ioredis, with its own `commandTimeout` or not: a look-up waits for `timeoutMs`. */
  readonly redis: RedisCommands
  /** As in connect-redis. Default `sess:`. */
  readonly prefix?: string
  /** As in connect-redis: of a row without an end, seconds. Default 86 400. */
  readonly ttlSeconds?: number
}

const schema = v.strictObject({
  redis: objectWithMethods<RedisCommands>('a client of ioredis', 'get', 'set', 'del'),
  prefix: v.optional(v.string('must be a string'), 'sess:'),
  ttlSeconds: v.optional(wholeNumber(1, 400 * 86_400), 86_400)
})

/** A row has what one request of the other system wrote; those of visitors are far below. */
const MAX_ROW_LENGTH = 1024 * 1024

/**
 * The rows that connect-redis writes, by a client of ioredis: for a service that does not have the client of `redis` too.
 *
 * @throws OptionError
 */
export function redisRows(options: RedisRowsOptions): SessionStore {
  const { redis, prefix, ttlSeconds } = parseOptions('redisRows', schema, options)
  return {
    get: callbackify(async (sid: string) => parseRow(await getText(redis, prefix + sid))),
    set: callbackify(async (sid: string, row: SessionRow) => {
      await redis.set(prefix + sid, JSON.stringify(row), 'EX', ttlOf(row, ttlSeconds))
    }),
    destroy: callbackify(async (sid: string) => void (await redis.del(prefix + sid))),
    all: callbackify(() => listRows(redis, prefix))
  }
}

/** What is no text is nobody's session. */
async function getText(redis: RedisCommands, key: string): Promise<string | null> {
  try {
    return await redis.get(key)
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null
    throw error
  }
}

function parseRow(text: string | null): SessionRow | null {
  return text === null || text.length > MAX_ROW_LENGTH ? null : parseJsonObject(Buffer.from(text))
}

/** Seconds until the end of the cookie, as connect-redis counts them. */
function ttlOf({ cookie }: SessionRow, ttlSeconds: number): number {
  const { originalMaxAge } = (cookie ?? {}) as { readonly originalMaxAge?: number | null }
  return originalMaxAge ? Math.ceil(originalMaxAge / 1000) : ttlSeconds
}

const SCAN_COUNT = 500

async function listRows(redis: RedisCommands, prefix: string): Promise<readonly SessionRow[]> {
  const rows: SessionRow[] = []
  const match = `${prefix.replaceAll(/[\\*?[\]]/g, String.raw`\$&`)}*`
  for (const node of nodesOf(redis)) {
    for await (const keys of node.scanStream({ match, count: SCAN_COUNT })) {
      for (const text of await Promise.all(keys.map((key) => getText(redis, key)))) {
        const row = parseRow(text)
        if (row !== null) rows.push(row)
      }
    }
  }
  return rows
}

/** A Cluster lists the keys of each primary by itself. */
function nodesOf(redis: object): readonly Scannable[] {
  const { nodes } = redis as { readonly nodes?: (role: 'master') => readonly Scannable[] }
  return nodes === undefined ? [redis as Scannable] : nodes.call(redis, 'master')
}
