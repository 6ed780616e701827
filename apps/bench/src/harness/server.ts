import type { SigningKey } from '@drawbridge/token-auth'

/** The requests to a server: identical except for one text, of which there are one or many, used in turn. */
export interface Requests {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** The place of that text: a header, or the body, which is JSON. */
  readonly place: 'authorization' | 'cookie' | 'body'
  readonly values: readonly string[]
}

/** A server under test, started by a scenario. */
export interface Server {
  readonly url: string
  readonly requests: Requests
  /** Further methods that the run may call. */
  readonly methods?: Readonly<Record<string, (argument: never) => Promise<unknown>>>
}

/** Settings of a scenario. Each reads those that concern it. */
export interface Setting {
  readonly algorithm?: 'HS256' | 'EdDSA' | 'ES256'
  /** The key shared by several nodes. Default: a new one. */
  readonly signingKey?: SigningKey
  /** Number of different active credentials that the requests present in turn. */
  readonly credentials?: number
  readonly cacheMaxEntries?: number
  readonly touchIntervalSeconds?: number
  readonly store?: 'memory' | 'sqlite' | 'redis'
  readonly redisUrl?: string
  readonly prefix?: string
  /** For peers that have one. */
  readonly cache?: boolean
  readonly rolling?: boolean
  /** Requests have a snapshot, and the node has not seen the session. */
  readonly snapshot?: boolean
  /** False: no response has one. */
  readonly snapshots?: boolean
  /** `false`: the plugin is registered, and the route has no guard. */
  readonly guarded?: boolean
  /** The guard is that of the bridge, with both plugins registered. */
  readonly bridged?: boolean
  /** How many nodes without requests the process stands for. */
  readonly followers?: number
  readonly operation?: 'refresh' | 'log-out' | 'log-in'
  /** Creates users who can sign in, besides the credentials presented. */
  readonly hasUsers?: boolean
}

export type Scenario = (setting: Setting) => Promise<Server>

/** The resource usage of a server process since its start. */
export interface Usage {
  /** User and system time of all its threads, including garbage collection, µs. */
  readonly cpuMicros: number
  readonly rssBytes: number
  /** V8's heap and external memory, bytes. */
  readonly heapBytes: number
}

/** The message about a server that has started. */
export interface Ready {
  readonly url: string
  readonly requests: Omit<Requests, 'values'> & {
    /** One value per line. */
    readonly file: string
    readonly count: number
    /** Length of the first value. */
    readonly bytes: number
  }
}
