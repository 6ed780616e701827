import { plainError } from '@drawbridge/options'
import type { Cluster, Redis, RedisOptions } from 'ioredis'
import { duplicate, infoField, type RedisClient, withTimeout } from './redis-client.ts'

export interface RedisCheck {
  /** Why logins must not be kept there; empty where they may. Each completes a sentence that begins with "Redis". */
  readonly problems: readonly string[]
  /** What somebody should know who starts a service, and no reason not to. */
  readonly warnings: readonly string[]
}

export interface CheckRedisOptions {
  /** How long Redis may take to answer, ms. Default 3000. */
  readonly timeoutMs?: number
  /** As that of the store and the feed, whose keys the user of the client must be let at. Default `drawbridge`. */
  readonly prefix?: string
}

const MIN_VERSION = [7, 0] as const

/**
 * Looks whether a Redis is fit to keep logins and the feed: reachable, new enough, a master, and one that drops nothing by
 * itself. For a Cluster, whether each of its masters is. The client is duplicated and left alone. Never rejects.
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
      problems: [`cannot be asked: ${plainError(rootCause(connectionError ?? error)).message}`],
      warnings: []
    }
  } finally {
    client.disconnect()
  }
}

const CLIENT_OPTIONS: RedisOptions = {
  connectionName: 'drawbridge:check',
  // A replica is to be told of, and not to be left.
  enableReadyCheck: false,
  connectTimeout: 1000,
  retryStrategy: () => 200
}

async function checkServers(client: RedisClient, keys: string): Promise<readonly RedisCheck[]> {
  if (client.status !== 'ready') await new Promise<void>((resolve) => client.once('ready', () => resolve()))
  const servers = client.isCluster ? (client as Cluster).nodes('master') : [client as Redis]
  return Promise.all(servers.map((server) => checkServer(server, keys)))
}

/** The nodes of a Cluster are connected to when they are first asked, and there is no queue in which that could wait. */
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

/** What of all that is run here the ACL refuses to the user of this connection. */
async function findMissingRights(server: Redis, keys: string): Promise<readonly string[]> {
  try {
    const rights = RIGHTS.map((right) => right.replace('KEY', `${keys}{a}:check`))
    return (await server.eval(FIND_MISSING_RIGHTS, 0, ...rights)) as string[]
  } catch (error) {
    // A server that is too old for the question is told of by its version.
    return (error as Error).message.startsWith('NOPERM') ? ['eval'] : []
  }
}

/** ARGV commands, each as one text. Gives the names of those that the user may not run. */
const FIND_MISSING_RIGHTS = `#!lua flags=no-writes
local missing = {}
for _, text in ipairs(ARGV) do
  local words = {}
  for word in string.gmatch(text, '%S+') do words[#words + 1] = word end
  if not redis.acl_check_cmd(unpack(words)) then missing[#missing + 1] = words[1] end
end
return missing
`

/** All that store, feed and limiters run, in scripts or by themselves; README.md has them as a rule of an ACL. */
const RIGHTS = [
  'get KEY',
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

/** By INFO alone: CONFIG is forbidden by most who run a Redis for others. */
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

/** That of a Cluster says nothing; what the last of its nodes said is beneath. */
function rootCause(error: unknown): string {
  const { message, code, lastNodeError } = error as {
    readonly message?: string
    readonly code?: string
    readonly lastNodeError?: unknown
  }
  return lastNodeError === undefined ? message || code || String(error) : rootCause(lastNodeError)
}

const unique = (sentences: readonly string[]): readonly string[] => [...new Set(sentences)]
