import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { loginEndsAt, isPending, type Login, userTag } from '../../login/login.ts'
import { clock, func, objectWithMethods, parseOptions, safeListener, wholeNumber } from '@drawbridge/options'
import type { LoginChange, LoginStore, RotateOutcome, Touch } from '../../stores/login-store.ts'
import type { RotateInput } from '../../stores/rotation.ts'
import { decodeRow, encodeData, encodeField, encodeRow } from './login-row.ts'
import {
  ANNOUNCE,
  CAN_WRITE,
  FIND_ON_PRIMARY,
  INSERT,
  LIST_BY_USER,
  REMOVE,
  REMOVE_BY_USER,
  ROTATE,
  TOUCH,
  UPDATE
} from './login-scripts.ts'
import { reconnect, type RedisClient, parseServerInfo } from '../redis-client.ts'
import { StoreConnection } from './store-connection.ts'

export interface RedisLoginStoreOptions {
  /**
   * A client of ioredis 6, single, Sentinel or Cluster, of Redis 7 or later. It is duplicated and left alone. It may
   * have a keyPrefix, without braces.
   */
  readonly redis: RedisClient
  /** What all keys begin with. Default `drawbridge`. */
  readonly prefix?: string
  /**
   * How long a verb waits for Redis before it rejects, ms, 10 to 60 000; where Redis has been away for longer, it
   * rejects at once. A verb that rejects may have been done. Default 250.
   */
  readonly commandTimeoutMs?: number
  /** Told of faults of the connection. Default: nobody; the verbs reject anyway. */
  readonly onError?: (error: unknown) => void
  /** ms since the epoch, for tests. Default: the clock of Redis, one for all nodes. */
  readonly now?: () => number
}

export interface RedisLoginStore extends LoginStore {
  /** Ends the connection that the store made for itself. */
  close(): Promise<void>
}

const redis = v.pipe(
  objectWithMethods<RedisClient>('a client of ioredis', 'duplicate', 'defineCommand'),
  // The first braces of a key say in which slot it is.
  v.check(({ options }) => !/[{}]/.test(String(options?.keyPrefix)), 'must have no braces in its keyPrefix')
)

const prefix = v.pipe(
  v.string('must be a string'),
  v.regex(/^[^{}\s]{1,64}$/, 'must be 1 to 64 characters without braces or spaces')
)

const schema = v.strictObject({
  redis,
  prefix: v.optional(prefix, 'drawbridge'),
  commandTimeoutMs: v.optional(wholeNumber(10, 60_000), 250),
  onError: v.optional(func<(error: unknown) => void>()),
  now: v.optional(clock())
})

/** Logins in Redis, for services of several nodes. All logins of a user are in one slot of a Cluster. */
export function createRedisLoginStore(input: RedisLoginStoreOptions): RedisLoginStore {
  const { redis, prefix, commandTimeoutMs, onError, now } = parseOptions('redisLoginStore', schema, input)
  const connection = new StoreConnection({ redis, commandTimeoutMs, onError: safeListener(onError) })
  for (const [name, { keys, lua }] of Object.entries(SCRIPTS)) {
    connection.client.defineCommand(commandName(name), { numberOfKeys: keys, lua })
  }
  return new RedisStore({ connection, prefix, now })
}

const SCRIPTS = {
  insert: { keys: 2, lua: INSERT },
  touch: { keys: 1, lua: TOUCH },
  update: { keys: 1, lua: UPDATE },
  rotate: { keys: 1, lua: ROTATE },
  remove: { keys: 1, lua: REMOVE },
  removeByUser: { keys: 1, lua: REMOVE_BY_USER },
  listByUser: { keys: 1, lua: LIST_BY_USER },
  findOnPrimary: { keys: 1, lua: FIND_ON_PRIMARY },
  announce: { keys: 1, lua: ANNOUNCE },
  canWrite: { keys: 1, lua: CAN_WRITE }
} as const

type ScriptName = keyof typeof SCRIPTS

const commandName = (name: string) => `drawbridge_${name}`

/** 8 µs of Redis each (bench, `redis`: a find beside 10,000 of them waits 6 ms, and 81 where all go at once). */
const TOUCH_BATCH_SIZE = 500

type Command<T> = (this: RedisClient, ...args: Array<string | number>) => Promise<T>

interface Dependencies {
  readonly connection: StoreConnection
  readonly prefix: string
  readonly now: (() => number) | undefined
}

