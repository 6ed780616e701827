import type { Measurements } from './measurements.ts'
import { difference, ratio, type Spread, toSpread } from './spread.ts'

/** A figure with a target, mostly a ratio or a difference of two rows measured in the same rounds. */
export interface Figure {
  readonly id: string
  readonly text: string
  readonly bound: 'at most' | 'at least'
  readonly limit: number
  readonly compute: (measured: Measurements) => readonly number[] | undefined
}

export interface FigureResult extends Pick<Figure, 'id' | 'text' | 'bound' | 'limit'> {
  readonly value: Spread
  readonly isReached: boolean
}

type Values = readonly number[] | undefined

const ratioIfBoth = (a: Values, b: Values) => (a === undefined || b === undefined ? undefined : ratio(a, b))
const added = (row: string, peer: string) => (measured: Measurements) =>
  ratioIfBoth(measured.added(row), measured.added(peer))
const cpu = (row: string, other: string) => (measured: Measurements) =>
  ratioIfBoth(measured.cpu(row), measured.cpu(other))
const extra = (guard: string, other: string) => (measured: Measurements) => {
  const [a, b] = [measured.found(`guard-${guard}`), measured.found(`guard-${other}`)]
  return a === undefined || b === undefined ? undefined : difference(a, b)
}
const atMost = (limit: number) => ({ bound: 'at most', limit }) as const
const atLeast = (limit: number) => ({ bound: 'at least', limit }) as const

