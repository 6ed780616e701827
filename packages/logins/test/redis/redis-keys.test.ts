import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import type { Login } from '../../src/login/login.ts'
import { createRedisLoginStore } from '../../src/redis/index.ts'
import {
  addedRefresh,
  addedSession,
  sha256,
  newLogin,
  NO_LIMIT,
  presentedToken
} from '../../src/testing/store-case.ts'
import { skipWithoutRedis, startLoneNode, waitFor } from '@drawbridge/test-support/servers/redis'
import { RedisMonitor } from '@drawbridge/test-support/servers/redis-monitor'

const USERS = 1000

t.test('the keys in Redis', { skip: skipWithoutRedis }, async (t) => {
  const server = await startLoneNode()
  t.teardown(() => server.stop())
  const redis = new Redis({ port: server.port, host: '127.0.0.1' })
  t.teardown(() => redis.disconnect())
  const store = createRedisLoginStore({ redis, commandTimeoutMs: 5000 })
  t.teardown(() => store.close())
  t.beforeEach(() => redis.flushall())

  const inserted = async (changes: Partial<Login> = {}) => {
    const login = newLogin({ userId: 'user', ...changes }, Date.now())
    await store.insert(login, NO_LIMIT)
    return login
  }
  const startMonitor = async (t: Test) => {
    const monitor = await RedisMonitor.start(server.port)
    t.teardown(() => monitor.stop())
    return monitor
  }
  const keysLike = (pattern: string) => redis.keys(pattern)
  const expiryOf = async (pattern: string) => {
    const [key] = await keysLike(pattern)
    return key === undefined ? null : redis.pexpiretime(key)
  }

  await t.test('all keys of a user are in one slot, and those of 1000 users in many', async (t) => {
    const slots = new Set<number>()
    const split: string[] = []
    for (let user = 0; user < USERS; user++) {
      await redis.flushall()
      const userId = `user ${user} {a}`
      await Promise.all([inserted({ userId }), inserted({ userId })])
      const keys = await keysLike('*')
      const found = new Set(await Promise.all(keys.map((key) => redis.cluster('KEYSLOT', key))))
      if (keys.length !== 3 || found.size !== 1) split.push(userId)
      for (const slot of found) slots.add(slot)
    }
    t.same(split, [])
    t.ok(slots.size > USERS * 0.9, `${slots.size} slots`)
  })

  await t.test('a row expires at the idle limit or the absolute one, whichever is first', async (t) => {
    const { id, lastSeenAt, expiresAt } = await inserted({ idleTimeoutSeconds: 600 })
    t.equal(await expiryOf('*l:*'), lastSeenAt + 600_000)
    t.equal(await expiryOf('*u:*'), expiresAt)
    await store.touch([{ loginId: id, seenAt: lastSeenAt + 1234 }])
    t.equal(await expiryOf('*l:*'), lastSeenAt + 601_234)
    await store.touch([{ loginId: id, seenAt: expiresAt - 1000 }])
    t.equal(await expiryOf('*l:*'), expiresAt)
    await store.update(id, { data: { a: 1 } })
    t.equal(await expiryOf('*l:*'), expiresAt)
    t.equal(await expiryOf('*u:*'), expiresAt)
  })

  await t.test('without an idle limit it expires at the absolute one', async (t) => {
    const { id, expiresAt } = await inserted({ idleTimeoutSeconds: 0 })
    t.equal(await expiryOf('*l:*'), expiresAt)
    await store.rotate(id, presentedToken(0))
    t.equal(await expiryOf('*l:*'), expiresAt)
  })

  await t.test('a rotation moves the idle limit', async (t) => {
    const past = Date.now() - 60_000
    const { id } = await inserted({ idleTimeoutSeconds: 600, lastSeenAt: past })
    t.equal(await expiryOf('*l:*'), past + 600_000)
    await store.rotate(id, presentedToken(0))
    t.equal(await expiryOf('*l:*'), ((await store.find(id)) as Login).lastSeenAt + 600_000)
  })

  await t.test('a carry moves the idle limit, and an end of the session secret does not', async (t) => {
    const past = Date.now() - 60_000
    const { id } = await inserted({ idleTimeoutSeconds: 600, lastSeenAt: past, session: null })
    t.match(await store.carry(id, addedSession(0, Date.now() + 1000)), { kind: 'added' })
    t.equal(await expiryOf('*l:*'), ((await store.find(id)) as Login).lastSeenAt + 600_000)
    t.ok(((await expiryOf('*l:*')) as number) >= past + 659_000)
  })

  await t.test('a carry of what could not be decoded is rejected, and nothing changes', async (t) => {
    const [byToken, bySession] = [await inserted({ session: null }), await inserted({ refresh: null })]
    const input = addedSession(0, Date.now() + 60_000)
    for (const text of ['', '-', 'a\tb', 'a\nb']) {
      const session = { ...input.session, secretHash: text }
      await t.rejects(store.carry(byToken.id, { ...input, session }), TypeError)
      const refresh = { familyHash: sha256('family'), hash: text }
      await t.rejects(store.carry(bySession.id, { ...addedRefresh(), refresh }), TypeError)
      await t.rejects(inserted({ session }), TypeError)
    }
    t.same(await store.find(byToken.id), byToken)
    t.same(await store.find(bySession.id), bySession)
  })

  await t.test('the index of a user expires with the last login', async (t) => {
    const now = Date.now()
    for (const ms of [50_000, 90_000, 20_000]) await inserted({ expiresAt: now + ms })
    t.equal(await expiryOf('*u:*'), now + 90_000)
  })

  await t.test('R21 ten thousand rotations take no more memory than two, and each key expires', async (t) => {
    const { id, expiresAt } = await inserted()
    const measureUsage = async () => {
      const keys = (await keysLike('*')).toSorted()
      const bytes = await Promise.all(keys.map((key) => redis.memory('USAGE', key)))
      return { keys, bytes: bytes.reduce<number>((sum, one) => sum + Number(one), 0) }
    }
    for (let generation = 0; generation < 2; generation++) await store.rotate(id, presentedToken(generation))
    const before = await measureUsage()
    // Of several at the same time the last is the newest: Redis executes them in the order in which they are
    // sent.
    for (let from = 2; from < 10_000; from += 100) {
      const batch = Array.from({ length: Math.min(100, 10_000 - from) }, (_, at) => from + at)
      await Promise.all(batch.map((generation) => store.rotate(id, presentedToken(generation))))
    }
    const after = await measureUsage()
    t.equal((await store.find(id))?.refresh?.generation, 10_000)
    t.same(after.keys, before.keys)
    t.ok(after.bytes <= before.bytes + 32, `${before.bytes} bytes before, ${after.bytes} after`)
    for (const key of after.keys) {
      const expiry = await redis.pexpiretime(key)
      t.ok(expiry > Date.now() && expiry <= expiresAt, key)
    }
  })

  await t.test('expired logins leave nothing', async (t) => {
    const expiresAt = Date.now() + 1500
    await Promise.all([inserted({ expiresAt }), inserted({ expiresAt, userId: 'other' })])
    t.equal((await keysLike('*')).length, 4)
    await waitFor(5000, 'the expiry of all keys', async () => (await keysLike('*')).length === 0)
  })

  await t.test('each method is one command, and none searches', async (t) => {
    const monitor = await startMonitor(t)
    const [a, b] = [await inserted(), await inserted()]
    await store.find(a.id)
    const touches = [a, b].map(({ id }) => ({ loginId: id, seenAt: Date.now() + 5 }))
    await store.touch(touches)
    await store.update(a.id, { data: {} })
    await store.rotate(a.id, presentedToken(0))
    await store.carry(a.id, addedSession(1, Date.now() + 60_000))
    await store.listByUser(a.userId)
    await store.remove(a.id)
    await store.removeByUser(b.userId)
    const seen = await monitor.take()
    const sent = seen.filter(({ source }) => source !== 'lua').map(({ name }) => name)
    // Twice `insert`. The first of each script on a connection is an EVAL.
    t.equal(sent.length, 10)
    t.same(new Set(sent), new Set(['eval', 'evalsha', 'mget']))
    const inside = new Set(seen.filter(({ source }) => source === 'lua').map(({ name }) => name))
    const cheap = ['del', 'exists', 'get', 'pexpireat', 'pexpiretime', 'set', 'time', 'zadd', 'zrem']
    t.same([...inside].filter((name) => !cheap.includes(name)).toSorted(), ['zrevrange', 'zrevrangebyscore'])
  })

  await t.test('no secret is sent, only hashes', async (t) => {
    const secrets = Array.from({ length: 4 }, () => randomBytes(32).toString('base64url'))
    const [cookie, first, second, added] = secrets as [string, string, string, string]
    const monitor = await startMonitor(t)
    const refresh = {
      familyHash: sha256('family'),
      generation: 0,
      hash: sha256(first),
      previousHash: null,
      sealed: null,
      rotatedAt: Date.now()
    }
    const { id } = await inserted({ session: { secretHash: sha256(cookie), expiresAt: null }, refresh })
    await store.rotate(id, presentedToken(0, { hash: sha256(first), nextHash: sha256(second) }))
    const other = await inserted({ session: null })
    const session = { secretHash: sha256(added), expiresAt: Date.now() + 60_000 }
    t.match(await store.carry(other.id, { ...addedSession(0, 0), session }), { kind: 'added' })
    const sent = JSON.stringify(await monitor.take())
    for (const secret of secrets) t.notMatch(sent, secret)
    for (const secret of secrets) t.match(sent, sha256(secret))
    t.notMatch(JSON.stringify(await keysLike('*')), 'user"')
  })

  await t.test('scripts that Redis has dropped are sent again', async (t) => {
    const { id, userId } = await inserted()
    await store.rotate(id, presentedToken(0))
    await redis.script('FLUSH')
    t.equal((await store.rotate(id, presentedToken(1))).kind, 'rotated')
    t.same(await store.touch([{ loginId: id, seenAt: Date.now() }]), [true])
    t.same(await store.removeByUser(userId), [id])
  })

  await t.test('a value that no store has written is no login', async (t) => {
    const { id, userId } = await inserted()
    const [key] = (await keysLike('*l:*')) as [string]
    const row = (await redis.get(key)) as string
    for (const garbage of garbageOf(row)) {
      await redis.set(key, garbage)
      t.equal(await store.find(id), null, JSON.stringify(garbage.slice(0, 20)))
    }
    for (const write of [
      () => redis.set(key, 'x'),
      () => redis.rpush(key, 'x'),
      () => redis.hset(key, 'a', 1)
    ]) {
      await redis.del(key)
      await write()
      await checkUnknown(t, id)
    }
    t.same(await store.listByUser(userId), [])
  })

  await t.test(
    'a broken index is an error: a caller that lists all logins must not get an empty list',
    async (t) => {
      const { userId } = await inserted()
      const [key] = (await keysLike('*u:*')) as [string]
      await redis.set(key, 'x')
      await t.rejects(store.listByUser(userId), /WRONGTYPE/)
      await t.rejects(store.removeByUser(userId), /WRONGTYPE/)
      await t.rejects(inserted(), /WRONGTYPE/)
    }
  )

  await t.test('a refresh token that could not be decoded is rejected, and nothing changes', async (t) => {
    const login = await inserted()
    for (const text of ['', '-', 'a\tb', 'a\nb']) {
      await t.rejects(store.rotate(login.id, presentedToken(0, { nextSealed: text })), TypeError)
      await t.rejects(store.rotate(login.id, presentedToken(0, { nextHash: text })), TypeError)
      await t.rejects(store.rotate(login.id, presentedToken(0, { familyHash: text })), TypeError)
      const refresh = {
        familyHash: 'f',
        generation: 0,
        hash: text,
        previousHash: null,
        sealed: null,
        rotatedAt: 0
      }
      await t.rejects(inserted({ refresh }), TypeError)
    }
    t.same(await store.listByUser(login.userId), [login])
  })

  async function checkUnknown(t: Test, id: string): Promise<void> {
    t.equal(await store.find(id), null)
    t.same(await store.touch([{ loginId: id, seenAt: Date.now() }]), [false])
    t.equal(await store.update(id, { data: {} }), null)
    t.same(await store.rotate(id, presentedToken(0)), { kind: 'unknown' })
    t.same(await store.carry(id, addedRefresh()), { kind: 'unknown' })
    t.equal(await store.remove(id), null)
  }
})

/** Invalid rows, some nearly valid. */
function garbageOf(row: string): readonly string[] {
  const [head, fixed, data] = row.split('\n') as [string, string, string]
  const heads = [head.replace('\t', ' '), `x${head}`, `${head}\t`, head.replace(/^\d+/, '')]
  return [
    '',
    'null',
    '{}',
    head,
    `${head}\n${fixed}`,
    `${row}\n`,
    `${head}\n${fixed}\n[]`,
    `${head}\n${fixed}\n{`,
    `${head}\n[1]\n${data}`,
    ...heads.map((one) => `${one}\n${fixed}\n${data}`)
  ]
}
