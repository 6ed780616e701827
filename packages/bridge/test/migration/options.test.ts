import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore, type LoginStore } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { MemoryStore } from 'express-session'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { type MigrationsOptions, migrations } from '../../src/migration/index.ts'
import { expressSession } from '../../src/migration/sources/express-session/index.ts'
import { flaskSession } from '../../src/migration/sources/flask/index.ts'
import { jwt } from '../../src/migration/sources/jwt/index.ts'

const ROOT = 'a root secret for tests, 0123456789'
const store = new MemoryStore() as never
const from = expressSession({ secret: 'the secret of the other system', store })
const userOf = () => null
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)

/** The message of the error at boot; empty for none. */
async function boot(t: Test, options: object, logins: { readonly store?: LoginStore } = {}): Promise<string> {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(sessionAuth, {
    credentials: createCredentials({ users: createMemoryUserStore() }),
    logins: createLogins({ store: createMemoryLoginStore(), ...logins }),
    secret: ROOT
  })
  try {
    await app.register(migrations, options as MigrationsOptions)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

const one = (migration: object) => ({ migrations: [{ name: 'old', from, userOf, ...migration }] })

t.test('what is wrong is an error at boot that names it', async (t) => {
  const weak = flaskSession({ secret: 'short', weakSecret: true, cookie: { secure: false } })
  const forever = jwt({ algorithm: 'HS256', secret: 'a secret of the other system, 0123456789' })
  const cases: readonly (readonly [object, RegExp])[] = [
    [{}, /migrations\.migrations is missing/],
    [{ migrations: [] }, /migrations\.migrations must have one migration or two/],
    [one({ name: 'a name' }), /migrations\.migrations\.0\.name must be a name like "express"/],
    [one({ from: 'cookie' }), /migrations\.migrations\.0\.from/],
    [one({ from: {} }), /migrations\.migrations\.0\.from must be the logins of another system/],
    [one({ userOf: undefined }), /migrations\.migrations\.0\.userOf/],
    [one({ acceptUntl: inDays(1) }), /acceptUntl/],
    [one({ logOut: 'all' }), /logOut must be "credential" or "user"/],
    [one({ throttle: true }), /migrations\.0\.throttle/],
    [
      one({ throttle: { adoptionsPerAddress: 0 } }),
      /throttle\.adoptionsPerAddress must be a whole number from 1 to 1000000/
    ],
    [
      one({ throttle: { windowSeconds: '15m' } }),
      /throttle\.windowSeconds must be a whole number from 1 to 86400, got "15m"/
    ],
    [one({ throttle: { perAddress: 5 } }), /throttle\.perAddress/],
    [one({ onStoreDown: 'open' }), /onStoreDown must be "fail-closed" or \{ serveStaleForSeconds/],
    [one({ onStoreDown: { serveStaleForSeconds: 3601 } }), /onStoreDown/],
    [one({ from: weak }), /acceptUntil must be within 90 days/],
    [one({ from: weak, acceptUntil: inDays(91) }), /acceptUntil must be within 90 days/],
    [one({ from: forever }), /acceptUntil must be the date from which/],
    [one({ from: forever, acceptUntil: inDays(30) }), /"old" needs @drawbridge\/token-auth/],
    [one({ from: { ...from, revoke: undefined } }), /must have isActive and revoke/],
    [one({ from: { ...from, keepsRecord: false } }), /must have neither isActive nor revoke/],
    [
      one({ from: expressSession({ secret: ROOT, store }) }),
      /the secret of "old" must not be a root secret or a key of ours/
    ],
    [
      { migrations: [...one({}).migrations, { name: 'other', from: 'session' }] },
      /sessionAuth takes part in one migration at a time/
    ]
  ]
  for (const [options, message] of cases) t.match(await boot(t, options), message)
  t.equal(await boot(t, one({ from: weak, acceptUntil: inDays(89) })), '')
})

t.test('a store of logins without adoptions is an error at boot', async (t) => {
  const { adoptions: _adoptions, ...plain } = createMemoryLoginStore()
  const methods = Object.fromEntries(
    [
      'insert',
      'find',
      'touch',
      'update',
      'rotate',
      'carry',
      'remove',
      'removeByUser',
      'listByUser',
      'ping'
    ].map((name) => [name, async () => null])
  )
  const bare = { ...plain, ...methods, isShared: false } as unknown as LoginStore
  t.match(await boot(t, one({}), { store: bare }), /store of logins with `adoptions`/)
})

t.test('a limit that the credentials cannot count is an error at boot, and the default none', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  const verify = async () => ({ ok: false, reason: 'invalid-credentials', detail: 'nobody' }) as const
  const logins = createLogins({ store: createMemoryLoginStore() })
  await app.register(sessionAuth, { credentials: { verify }, logins, secret: ROOT })
  await t.rejects(async () => app.register(migrations, one({ throttle: {} }) as MigrationsOptions), {
    message: /the throttle of "old" needs credentials with a createAddressThrottle function/
  })
  for (const throttle of [undefined, false]) {
    const other = Fastify()
    t.teardown(() => other.close())
    await other.register(sessionAuth, {
      credentials: { verify },
      logins: createLogins({ store: createMemoryLoginStore() }),
      secret: ROOT
    })
    await t.resolves(async () => {
      await other.register(migrations, one({ throttle }) as MigrationsOptions)
    })
  }
})