export const figures: readonly Figure[] = [
  {
    id: 'session-warm',
    text: 'session guard, warm: added CPU / that of @fastify/session (memory, rolling off)',
    ...atMost(0.12),
    compute: added('session-guard', 'fastify-session')
  },
  {
    id: 'token-warm-hs256',
    text: 'token guard, warm, HS256: added CPU / that of jwtVerify with HS256',
    ...atMost(0.2),
    compute: added('token-guard-hs256', 'fastify-jwt-hs256')
  },
  {
    id: 'token-warm-eddsa',
    text: 'token guard, warm, EdDSA: added CPU / that of jwtVerify with HS256',
    ...atMost(0.2),
    compute: added('token-guard-eddsa', 'fastify-jwt-hs256')
  },
  {
    id: 'session-better-auth',
    text: 'session guard, warm: added CPU / that of better-auth getSession',
    ...atMost(0.03),
    compute: added('session-guard', 'better-auth')
  },
  {
    id: 'token-better-auth',
    text: 'token guard, warm, EdDSA: added CPU / that of better-auth getSession',
    ...atMost(0.03),
    compute: added('token-guard-eddsa', 'better-auth')
  },
  {
    id: 'session-pace',
    text: 'requests/s of a route with the session guard / the bare route',
    ...atLeast(0.85),
    compute: (measured) => measured.pace('session-guard')
  },
  {
    id: 'token-pace',
    text: 'requests/s of a route with the token guard (EdDSA) / the bare route',
    ...atLeast(0.85),
    compute: (measured) => measured.pace('token-guard-eddsa')
  },
  {
    id: 'bridge-session',
    text: 'guard of the bridge, by session, warm: µs of a call above one of the session guard',
    ...atMost(0.1),
    compute: extra('bridge-session', 'session')
  },
  {
    id: 'bridge-token',
    text: 'guard of the bridge, by token, warm: µs of a call above one of the token guard',
    ...atMost(0.1),
    compute: extra('bridge-token', 'token')
  },
  {
    id: 'key-token',
    text: 'key guard, warm: µs of a call above one of the token guard',
    ...atMost(0.1),
    compute: extra('key', 'token')
  },
  {
    id: 'moved-session',
    text: 'session guard, warm, a login of another system that we lead: µs of a call above one of a sign-in here',
    ...atMost(0.1),
    compute: extra('moved', 'moved-native')
  },
  {
    id: 'verifier-token',
    text: 'guard of the verifier, warm: µs of a call above one of the token guard',
    ...atMost(0.1),
    compute: extra('verifier', 'token')
  },
  {
    id: 'telemetry-session',
    text: 'session guard, warm, telemetry started without an SDK: µs of a call above one without telemetry',
    ...atMost(0.05),
    compute: extra('telemetry-session', 'session')
  },
  {
    id: 'telemetry-token',
    text: 'token guard, warm, telemetry started without an SDK: µs of a call above one without telemetry',
    ...atMost(0.05),
    compute: extra('telemetry-token', 'token')
  },
  {
    id: 'connections-session',
    text: 'session guard, warm, 10,000 open connections: µs of a call above one without them',
    ...atMost(0.05),
    compute: extra('connections-session', 'session')
  },
  {
    id: 'connections-token',
    text: 'token guard, warm, 10,000 open connections: µs of a call above one without them',
    ...atMost(0.05),
    compute: extra('connections-token', 'token')
  },
  {
    id: 'token-cold-hs256',
    text: 'token guard, cold, HS256, by itself: CPU / that of jwtVerify with HS256',
    ...atMost(1.1),
    compute: (measured) => ratioIfBoth(measured.found('cold-token'), measured.found('cold-jwt'))
  },
  {
    id: 'token-cold-hs256-cache',
    text: 'the same / jwtVerify with HS256 and its cache on, of as many entries',
    ...atMost(0.9),
    compute: (measured) => ratioIfBoth(measured.found('cold-token'), measured.found('cold-jwtCache'))
  },
  {
    id: 'token-cold-eddsa',
    text: 'token guard, cold, EdDSA: added CPU / that of jwtVerify with EdDSA',
    ...atMost(1.1),
    compute: added('token-guard-cold-eddsa', 'fastify-jwt-eddsa-many')
  },
  {
    id: 'session-cold-redis-plain',
    text: 'session guard without snapshots, cold, Redis: added CPU / that of @fastify/session with Redis (rolling off)',
    ...atMost(0.8),
    compute: added('session-guard-redis-cold-plain', 'fastify-session-redis')
  },
  {
    id: 'session-cold-redis',
    text: 'session guard, cold, Redis: added CPU / that of @fastify/session with Redis (rolling off)',
    ...atMost(1),
    compute: added('session-guard-redis-cold', 'fastify-session-redis')
  },
  {
    id: 'session-cold-redis-rolling',
    text: 'session guard, cold, Redis: added CPU / that of @fastify/session with Redis (its default: rolling on)',
    ...atMost(0.7),
    compute: added('session-guard-redis-cold', 'fastify-session-redis-rolling')
  },
  {
    id: 'session-snapshot',
    text: 'session guard, fresh snapshot, node has not seen it, by itself: CPU / that of jwtVerify with HS256',
    ...atMost(0.8),
    compute: (measured) => ratioIfBoth(measured.found('cold-snapshot'), measured.found('cold-jwt'))
  },
  {
    id: 'session-many',
    text: 'session guard, warm: CPU of a request, 100,000 sessions in rotation / one',
    ...atMost(1.3),
    compute: cpu('session-guard-100000', 'session-guard-1')
  },
  {
    id: 'token-many',
    text: 'token guard, warm: CPU of a request, 100,000 tokens in rotation / one',
    ...atMost(1.3),
    compute: cpu('token-guard-100000', 'token-guard-1')
  },
  {
    id: 'eight-nodes',
    text: 'session guard, warm, one of 8 nodes: CPU of a request with 200 revocations/s / without',
    ...atMost(1.1),
    compute: (measured) =>
      ratioIfBoth(measured.found('eight-nodes-busy'), measured.found('eight-nodes-quiet'))
  },
  {
    id: 'verifier-lag',
    text: 'from the response to a log-out until another service, with the verifier, rejects the token: p99 in ms',
    ...atMost(100),
    compute: (measured) => measured.found('verifier-lag-p99')
  },
  {
    id: 'session-bytes',
    text: 'memory of a node for a cached session, bytes',
    ...atMost(1024),
    compute: (measured) => measured.found('cached-session')
  },
  {
    id: 'token-bytes',
    text: 'memory of a node for a cached token, bytes',
    ...atMost(1024),
    compute: (measured) => measured.found('cached-token')
  },
  {
    id: 'connection-bytes',
    text: 'memory of a node for an open connection that ends with its login, bytes',
    ...atMost(4096),
    compute: (measured) => measured.found('connection-heap')
  },
  {
    id: 'connection-micros',
    text: 'µs of CPU to open such a connection and to close it',
    ...atMost(50),
    compute: (measured) => measured.found('connection-cpu')
  },
  {
    id: 'log-ins',
    text: 'sign-ins/s / requests per second of a bare route that calls argon2 verify',
    ...atLeast(0.97),
    compute: (measured) => ratioIfBoth(measured.found('log-ins'), measured.found('route'))
  },
  {
    id: 'flood',
    text: 'p99 of a guarded route with 200 sign-ins in flight / of a bare route beside the same hashes',
    ...atMost(1.2),
    compute: (measured) =>
      ratioIfBoth(measured.found('p99-flooded'), measured.found('p99-bare-beside-hashes'))
  },
  {
    id: 'redis-session',
    text: 'bytes of Redis for a session',
    ...atMost(700),
    compute: (measured) => measured.found('redis-session-bytes')
  },
  {
    id: 'redis-token',
    text: 'bytes of Redis for a login with tokens that were refreshed once',
    ...atMost(700),
    compute: (measured) => measured.found('redis-token-bytes')
  }
]

/** The figures whose rows and findings were all measured. */
export function toFigureResults(measured: Measurements): FigureResult[] {
  return figures.flatMap(({ compute, ...figure }) => {
    const values = compute(measured)
    return values === undefined ? [] : [toFigureResult(figure, toSpread(values))]
  })
}

function toFigureResult(figure: Omit<Figure, 'compute'>, value: Spread): FigureResult {
  const isReached = figure.bound === 'at most' ? value.median <= figure.limit : value.median >= figure.limit
  return { ...figure, value, isReached }
}