class RedisStore implements RedisLoginStore {
  readonly isShared = true
  readonly #dependencies: Dependencies

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
  }

  async insert(login: Login, maxPerUser: number): Promise<readonly string[]> {
    const keys = [this.#rowKey(login.id), this.#indexKey(login.userId)]
    const { id, createdAt, expiresAt } = login
    const pending = isPending(login) ? 1 : 0
    const args = [id, createdAt, expiresAt, loginEndsAt(login), maxPerUser, pending, encodeRow(login)]
    return this.#run('insert', keys, args)
  }

  async find(loginId: string): Promise<Login | null> {
    const { connection, now } = this.#dependencies
    const key = this.#rowKey(loginId)
    const found = await connection.run('find', () => connection.client.get(key)).catch(nullIfWrongType)
    const row = found ?? (await this.#findOnPrimary(key).catch(nullIfWrongType))
    const login = row === null ? null : decodeRow(loginId, row)
    // Redis drops what has ended by its own clock; that of a test it does not know.
    return login !== null && (now === undefined || loginEndsAt(login) > now()) ? login : null
  }

  /** One script each, so many in one go. */
  async touch(touches: readonly Touch[]): Promise<readonly boolean[]> {
    const touched: boolean[] = []
    for (let at = 0; at < touches.length; at += TOUCH_BATCH_SIZE) {
      const batch = touches.slice(at, at + TOUCH_BATCH_SIZE)
      touched.push(...(await Promise.all(batch.map((touch) => this.#touchOne(touch)))))
    }
    return touched
  }

  async update(loginId: string, { data }: LoginChange): Promise<Login | null> {
    const row = await this.#runOnRow<string | null>('update', loginId, [encodeData(data)])
    return row === null ? null : decodeRow(loginId, row)
  }

  async rotate(loginId: string, input: RotateInput): Promise<RotateOutcome> {
    const { familyHash, generation, hash, nextHash, nextSealed, graceSeconds } = input
    const texts = [hash, nextHash, nextSealed].map(encodeField)
    const args = [encodeField(familyHash), generation, ...texts, graceSeconds * 1000]
    const [kind, row] = await this.#runOnRow<[RotateOutcome['kind'], string?]>('rotate', loginId, args)
    const login = row === undefined ? null : decodeRow(loginId, row)
    return kind === 'unknown' || login === null ? { kind: 'unknown' } : { kind, login }
  }

  async remove(loginId: string): Promise<boolean> {
    return (await this.#runOnRow('remove', loginId, [])) === 1
  }

  removeByUser(userId: string, except = ''): Promise<readonly string[]> {
    return this.#run('removeByUser', [this.#indexKey(userId)], [except])
  }

  async listByUser(userId: string): Promise<readonly Login[]> {
    const rows = await this.#run<Array<[string, string]>>('listByUser', [this.#indexKey(userId)], [])
    return rows.map(([id, row]) => decodeRow(id, row)).filter((login) => login !== null)
  }

  announce(topic: string, text: string, ttlSeconds: number): Promise<readonly string[]> {
    return this.#run(
      'announce',
      [`${this.#dependencies.prefix}:announced:${digest(topic)}`],
      [text, ttlSeconds]
    )
  }

  async ping(): Promise<void> {
    await this.#run('canWrite', [`${this.#dependencies.prefix}:ping`], [])
  }

  async close(): Promise<void> {
    this.#dependencies.connection.close()
  }

  async #touchOne({ loginId, seenAt }: Touch): Promise<boolean> {
    return (await this.#runOnRow('touch', loginId, [seenAt])) === 1
  }

  /** Before it is said that a login has ended: a replica, as a primary is that was replaced, may not have heard of it. */
  async #findOnPrimary(key: string): Promise<string | null> {
    const [row, info] = await this.#run<[string | null, string]>('findOnPrimary', [key], [])
    if (parseServerInfo(info).isMaster) return row
    reconnect(this.#dependencies.connection.client)
    throw new Error('the server that was asked for a login is a replica')
  }

  #runOnRow<T>(script: ScriptName, loginId: string, args: ReadonlyArray<string | number>): Promise<T> {
    return this.#run(script, [this.#rowKey(loginId)], args)
  }

  #run<T>(script: ScriptName, keys: readonly string[], args: ReadonlyArray<string | number>): Promise<T> {
    const { connection, now } = this.#dependencies
    const commands = connection.client as unknown as Record<string, Command<T>>
    const command = commands[commandName(script)] as Command<T>
    return connection.run(script, () => command.call(connection.client, ...keys, now?.() ?? '', ...args))
  }

  /** A loginId begins with the tag of its user, so the slot is known from the id alone. */
  #rowKey(loginId: string): string {
    return `${this.#slot(loginId)}l:${loginId}`
  }

  /** A hash, because a user id is the application's and may hold anything. */
  #indexKey(userId: string): string {
    return `${this.#slot(userTag(userId).toString('base64url'))}u:${digest(userId)}`
  }

  /** 30 bits of the tag are 5 characters of base64url. */
  #slot(text: string): string {
    return `${this.#dependencies.prefix}:{${text.slice(0, 5)}}:`
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22)

/** Of a key that holds no text: whatever it is, it is no login. The index of a user is no such key: that is a fault. */
function nullIfWrongType(error: unknown): null {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null
  throw error
}
