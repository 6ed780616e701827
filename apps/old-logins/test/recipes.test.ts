// Every recipe of docs/migration/recipes.md, as its block has it, on a credential that the real program made.
import { createHash, createHmac, generateKeyPairSync, hkdfSync } from 'node:crypto'
import type { OldLogin, OldRows } from '@drawbridge/bridge/old-logins'
import { oldLoginsCases, type OldLoginsSubject } from '@drawbridge/bridge/testing'
import {
  type ForeignLogin,
  headersOf,
  listForeignLogins,
  madeAt,
  readForeignLogin,
  testOfForeignLogins
} from '@drawbridge/test-support/foreign-logins'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { Redis } from 'ioredis'
import { EncryptJWT, SignJWT } from 'jose'
import t from 'tap'
import { loadRecipes, type Recipe } from './load-recipes.ts'

type Old = Pick<OldLogin, 'userId'> & Partial<OldLogin>
type Subject = Omit<OldLoginsSubject, 'genuine' | 'close'> & Partial<OldLoginsSubject>

interface RecipeTest {
  /** What the real program made. */
  readonly fixture: string
  readonly old: Old
  readonly isSigned?: true
  readonly make: (recipe: Recipe, fixture: ForeignLogin, now: () => number) => Subject | Promise<Subject>
}

const recipes = await loadRecipes()

/** Records in memory, by their keys; `down` when they cannot be reached. */
function memoryRows<Row>(entries: Readonly<Record<string, Row>>) {
  const stored = new Map(Object.entries(entries))
  let isDown = false
  const ask = async <T>(work: () => T) => {
    if (isDown) throw new Error('connection lost')
    return work()
  }
  const rows: OldRows<Row> = {
    find: (key) => ask(() => stored.get(key) ?? null),
    remove: (key) => ask(() => stored.delete(key))
  }
  return { rows, breakStore: () => void (isDown = true) }
}

const table = (key: string, row: unknown) => memoryRows({ [key]: row })
const secretOf = ({ secrets }: ForeignLogin, name: string) => secrets[name] as unknown as string
const storeOf = ({ store }: ForeignLogin) => store as NonNullable<ForeignLogin['store']>
const at = (text: string) => Date.parse(text)

/** For a library that reads the time by itself. @returns gives the clock back. */
function setWallClock(now: () => number): () => Promise<void> {
  const { now: readClock } = Date
  Date.now = now
  return async () => void (Date.now = readClock)
}

/** The interface of a store of express-session. */
function sessionStore(rows: OldRows<unknown>) {
  const callback = (promise: Promise<unknown>, done: (error: unknown, row?: unknown) => void) =>
    void promise.then((row) => done(null, row), done)
  return {
    get: (sid: string, done: () => void) => callback(rows.find(sid), done),
    destroy: (sid: string, done: () => void) => callback(rows.remove(sid), done)
  }
}

const server = skipWithoutRedis === false ? await startRedis() : null
t.teardown(() => server?.stop())

/** A client of a Redis that has nothing but this. */
async function withRedis(recipe: Recipe, fill: (redis: Redis) => Promise<unknown>, now?: () => number) {
  const redis = new Redis({ port: server?.port ?? 0, host: '127.0.0.1', maxRetriesPerRequest: 0 })
  redis.on('error', () => {})
  await redis.flushall()
  await fill(redis)
  return {
    logins: await recipe(redis, now),
    breakStore: () => redis.disconnect(),
    close: async () => redis.disconnect()
  }
}

const DJANGO_USER = 'pbkdf2_sha256$260000$XfzHDqHvm7GljWxkdgZ30j$gE9huu9y0WwGcPSHvEGdBs4Nw9+5uDCm1x30R/MO2rs='

function djangoDatabase(fixture: ForeignLogin, password: string | null) {
  const { row } = storeOf(fixture)
  const { rows, breakStore } = table(fixture.credential.value, row)
  const db = {
    findSession: (key: string) => rows.find(key),
    removeSession: (key: string) => rows.remove(key),
    findPassword: async (userId: string) => (userId === '42' ? password : null)
  }
  return { db, breakStore }
}

