import type { SigningKey } from '@drawbridge/token-auth'

/** What the requests to a server look like: alike but for one text, of which there are one or many, shown in turn. */
export interface Requests {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Where they differ: a header, or the body, which is JSON. */
  readonly place: 'authorization' | 'cookie' | 'body'
  readonly values: readonly string[]
}

/** A server under test, as a scenario starts it. */
export interface Server {
  readonly url: string
  readonly requests: Requests
  /** What else the run may ask of it. */
  readonly methods?: Readonly<Record<string, (argument: never) => Promise<unknown>>>
}

/** What a scenario may be told. Each reads what concerns it. */
export interface Setting {
  readonly algorithm?: 'HS256' | 'EdDSA' | 'ES256'
  /** Of several nodes that know each other's tokens. Default: one of its own. */
  readonly signingKey?: SigningKey
  /** How many different live credentials the requests show in turn. */
  readonly credentials?: number
  readonly cacheMaxEntries?: number
  readonly store?: 'memory' | 'sqlite' | 'redis'
  readonly redisUrl?: string
  readonly prefix?: string
  /** Of peers that have one. */
  readonly cache?: boolean
  readonly rolling?: boolean
  /** Requests carry a snapshot, and the node has not seen the session. */
  readonly snapshot?: boolean
  /** `false`: the plugin is registered, and the route has no guard. */
  readonly guarded?: boolean
  readonly operation?: 'refresh' | 'log-out' | 'log-in'
  /** There are users to log in beside what is shown. */
  readonly hasUsers?: boolean
}

export type Scenario = (setting: Setting) => Promise<Server>

/** What a server process says of itself since it began. */
export interface Usage {
  /** User and system time of all its threads, garbage collection included, µs. */
  readonly cpuMicros: number
  readonly rssBytes: number
  /** V8's heap and what it holds outside, bytes. */
  readonly heapBytes: number
}

/** As the run is told of a server that has started. */
export interface Ready {
  readonly url: string
  readonly requests: Omit<Requests, 'values'> & {
    /** One value a line. */
    readonly file: string
    readonly count: number
    /** Of the first value. */
    readonly bytes: number
  }
}
