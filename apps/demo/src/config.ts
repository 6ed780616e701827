import { credentialsDefaults } from '@drawbridge/credentials'
import { join, resolve } from 'node:path'
import { migrationContradictions, migrationVariables } from './migration/config.ts'
import { redisUrl } from './redis-url.ts'
import {
  cookieName,
  type DatabaseUrl,
  databaseUrl,
  hostName,
  oneOf,
  origins,
  path,
  type ParseResult,
  secrets,
  text,
  trustProxy,
  type Variable,
  wholeNumber
} from './variable.ts'

const DEMO = resolve(import.meta.dirname, '..')
const { throttle, hashing } = credentialsDefaults
const ONE_DAY = 86_400
const ONE_YEAR = 365 * ONE_DAY

// prettier-ignore
const ALGORITHMS = [
  'EdDSA', 'ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'HS256', 'HS384', 'HS512'
] as const

/** The whole configuration. Names, defaults and limits; nothing else in the demo reads the environment. */
const variables = {
  port: wholeNumber('PORT', 3000, 0, 65_535),
  host: hostName('HOST', '127.0.0.1'),
  /** Where the metrics are served; undefined for nowhere. */
  metricsPort: wholeNumber('METRICS_PORT', undefined, 0, 65_535),
  metricsHost: hostName('METRICS_HOST', '127.0.0.1'),
  logLevel: oneOf('LOG_LEVEL', 'info', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  mode: oneOf('NODE_ENV', 'development', ['development', 'test', 'production']),
  dataDir: path('DATA_DIR', join(DEMO, '.data')),
  /** Where the audit log is; undefined for the log. */
  auditLog: path('AUDIT_LOG', undefined),
  secret: secrets('DRAWBRIDGE_SECRET'),
  database: databaseUrl('DATABASE_URL'),
  redis: redisUrl('REDIS_URL'),
  feedMode: oneOf('FEED_MODE', 'single', ['single', 'quorum', 'fenced']),
  maxStalenessMs: wholeNumber('MAX_STALENESS_MS', 1000, 100, 60_000),
  redisTimeoutMs: wholeNumber('REDIS_TIMEOUT_MS', 250, 10, 60_000),
  onStale: oneOf('ON_STALE', 'ask-store', ['ask-store', 'fail-closed']),
  serveStaleForSeconds: wholeNumber('SERVE_STALE_FOR_SECONDS', 0, 0, ONE_DAY - 60),
  trustedOrigins: origins('TRUSTED_ORIGINS'),
  trustProxy: trustProxy('TRUST_PROXY'),
  /** Set by `cluster`: the origins of its nodes, in the order of their numbers. */
  nodes: origins('NODES'),
  cookieName: cookieName('COOKIE_NAME', 'drawbridge'),
  issuer: text('ISSUER', 'drawbridge-demo'),
  audience: text('AUDIENCE', 'drawbridge-demo'),
  tokenAlgorithm: oneOf('TOKEN_ALGORITHM', 'EdDSA', ALGORITHMS),
  tokenKeysFile: path('TOKEN_KEYS', undefined),
  sessionIdleTimeoutSeconds: wholeNumber('SESSION_IDLE_TIMEOUT_SECONDS', 1800, 0, ONE_YEAR),
  sessionAbsoluteTimeoutSeconds: wholeNumber('SESSION_ABSOLUTE_TIMEOUT_SECONDS', 43_200, 1, ONE_YEAR),
  touchIntervalSeconds: wholeNumber('TOUCH_INTERVAL_SECONDS', 60, 1, 3600),
  accessTokenTtlSeconds: wholeNumber('ACCESS_TOKEN_TTL_SECONDS', 600, 1, 3600),
  clockSkewSeconds: wholeNumber('CLOCK_SKEW_SECONDS', 5, 0, 60),
  refreshIdleTimeoutSeconds: wholeNumber('REFRESH_IDLE_TIMEOUT_SECONDS', 14 * ONE_DAY, 2, ONE_YEAR),
  refreshAbsoluteTimeoutSeconds: wholeNumber('REFRESH_ABSOLUTE_TIMEOUT_SECONDS', 30 * ONE_DAY, 1, ONE_YEAR),
  refreshGraceSeconds: wholeNumber('REFRESH_GRACE_SECONDS', 10, 0, 300),
  cacheMaxEntries: wholeNumber('CACHE_MAX_ENTRIES', undefined, 2, 10_000_000),
  attemptsPerAccount: wholeNumber('LOGIN_ATTEMPTS_PER_ACCOUNT', throttle.attemptsPerAccount, 1, 100),
  attemptsPerAddress: wholeNumber('LOGIN_ATTEMPTS_PER_ADDRESS', throttle.attemptsPerAddress, 1, 1_000_000),
  attemptsWindowSeconds: wholeNumber('LOGIN_WINDOW_SECONDS', throttle.windowSeconds, 1, ONE_DAY),
  registration: oneOf('REGISTRATION', 'open', ['open', 'verified']),
  hashingConcurrency: wholeNumber('HASHING_CONCURRENCY', undefined, 1, 1023),
  /** Read by libuv, before any of our code runs. */
  threads: wholeNumber('UV_THREADPOOL_SIZE', 4, 1, 1024),
  hashingQueue: wholeNumber('HASHING_QUEUE', hashing.maxQueued, 0, 100_000),
  ...migrationVariables
} as const

export const variableNames: ReadonlySet<string> = new Set(Object.values(variables).map(({ name }) => name))

type Values = {
  readonly [K in keyof typeof variables]: (typeof variables)[K] extends Variable<infer T> ? T : never
}

/** The configuration from the environment, checked and frozen. */
export interface Config extends Omit<Values, 'database' | 'hashingConcurrency' | 'cookieName'> {
  readonly isProduction: boolean
  readonly database: DatabaseUrl
  readonly hashingConcurrency: number
  /** In production with the prefix `__Host-`, which makes browsers bind the cookie to the host. */
  readonly cookieName: string
}

export type Environment = Readonly<Record<string, string | undefined>>

/** The configuration is invalid. The message names each invalid variable, on one line and without secrets. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('; '))
    this.name = 'ConfigError'
  }
}

/** Reads the whole environment. @throws {@link ConfigError} that names every invalid variable. */
export function readConfig(environment: Environment): Config {
  const problems = [...unknownNames(environment)]
  const values: Record<string, unknown> = {}
  for (const [key, variable] of Object.entries<Variable<unknown>>(variables)) {
    const result: ParseResult<unknown> = variable.read(environment[variable.name])
    if (result.ok) values[key] = result.value
    else problems.push(result.problem)
  }
  if (problems.length === 0) problems.push(...contradictions(values as Values))
  if (problems.length > 0) throw new ConfigError(problems)
  return withDefaults(values as Values)
}

/** A misspelt name would leave in force a default that was meant to change. */
function unknownNames(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('DRAWBRIDGE_') && !variableNames.has(name))
    .map((name) => `${name} is not a variable of this program`)
}