const TESTS: Readonly<Record<string, RecipeTest>> = {
  fastifySession: {
    fixture: 'fastify-session',
    old: { userId: '42', key: 'vk7m8MJXiQ0-mjDbOji03kxWV0cbFWSf', expiresAt: at('2026-11-26T12:27:16.484Z') },
    isSigned: true,
    make: async (recipe, fixture, now) => {
      const { key, value } = storeOf(fixture)
      const { rows, breakStore } = table(key, JSON.parse(value))
      return { logins: await recipe(secretOf(fixture, 'list'), sessionStore(rows), now), breakStore }
    }
  },
  fastifySecureSession: {
    fixture: 'fastify-secure-session',
    old: { userId: '42', issuedAt: null, expiresAt: null },
    make: async (recipe, fixture, now) => ({
      logins: await recipe({ key: Buffer.from(secretOf(fixture, 'keyHex'), 'hex') }),
      close: setWallClock(now)
    })
  },
  koaSession: {
    fixture: 'koa-session-store',
    old: {
      userId: '42',
      key: 'c8eff480-7eb0-411c-9f7f-97fbab881c91',
      issuedAt: 1795692436543,
      expiresAt: 1795778836543
    },
    isSigned: true,
    make: async (recipe, fixture, now) => {
      const { key, value } = storeOf(fixture)
      const { rows, breakStore } = table(key, JSON.parse(value))
      const store = { get: (id: string) => rows.find(id), destroy: (id: string) => rows.remove(id) }
      return { logins: await recipe(secretOf(fixture, 'keys'), store, now), breakStore }
    }
  },
  cookieSession: {
    fixture: 'cookie-session',
    old: { userId: '42', key: null, issuedAt: null, expiresAt: null },
    make: async (recipe, fixture) => ({ logins: await recipe(secretOf(fixture, 'keys')) })
  },
  ironSession: {
    fixture: 'iron-session',
    old: { userId: '42', issuedAt: null, expiresAt: 1796902036155 },
    make: async (recipe, fixture, now) => ({ logins: await recipe(secretOf(fixture, 'password'), now) })
  },
  authJsToken: {
    fixture: 'authjs-v5-jwe',
    old: {
      userId: '42',
      username: 'Ada',
      key: '4ed6c33f-6ead-47b9-a849-052199b8d232',
      issuedAt: 1795692436000,
      expiresAt: 1798284436000
    },
    make: async (recipe, fixture, now) => ({
      logins: await recipe(secretOf(fixture, 'secret'), fixture.credential.name, 5, now)
    })
  },
  authJsDatabase: {
    fixture: 'authjs-v5-database',
    old: { userId: '42', key: '6eb98c69-2aee-4f6f-8e14-a3db1ef2dcc9', expiresAt: 1798284436790 },
    make: async (recipe, fixture, now) => {
      const { rows, breakStore } = table(fixture.credential.value, storeOf(fixture).row)
      return { logins: await recipe(rows, now), breakStore }
    }
  },
  lucia: {
    fixture: 'lucia-v3',
    old: { userId: 'u42', key: 'ay6rhhavvghpw67pfekrnm5gwp3saapfg5bnnecg', expiresAt: 1798284437835 },
    make: async (recipe, fixture, now) => {
      const { userId, expiresAt } = storeOf(fixture).row
      const { rows, breakStore } = table(fixture.credential.value, { user_id: userId, expires_at: expiresAt })
      return { logins: await recipe(rows, now), breakStore }
    }
  },
  betterAuth: {
    fixture: 'better-auth-database',
    old: {
      userId: 'WWybaK4poawnCjbA7gUwxm62Jald8FW4',
      key: 'Ran9L6k3vIDwlP8byKRAVPnT4BwlywbE',
      issuedAt: at('2026-11-26T11:27:17.636Z'),
      expiresAt: 1796297237636
    },
    isSigned: true,
    make: async (recipe, fixture, now) => {
      const { row } = storeOf(fixture)
      const { rows, breakStore } = table(String(row.token), row)
      return { logins: await recipe(secretOf(fixture, 'secret'), rows, now), breakStore }
    }
  },
  flaskSessionStore: {
    fixture: 'flask-session-redis-msgpack',
    old: { userId: 'user', key: 'F3xT0fCAFEbabe-Fixture_Sid0123456789abcdefghi' },
    make: (recipe, fixture) => {
      const { key, valueBase64 } = storeOf(fixture)
      return withRedis(recipe, (redis) => redis.set(key, Buffer.from(valueBase64, 'base64')))
    }
  },
  djangoDatabase: {
    fixture: 'django-session-db',
    old: {
      userId: '42',
      key: '635gtw6jx1prtqb93ubz6sdk36srunn5',
      issuedAt: 1795692565000,
      expiresAt: at('2026-12-10T11:29:25.964142+00:00')
    },
    make: async (recipe, fixture, now) => {
      const { db, breakStore } = djangoDatabase(fixture, DJANGO_USER)
      return { logins: await recipe(secretOf(fixture, 'SECRET_KEY'), db, now), breakStore }
    }
  },
  rails: {
    fixture: 'rails-encrypted-cookie',
    old: {
      userId: '42',
      key: '9175eae23aa23ccbdb71cc13ae653bb2',
      secret: '9175eae23aa23ccbdb71cc13ae653bb2',
      expiresAt: null
    },
    make: async (recipe, fixture, now) => ({
      logins: await recipe(secretOf(fixture, 'secret_key_base'), fixture.credential.name, 'sha1', now)
    })
  },
  laravel: {
    fixture: 'laravel-session',
    old: { userId: '42', key: 'HYKCKg7OrDIEl8R4Oj2VwUK3EdmBrnOv3hI1HEay' },
    isSigned: true,
    make: async (recipe, fixture) => {
      const { key, value } = storeOf(fixture)
      const { rows, breakStore } = table(key, value)
      return { logins: await recipe(secretOf(fixture, 'APP_KEY'), rows), breakStore }
    }
  },
  phpSession: {
    fixture: 'php-session-redis-php-serialize',
    old: { userId: '42', key: 'vhmttkgl87ua60ob6bgb9k12m2' },
    make: (recipe, fixture) => {
      const { key, value } = storeOf(fixture)
      return withRedis(recipe, (redis) => redis.set(key, value))
    }
  },
  springSession: {
    fixture: 'spring-session-redis',
    old: {
      userId: 'ada',
      username: 'ada',
      key: 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6',
      issuedAt: 1795692633431,
      expiresAt: 1795694433431
    },
    make: (recipe, fixture, now) => {
      const { key, fieldsHex } = storeOf(fixture)
      const fields = Object.entries(fieldsHex).map(([name, hex]) => [name, Buffer.from(hex, 'hex')] as const)
      return withRedis(recipe, (redis) => redis.hset(key, new Map(fields)), now)
    }
  },
  simpleJwt: {
    fixture: 'simplejwt',
    old: {
      userId: '42',
      key: '1783f0359f6a4e52bf05fef7503a146e',
      issuedAt: 1795692565000,
      expiresAt: 1795778965000
    },
    isSigned: true,
    make: async (recipe, fixture, now) => {
      const { rows, breakStore } = table('1783f0359f6a4e52bf05fef7503a146e', true)
      const blacklist = {
        isActive: async (jti: string) => (await rows.find(jti)) !== null,
        add: async (jti: string) => void (await rows.remove(jti))
      }
      return {
        logins: await recipe(secretOf(fixture, 'SIGNING_KEY'), blacklist, now),
        genuine: {
          headers: headersOf(fixture, fixture.credential.refresh),
          old: TESTS.simpleJwt?.old as Old
        },
        refused: { 'the access token': headersOf(fixture) },
        breakStore
      }
    }
  },
  sanctum: {
    fixture: 'sanctum-pat',
    old: {
      userId: '42',
      key: '7',
      secret: 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdcd7e2082',
      expiresAt: null
    },
    make: async (recipe, fixture, now) => {
      const { rows, breakStore } = table('7', storeOf(fixture).row)
      return {
        logins: await recipe(rows, now),
        refused: { 'another secret': { authorization: `Bearer 7|${'A'.repeat(48)}` } },
        breakStore
      }
    }
  }
}

