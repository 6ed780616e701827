import { plainError } from '@drawbridge/options'
import type { Cluster, Redis, RedisOptions } from 'ioredis'
import { duplicate, infoField, type RedisClient, withTimeout } from './redis-client.ts'

/** The result of {@link checkRedis}. */
export interface RedisCheck {
  /**
   * Why logins must not be stored there; empty where they may. Each completes a sentence that begins with
   * "Redis".
   */
  readonly problems: readonly string[]
  /**
   * What an operator should know; no reason not to start. Each completes a sentence that begins with "Redis".
   */
  readonly warnings: readonly string[]
}

/** Options of {@link checkRedis}. */
export interface CheckRedisOptions {
  /** How long the whole check may take, ms. Default 3000. */
  readonly timeoutMs?: number
  /**
   * The prefix of the store and the feed: the ACL user of the client must have access to keys under it.
   * Default `drawbridge`.
   */
  readonly prefix?: string
}

const MIN_VERSION = [7, 0] as const

/**
 * Checks whether a Redis is fit to store logins and carry the feed: reachable, version 7.0 or newer, a
 * master, a safe `maxmemory-policy`, and an ACL that allows every command in use. For a Cluster it checks
 * every master. The client is duplicated and otherwise left alone. Never rejects.
 *
 * @example
 * ```ts
 * const { problems, warnings } = await checkRedis(redis)
 * for (const warning of warnings) console.warn(`Redis ${warning}`)
 * if (problems.length > 0) throw new Error(`Redis ${problems.join('; ')}`)
 * ```
 */
export async function checkRedis(
  redis: RedisClient,
  { timeoutMs = 3000, prefix = 'drawbridge' }: CheckRedisOptions = {}
): Promise<RedisCheck> {
  let connectionError: unknown
  const client = duplicate(redis, CLIENT_OPTIONS, (error) => (connectionError = error))
  try {
    const keys = `${String(redis.options.keyPrefix ?? '')}${prefix}:`
    const checks = await withTimeout(timeoutMs, 'INFO', checkServers(client, keys))
    return {
      problems: unique(checks.flatMap(({ problems }) => problems)),
      warnings: unique(checks.flatMap(({ warnings }) => warnings))
    }
  } catch (error) {
    return {
      problems: [`cannot be used: ${plainError(rootCause(connectionError ?? error)).message}`],
      warnings: []
    }
  } finally {
    client.disconnect()
  }
}

const CLIENT_OPTIONS: RedisOptions = {
  connectionName: 'drawbridge:check',
  // A replica is reported, so the client must not leave it.
  enableReadyCheck: false,
  connectTimeout: 1000,
  retryStrategy: () => 200
}

async function checkServers(client: RedisClient, keys: string): Promise<readonly RedisCheck[]> {
  if (client.status !== 'ready') await new Promise<void>((resolve) => client.once('ready', () => resolve()))
  const servers = client.isCluster ? (client as Cluster).nodes('master') : [client as Redis]
  return Promise.all(servers.map((server) => checkServer(server, keys)))
}

/** The nodes of a Cluster connect on first use, and their commands cannot wait in a queue. */
async function checkServer(server: Redis, keys: string): Promise<RedisCheck> {
  if (server.status === 'wait') await server.connect()
  const missing = await findMissingRights(server, keys)
  if (missing.length === 0) return evaluateInfo(String(await server.info()))
  const rights = missing.join(', ')
  return {
    problems: [`must let the user of this client run ${rights} on the keys ${keys}*, by its ACL`],
    warnings: []
  }
}

/** Which commands of {@link RIGHTS} the ACL denies the user of this connection. */
async function findMissingRights(server: Redis, keys: string): Promise<readonly string[]> {
  try {
    const rights = RIGHTS.map((right) => right.replace('KEY', `${keys}{a}:check`))
    return (await server.eval(FIND_MISSING_RIGHTS, 0, ...rights)) as string[]
  } catch (error) {
    // A server that is too old for this script is reported by its version.
    return (error as Error).message.startsWith('NOPERM') ? ['eval'] : []
  }
}

/** ARGV commands, each as one text. Returns the names of those that the user may not run. */
const FIND_MISSING_RIGHTS = `#!lua flags=no-writes
local missing = {}
for _, text in ipairs(ARGV) do
  local words = {}
  for word in string.gmatch(text, '%S+') do words[#words + 1] = word end
  if not redis.acl_check_cmd(unpack(words)) then missing[#missing + 1] = words[1] end
end
return missing
`

/**
 * Every command that store, feed and limiters run, in scripts or directly; README.md has them as an ACL rule.
 */
const RIGHTS = [
  'get KEY',
  'mget KEY',
  'set KEY v',
  'del KEY',
  'exists KEY',
  'pexpiretime KEY',
  'pexpireat KEY 1',
  'zadd KEY 1 m',
  'zrem KEY m',
  'zrevrange KEY 0 -1',
  'zrevrangebyscore KEY 1 0',

  'hmget KEY f',
  'hget KEY f',
  'hgetall KEY',
  'hincrby KEY f 1',
  'scan 0',
  'hset KEY f v',
  'xadd KEY * f v',
  'xread STREAMS KEY 0',
  'xrange KEY - +',
  'xinfo STREAM KEY',
  'incrby KEY 1',
  'pttl KEY',
  'expire KEY 1',
  'evalsha s 1 KEY',
  'time',
  'info'
]

/** By INFO alone: most hosted Redis services forbid CONFIG. */
function evaluateInfo(info: string): RedisCheck {
  const problems: string[] = []
  const warnings: string[] = []
  const field = (name: string) => infoField(info, name) || 'none'
  const version = field('redis_version')
  if (!isNewEnough(version))
    problems.push(`must be of version ${MIN_VERSION.join('.')} or newer, got ${version}`)
  if (field('role') === 'slave') problems.push('must be a master, and is a replica')
  const policy = field('maxmemory_policy')
  if (policy.startsWith('allkeys-')) {
    problems.push(
      `must have a maxmemory-policy of noeviction, got ${policy}: it would drop logins and revocations`
    )
  } else if (policy !== 'noeviction') {
    warnings.push(`should have a maxmemory-policy of noeviction, got ${policy}: a full server drops logins`)
  }
  if (field('aof_enabled') !== '1') {
    warnings.push(
      'should have appendonly yes: a restart of the server logs out whoever logged in since it was saved'
    )
  }
  return { problems, warnings }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > MIN_VERSION[0] || (major === MIN_VERSION[0] && minor >= MIN_VERSION[1])
}

/** The error of a Cluster says nothing; the last error of one of its nodes is inside. */
function rootCause(error: unknown): string {
  const { message, code, lastNodeError } = error as {
    readonly message?: string
    readonly code?: string
    readonly lastNodeError?: unknown
  }
  return lastNodeError === undefined ? message || code || String(error) : rootCause(lastNodeError)
}

const unique = (sentences: readonly string[]): readonly string[] => [...new Set(sentences)]
