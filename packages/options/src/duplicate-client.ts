/** What of a client of ioredis is used here: this package has no ioredis, not even its types. */
interface AnyClient {
  readonly isCluster: boolean
  readonly options: object
  duplicate(...options: never[]): unknown
}

type Settings = Readonly<Record<string, unknown>>

/** Where the server is and how to get in: all that a connection of ours has from the client of the application. */
const INHERITED_SETTINGS = [
  'host',
  'port',
  'path',
  'family',
  'tls',
  'username',
  'password',
  'db',
  'natMap',
  'Connector',
  // A part of the address: services that share a server are kept apart by it, and an ACL may name it.
  'keyPrefix',
  'sentinels',
  'name',
  'sentinelUsername',
  'sentinelPassword',
  'sentinelTLS',
  'enableTLSForSentinelMode',
  'sentinelCommandTimeout',
  'sentinelRetryStrategy',
  'sentinelMaxConnections',
  'updateSentinels'
] as const

/**
 * Everything else, each set on purpose: a setting that is good for the application, as a `commandTimeout` of 200 ms, would
 * break a connection of ours that waits for entries. Undefined is the default of ioredis.
 */
const OWN_SETTINGS: Settings = {
  // How it is made, and made anew.
  lazyConnect: false,
  connectTimeout: 500,
  // A server that hangs takes connections and never closes one.
  disconnectTimeout: 250,
  keepAlive: 5000,
  noDelay: true,
  enableReadyCheck: true,
  maxLoadingRetryTime: undefined,
  retryStrategy: (attempt: number) => Math.min(20 * 2 ** Math.min(attempt - 1, 6), 1000) + Math.random() * 50,
  // Of a server that is the primary no more, or not yet.
  reconnectOnError: (error: Error) => /^(READONLY|UNBLOCKED|LOADING|MASTERDOWN)/.test(error.message),
  connectionName: 'drawbridge',
  // The less it asks for, the less its user must be let do.
  disableClientInfo: true,
  clientInfoTag: undefined,
  // What is sent is answered in time or not at all, and never sent twice.
  commandTimeout: undefined,
  socketTimeout: undefined,
  blockingTimeout: undefined,
  blockingTimeoutGrace: undefined,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  offlineQueue: undefined,
  commandQueue: undefined,
  enableAutoPipelining: false,
  autoPipeliningIgnoredCommands: [],
  autoResubscribe: false,
  // Replies in the shapes that are read here.
  protocol: 3,
  replyMapping: 'legacy',
  stringNumbers: false,
  monitor: false,
  showFriendlyErrorStack: false,
  scripts: undefined,
  himportFieldsets: undefined,
  // Always of the primary: what a replica says may be older than a revocation.
  readOnly: false,
  role: 'master',
  preferredSlaves: undefined,
  failoverDetector: false,
  sentinelReconnectStrategy: undefined
}

/** As OURS, for what only a client of a Cluster has. */
const OWN_CLUSTER_SETTINGS: Settings = {
  lazyConnect: false,
  scaleReads: 'master',
  enableReadyCheck: true,
  clusterRetryStrategy: (attempt: number) => Math.min(50 * attempt, 500),
  // A node that is lost is left to the next look at the slots.
  clusterNodeRetryStrategy: null,
  maxRedirections: undefined,
  // With a delay, what was under way when a connection closed is sent again, though it may have been done.
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: undefined,
  retryDelayOnTryAgain: undefined,
  retryDelayOnMoved: undefined,
  slotsRefreshTimeout: 1000,
  slotsRefreshInterval: undefined,
  shardedSubscribers: false,
  autoPipeliningIgnoredCommands: [],
  showFriendlyErrorStack: false,
  scripts: undefined,
  himportFieldsets: undefined
}

/**
 * A client of our own to the same server or servers as that of the application, which is left alone.
 * @param overrides what this connection has otherwise than the others of ours.
 */
export function duplicateClient<C extends AnyClient>(client: C, overrides: Settings): C {
  const settings = { ...OWN_SETTINGS, ...overrides }
  const duplicate = client.duplicate.bind(client) as (...options: readonly unknown[]) => C
  if (!client.isCluster)
    return settings.enableReadyCheck ? requirePrimary(duplicate(settings)) : duplicate(settings)
  const { enableOfflineQueue, enableAutoPipelining, ...redisOptions } = settings
  return duplicate([], { ...OWN_CLUSTER_SETTINGS, enableOfflineQueue, enableAutoPipelining, redisOptions })
}

/**
 * It is never ready while the server is a replica, but connects again: behind one name there may be another server each time.
 * By what ioredis asks of its connector with what INFO says on a new connection, as it does for sentinels.
 */
function requirePrimary<C extends AnyClient>(client: C): C {
  const { connector } = client as unknown as {
    readonly connector: { check(info: { readonly role?: string }): boolean }
  }
  connector.check = ({ role = 'master' }) => role === 'master'
  return client
}

/** The names of all settings that are decided on here, for a test that holds them against those of ioredis. */
export const knownSettings: ReadonlySet<string> = new Set([
  ...INHERITED_SETTINGS,
  ...Object.keys(OWN_SETTINGS)
])