async function makeSubject(name: string, now?: () => number): Promise<OldLoginsSubject> {
  const { fixture: id, old, make, isSigned = false } = TESTS[name] as RecipeTest
  const fixture = readForeignLogin(id)
  const subject = await make(recipes.get(name) as Recipe, fixture, now ?? (() => madeAt(fixture)))
  return { genuine: { headers: headersOf(fixture), old }, isSigned, close: async () => {}, ...subject }
}

/** Whether a recipe reads Redis, and there is none. */
const isSkipped = (name: string) =>
  skipWithoutRedis !== false && /flaskSessionStore|phpSession|springSession/.test(name) && skipWithoutRedis

for (const [name, { fixture, old }] of Object.entries(TESTS)) {
  testOfForeignLogins(`the recipe ${name}`, [fixture], async (t) => {
    const skip = isSkipped(name)
    for (const { name: rule, run } of oldLoginsCases) {
      void t.test(rule, { skip }, async () => run(() => makeSubject(name)))
    }
    const { expiresAt = null } = old
    if (expiresAt === null) return
    void t.test('a login that has expired is none', { skip }, async (t) => {
      const [asIs] = oldLoginsCases.filter(
        ({ name: rule }) => rule === 'a login is read as it is, each time the same'
      )
      await t.rejects(async () => asIs?.run(() => makeSubject(name, () => expiresAt)), /'found'/)
      await asIs?.run(() => makeSubject(name, () => expiresAt - 1))
    })
  })
}

