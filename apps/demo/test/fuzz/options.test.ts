import { expressSession, redisRows } from '@drawbridge/bridge/express-session'
import { flaskSession } from '@drawbridge/bridge/flask'
import { jwt } from '@drawbridge/bridge/jwt'
import { createCredentials, createMemoryUserStore, createKyselyUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryFeed, createMemoryLoginStore } from '@drawbridge/logins'
import { createRedisFeed, createRedisLoginStore, createRedisStoreAndFeed } from '@drawbridge/logins/redis'
import { createSqliteLoginStore } from '@drawbridge/logins/sqlite'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import fc from 'fast-check'
import Fastify from 'fastify'
import t from 'tap'
import { fuzz } from './fuzz.ts'

const SECRET = 'canary-of-the-root-secret-0123456789'
const signing = generateSigningKey()
const users = createMemoryUserStore()
const store = createMemoryLoginStore()

const odd = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.anything({
      withBigInt: true,
      withDate: true,
      withNullPrototype: true,
      withSparseArray: true,
      withMap: true,
      withSet: true,
      maxDepth: 2
    })
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      0,
      -1,
      1,
      1.5,
      NaN,
      Infinity,
      60,
      900,
      1e9,
      2 ** 53,
      '60',
      '15m',
      '',
      true,
      false,
      null
    )
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      Symbol('odd'),
      () => {},
      () => 1,
      new Proxy({}, {}),
      Object.create(null),
      10n
    )
  },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(100), ['short'], ['https://app.example'], [[]]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '/a',
      'a',
      '/a/',
      '/:a',
      '/*',
      '//',
      '/a b',
      '/a?b',
      '/.well-known/jwks.json',
      'https://app.example'
    )
  }
)
const words = (text: string): readonly string[] => text.split(' ')

const memberNames = {
  logins: words(
    'touchIntervalSeconds retentionSeconds cacheMaxAgeSeconds cacheMaxEntries maxLoginsPerUser onStale onStoreDown getClaims ' +
      'claimsTimeoutMs onError now monotonicNow store feed'
  ),
  credentials: words('users throttle hashing passwords onError now'),
  session: words(
    'prefix routes forms usernameField getSignInResponse cookie idleTimeoutSeconds absoluteTimeoutSeconds snapshotSeconds trustedOrigins rejectMissingOrigin ' +
      'now credentials logins'
  ),
  token: words(
    'prefix routes usernameField getSignInResponse issuer audience accessTokenTtlSeconds refreshIdleTimeoutSeconds refreshAbsoluteTimeoutSeconds ' +
      'refreshGraceSeconds clockSkewSeconds now keys credentials logins'
  )
} as const
const deeper = fc.constantFrom(
  ...words(
    'attemptsPerAccount windowSeconds maxKeys limiters memoryKiB passes concurrency maxQueued verifiers ' +
      'minLength contextWords login logout jwks page afterSignIn name secure sameSite serveStaleForSeconds nonsense'
  )
)
const value = fc.oneof(
  { weight: 3, arbitrary: odd },
  { weight: 1, arbitrary: fc.dictionary(deeper, odd, { maxKeys: 3 }) }
)

/** A secret in its own option is never in a message, valid or not. */
const secret = fc.constantFrom<unknown>(SECRET, [SECRET], 'canary', ['canary'], [SECRET, 1], [[SECRET]], {
  SECRET
})

const changed = (names: readonly string[]) =>
  fc
    .array(
      fc.oneof(
        { weight: 9, arbitrary: fc.tuple(fc.constantFrom(...names), value) },
        { weight: 1, arbitrary: fc.tuple(fc.string({ maxLength: 6 }), value) },
        { weight: 1, arbitrary: fc.tuple(fc.constant('secret'), secret) }
      ),
      { minLength: 1, maxLength: 3 }
    )
    .map((entries): Record<string, unknown> => Object.fromEntries(entries))

const changes = (names: readonly string[]) =>
  fc.oneof({ weight: 12, arbitrary: changed(names) }, { weight: 1, arbitrary: odd })

/** An object made from options does not change when it is passed elsewhere. */
const isPlain = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' &&
  input !== null &&
  !Array.isArray(input) &&
  Object.getPrototypeOf(input) === Object.prototype

/** The message of the OptionError thrown; null where none is thrown. Rethrows any other error. */
async function catchError(owner: RegExp, make: () => unknown): Promise<string | null> {
  try {
    await make()
    return null
  } catch (error) {
    const { code, name, message } = error as { code?: unknown; name?: unknown; message: string }
    if (code !== 'DRAWBRIDGE_OPTION' || name !== 'OptionError' || !owner.test(message)) throw error
    if (message.includes('canary')) throw new Error(`reveals a secret: ${message}`, { cause: error })
    return message
  }
}

const own = (owner: string) => new RegExp(`^DRAWBRIDGE_OPTION: ${owner}(\\.[^\\n]* | )`)

