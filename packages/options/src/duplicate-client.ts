/** The part of an ioredis client that is used here: this package depends on ioredis for neither code nor types. */
export interface AnyClient {
  readonly isCluster: boolean
  readonly options: object
  duplicate(...options: never[]): unknown
}

type Settings = Readonly<Record<string, unknown>>

interface ClusterOptions {
  readonly redisOptions?: Settings
}

/** What decides on the error of a command: `defaults` rejects the command, the others send it again. */
interface ErrorHandlers {
  defaults(): void
}

interface RedirectedClient {
  handleError(error: Error, ttl: object, handlers: ErrorHandlers): void
}

/** Address and authentication of the server: the only settings that are copied from the application's client. */
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
  // Part of the address: it separates services that share a server, and an ACL may require it.
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
 * All other settings, each set explicitly: a setting that suits the application, such as a `commandTimeout` of 200 ms,
 * would break a connection that blocks until entries arrive. Undefined means the default of ioredis.
 */
const OWN_SETTINGS: Settings = {
  // Connecting and reconnecting.
  lazyConnect: false,
  connectTimeout: 500,
  // A server that hangs accepts connections and never closes one.
  disconnectTimeout: 250,
  keepAlive: 5000,
  noDelay: true,
  enableReadyCheck: true,
  maxLoadingRetryTime: undefined,
  retryStrategy: (attempt: number) => Math.min(20 * 2 ** Math.min(attempt - 1, 6), 1000) + Math.random() * 50,
  // Replies of a server that is no longer, or not yet, the primary.
  reconnectOnError: (error: Error) => /^(READONLY|UNBLOCKED|LOADING|MASTERDOWN)/.test(error.message),
  connectionName: 'drawbridge',
  // Fewer commands, so that the ACL of its user can be stricter.
  disableClientInfo: true,
  clientInfoTag: undefined,
  // A command gets its reply or fails, and is never sent twice.
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
  // Formats of the replies that this code parses.
  protocol: 3,
  replyMapping: 'legacy',
  stringNumbers: false,
  monitor: false,
  showFriendlyErrorStack: false,
  scripts: undefined,
  himportFieldsets: undefined,
  // Always the primary: the data of a replica may be older than a revocation.
  readOnly: false,
  role: 'master',
  preferredSlaves: undefined,
  failoverDetector: false,
  sentinelReconnectStrategy: undefined
}

/** As {@link OWN_SETTINGS}, for settings that only a Cluster client has. */
const OWN_CLUSTER_SETTINGS: Settings = {
  lazyConnect: false,
  scaleReads: 'master',
  enableReadyCheck: true,
  clusterRetryStrategy: (attempt: number) => Math.min(50 * attempt, 500),
  // The next refresh of the slots replaces a lost node.
  clusterNodeRetryStrategy: null,
  maxRedirections: undefined,
  // With a delay, commands in flight when a connection closes would be sent again, though they may have been executed.
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
 * Creates a client of ioredis for the same server or servers as the application's client, which is not used otherwise.
 *
 * @param overrides settings in which this connection differs from the other connections of these packages.
 */
export function duplicateClient<C extends AnyClient>(client: C, overrides: Settings): C {
  const settings = { ...OWN_SETTINGS, ...overrides }
  const duplicate = client.duplicate.bind(client) as (...options: readonly unknown[]) => C
  if (!client.isCluster)
    return settings.enableReadyCheck ? requirePrimary(duplicate(settings)) : duplicate(settings)
  const { enableOfflineQueue, enableAutoPipelining, ...ofNodes } = settings
  // ioredis below 6 would leave out those of the application's client, such as its password.
  const redisOptions = { ...(client.options as ClusterOptions).redisOptions, ...ofNodes }
  const own = duplicate([], {
    ...OWN_CLUSTER_SETTINGS,
    enableOfflineQueue,
    enableAutoPipelining,
    redisOptions
  })
  return rejectInvalidRedirects(own)
}

/**
 * Makes the client reconnect instead of becoming ready while the server is a replica, since a host name may resolve to
 * a different server each time. ioredis calls this method of its connector with the reply to INFO of each new
 * connection.
 */
function requirePrimary<C extends AnyClient>(client: C): C {
  const { connector } = client as unknown as {
    readonly connector: { check(info: { readonly role?: string }): boolean }
  }
  connector.check = ({ role = 'master' }) => role === 'master'
  return client
}

/**
 * A redirect of a node: to a slot, which is a number, and an address. ioredis below 6 uses any text as the name of the
 * slot, and so `MOVED __proto__` would write to the prototype of all arrays of the process (redis/ioredis#2151).
 */
const REDIRECT = /^(?:MOVED|ASK) (0|[1-9]\d{0,4}) \S*:\d+$/
const SLOTS = 16_384

function isInvalidRedirect(message: string): boolean {
  const [, slot] = REDIRECT.exec(message) ?? []
  return /^(?:MOVED|ASK)\b/.test(message) && !(Number(slot) < SLOTS)
}

/** Makes the client of a Cluster reject a command whose reply is an invalid redirect, instead of following it. */
function rejectInvalidRedirects<C extends AnyClient>(client: C): C {
  const redirected = client as unknown as RedirectedClient
  const handleError = redirected.handleError.bind(client)
  redirected.handleError = (error, ttl, handlers) =>
    isInvalidRedirect(error.message) ? handlers.defaults() : handleError(error, ttl, handlers)
  return client
}

/** The names of all settings above, for a test that compares them with those of ioredis. */
export const knownSettings: ReadonlySet<string> = new Set([
  ...INHERITED_SETTINGS,
  ...Object.keys(OWN_SETTINGS)
])