testOfForeignLogins('fastifySecureSession by its age', ['fastify-secure-session'], async (t) => {
  const fixture = readForeignLogin('fastify-secure-session')
  const key = Buffer.from(secretOf(fixture, 'keyHex'), 'hex')
  const recipe = recipes.get('fastifySecureSession') as Recipe
  const DAY_SECONDS = 86_400
  const stopClock = setWallClock(() => madeAt(fixture) + 2 * DAY_SECONDS * 1000)
  t.teardown(stopClock)
  const read = async (options: object) =>
    (await recipe({ key, ...options })).read({ headers: headersOf(fixture) } as never)
  t.match(await read({}), { kind: 'invalid' }, 'older than a day')
  t.match(
    await read({ expiry: 3 * DAY_SECONDS }),
    { kind: 'found' },
    'where the service lets sessions last for longer'
  )
})

// --- What no fixture has: made here, by the format that each system documents ------------------

const made = Date.UTC(2026, 10, 26)
const now = () => made

const idp = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** Credentials of a recipe without a fixture. */
const HANDMADE: Readonly<
  Record<string, (recipe: Recipe) => Promise<Subject & Pick<OldLoginsSubject, 'genuine'>>>
> = {
  authJsToken: async (recipe) => {
    const name = '__Secure-next-auth.session-token'
    const key = new Uint8Array(hkdfSync('sha256', 'a secret', '', 'NextAuth.js Generated Encryption Key', 32))
    const token = await new EncryptJWT({ sub: '42', jti: 'a-jti-of-version-4', pad: 'x'.repeat(4000) })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setIssuedAt(made / 1000)
      .setExpirationTime(made / 1000 + 60)
      .encrypt(key)
    const chunks = [token.slice(0, 3900), token.slice(3900)].map((chunk, at) => `${name}.${at}=${chunk}`)
    return {
      logins: await recipe('a secret', name, 4, now),
      genuine: {
        headers: { cookie: chunks.join('; ') },
        old: { userId: '42', key: 'a-jti-of-version-4', issuedAt: made, expiresAt: made + 60_000 }
      }
    }
  },
  flaskRemember: async (recipe) => {
    const sign = (text: string) => `${text}|${createHmac('sha512', 'a secret').update(text).digest('hex')}`
    return {
      logins: await recipe('a secret'),
      genuine: {
        headers: { cookie: `remember_token=${sign('42')}` },
        old: { userId: '42', key: null, issuedAt: null, expiresAt: null }
      }
    }
  },
  djangoCookie: async (recipe) => {
    const salt = 'django.contrib.sessions.backends.signed_cookiessigner'
    const key = createHash('sha256').update(`${salt}a secret`).digest()
    const sign = (session: object, time: string) => {
      const text = `${Buffer.from(JSON.stringify(session)).toString('base64url')}:${time}`
      return { cookie: `sessionid=${text}:${createHmac('sha256', key).update(text).digest('base64url')}` }
    }
    // 62 + 1 s after the epoch, by the clock of the recipe.
    return {
      logins: await recipe('a secret', 100, () => 64_000),
      genuine: {
        headers: sign({ _auth_user_id: '42' }, '11'),
        old: { userId: '42', issuedAt: 63_000, expiresAt: 163_000 }
      },
      refused: { 'from the future': sign({ _auth_user_id: '42' }, '1zz') },
      empty: sign({}, '11')
    }
  },
  superTokens: async (recipe) => {
    const { publicKey, privateKey } = idp
    const issuer = 'https://api.example/auth'
    const sign = async (claims: object) => {
      const token = new SignJWT({
        iss: issuer,
        iat: made / 1000,
        exp: made / 1000 + 3600,
        sub: '42',
        ...claims
      })
      return { cookie: `sAccessToken=${await token.setProtectedHeader({ alg: 'RS256' }).sign(privateKey)}` }
    }
    return {
      logins: await recipe({ key: publicKey }, issuer, now),
      genuine: {
        headers: await sign({ sessionHandle: 'a-session-handle' }),
        old: { userId: '42', key: 'a-session-handle', issuedAt: made, expiresAt: made + 3_600_000 }
      },
      refused: { 'without a session': await sign({}) }
    }
  }
}

