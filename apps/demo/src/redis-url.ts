import { variable, type Variable, withoutPassword } from './variable.ts'

export interface HostAndPort {
  readonly host: string
  readonly port: number
}

interface Access {
  readonly username?: string
  readonly password?: string
}

/** Where logins, feed and attempts are kept for many nodes. */
export type RedisUrl =
  | ({ readonly kind: 'single'; readonly db: number; readonly tls: boolean } & HostAndPort & Access)
  | ({ readonly kind: 'cluster'; readonly nodes: readonly HostAndPort[] } & Access)
  | ({
      readonly kind: 'sentinel'
      readonly sentinels: readonly HostAndPort[]
      readonly name: string
    } & Access)

export function redisUrl(name: string): Variable<RedisUrl | undefined> {
  return variable<RedisUrl, undefined>(name, undefined, {
    rule:
      'must be redis://<host>:<port> (rediss:// with TLS), redis-cluster://<host>:<port>,… or ' +
      'redis-sentinel://<host>:<port>,…/<name>, with <user>:<password>@ in front where it is needed',
    parse,
    show: withoutPassword
  })
}

const PORTS = { redis: 6379, rediss: 6379, 'redis-cluster': 6379, 'redis-sentinel': 26_379 } as const

const SHAPE = /^(rediss?|redis-cluster|redis-sentinel):\/\/(?:([^@/]*)@)?([^@/]+)(?:\/([^/?#]*))?$/

function parse(text: string): RedisUrl | undefined {
  const [, scheme, userinfo, hosts = '', path = ''] = SHAPE.exec(text) ?? []
  if (scheme === undefined) return undefined
  const servers = hosts.split(',').map((item) => serverOf(item, PORTS[scheme as keyof typeof PORTS]))
  const access = accessOf(userinfo)
  if (access === undefined || !servers.every((server) => server !== undefined)) return undefined
  switch (scheme) {
    case 'redis-cluster':
      return path === '' ? { kind: 'cluster', nodes: servers, ...access } : undefined
    case 'redis-sentinel':
      return /^[\w.-]+$/.test(path)
        ? { kind: 'sentinel', sentinels: servers, name: path, ...access }
        : undefined
    default:
      return singleOf(servers, path, scheme === 'rediss', access)
  }
}

function singleOf(
  [server, ...more]: readonly HostAndPort[],
  path: string,
  tls: boolean,
  access: Access
): RedisUrl | undefined {
  if (server === undefined || more.length > 0 || !/^\d{0,5}$/.test(path)) return undefined
  return { kind: 'single', ...server, db: Number(path), tls, ...access }
}

function serverOf(text: string, defaultPort: number): HostAndPort | undefined {
  const [, v6, name, port = String(defaultPort)] =
    /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text.trim()) ?? []
  const host = v6 ?? name
  return host === undefined || Number(port) < 1 || Number(port) > 65_535
    ? undefined
    : { host, port: Number(port) }
}

function accessOf(userinfo: string | undefined): Access | undefined {
  if (userinfo === undefined) return {}
  const [, username = '', password = ''] = /^([^:]*)(?::(.*))?$/.exec(userinfo) ?? []
  try {
    return {
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) })
    }
  } catch {
    return undefined
  }
}
