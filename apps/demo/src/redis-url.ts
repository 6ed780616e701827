import { variable, type Variable, withoutPassword } from './variable.ts'

export interface HostAndPort {
  readonly host: string
  readonly port: number
}

interface Access {
  readonly username?: string
  readonly password?: string
}

interface Way extends Access {
  readonly tls: boolean
  /** Of addresses: 4 or 6; both where it is not said. */
  readonly family?: number
}

/** Where logins, feed and attempts are kept for many nodes. */
export type RedisUrl =
  | ({ readonly kind: 'single'; readonly db: number } & HostAndPort & Way)
  | ({ readonly kind: 'cluster'; readonly nodes: readonly HostAndPort[] } & Way)
  | ({
      readonly kind: 'sentinel'
      readonly sentinels: readonly HostAndPort[]
      readonly name: string
      readonly db: number
    } & Way)

export function redisUrl(name: string): Variable<RedisUrl | undefined> {
  return variable<RedisUrl, undefined>(name, undefined, {
    rule:
      'must be redis://<host>:<port>/<db>, redis-cluster://<host>:<port>,… or ' +
      'redis-sentinel://<host>:<port>,…/<name>/<db>, with rediss instead of redis for TLS, with <user>:<password>@ in front ' +
      'of the hosts where it is needed, and with no query but ?family=4 or 6 at the end',
    parse,
    show: withoutPassword
  })
}

const PORTS = { '': 6379, '-cluster': 6379, '-sentinel': 26_379 } as const

/** A password may have anything in it: it ends at the last @, since no @ can follow. */
const SHAPE = /^redis(s?)(-cluster|-sentinel|):\/\/(?:(.*)@)?([^@/?#]+)(?:\/([^@?#]*))?(?:\?([^@?#]*))?$/is

function parse(text: string): RedisUrl | undefined {
  const [, s = '', suffix, userinfo, hosts = '', path = '', query = ''] = SHAPE.exec(text) ?? []
  if (suffix === undefined) return undefined
  const kind = suffix.toLowerCase() as keyof typeof PORTS
  const servers = hosts.split(',').map((item) => serverOf(item, PORTS[kind]))
  const family = /^(?:family=([046]))?$/.exec(query)
  if (family === null || !servers.every((server) => server !== undefined)) return undefined
  const way = {
    tls: s !== '',
    ...accessOf(userinfo),
    ...(Number(family[1]) > 0 && { family: Number(family[1]) })
  }
  switch (kind) {
    case '-cluster':
      return path === '' ? { kind: 'cluster', nodes: servers, ...way } : undefined
    case '-sentinel':
      return sentinelOf(servers, path, way)
    case '':
      return singleOf(servers, path, way)
  }
}

function sentinelOf(sentinels: readonly HostAndPort[], path: string, way: Way): RedisUrl | undefined {
  const [, name, db] = /^([\w.-]+)(?:\/(\d{0,5}))?$/.exec(path) ?? []
  return name === undefined ? undefined : { kind: 'sentinel', sentinels, name, db: Number(db ?? 0), ...way }
}

function singleOf([server, ...more]: readonly HostAndPort[], path: string, way: Way): RedisUrl | undefined {
  if (server === undefined || more.length > 0 || !/^\d{0,5}$/.test(path)) return undefined
  return { kind: 'single', ...server, db: Number(path), ...way }
}

function serverOf(text: string, defaultPort: number): HostAndPort | undefined {
  const [, v6, name, port = String(defaultPort)] =
    /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text.trim()) ?? []
  const host = v6 ?? name
  return host === undefined || Number(port) < 1 || Number(port) > 65_535
    ? undefined
    : { host, port: Number(port) }
}

function accessOf(userinfo: string | undefined): Access {
  if (userinfo === undefined) return {}
  const [, username = '', password = ''] = /^([^:]*)(?::(.*))?$/s.exec(userinfo) ?? []
  return {
    ...(username !== '' && { username: decoded(username) }),
    ...(password !== '' && { password: decoded(password) })
  }
}

/** Percent-encoded, as a URL has it, or as it is: with a % that begins no encoding it can only be that. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
