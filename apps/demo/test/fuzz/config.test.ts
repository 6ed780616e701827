import fc from 'fast-check'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { type Config, ConfigError, readConfig, variableNames } from '../../src/config.ts'
import { makeDataDir } from '../start-demo.ts'
import { fuzz } from './fuzz.ts'

const SECRET = 'canary-of-the-root-secret-0123456789'
const PASSWORD = 'canary-of-a-database'

const whole = fc.oneof(
  fc.integer({ min: -10, max: 100_000 }).map(String),
  fc.constantFrom(
    '0',
    '1',
    '00',
    '-1',
    '+1',
    '1e3',
    '0x10',
    '1.5',
    ' 7 ',
    '99999999999',
    'NaN',
    'Infinity',
    '١',
    '1 0'
  )
)
const WORDS =
  'true false production development test trace silent single quorum fenced ask-store fail-closed EdDSA HS256 none ' +
  'loopback 10.0.0.0/8 10.0.0.0/33 ::1 127.0.0.1 localhost'
const word = fc.constantFrom(...WORDS.split(' '))
const url = fc.oneof(
  fc.constantFrom('https://app.example', 'redis://localhost', 'sqlite:', 'postgres://', 'redis'),
  fc
    .tuple(
      fc.constantFrom(
        'redis',
        'rediss',
        'redis-cluster',
        'redis-sentinel',
        'postgres',
        'postgresql',
        'sqlite',
        'mysql'
      ),
      fc.constantFrom('://', ':', '//'),
      fc.constantFrom('', `user:${PASSWORD}@`, `:${PASSWORD}@`, `user:${PASSWORD}%zz@`),
      fc.constantFrom(
        'localhost',
        'localhost:1',
        'h:99999',
        'a,b:1',
        '[::1]:1',
        '',
        'h:',
        'h:-1',
        `h?password=${PASSWORD}`
      ),
      fc.constantFrom('', '/', '/0', '/main', '/99999999', '/a/b')
    )
    .map((parts) => parts.join(''))
)
const secret = fc.constantFrom(
  SECRET,
  `${SECRET},${SECRET}2`,
  SECRET.slice(0, 20),
  `${SECRET},short-canary`,
  'canary'.repeat(20).slice(0, 7)
)
const anything = fc.oneof(
  { weight: 3, arbitrary: whole },
  { weight: 2, arbitrary: word },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'https://app.example',
      'https://app.example/',
      'http://a,http://b',
      'null',
      'HTTPS://A'
    )
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', '\0', ',', ';', '__proto__', 'x'.repeat(300)) }
)
const URLS = ['DATABASE_URL', 'REDIS_URL']
const names = [...variableNames].filter((name) => name !== 'DRAWBRIDGE_SECRET' && !URLS.includes(name))
const setting = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...names), anything) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...URLS), fc.oneof(url, anything)) }
)
const environment = fc.tuple(
  fc.array(setting, { maxLength: 5 }).map((settings): Record<string, string> => Object.fromEntries(settings)),
  fc.option(secret),
  fc.dictionary(
    fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('DRAWBRIDGE_SECRETS', 'DRAWBRIDGE_', 'PORTS')),
    anything,
    {
      maxKeys: 2,
      noNullPrototype: true
    }
  )
)