for (const [name, make] of Object.entries(HANDMADE)) {
  t.test(`the recipe ${name}, by its format`, async (t) => {
    for (const { name: rule, run } of oldLoginsCases) {
      void t.test(rule, async () =>
        run(async () => ({ close: async () => {}, ...(await make(recipes.get(name) as Recipe)) }))
      )
    }
  })
}

// --- What must not be read ----------------------------------------------------------------------

const kindOf = async (subject: Subject, headers: Record<string, string>) => {
  let kind = ''
  const rule = oldLoginsCases.find(({ name }) => name.startsWith('what must not count'))
  const logins = {
    ...subject.logins,
    read: async (request: never) => {
      const presented = await subject.logins.read(request)
      kind = presented.kind
      return presented
    }
  }
  await rule?.run(() => ({
    ...subject,
    logins,
    genuine: { headers, old: { userId: '' } },
    refused: { it: headers },
    close: async () => subject.close?.()
  }))
  return kind
}

testOfForeignLogins(
  'pickle is refused by its first byte',
  ['flask-session-redis-pickle'],
  async (t) => {
    const { store } = readForeignLogin('flask-session-redis-pickle')
    const subject = await withRedis(recipes.get('flaskSessionStore') as Recipe, (redis) =>
      redis.set(store?.key ?? '', Buffer.from(store?.valueBase64 ?? '', 'base64'))
    )
    t.equal(await kindOf(subject, { cookie: `session=${store?.key.slice('session:'.length)}` }), 'none')
  },
  { skip: skipWithoutRedis }
)

testOfForeignLogins(
  'an object of PHP is never made',
  ['php-session-negative'],
  async (t) => {
    const fixture = readForeignLogin('php-session-negative')
    const { key, value } = storeOf(fixture)
    const serialized = `a:2:{s:7:"user_id";i:42;s:4:"when";${value.split('when|')[1]}}`
    const proto = 'a:1:{s:9:"__proto__";a:1:{s:7:"user_id";i:1;}}'
    for (const [row, kind] of [
      [value, 'none'],
      [serialized, 'none'],
      [proto, 'empty']
    ] as const) {
      const subject = await withRedis(recipes.get('phpSession') as Recipe, (redis) => redis.set(key, row))
      t.equal(await kindOf(subject, headersOf(fixture)), kind, row)
    }
  },
  { skip: skipWithoutRedis }
)

testOfForeignLogins(
  'what the cache of Django has, and a changed password, are none',
  ['django-session-db', 'django-session-cache'],
  async (t) => {
    const recipe = recipes.get('djangoDatabase') as Recipe
    const fixture = readForeignLogin('django-session-db')
    const secret = secretOf(fixture, 'SECRET_KEY')
    const { pickledBase64 } = storeOf(readForeignLogin('django-session-cache')) as never as Record<
      string,
      string
    >
    const pickled = table(fixture.credential.value, {
      session_data: pickledBase64,
      expire_date: '2100-01-01T00:00:00Z'
    }).rows
    const changed = djangoDatabase(fixture, 'pbkdf2_sha256$1$a$b').db
    const gone = djangoDatabase(fixture, null).db
    const { db } = djangoDatabase(fixture, DJANGO_USER)
    for (const each of [changed, gone, { ...db, findSession: (key: string) => pickled.find(key) }]) {
      const logins = await recipe(secret, each, () => madeAt(fixture))
      t.equal(await kindOf({ logins }, headersOf(fixture)), 'none')
    }
  }
)

t.test('every recipe is run, and every fixture of another system is read or refused', async (t) => {
  t.same(new Set([...Object.keys(TESTS), ...Object.keys(HANDMADE)]), new Set(recipes.keys()))
  const elsewhere = /^(?:express-session|flask-(?:seed|permanent|compressed|negative)|jwt-|supertokens)/
  const ids = listForeignLogins().filter((id) => !elsewhere.test(id))
  const refused = ['django-session-cache', 'flask-session-redis-pickle', 'php-session-negative']
  const read = new Set([...Object.values(TESTS).map(({ fixture }) => fixture), ...refused])
  t.same(
    ids.filter((id) => !read.has(id)),
    []
  )
})