t.test('createLogins accepts its options or names the invalid one', async (t) => {
  await fuzz(t, {
    inputs: 2500,
    input: changes(memberNames.logins),
    check: async (input) => {
      await catchError(own('logins'), () =>
        createLogins(isPlain(input) ? { store, ...input } : (input as never))
      )
    }
  })
})

t.test('createCredentials accepts its options or names the invalid one', async (t) => {
  await fuzz(t, {
    inputs: 2500,
    input: changes(memberNames.credentials),
    check: async (input) => {
      await catchError(own('credentials'), () =>
        createCredentials(isPlain(input) ? { users, ...input } : (input as never))
      )
    }
  })
})

t.test('stores and the feed accept their options or name the invalid one', async (t) => {
  const make: ReadonlyArray<readonly [string, (input: never) => unknown]> = [
    ['memoryLoginStore', createMemoryLoginStore],
    ['sqliteLoginStore', createSqliteLoginStore],
    ['redisLoginStore', createRedisLoginStore],
    ['redisFeed', createRedisFeed],
    ['memoryFeed', createMemoryFeed],
    ['kyselyUserStore', createKyselyUserStore],
    ['redisStoreAndFeed', createRedisStoreAndFeed],
    ['expressSession', expressSession],
    ['redisRows', redisRows],
    ['flaskSession', flaskSession],
    ['jwt', jwt]
  ]
  const names = words(
    'now database redis prefix commandTimeoutMs onError mode maxStalenessMs db onEvent maxEntries table columns idType profile ' +
      'store cookie rolling timeoutMs algorithm key jwksUri weakSecret userIdClaim loginClaim userIdField salt'
  )
  await fuzz(t, {
    inputs: 2000,
    input: fc.tuple(fc.constantFrom(...make), changes(names)),
    check: async ([[owner, create], input]) => {
      await catchError(own(owner), () => create(input as never))
    }
  })
})

t.test('both plugins accept their options or name the invalid one', async (t) => {
  const logins = createLogins({ store, closeWithApp: false })
  const credentials = createCredentials({ users })
  const good = { credentials, logins, secret: SECRET }
  const plugins = fc.oneof(
    changes(memberNames.session).map(
      (input) => ['sessionAuth', sessionAuth, { ...good, ...(input as object) }] as const
    ),
    changes(memberNames.token).map(
      (input) => ['tokenAuth', tokenAuth, { ...good, keys: [signing], ...(input as object) }] as const
    )
  )
  await fuzz(t, {
    inputs: 400,
    input: plugins,
    check: async ([owner, plugin, { ...options }]) => {
      const app = Fastify()
      try {
        await catchError(own(owner), async () => {
          await app.register(plugin as never, options as never)
          await app.ready()
        })
      } finally {
        await app.close()
      }
    }
  })
})

t.test('a key ring is accepted as a whole, or the invalid key is named without its contents', async (t) => {
  const member = fc.constantFrom(
    'kty',
    'crv',
    'x',
    'y',
    'd',
    'n',
    'e',
    'k',
    'kid',
    'alg',
    'use',
    'key_ops',
    'p',
    'q'
  )
  const material = fc.oneof(
    odd,
    fc.base64String(),
    fc.constantFrom('EdDSA', 'ES256', 'HS256', 'RS256', 'OKP', 'EC', 'oct', 'sig', 'enc', 'P-256')
  )
  const bases = [signing, generateSigningKey('ES256'), generateSigningKey('HS256')]
  const key = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(...bases), fc.dictionary(member, material, { minKeys: 1, maxKeys: 2 }))
        .map(([base, changed]) => ({ ...base, ...changed }))
    },
    { weight: 1, arbitrary: fc.constantFrom(...bases) },
    { weight: 1, arbitrary: odd }
  )
  const ring = fc.oneof(
    fc.array(key, { maxLength: 3 }),
    fc.sparseArray(key, { maxNumElements: 3, maxLength: 5 }),
    odd
  )
  const [logins, credentials] = [
    createLogins({ store, closeWithApp: false }),
    createCredentials({ users, closeWithApp: false })
  ]
  const findSecrets = bases.map(({ d, k }) => d ?? k ?? '').filter((text) => text !== '')
  await fuzz(t, {
    inputs: 300,
    input: fc.tuple(ring, fc.boolean()),
    check: async ([keys, isSet]) => {
      const app = Fastify()
      try {
        const error = await catchError(/^DRAWBRIDGE_OPTION: tokenAuth\.keys/, async () => {
          await app.register(tokenAuth, { credentials, logins, keys: (isSet ? { keys } : keys) as never })
          await app.ready()
        })
        if (findSecrets.some((text) => error?.includes(text))) throw new Error(`reveals a key: ${error}`)
      } finally {
        await app.close()
      }
    }
  })
})
