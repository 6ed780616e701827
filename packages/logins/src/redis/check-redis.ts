import { plainError } from '@drawbridge/options'
import type { Cluster, Redis, RedisOptions } from 'ioredis'
import { duplicate, fieldOf, type RedisClient, within } from './redis-client.ts'

export interface RedisCheck {
  /** Why logins must not be kept there; empty where they may. Each completes a sentence that begins with "Redis". */
  readonly problems: readonly string[]
  /** What somebody should know who starts a service, and no reason not to. */
  readonly warnings: readonly string[]
}

export interface CheckRedisOptions {
  /** How long Redis may take to answer, ms. Default 3000. */
  readonly withinMs?: number
}

const MIN_VERSION = [7, 0] as const

/**
 * Looks whether a Redis is fit to keep logins and the feed: reachable, new enough, a master, and one that drops nothing by
 * itself. For a Cluster, whether each of its masters is. The client is duplicated and left alone. Never rejects.
 */
export async function checkRedis(
  redis: RedisClient,
  { withinMs = 3000 }: CheckRedisOptions = {}
): Promise<RedisCheck> {
  let fault: unknown
  const client = duplicate(redis, OPTIONS, (error) => (fault = error))
  try {
    const checks = (await within(withinMs, 'INFO', infosOf(client))).map(judge)
    return {
      problems: distinct(checks.flatMap(({ problems }) => problems)),
      warnings: distinct(checks.flatMap(({ warnings }) => warnings))
    }
  } catch (error) {
    return { problems: [`cannot be asked: ${plainError(reasonOf(fault ?? error)).message}`], warnings: [] }
  } finally {
    client.disconnect()
  }
}

const OPTIONS: RedisOptions = {
  connectionName: 'drawbridge:check',
  // A replica is to be told of, and not to be left.
  enableReadyCheck: false,
  connectTimeout: 1000,
  retryStrategy: () => 200
}

async function infosOf(client: RedisClient): Promise<readonly string[]> {
  if (client.status !== 'ready') await new Promise<void>((resolve) => client.once('ready', () => resolve()))
  const servers = client.isCluster ? (client as Cluster).nodes('master') : [client as Redis]
  return Promise.all(servers.map((server) => infoOf(server)))
}

/** The nodes of a Cluster are connected to when they are first asked, and there is no queue in which that could wait. */
async function infoOf(server: Redis): Promise<string> {
  if (server.status === 'wait') await server.connect()
  return String(await server.info())
}

/** By INFO alone: CONFIG is forbidden by most who run a Redis for others. */
function judge(info: string): RedisCheck {
  const problems: string[] = []
  const warnings: string[] = []
  const field = (name: string) => fieldOf(info, name) || 'none'
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
function reasonOf(error: unknown): string {
  const { message, code, lastNodeError } = error as {
    readonly message?: string
    readonly code?: string
    readonly lastNodeError?: unknown
  }
  return lastNodeError === undefined ? message || code || String(error) : reasonOf(lastNodeError)
}

const distinct = (sentences: readonly string[]): readonly string[] => [...new Set(sentences)]
