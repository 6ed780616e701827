import * as v from 'valibot'
import { loginEndsAt, type Login } from '../../login/login.ts'
import { clock, func, parseOptions, safeListener, wholeNumber } from '@drawbridge/options'
import type { AdoptionStore } from '../../stores/adoption-store.ts'
import type { CarryInput } from '../../stores/carry.ts'
import type { LoginChange } from '../../stores/login-change.ts'
import type {
  CarryOutcome,
  InsertOutcome,
  LoginStore,
  RotateOutcome,
  Touch
} from '../../stores/login-store.ts'
import type { RotateInput } from '../../stores/rotation.ts'
import { createReadKey, nullIfWrongType, type ReadKey } from './batched-reads.ts'
import { createWriteTouches, type WriteTouches } from './batched-touches.ts'
import { type Inserted, toInsertArgs, toInsertOutcome } from './insert-login.ts'
import { decodeRow, encodeData, encodeField } from './login-row.ts'
import {
  ANNOUNCE,
  CAN_WRITE,
  CARRY,
  FIND_ON_PRIMARY,
  INSERT,
  LIST_BY_USER,
  REMOVE,
  REMOVE_BY_USER,
  RENAME_USER,
  ROTATE,
  TOUCH,
  UPDATE
} from './login-scripts.ts'
import { keyPrefix, redisClient } from '../options.ts'
import { reconnect, type RedisClient, parseServerInfo } from '../redis-client.ts'
import { RedisAdoptionStore } from './redis-adoption-store.ts'
import { createScriptRunner, type RunScript } from './script-runner.ts'
import { StoreKeys } from './store-keys.ts'
import { StoreConnection } from './store-connection.ts'

/** Options of {@link createRedisLoginStore}. */
export interface RedisLoginStoreOptions {
  /**
   * A client of ioredis 5 or 6: single, Sentinel or Cluster, of Redis 7 or later. It is duplicated and otherwise
   * left alone. It may have a keyPrefix, without braces.
   */
  readonly redis: RedisClient
  /** What all keys begin with: 1 to 64 characters without braces or spaces. Default `drawbridge`. */
  readonly prefix?: string
  /**
   * How long a method waits for Redis before it rejects, ms, 10 to 60 000; where Redis has been unreachable
   * for longer, it rejects at once. A method that rejects may have been executed. Default 250.
   */
  readonly commandTimeoutMs?: number
  /** Gets errors of the connection. Default: ignored; the methods reject anyway. */
  readonly onError?: (error: unknown) => void
  /** ms since the epoch, for tests. Default: the clock of Redis, the same for all nodes. */
  readonly now?: () => number
}

/** A store of logins in Redis, with the connection that it made. */
export interface RedisLoginStore extends LoginStore {
  /** Closes the connection that the store made for itself; `logins.close()` does so too. */
  close(): Promise<void>
}

const schema = v.strictObject({
  redis: redisClient,
  prefix: keyPrefix,
  commandTimeoutMs: v.optional(wholeNumber(10, 60_000), 250),
  onError: v.optional(func<(error: unknown) => void>()),
  now: v.optional(clock())
})

/**
 * Creates a store of logins in Redis, for services of several nodes. It needs a feed: `createRedisFeed`. All
 * logins of a user are in one slot of a Cluster.
 *
 * @throws OptionError for an invalid option.
 * @example
 * ```ts
 * // Store and feed make connections of their own, so this one need not be made, nor closed.
 * const redis = new Redis('redis://localhost', { lazyConnect: true })
 * const store = createRedisLoginStore({ redis })
 * const logins = createLogins({ store, feed: createRedisFeed({ redis }) })
 * ```
 */
export function createRedisLoginStore(input: RedisLoginStoreOptions): RedisLoginStore {
  const { redis, prefix, commandTimeoutMs, onError, now } = parseOptions('redisLoginStore', schema, input)
  const connection = new StoreConnection({ redis, commandTimeoutMs, onError: safeListener(onError) })
  return new RedisStore({ connection, keys: new StoreKeys(prefix), now })
}

const SCRIPTS = {
  insert: { keys: 2, lua: INSERT },
  touch: { keys: null, lua: TOUCH },
  update: { keys: 1, lua: UPDATE },
  rotate: { keys: 1, lua: ROTATE },
  carry: { keys: 1, lua: CARRY },
  remove: { keys: 1, lua: REMOVE },
  removeByUser: { keys: 1, lua: REMOVE_BY_USER },
  renameUser: { keys: 1, lua: RENAME_USER },
  listByUser: { keys: 1, lua: LIST_BY_USER },
  findOnPrimary: { keys: 1, lua: FIND_ON_PRIMARY },
  announce: { keys: 1, lua: ANNOUNCE },
  canWrite: { keys: 1, lua: CAN_WRITE }
} as const

type ScriptName = keyof typeof SCRIPTS

interface Dependencies {
  readonly connection: StoreConnection
  readonly keys: StoreKeys
  readonly now: (() => number) | undefined
}