function read(env: Readonly<Record<string, string>>): Config | string {
  try {
    return readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

/** Variables that are invalid by themselves; the message must name all of them. */
function wrongAlone(env: Readonly<Record<string, string>>): readonly string[] {
  const rest = { DRAWBRIDGE_SECRET: SECRET, TOKEN_KEYS: 'keys.json', REDIS_URL: 'redis-cluster://localhost' }
  const year = '31536000'
  const limits = {
    SESSION_ABSOLUTE_TIMEOUT_SECONDS: year,
    REFRESH_ABSOLUTE_TIMEOUT_SECONDS: year,
    UV_THREADPOOL_SIZE: '1024'
  }
  const least = {
    SESSION_IDLE_TIMEOUT_SECONDS: '0',
    REFRESH_IDLE_TIMEOUT_SECONDS: '2',
    ACCESS_TOKEN_TTL_SECONDS: '1'
  }
  return Object.entries(env)
    .filter(([name, value]) => {
      const outcome = read({ ...rest, ...limits, ...least, [name]: value })
      // A contradiction of two variables is reported only where nothing else is wrong.
      return typeof outcome === 'string' && !/ above [A-Z_]+_SECONDS| where MIGRATE_FROM is/.test(outcome)
    })
    .map(([name]) => name)
}

t.test(
  'any environment is a configuration, or an error that names the invalid variables without a secret',
  async (t) => {
    let accepted = 0
    await fuzz(t, {
      inputs: 5000,
      input: environment,
      check: ([known, root, others]) => {
        const env = { ...known, ...(root !== null && { DRAWBRIDGE_SECRET: root }), ...others }
        const outcome = read(env)
        if (typeof outcome === 'string') {
          const isNamed = wrongAlone(env).every((name) => outcome.includes(name))
          const isOfKnown = [...variableNames, ...Object.keys(others)].some((name) =>
            outcome.startsWith(name)
          )
          if (!isNamed || !isOfKnown) throw new Error(`does not name the invalid variables: ${outcome}`)
          if (/canary/.test(outcome)) throw new Error(`reveals a secret: ${outcome}`)
          if (/[\r\n]/.test(outcome)) throw new Error(`more than one line: ${outcome}`)
        } else {
          accepted += 1
          if (!Object.isFrozen(outcome)) throw new Error('is not frozen')
          if (Object.values(outcome).some((value) => value !== value))
            throw new Error('has a value that is not a number')
          if (wrongAlone(env).length > 0)
            throw new Error(`accepts invalid variables: ${wrongAlone(env).join()}`)
        }
      }
    })
    t.ok(accepted > 50, `${accepted} were configurations`)
  }
)

const edge = (name: string, min: number, max: number) =>
  fc.constantFrom(min, max).map((value) => [name, String(value)] as const)

t.test('the service starts with every accepted configuration', async (t) => {
  const DATA_DIR = await makeDataDir(t)
  const base = {
    NODE_ENV: 'production',
    DRAWBRIDGE_SECRET: SECRET,
    LOG_LEVEL: 'silent',
    DATA_DIR,
    DATABASE_URL: `sqlite:${join(DATA_DIR, 'fuzz.db')}`
  }
  const year = 31_536_000
  const edges = fc.tuple(
    edge('SESSION_IDLE_TIMEOUT_SECONDS', 0, 43_200),
    edge('SESSION_ABSOLUTE_TIMEOUT_SECONDS', 43_200, year),
    edge('ACCESS_TOKEN_TTL_SECONDS', 1, 3600),
    edge('REFRESH_IDLE_TIMEOUT_SECONDS', 3601, 86_400),
    edge('REFRESH_ABSOLUTE_TIMEOUT_SECONDS', 86_400, year),
    edge('REFRESH_GRACE_SECONDS', 0, 300),
    edge('TOUCH_INTERVAL_SECONDS', 1, 3600),
    edge('SERVE_STALE_FOR_SECONDS', 0, 86_340),
    edge('LOGIN_ATTEMPTS_PER_ACCOUNT', 1, 100),
    edge('LOGIN_ATTEMPTS_PER_ADDRESS', 1, 1_000_000),
    edge('LOGIN_WINDOW_SECONDS', 1, 86_400),
    edge('HASHING_CONCURRENCY', 1, 3),
    edge('HASHING_QUEUE', 0, 100_000),
    fc
      .constantFrom('EdDSA', 'ES256', 'ES512', 'HS256', 'HS512')
      .map((value) => ['TOKEN_ALGORITHM', value] as const),
    fc
      .string({
        minLength: 1,
        maxLength: 200,
        unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code))
      })
      .map((value) => ['ISSUER', value] as const)
  )
  await fuzz(t, {
    inputs: 20,
    input: edges,
    check: async (settings) => {
      const app = await buildApp(readConfig({ ...base, ...Object.fromEntries(settings) }))
      try {
        const response = await app.inject('/health/ready')
        if (response.statusCode !== 200) throw new Error(response.body)
      } finally {
        await app.close()
      }
    }
  })
})
