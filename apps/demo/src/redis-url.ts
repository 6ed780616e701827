import { variable, type Variable, redactUrl } from './variable.ts'

export interface HostAndPort {
  readonly host: string
  readonly port: number
}

interface Credentials {
  readonly username?: string
  readonly password?: string
}

interface ConnectionOptions extends Credentials {
  readonly tls: boolean
  /** IP family, 4 or 6; both where absent. */
  readonly family?: number
}

/** The Redis that stores logins, feed and attempts for all nodes. */
export type RedisUrl =
  | ({ readonly kind: 'single'; readonly db: number } & HostAndPort & ConnectionOptions)
  | ({ readonly kind: 'cluster'; readonly nodes: readonly HostAndPort[] } & ConnectionOptions)
  | ({
      readonly kind: 'sentinel'
      readonly sentinels: readonly HostAndPort[]
      readonly name: string
      readonly db: number
    } & ConnectionOptions)

export function redisUrl(name: string): Variable<RedisUrl | undefined> {
  return variable<RedisUrl, undefined>(name, undefined, {
    requirement:
      'must be redis://<host>:<port>/<db>, redis-cluster://<host>:<port>,… or ' +
      'redis-sentinel://<host>:<port>,…/<name>/<db>, with rediss instead of redis for TLS, with <user>:<password>@ in front ' +
      'of the hosts where it is needed, and with no query but ?family=4 or 6 at the end',
    parse: parseRedisUrl,
    redact: redactUrl
  })
}

const PORTS = { '': 6379, '-cluster': 6379, '-sentinel': 26_379 } as const

/** A password may contain any character: it ends at the last @, since no @ can follow. */
const REDIS_URL =
  /^redis(s?)(-cluster|-sentinel|):\/\/(?:(.*)@)?([^@/?#]+)(?:\/([^@?#]*))?(?:\?([^@?#]*))?$/is

function parseRedisUrl(text: string): RedisUrl | undefined {
  const [, s = '', suffix, userinfo, hosts = '', path = '', query = ''] = REDIS_URL.exec(text) ?? []
  if (suffix === undefined) return undefined
  const kind = suffix.toLowerCase() as keyof typeof PORTS
  const servers = hosts.split(',').map((item) => parseServer(item, PORTS[kind]))
  const family = /^(?:family=([046]))?$/.exec(query)
  if (family === null || !servers.every((server) => server !== undefined)) return undefined
  const connection = {
    tls: s !== '',
    ...parseUserinfo(userinfo),
    ...(Number(family[1]) > 0 && { family: Number(family[1]) })
  }
  switch (kind) {
    case '-cluster':
      return path === '' ? { kind: 'cluster', nodes: servers, ...connection } : undefined
    case '-sentinel':
      return parseSentinel(servers, path, connection)
    case '':
      return parseSingle(servers, path, connection)
  }
}

function parseSentinel(
  sentinels: readonly HostAndPort[],
  path: string,
  connection: ConnectionOptions
): RedisUrl | undefined {
  const [, name, db] = /^([\w.-]+)(?:\/(\d{0,5}))?$/.exec(path) ?? []
  return name === undefined
    ? undefined
    : { kind: 'sentinel', sentinels, name, db: Number(db ?? 0), ...connection }
}

function parseSingle(
  [server, ...more]: readonly HostAndPort[],
  path: string,
  connection: ConnectionOptions
): RedisUrl | undefined {
  if (server === undefined || more.length > 0 || !/^\d{0,5}$/.test(path)) return undefined
  return { kind: 'single', ...server, db: Number(path), ...connection }
}

function parseServer(text: string, defaultPort: number): HostAndPort | undefined {
  const [, v6, name, port = String(defaultPort)] =
    /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text.trim()) ?? []
  const host = v6 ?? name
  return host === undefined || Number(port) < 1 || Number(port) > 65_535
    ? undefined
    : { host, port: Number(port) }
}

function parseUserinfo(userinfo: string | undefined): Credentials {
  if (userinfo === undefined) return {}
  const [, username = '', password = ''] = /^([^:]*)(?::(.*))?$/s.exec(userinfo) ?? []
  return {
    ...(username !== '' && { username: decodeComponent(username) }),
    ...(password !== '' && { password: decodeComponent(password) })
  }
}

/** Decodes percent-encoding; text with a % that begins no encoding is taken as it is. */
function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