function* contradictions(values: Values): Generator<string> {
  if (values.mode === 'production' && values.secret === undefined) {
    yield 'DRAWBRIDGE_SECRET must be set where NODE_ENV is production'
  }
  if (values.mode === 'production' && values.redis !== undefined && values.tokenKeysFile === undefined) {
    yield 'TOKEN_KEYS must be set where NODE_ENV is production and REDIS_URL is set: all nodes need the same keys'
  }
  if (values.mode === 'production' && values.nodes.length > 0) {
    yield 'NODES must not be set where NODE_ENV is production: it lets a page of one node ask the others'
  }
  yield* feedContradictions(values)
  yield* migrationContradictions(values)
  if (values.sessionIdleTimeoutSeconds > values.sessionAbsoluteTimeoutSeconds) {
    yield `SESSION_IDLE_TIMEOUT_SECONDS (${values.sessionIdleTimeoutSeconds}) must not be above SESSION_ABSOLUTE_TIMEOUT_SECONDS (${values.sessionAbsoluteTimeoutSeconds})`
  }
  yield* idleContradictions(values)
  if ((values.hashingConcurrency ?? 1) > Math.max(1, values.threads - 1)) {
    yield `HASHING_CONCURRENCY (${values.hashingConcurrency}) must be below UV_THREADPOOL_SIZE (${values.threads}): files and DNS would wait for hashes`
  }
  if (values.refreshIdleTimeoutSeconds > values.refreshAbsoluteTimeoutSeconds) {
    yield `REFRESH_IDLE_TIMEOUT_SECONDS (${values.refreshIdleTimeoutSeconds}) must not be above REFRESH_ABSOLUTE_TIMEOUT_SECONDS (${values.refreshAbsoluteTimeoutSeconds})`
  }
}

/** An access token ends with its login: a client that asks for the next one when it has expired would be logged out. */
function* idleContradictions(values: Values): Generator<string> {
  const ttl = values.accessTokenTtlSeconds
  if (values.sessionIdleTimeoutSeconds !== 0 && values.sessionIdleTimeoutSeconds <= ttl) {
    yield `SESSION_IDLE_TIMEOUT_SECONDS (${values.sessionIdleTimeoutSeconds}) must be 0 or above ACCESS_TOKEN_TTL_SECONDS (${ttl})`
  }
  if (values.refreshIdleTimeoutSeconds <= ttl) {
    yield `REFRESH_IDLE_TIMEOUT_SECONDS (${values.refreshIdleTimeoutSeconds}) must be above ACCESS_TOKEN_TTL_SECONDS (${ttl})`
  }
}

function* feedContradictions({ feedMode, redis }: Values): Generator<string> {
  if (feedMode !== 'single' && redis === undefined) yield `FEED_MODE ${feedMode} needs a REDIS_URL`
  else if (feedMode === 'quorum' && redis?.kind !== 'cluster') {
    yield 'FEED_MODE quorum needs a REDIS_URL of redis-cluster://: its three logs are on three servers'
  }
}

function withDefaults({ database, ...values }: Values): Config {
  const dataDir = resolve(values.dataDir)
  const isProduction = values.mode === 'production'
  return Object.freeze({
    ...values,
    dataDir,
    isProduction,
    cookieName: isProduction ? `__Host-${values.cookieName}` : values.cookieName,
    hashingConcurrency:
      values.hashingConcurrency ?? Math.max(1, Math.min(hashing.concurrency, values.threads - 1)),
    database: database ?? { kind: 'sqlite' as const, path: join(dataDir, 'users.db') }
  })
}