class RedisStore implements RedisLoginStore {
  readonly isShared = true
  readonly adoptions: AdoptionStore
  readonly #dependencies: Dependencies
  readonly #keys: StoreKeys
  readonly #run: RunScript<ScriptName>
  readonly #readKey: ReadKey
  readonly #touch: WriteTouches

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
    this.#keys = dependencies.keys
    this.#run = createScriptRunner(dependencies.connection, SCRIPTS, dependencies.now)
    this.#readKey = createReadKey(dependencies.connection)
    this.#touch = createWriteTouches(dependencies.connection.client.isCluster, (touches) => {
      const rows = touches.map(({ loginId }) => this.#keys.row(loginId))
      return this.#run(
        'touch',
        rows,
        touches.map(({ seenAt }) => seenAt)
      )
    })
    this.adoptions = new RedisAdoptionStore(dependencies)
  }

  async insert(login: Login, maxPerUser: number): Promise<InsertOutcome | null> {
    const keys = [this.#keys.row(login.id), this.#keys.index(login.userId)]
    const inserted = await this.#run<Inserted | null>('insert', keys, toInsertArgs(login, maxPerUser))
    return inserted && toInsertOutcome(login, inserted)
  }

  async find(loginId: string): Promise<Login | null> {
    const { now } = this.#dependencies
    const key = this.#keys.row(loginId)
    const row = (await this.#readKey(key)) ?? (await this.#findOnPrimary(key).catch(nullIfWrongType))
    const login = row === null ? null : decodeRow(loginId, row)
    // Redis expires logins by its own clock; it does not know the clock of a test.
    return login !== null && (now === undefined || loginEndsAt(login) > now()) ? login : null
  }

  touch(touches: readonly Touch[]): Promise<readonly boolean[]> {
    return this.#touch(touches)
  }

  async update(loginId: string, change: LoginChange): Promise<Login | null> {
    const row = await this.#runOnRow<string | null>('update', loginId, toUpdateArgs(change))
    return row === null ? null : decodeRow(loginId, row)
  }

  async rotate(loginId: string, input: RotateInput): Promise<RotateOutcome> {
    const { familyHash, generation, hash, nextHash, nextSealed, graceSeconds } = input
    const texts = [hash, nextHash, nextSealed].map(encodeField)
    const args = [encodeField(familyHash), generation, ...texts, graceSeconds * 1000]
    return this.#runForOutcome('rotate', loginId, args)
  }

  async carry(loginId: string, input: CarryInput): Promise<CarryOutcome> {
    return this.#runForOutcome('carry', loginId, [input.add, ...toCarryArgs(input)])
  }

  async remove(loginId: string): Promise<Login | null> {
    const row = await this.#runOnRow<string | null>('remove', loginId, [])
    return row === null ? null : decodeRow(loginId, row)
  }

  removeByUser(userId: string, except = ''): Promise<readonly string[]> {
    return this.#run('removeByUser', [this.#keys.index(userId)], [except])
  }

  async renameUser(userId: string, username: string, forSeconds: number): Promise<void> {
    const args = [JSON.stringify(username), forSeconds * 1000]
    await this.#run('renameUser', [this.#keys.index(userId)], args)
  }

  async listByUser(userId: string): Promise<readonly Login[]> {
    const rows = await this.#run<Array<[string, string]>>('listByUser', [this.#keys.index(userId)], [])
    return rows.map(([id, row]) => decodeRow(id, row)).filter((login) => login !== null)
  }

  announce(topic: string, text: string, ttlSeconds: number): Promise<readonly string[]> {
    return this.#run('announce', [this.#keys.topic(topic)], [text, ttlSeconds])
  }

  async ping(): Promise<void> {
    await this.#run('canWrite', [this.#keys.ping], [])
  }

  async close(): Promise<void> {
    this.#dependencies.connection.close()
  }

  /** Confirms that a login is gone. A replica, and a replaced primary is one, may not have it yet. */
  async #findOnPrimary(key: string): Promise<string | null> {
    const [row, info] = await this.#run<[string | null, string]>('findOnPrimary', [key], [])
    if (parseServerInfo(info).isMaster) return row
    reconnect(this.#dependencies.connection.client)
    throw new Error('the server that was asked for the login is a replica')
  }

  /** Of a script that returns the outcome, and the row where there is one. */
  async #runForOutcome<Kind extends string>(
    script: ScriptName,
    loginId: string,
    args: ReadonlyArray<string | number>
  ): Promise<{ kind: Kind; login: Login } | { kind: 'unknown' }> {
    const [kind, row] = await this.#runOnRow<[Kind, string?]>(script, loginId, args)
    const login = row === undefined ? null : decodeRow(loginId, row)
    return login === null ? { kind: 'unknown' } : { kind, login }
  }

  #runOnRow<T>(script: ScriptName, loginId: string, args: ReadonlyArray<string | number>): Promise<T> {
    return this.#run(script, [this.#keys.row(loginId)], args)
  }
}

/** In the order of the script; what is not changed is empty. */
function toUpdateArgs({
  data,
  authenticatedAt,
  session,
  refresh,
  dropOther = false
}: LoginChange): readonly string[] {
  const hashes = [
    session?.secretHash,
    session?.replaces,
    refresh?.familyHash,
    refresh?.hash,
    refresh?.replaces
  ]
  return [
    data === undefined ? '' : encodeData(data),
    authenticatedAt === undefined ? '' : String(authenticatedAt),
    ...hashes.map((text) => (text === undefined ? '' : encodeField(text))),
    dropOther ? '1' : ''
  ]
}

/** In the order of the script. */
function toCarryArgs(input: CarryInput): ReadonlyArray<string | number> {
  if (input.add === 'refresh') {
    const { presented, refresh } = input
    return [refresh.familyHash, refresh.hash, presented.secretHash].map(encodeField)
  }
  const { presented, session } = input
  const secret = [encodeField(session.secretHash), session.expiresAt]
  const { familyHash, generation, hash, graceSeconds } = presented
  return [...secret, encodeField(familyHash), generation, encodeField(hash), graceSeconds * 1000]
}
