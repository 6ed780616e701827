import type { Cluster, Redis } from 'ioredis'
import type { StoreConnection } from './store-connection.ts'
import type { StoreKeys } from './store-keys.ts'

/** How many keys of any kind one step looks at: Redis serves nobody else meanwhile. */
const SCAN_COUNT = 1000

/** A part of all logins that have an adoption. */
export interface ScanPage {
  readonly loginIds: readonly string[]
  readonly cursor: string | null
}

/**
 * Searches all servers for adoptions, one after the other: SCAN knows those of one only. A login may be found twice. Whatever is
 * there throughout is found, unless slots move meanwhile.
 *
 * @param cursor null for the first part.
 */
export async function scanAdoptions(
  connection: StoreConnection,
  keys: StoreKeys,
  cursor: string | null
): Promise<ScanPage> {
  const servers = listServers(connection)
  const { name, at } = parseCursor(cursor)
  // A server that has gone meanwhile has left its place to those after it.
  const server = servers.find((one) => one.name >= name)
  if (server === undefined) return { loginIds: [], cursor: null }
  const from = server.name === name ? at : '0'
  const pattern = keys.adoptionPattern(String(connection.client.options.keyPrefix ?? ''))
  const [next, found] = await connection.run('scan', async () => {
    if (server.redis.status === 'wait') await server.redis.connect()
    return server.redis.scan(from, 'MATCH', pattern, 'COUNT', SCAN_COUNT)
  })
  const loginIds = found.map((key) => key.slice(key.lastIndexOf(':') + 1))
  if (next !== '0') return { loginIds, cursor: `${next} ${server.name}` }
  const following = servers[servers.indexOf(server) + 1]
  return { loginIds, cursor: following === undefined ? null : `0 ${following.name}` }
}

interface Server {
  readonly name: string
  readonly redis: Redis
}

/** Always in the same order. */
function listServers({ client }: StoreConnection): readonly Server[] {
  if (!client.isCluster) return [{ name: '', redis: client as Redis }]
  return (client as Cluster)
    .nodes('master')
    .map((redis) => ({ name: `${redis.options.host}:${redis.options.port}`, redis }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

function parseCursor(cursor: string | null): { readonly name: string; readonly at: string } {
  const [at = '0', name = ''] = cursor?.split(' ') ?? []
  return { name, at }
}
