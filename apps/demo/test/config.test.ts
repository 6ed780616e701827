import t, { type Test } from 'tap'
import { type Config, ConfigError, readConfig, variableNames } from '../src/config.ts'

const long = 'a root secret that is long enough to be one'
const other = 'another root secret for those who rotate them'

const wrong: ReadonlyArray<readonly [name: string, value: string]> = [
  ['PORT', '80a'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '3000.5'],
  ['HOST', 'not a host'],
  ['HOST', 'http://127.0.0.1'],
  ['LOG_LEVEL', 'loud'],
  ['NODE_ENV', 'staging'],
  ['DATA_DIR', 'a\0b'],
  ['AUDIT_LOG', 'a\0b'],
  ['DRAWBRIDGE_SECRET', 'too-short-a-secret'],
  ['DRAWBRIDGE_SECRET', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
  ['DRAWBRIDGE_SECRET', `${long},too-short-a-secret`],
  ['DATABASE_URL', 'mysql://user:too-short-a-secret@localhost/db'],
  ['DATABASE_URL', 'sqlite:'],
  ['DATABASE_URL', 'postgres://'],
  ['DATABASE_URL', 'too-short-a-secret'],
  ['REDIS_URL', 'too-short-a-secret'],
  ['REDIS_URL', 'http://user:too-short-a-secret@127.0.0.1:6379'],
  ['REDIS_URL', 'redis://'],
  ['REDIS_URL', 'redis://:too-short-a-secret@127.0.0.1:65536'],
  ['REDIS_URL', 'redis://:too-short-a-secret@127.0.0.1:6379,127.0.0.1:6380'],
  ['REDIS_URL', 'redis://:too-short-a-secret@127.0.0.1/users'],
  ['REDIS_URL', 'redis://:too-short-a-secret@127.0.0.1?family=5'],
  ['REDIS_URL', 'rediss-sentinel://:too-short-a-secret@127.0.0.1/main/users'],
  ['REDIS_URL', 'redis-cluster://127.0.0.1:7101,'],
  ['REDIS_URL', 'redis-cluster://127.0.0.1:7101/0'],
  ['REDIS_URL', 'redis-sentinel://127.0.0.1:26379'],
  ['FEED_MODE', 'naive'],
  ['MAX_STALENESS_MS', '50'],
  ['REDIS_TIMEOUT_MS', '5'],
  ['ON_STALE', 'open'],
  ['SERVE_STALE_FOR_SECONDS', '-1'],
  ['TRUSTED_ORIGINS', 'https://app.example/path'],
  ['TRUSTED_ORIGINS', 'https://app.example,'],
  ['TRUSTED_ORIGINS', 'HTTPS://APP.EXAMPLE'],
  ['TRUSTED_ORIGINS', '*'],
  ['TRUSTED_ORIGINS', 'https://*.preview.shop.test'],
  ['TRUSTED_ORIGINS', 'file://x'],
  ['NODES', '127.0.0.1:3000'],
  ['TRUST_PROXY', 'yes'],
  ['TRUST_PROXY', '1'],
  ['TRUST_PROXY', '10.0.0.0/33'],
  ['TRUST_PROXY', '10.0.0.1,proxy.example'],
  ['COOKIE_NAME', 'a name'],
  ['COOKIE_NAME', '__Host-shop'],
  ['CACHE_MAX_ENTRIES', '1'],
  ['ISSUER', 'a\tb'],
  ['AUDIENCE', 'x'.repeat(201)],
  ['TOKEN_ALGORITHM', 'none'],
  ['TOKEN_KEYS', 'a\0b'],
  ['SESSION_IDLE_TIMEOUT_SECONDS', '30m'],
  ['SESSION_ABSOLUTE_TIMEOUT_SECONDS', '0'],
  ['TOUCH_INTERVAL_SECONDS', '0'],
  ['TOUCH_INTERVAL_SECONDS', '3601'],
  ['ACCESS_TOKEN_TTL_SECONDS', '3601'],
  ['CLOCK_SKEW_SECONDS', '61'],
  ['REFRESH_IDLE_TIMEOUT_SECONDS', '-5'],
  ['REFRESH_ABSOLUTE_TIMEOUT_SECONDS', '1e3'],
  ['REFRESH_GRACE_SECONDS', '301'],
  ['LOGIN_ATTEMPTS_PER_ACCOUNT', '101'],
  ['LOGIN_ATTEMPTS_PER_ADDRESS', 'Infinity'],
  ['LOGIN_WINDOW_SECONDS', '0x10'],
  ['REGISTRATION', 'closed'],
  ['HASHING_CONCURRENCY', '0'],
  ['UV_THREADPOOL_SIZE', 'many'],
  ['HASHING_QUEUE', 'none'],
  ['METRICS_PORT', '65536'],
  ['METRICS_HOST', 'a host'],
  ['MIGRATE_FROM', 'laravel'],
  ['MIGRATE_SECRET', 'too-short-a-secret,'],
  ['MIGRATE_REDIS_URL', 'http://user:too-short-a-secret@127.0.0.1:6379'],
  ['MIGRATE_USER_FIELD', 'passport..user'],
  ['MIGRATE_ACCEPT_UNTIL', 'in a month'],
  ['MIGRATE_ACCEPT_UNTIL', '2027-02-31T25:00:00Z'],
  ['OPERATORS', 'ada,']
]

for (const [name, value] of wrong) {
  t.test(`${name}=${JSON.stringify(value)} is rejected by name`, async (t) => {
    const { message } = readError(t, { [name]: value })
    t.ok(message.startsWith(`${name} must`), message)
    t.notOk(message.includes('too-short-a-secret'), 'without a secret')
    t.notOk(message.includes('\n'), 'on one line')
  })
}

t.test('an error contains the invalid text', async (t) => {
  t.equal(readError(t, { PORT: '80a' }).message, 'PORT must be a whole number from 0 to 65535, got "80a"')
})

t.test('all invalid variables are reported at once', async (t) => {
  const { message } = readError(t, { PORT: 'x', HASHING_QUEUE: 'y', DRAWBRIDGE_SECERT: 'z' })
  for (const name of ['PORT', 'HASHING_QUEUE', 'DRAWBRIDGE_SECERT']) t.match(message, name)
})

t.test('a misspelt DRAWBRIDGE_ variable is rejected, without its value', async (t) => {
  const { message } = readError(t, { DRAWBRIDGE_SECRETS: 'canary' })
  t.equal(message, 'DRAWBRIDGE_SECRETS is not a variable of this program')
})

t.test('production needs a secret', async (t) => {
  t.match(readError(t, { NODE_ENV: 'production' }).message, 'DRAWBRIDGE_SECRET must be set')
  t.match(
    readError(t, { NODE_ENV: 'production', DRAWBRIDGE_SECRET: '' }).message,
    'DRAWBRIDGE_SECRET must be set'
  )
  t.ok(readConfig({ NODE_ENV: 'production', DRAWBRIDGE_SECRET: long }).isProduction)
})

t.test('NODES is for development', async (t) => {
  const nodes = 'http://127.0.0.1:3000,http://127.0.0.1:3001'
  t.same(readConfig({ NODES: nodes }).nodes, nodes.split(','))
  t.match(
    readError(t, { NODE_ENV: 'production', DRAWBRIDGE_SECRET: long, NODES: nodes }).message,
    /^NODES must not be set where NODE_ENV is production/
  )
})

t.test('an idle timeout within which an access token does not expire is rejected', async (t) => {
  t.match(
    readError(t, { SESSION_IDLE_TIMEOUT_SECONDS: '600' }).message,
    'SESSION_IDLE_TIMEOUT_SECONDS (600) must be 0 or above ACCESS_TOKEN_TTL_SECONDS (600)'
  )
  t.match(
    readError(t, { REFRESH_IDLE_TIMEOUT_SECONDS: '60', ACCESS_TOKEN_TTL_SECONDS: '60' }).message,
    'REFRESH_IDLE_TIMEOUT_SECONDS (60) must be above ACCESS_TOKEN_TTL_SECONDS (60)'
  )
  t.equal(readConfig({ SESSION_IDLE_TIMEOUT_SECONDS: '0' }).sessionIdleTimeoutSeconds, 0)
  t.equal(readConfig({ SESSION_IDLE_TIMEOUT_SECONDS: '601' }).sessionIdleTimeoutSeconds, 601)
})

t.test('an idle timeout above the absolute one is rejected', async (t) => {
  t.match(
    readError(t, { SESSION_ABSOLUTE_TIMEOUT_SECONDS: '60' }).message,
    /SESSION_IDLE_TIMEOUT_SECONDS \(1800\).*SESSION_ABSOLUTE/
  )
  t.match(
    readError(t, { REFRESH_ABSOLUTE_TIMEOUT_SECONDS: '60' }).message,
    /REFRESH_IDLE_TIMEOUT_SECONDS.*REFRESH_ABSOLUTE/
  )
})

t.test('an empty environment gives the defaults', async (t) => {
  const config = readConfig({})
  t.match(config, {
    port: 3000,
    host: '127.0.0.1',
    logLevel: 'info',
    isProduction: false,
    secret: undefined,
    trustProxy: false,
    trustedOrigins: [],
    tokenAlgorithm: 'EdDSA',
    sessionIdleTimeoutSeconds: 1800,
    sessionAbsoluteTimeoutSeconds: 43_200,
    touchIntervalSeconds: 60,
    accessTokenTtlSeconds: 600,
    refreshIdleTimeoutSeconds: 1_209_600,
    refreshAbsoluteTimeoutSeconds: 2_592_000,
    refreshGraceSeconds: 10
  } satisfies Partial<Config>)
  t.match(config.dataDir, /apps\/demo\/\.data$/)
  t.same(config.database, { kind: 'sqlite', path: `${config.dataDir}/users.db` })
  t.ok(Object.isFrozen(config))
})

t.test('an empty variable counts as absent', async (t) => {
  t.equal(readConfig({ PORT: '', REDIS_URL: ' ' }).port, 3000)
})

t.test('lists are split at commas', async (t) => {
  const config = readConfig({
    DRAWBRIDGE_SECRET: `${long}, ${other}`,
    TRUSTED_ORIGINS: 'https://app.example,http://localhost:8080,capacitor://localhost',
    TRUST_PROXY: 'loopback, 10.0.0.0/8, fd00::/8, 192.0.2.7'
  })
  t.same(config.secret, [long, other])
  t.same(config.trustedOrigins, ['https://app.example', 'http://localhost:8080', 'capacitor://localhost'])
  t.same(config.trustProxy, ['loopback', '10.0.0.0/8', 'fd00::/8', '192.0.2.7'])
  t.equal(readConfig({ TRUST_PROXY: 'true' }).trustProxy, true)
})

t.test('a database is a SQLite file or a Postgres database', async (t) => {
  t.same(readConfig({ DATABASE_URL: 'sqlite:/tmp/u.db' }).database, { kind: 'sqlite', path: '/tmp/u.db' })
  const url = 'postgres://user:password@db.example/users'
  t.same(readConfig({ DATABASE_URL: url }).database, { kind: 'postgres', url })
})

t.test('a Redis is one server, a Cluster or a primary behind sentinels', async (t) => {
  const redis = (REDIS_URL: string) => readConfig({ REDIS_URL }).redis
  const one = { kind: 'single', host: 'redis.example', port: 6379, db: 0, tls: false }
  t.same(redis('redis://redis.example'), one)
  t.same(redis('rediss://redis.example:6380/2'), { ...one, port: 6380, db: 2, tls: true })
  t.same(redis('redis://:p%40ss@redis.example'), { ...one, password: 'p@ss' })
  t.same(redis('redis://me:a:b@[::1]:7000'), {
    ...one,
    host: '::1',
    port: 7000,
    username: 'me',
    password: 'a:b'
  })
  t.same(redis('redis-cluster://me:pw@a:7101, b:7102'), {
    kind: 'cluster',
    tls: false,
    nodes: [
      { host: 'a', port: 7101 },
      { host: 'b', port: 7102 }
    ],
    username: 'me',
    password: 'pw'
  })
  t.same(redis('redis-sentinel://a,b:26380/main'), {
    kind: 'sentinel',
    tls: false,
    db: 0,
    sentinels: [
      { host: 'a', port: 26_379 },
      { host: 'b', port: 26_380 }
    ],
    name: 'main'
  })
})

t.test('T16: REDIS_URL in the forms of other tools: TLS for all kinds, any password, any case', async (t) => {
  const redis = (REDIS_URL: string) => readConfig({ REDIS_URL }).redis
  t.match(redis('REDISS://redis.example'), { kind: 'single', tls: true })
  t.match(redis('redis://:p@ss/w%rd?#@redis.example:7000/1'), {
    host: 'redis.example',
    port: 7000,
    db: 1,
    password: 'p@ss/w%rd?#'
  })
  t.match(redis('redis://:a%2Fb%@redis.example'), { password: 'a%2Fb%' })
  t.match(redis('redis://redis.example?family=6'), { family: 6 })
  t.equal(Object.hasOwn(redis('redis://redis.example/0?family=0') as object, 'family'), false)
  t.match(redis('rediss-cluster://a:1,b:2'), { kind: 'cluster', tls: true })
  t.match(redis('Rediss-Sentinel://u:p@a,b/main/3?family=4'), {
    kind: 'sentinel',
    tls: true,
    name: 'main',
    db: 3,
    username: 'u',
    password: 'p',
    family: 4
  })
  t.throws(() => redis('redis://a?tls=true'), {
    message: /^REDIS_URL must be redis:.* rediss instead of redis for TLS.* no query but \?family=4 or 6/
  })
})

t.test('a feed mode needs its servers', async (t) => {
  const REDIS_URL = 'redis://127.0.0.1'
  t.match(readError(t, { FEED_MODE: 'fenced' }).message, /^FEED_MODE fenced needs a REDIS_URL$/)
  t.match(readError(t, { FEED_MODE: 'quorum', REDIS_URL }).message, /^FEED_MODE quorum .*redis-cluster/)
  t.equal(readConfig({ FEED_MODE: 'fenced', REDIS_URL }).feedMode, 'fenced')
  t.equal(readConfig({ FEED_MODE: 'quorum', REDIS_URL: 'redis-cluster://a:1' }).feedMode, 'quorum')
})

t.test('several nodes in production need shared keys', async (t) => {
  const env = { NODE_ENV: 'production', DRAWBRIDGE_SECRET: long, REDIS_URL: 'redis://127.0.0.1' }
  t.match(readError(t, env).message, /^TOKEN_KEYS must be set/)
  t.ok(readConfig({ ...env, TOKEN_KEYS: '/etc/keys.json' }))
})

t.test(
  'T41: as many concurrent hashes as libuv has threads are rejected, and the default is fewer',
  async (t) => {
    t.match(
      readError(t, { HASHING_CONCURRENCY: '4' }).message,
      /^HASHING_CONCURRENCY \(4\) must be below UV_THREADPOOL_SIZE \(4\)/
    )
    t.equal(readConfig({ HASHING_CONCURRENCY: '3' }).hashingConcurrency, 3)
    t.equal(readConfig({ HASHING_CONCURRENCY: '1', UV_THREADPOOL_SIZE: '1' }).hashingConcurrency, 1)
    t.equal(readConfig({ HASHING_CONCURRENCY: '5', UV_THREADPOOL_SIZE: '8' }).hashingConcurrency, 5)
    t.ok(readConfig({}).hashingConcurrency < 4)
    t.equal(readConfig({ UV_THREADPOOL_SIZE: '1' }).hashingConcurrency, 1)
  }
)

t.test('S28: a cookie of another name is bound to the host in production', async (t) => {
  t.equal(readConfig({ COOKIE_NAME: 'shop' }).cookieName, 'shop')
  const production = { NODE_ENV: 'production', DRAWBRIDGE_SECRET: long }
  t.equal(readConfig({ ...production, COOKIE_NAME: 'shop' }).cookieName, '__Host-shop')
  t.equal(readConfig(production).cookieName, '__Host-drawbridge')
})

t.test('each variable has an invalid value in this file', async (t) => {
  t.same(new Set(wrong.map(([name]) => name)), variableNames)
})

function readError(t: Test, environment: Record<string, string>): ConfigError {
  try {
    readConfig(environment)
  } catch (error) {
    t.type(error, ConfigError)
    return error as ConfigError
  }
  throw new Error('the configuration was accepted')
}

t.test('the variables of a migration belong together', async (t) => {
  const from = (system: string, more: Record<string, string> = {}) => ({ MIGRATE_FROM: system, ...more })
  const secret = { MIGRATE_SECRET: 'of any length' }
  const redis = { MIGRATE_REDIS_URL: 'redis://127.0.0.1:6379' }
  for (const [environment, message] of [
    [secret, /^MIGRATE_SECRET must be set only where MIGRATE_FROM is/],
    [{ MIGRATE_USER_FIELD: 'name' }, /^MIGRATE_USER_FIELD must be set only where MIGRATE_FROM is/],
    [from('flask'), /^MIGRATE_SECRET must be set where MIGRATE_FROM is flask$/],
    [from('express', secret), /^MIGRATE_REDIS_URL must be set/],
    [
      from('flask', { ...secret, ...redis }),
      /^MIGRATE_REDIS_URL must be set where MIGRATE_FROM is express, and only/
    ],
    [from('hs256', secret), /^MIGRATE_ACCEPT_UNTIL must be set/]
  ] as const)
    t.match(readError(t, environment).message, message)
  const config = readConfig(
    from('hs256', { ...secret, MIGRATE_ACCEPT_UNTIL: '2027-02-01', OPERATORS: 'ada, bob' })
  )
  t.match(config, {
    migrateFrom: 'hs256',
    migrateSecret: ['of any length'],
    migrateAcceptUntil: new Date('2027-02-01T00:00:00Z'),
    operators: ['ada', 'bob']
  })
  t.match(readConfig(from('express', { ...secret, ...redis, MIGRATE_USER_FIELD: 'a.b' })), {
    migrateUserField: ['a', 'b']
  })
})
