import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { TestClock } from '@drawbridge/test-support/clock'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import {
  expressSession,
  type ExpressSessionOptions,
  redisRows,
  type SessionStore
} from '../../../src/migration/sources/express-session/index.ts'
import { readOld, respond } from './read-old.ts'

const secret = 'a secret of the other system'
const login = { id: 'a login', userId: '7', username: 'ada', expiresAt: Date.UTC(2100, 0, 1) }
const clock = new TestClock()
const day = 86_400_000

/** A store that has one row for every id. */
const storeOf = (row: unknown): SessionStore => ({
  get: (_sid, done) => done(null, row),
  set: (_sid, _row, done) => done(),
  destroy: (_sid, done) => done()
})

async function readRow(row: unknown, options: Partial<ExpressSessionOptions> = {}) {
  const store = storeOf(row)
  const logins = expressSession({
    secret,
    store,
    createSession: () => ({}),
    now: clock.now,
    ...options
  })
  const [line = ''] = await respond((reply) => logins.give?.(reply, login, null))
  return readOld(logins, { cookie: line.split(';', 1)[0] as string })
}

const cookie = { path: '/' }

t.test('the user is that of passport: a value, or an object with an id', async (t) => {
  t.match(await readRow({ cookie, passport: { user: 7 } }), { old: { userId: '7' } })
  t.match(await readRow({ cookie, passport: { user: { id: 'u7', name: 'ada' } } }), { old: { userId: 'u7' } })
  t.same(await readRow({ cookie, passport: {} }), { kind: 'empty' })
  t.same(await readRow({ cookie, cart: [] }), { kind: 'empty' })
})

t.test('the user is where the service says', async (t) => {
  const options = {
    getUserId: (row: Readonly<Record<string, unknown>>) => (row.otp === true ? row.user_id : null),
    getUsername: (row: Readonly<Record<string, unknown>>) => row.name,
    getIssuedAt: (row: Readonly<Record<string, unknown>>) => row.since as number
  }
  const since = clock.now() - 5000
  t.match(await readRow({ cookie, user_id: 7, otp: true, name: 'ada', since }, options), {
    old: { userId: '7', username: 'ada', issuedAt: since, authenticatedAt: since }
  })
  t.same(await readRow({ cookie, user_id: 7 }, options), { kind: 'empty' }, 'a second factor is to come')
})

t.test('a row that cannot be read is none, and no fault', async (t) => {
  const rows: readonly unknown[] = [
    null,
    undefined,
    '',
    'a text',
    7,
    [],
    {},
    { cookie: null },
    { cookie: 'x' },
    { cookie: { expires: 'x' }, passport: { user: 7 } },
    { cookie, passport: { user: { $gt: '' } } },
    { cookie, passport: { user: [7] } },
    { cookie, passport: { user: 1.5 } },
    { cookie, passport: { user: '' } },
    { cookie, passport: { user: true } },
    JSON.parse('{"cookie":{},"__proto__":{"passport":{"user":1}}}')
  ]
  for (const row of rows) {
    const { kind } = await readRow(row)
    t.ok(kind === 'none' || kind === 'empty', `${kind}: ${JSON.stringify(row)}`)
  }
  const broken = expressSession({
    secret,
    store: storeOf({ cookie, passport: { user: 7 } }),
    getUserId: () => {
      throw new TypeError('no such member')
    },
    createSession: () => ({})
  })
  t.equal(await broken.isActive?.('a'), false)
})

t.test(
  'what the store cannot parse, or says is not there, is none; what else it says is an outage',
  async (t) => {
    const failing = (error: Error) => ({
      get: (_sid: string, done: (error: Error) => void) => done(error),
      destroy() {}
    })
    const isActive = (error: Error) => expressSession({ secret, store: failing(error) }).isActive?.('a')
    t.equal(await isActive(new SyntaxError('Unexpected token')), false)
    t.equal(await isActive(Object.assign(new Error('no file'), { code: 'ENOENT' })), false)
    await t.rejects(isActive(new Error('connection lost')) as Promise<boolean>, /connection lost/)
  }
)

t.test('users who come every day stay, though the row has the end of its last change', async (t) => {
  const row = (expires: number | null, originalMaxAge: number | null = day) => ({
    cookie: { expires: expires === null ? null : new Date(expires).toISOString(), originalMaxAge },
    passport: { user: 7 }
  })
  const now = clock.now()
  t.match(await readRow(row(now + 1000)), { old: { expiresAt: now + 1000 } })
  t.match(await readRow(row(now + 1000), { rolling: true }), { old: { expiresAt: now + day } })
  t.match(await readRow(row(now - 1000)), { old: { expiresAt: now + day } }, 'the store still has it')
  t.match(await readRow(row(null, null)), { old: { expiresAt: null } })
  t.match(await readRow({ ...row(0), cookie: { expires: new Date(now + 5), originalMaxAge: 9 } }), {
    old: { expiresAt: now + 5 }
  })
})

t.test('without createSession or without set, no session is made', async (t) => {
  const store = storeOf(null)
  t.equal(expressSession({ secret, store }).give, undefined)
  const { get, destroy } = store
  t.equal(expressSession({ secret, store: { get, destroy }, createSession: () => ({}) }).give, undefined)
})

