/** One metric. Names, units and attributes follow OpenTelemetry's semantic conventions. */
export interface MetricDefinition {
  readonly name: string
  /** The last three are read when the metrics are collected, and cost nothing before that. */
  readonly kind: 'counter' | 'histogram' | 'observed counter' | 'observed up-down counter' | 'observed gauge'
  /** As UCUM writes it; `{…}` is what is counted. Empty for what is 1 or 0. */
  readonly unit: string
  readonly attributes: readonly string[]
  readonly description: string
  /** Of a histogram. */
  readonly boundaries?: readonly number[]
}

/** Of waiting in one node and in the network, s. */
const SHORT = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const

/** Every metric of this package. */
export const metrics = {
  revocationLag: {
    name: 'drawbridge.revocation.lag',
    kind: 'histogram',
    unit: 's',
    attributes: ['drawbridge.feed.log'],
    description:
      'From when a revocation was appended to the feed until this node has heard it, by the clock of the server',
    boundaries: SHORT
  },
  feedFresh: {
    name: 'drawbridge.feed.fresh',
    kind: 'observed gauge',
    unit: '',
    attributes: [],
    description: '1 while this node may use its cache, 0 while it is stale'
  },
  leaseAge: {
    name: 'drawbridge.feed.lease.age',
    kind: 'observed gauge',
    unit: 's',
    attributes: [],
    description: 'Since this node last had proof that it knows every revocation; absent before the first one'
  },
  clockOffset: {
    name: 'drawbridge.feed.clock.offset',
    kind: 'observed gauge',
    unit: 's',
    attributes: [],
    description: 'How far the clock of the feed is ahead of that of this node'
  },
  feedResets: {
    name: 'drawbridge.feed.resets',
    kind: 'observed counter',
    unit: '{reset}',
    attributes: ['drawbridge.reset.reason'],
    description: 'How often this node has stopped to trust a log of the feed, and has read it again'
  },
  feedErrors: {
    name: 'drawbridge.feed.errors',
    kind: 'counter',
    unit: '{error}',
    attributes: ['drawbridge.feed.log'],
    description: 'How often a log could not be read or written'
  },
  revocationListSize: {
    name: 'drawbridge.revocation_list.size',
    kind: 'observed up-down counter',
    unit: '{login}',
    attributes: [],
    description: 'Logins that this node knows to be revoked'
  },
  secretsDiffer: {
    name: 'drawbridge.secrets.differ',
    kind: 'observed gauge',
    unit: '',
    attributes: [],
    description: '1 while nodes of the same store have different root secrets, otherwise 0'
  },
  cacheSize: {
    name: 'drawbridge.cache.size',
    kind: 'observed up-down counter',
    unit: '{credential}',
    attributes: [],
    description: 'Verified credentials in the caches of this node'
  },
  cacheLookups: {
    name: 'drawbridge.cache.lookups',
    kind: 'observed counter',
    unit: '{lookup}',
    attributes: ['drawbridge.cache.result'],
    description: 'Look-ups of credentials in the caches of this node; all but hits are misses'
  },
  storeAsks: {
    name: 'drawbridge.store.asks',
    kind: 'observed counter',
    unit: '{request}',
    attributes: ['drawbridge.store.ask.reason'],
    description: 'Guarded requests for which the store was asked about the credential'
  },
  storeDuration: {
    name: 'drawbridge.store.duration',
    kind: 'histogram',
    unit: 's',
    attributes: ['drawbridge.store.operation', 'error.type'],
    description: 'How long the store of logins took to reply',
    boundaries: SHORT
  },
  signIns: {
    name: 'drawbridge.sign_ins',
    kind: 'counter',
    unit: '{attempt}',
    attributes: ['drawbridge.outcome'],
    description: 'Attempts to sign in, by their outcome'
  },
  refreshes: {
    name: 'drawbridge.refreshes',
    kind: 'counter',
    unit: '{refresh}',
    attributes: ['drawbridge.outcome'],
    description: 'Refresh tokens of active logins that were presented; all others are among the rejections'
  },
  rejections: {
    name: 'drawbridge.rejections',
    kind: 'counter',
    unit: '{request}',
    attributes: ['drawbridge.rejection.reason', 'drawbridge.carrier'],
    description: 'Requests that presented a credential and were rejected'
  },
  loginsCreated: {
    name: 'drawbridge.logins.created',
    kind: 'counter',
    unit: '{login}',
    attributes: ['drawbridge.carrier'],
    description: 'Logins that this node has created, those of keys included'
  },
  loginsRevoked: {
    name: 'drawbridge.logins.revoked',
    kind: 'counter',
    unit: '{login}',
    attributes: ['drawbridge.revoked.by'],
    description: 'Logins that this node has revoked'
  },
  loginsExpired: {
    name: 'drawbridge.logins.expired',
    kind: 'counter',
    unit: '{login}',
    attributes: ['drawbridge.expiry.limit'],
    description: 'Logins that this node has seen expire'
  },
  hashingRunning: {
    name: 'drawbridge.hashing.running',
    kind: 'observed up-down counter',
    unit: '{task}',
    attributes: [],
    description: 'Passwords that are being hashed or compared'
  },
  hashingWaiting: {
    name: 'drawbridge.hashing.waiting',
    kind: 'observed up-down counter',
    unit: '{task}',
    attributes: [],
    description: 'Passwords that wait for their turn'
  },
  hashingRejected: {
    name: 'drawbridge.hashing.rejected',
    kind: 'observed counter',
    unit: '{task}',
    attributes: [],
    description: 'Passwords for which the queue had no place'
  },
  hashingDuration: {
    name: 'drawbridge.hashing.duration',
    kind: 'histogram',
    unit: 's',
    attributes: ['drawbridge.hashing.operation', 'error.type'],
    description: 'How long it took to hash or compare a password, without the time in the queue',
    boundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
  },
  migrationCounts: {
    name: 'drawbridge.migration.counts',
    kind: 'counter',
    unit: '{event}',
    attributes: ['drawbridge.migration.name', 'drawbridge.migration.phase', 'drawbridge.migration.count'],
    description: 'What a migration from another system has counted'
  }
} as const satisfies Readonly<Record<string, MetricDefinition>>

export type MetricName = keyof typeof metrics

/** The metrics of some kinds. */
export type NameOf<Kind extends MetricDefinition['kind']> = {
  [Name in MetricName]: (typeof metrics)[Name]['kind'] extends Kind ? Name : never
}[MetricName]
