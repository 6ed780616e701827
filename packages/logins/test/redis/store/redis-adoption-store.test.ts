import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createRedisLoginStore } from '../../../src/redis/index.ts'
import type { AdoptionStore } from '../../../src/stores/adoption-store.ts'
import { adoptionCases } from '../../../src/testing/index.ts'
import { newLogin, NO_LIMIT } from '../../../src/testing/store-case.ts'
import { checkStoreContract, checkStoreContractInRealTime } from '../store-contract.ts'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'

t.test('a single Redis', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const address = { host: '127.0.0.1', port: server.port }
  const open = (t: Test, options: object = {}) => {
    const redis = new Redis({ ...address, ...options })
    t.teardown(() => redis.disconnect())
    return redis
  }

  await t.test('the contract', (t) => checkStoreContract(t, open(t), [...adoptionCases]))

  await t.test('the contract by the clock of Redis', (t) =>
    checkStoreContractInRealTime(t, open(t), [...adoptionCases])
  )

  await t.test('the contract on a client with a prefix of its own, which is a pattern', (t) =>
    checkStoreContract(t, open(t, { keyPrefix: 'app[a]*?\\:' }), [...adoptionCases])
  )

  await t.test('the contract on a client with harmful settings', (t) => {
    const settings = {
      replyMapping: 'resp3',
      stringNumbers: true,
      readOnly: true,
      commandTimeout: 1,
      lazyConnect: true
    }
    return checkStoreContract(t, open(t, settings), [...adoptionCases])
  })

  const setUp = async (t: Test, prefix = 'drawbridge') => {
    const redis = open(t)
    await redis.flushall()
    const store = createRedisLoginStore({ redis, prefix, commandTimeoutMs: 5000 })
    t.teardown(() => store.close())
    const adoptions = store.adoptions as AdoptionStore
    const adopt = (userId: string, key: string, expiresAt = Date.now() + 3_600_000) => {
      const login = newLogin({ userId, expiresAt, idleTimeoutSeconds: 0 }, Date.now())
      return adoptions.adopt(login, credential(key), NO_LIMIT)
    }
    return { redis, store, adoptions, adopt }
  }
  const credential = (key: string) => ({
    migration: 'express',
    key,
    ledBy: 'old' as const,
    issuedAt: 1000,
    claimedUntil: Date.now() + 7_200_000
  })

  await t.test('all keys of a user are in one slot, and each expires', async (t) => {
    const { redis, adoptions, adopt } = await setUp(t)
    await adoptions.bar('user {a}', 1, Date.now() + 60_000)
    await adopt('user {a}', 'one')
    await adopt('user {a}', 'two')
    await adoptions.claim('user {a}', { ...credential('three'), owner: null })
    const keys = await redis.keys('*')
    const kinds = keys.map((key) => String(/}:(\w):/.exec(key)?.[1]))
    t.equal(kinds.toSorted((one, other) => one.localeCompare(other)).join(''), 'aabcccdllu')
    t.equal(new Set(keys.map((key) => /\{.*\}/.exec(key)?.[0])).size, 1)
    for (const key of keys) t.ok((await redis.pttl(key)) > 0, key)
  })

  await t.test('the index of a user expires with the last adoption', async (t) => {
    const { redis, adopt } = await setUp(t)
    const now = Date.now()
    for (const [at, ms] of [50_000, 90_000, 20_000].entries()) await adopt('user', `key ${at}`, now + ms)
    const [index] = (await redis.keys('*:d:*')) as [string]
    t.equal(await redis.pexpiretime(index), now + 90_000)
  })

  await t.test('an adoption is two scripts, one more than an insert', async (t) => {
    const { redis, adopt } = await setUp(t)
    await adopt('user', 'one')
    await redis.config('RESETSTAT')
    await adopt('user', 'two')
    const stats = await redis.info('commandstats')
    t.match(stats, /cmdstat_evalsha:calls=2,/)
    t.notMatch(stats, /cmdstat_(eval|scan|keys):/)
  })

  await t.test('logins beyond one part of the search are counted, whatever else is stored', async (t) => {
    const { redis, store, adoptions, adopt } = await setUp(t, 'a[b]*?\\c')
    const ACTIVE = 2500
    await Promise.all(Array.from({ length: ACTIVE }, (_, at) => adopt(`user ${at}`, `key ${at}`)))
    await redis.mset(
      Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`other:{abcde}:a:${at}`, 'x']))
    )
    for (let at = 0; at < 100; at++) await store.removeByUser(`user ${at}`)
    t.match(await adoptions.countByLead('express', 0), { old: ACTIVE - 100, new: 0, returned: 0 })
    t.same(await adoptions.countByLead('flask', 0), { old: 0, new: 0, returned: 0, mostOfOneUser: null })
  })

  await t.test('what no store has written is no adoption, and no phase is old because of it', async (t) => {
    const { redis, adoptions, adopt } = await setUp(t)
    const outcome = await adopt('user', 'one')
    t.ok(outcome.kind === 'adopted')
    if (outcome.kind !== 'adopted') return
    const [key] = (await redis.keys('*:a:*')) as [string]
    const row = (await redis.get(key)) as string
    for (const garbage of ['', 'x', row.replace('old', 'ours'), row.replace('["express"', '{'), `${row}]`]) {
      await redis.set(key, garbage)
      t.equal(await adoptions.find(outcome.login.id), null, JSON.stringify(garbage))
    }
    await adoptions.movePhase('express', { from: null, to: 'both', by: 'ada', minIntervalMs: 0 })
    const [phaseKey] = (await redis.keys('*:phase:*')) as [string]
    for (const garbage of ['', 'x', 'ours\t1\t2\tada']) {
      await redis.set(phaseKey, garbage)
      await t.rejects(adoptions.readPhase('express'), /cannot be read/)
    }
  })
})