t.test('a store that cannot list is counted as it counts', async (t) => {
  const store = { ...storeOf(null), length: (done: (error: null, count: number) => void) => done(null, 3) }
  t.equal(await expressSession({ secret, store }).count?.(), 3)
  t.equal(expressSession({ secret, store: storeOf(null) }).count, undefined)
})

t.test('a wrong option is an error that names it, and has no secret', async (t) => {
  const make = (options: object) => () =>
    expressSession({ secret, store: storeOf(null), ...options } as never)
  t.throws(
    make({ secret: 7 }),
    /expressSession\.secret must be a string, or a list of strings \(value omitted\)/
  )
  t.throws(make({ secret: ['a', ''] }), /expressSession\.secret must be/)
  t.throws(make({ store: {} }), /expressSession\.store must be a store of express-session/)
  t.throws(make({ getUserId: 'id' }), /expressSession\.getUserId must be a function/)
  t.throws(
    make({ cookie: { secure: false, name: '__Host-sid' } }),
    /expressSession\.cookie\.secure must not be false/
  )
  t.throws(make({ timeoutMs: 0 }), /expressSession\.timeoutMs must be a whole number from 1 to 30000/)
  t.throws(
    () => redisRows({ redis: 'redis://:password@host' as never }),
    /redisRows\.redis must be a client of ioredis/
  )
})

async function openRedis(t: Test) {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const redis = new Redis({ port: server.port, host: '127.0.0.1' })
  t.teardown(() => redis.disconnect())
  return redis
}

t.test(
  'rows in Redis are found by their prefix, and live as long as their cookie',
  { skip: skipWithoutRedis },
  async (t) => {
    const redis = await openRedis(t)
    const session = {
      secret,
      createSession: () => ({ passport: { user: 7 } }),
      cookie: { maxAgeSeconds: 3600 }
    } as const
    const logins = expressSession({ ...session, store: redisRows({ redis, prefix: 'app*:' }) })
    let key = ''
    const lines = await respond(async (reply) => {
      key = (await logins.give?.(reply, login, null)) ?? ''
    })
    t.match(lines, [/^connect\.sid=s%3A.*; Path=\/; HttpOnly; Secure; Max-Age=3600$/])
    t.ok((await redis.ttl(`app*:${key}`)) > 3500)
    t.match(JSON.parse((await redis.get(`app*:${key}`)) ?? ''), {
      cookie: { originalMaxAge: 3_600_000, httpOnly: true, path: '/', secure: true },
      passport: { user: 7 }
    })
    const { maxAgeSeconds: _maxAge, ...browserSession } = session.cookie
    const unlimited = expressSession({
      ...session,
      cookie: browserSession,
      store: redisRows({ redis, ttlSeconds: 50 })
    })
    await respond(async (reply) => {
      key = (await unlimited.give?.(reply, login, null)) ?? ''
    })
    t.ok((await redis.ttl(`sess:${key}`)) > 40)
    await redis.set('app1:x', '{"cookie":{},"passport":{"user":7}}')
    t.equal(await logins.count?.(), 1, 'the prefix is no pattern')
  }
)

t.test(
  'rows in Redis need the rights that the README names, and no others',
  { skip: skipWithoutRedis },
  async (t) => {
    const admin = await openRedis(t)
    const rights = ['~sess:*', '+get', '+set', '+del', '+scan']
    await admin.call('ACL', 'SETUSER', 'app', 'reset', 'on', '>pass', '+info', '+client', ...rights)
    const redis = admin.duplicate({ username: 'app', password: 'pass' })
    t.teardown(() => redis.disconnect())
    const store = redisRows({ redis })
    const logins = expressSession({ secret, store, createSession: () => ({ passport: { user: 7 } }) })
    let key = ''
    await respond(async (reply) => {
      key = (await logins.give?.(reply, login, null)) ?? ''
    })
    t.equal(await logins.isActive?.(key), true)
    t.equal(await logins.count?.(), 1)
    await logins.revoke?.(key)
    t.equal(await logins.isActive?.(key), false)
    await admin.call('ACL', 'SETUSER', 'app', '-del')
    await t.rejects(logins.revoke?.(key) as Promise<void>, /NOPERM/)
  }
)

t.test('what is in Redis and no session is none', { skip: skipWithoutRedis }, async (t) => {
  const redis = await openRedis(t)
  const logins = expressSession({ secret, store: redisRows({ redis }) })
  const row = '{"cookie":{},"passport":{"user":7}}'
  await redis.set('sess:good', row)
  await redis.rpush('sess:list', row)
  await redis.set('sess:twice', '{"cookie":{},"passport":{"user":7},"passport":{"user":8}}')
  await redis.set('sess:text', 'x')
  await redis.set('sess:visitor', '{"cookie":{}}')
  await redis.set('sess:large', `{"pad":"${'x'.repeat(1024 * 1024)}",${row.slice(1)}`)
  for (const key of ['list', 'twice', 'text', 'visitor', 'large', 'unknown']) {
    t.equal(await logins.isActive?.(key), false, key)
  }
  t.equal(await logins.isActive?.('good'), true)
  t.equal(await logins.count?.(), 1)
})
