import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createCarrierLogins } from '../logins-under-test.ts'
import type { AdoptionStore, Login, NewLogin } from '../../src/index.ts'
import { createRedisFeed, createRedisLoginStore } from '../../src/redis/index.ts'
import { addedRefresh, addedSession, newLogin, presentedToken, sha256 } from '../../src/testing/store-case.ts'
import { skipWithoutRedis, startRedis, runCommand, waitFor } from '@drawbridge/test-support/servers/redis'

const input: NewLogin = {
  user: { id: '1', username: 'ada' },
  device: { userAgent: 'test', address: '192.0.2.1' },
  idleTimeoutSeconds: 1800,
  absoluteTimeoutSeconds: 3000,
  session: { secretHash: 'h'.repeat(43) },
  refresh: { familyHash: sha256('family'), hash: sha256('token 0') }
}

function createNode(t: Test, redis: Redis) {
  const store = createRedisLoginStore({ redis, commandTimeoutMs: 10_000 })
  const feed = createRedisFeed({ redis, maxStalenessMs: 10_000, publishTimeoutMs: 10_000 })
  const logins = createCarrierLogins({ store, feed })
  t.teardown(async () => {
    await logins.close()
    await store.close()
  })
  return { store, feed, logins }
}

async function adoptOne(adoptions: AdoptionStore | undefined) {
  const adopted = newLogin({ userId: '2' }, Date.now())
  const claimedUntil = Date.now() + 60_000
  const old = { migration: 'express', key: adopted.id, ledBy: 'old', issuedAt: null, claimedUntil } as const
  await adoptions?.adopt(adopted, old, 100)
  return { adopted, old }
}

/** What a log-out and a step back write. */
async function logOutEverywhere(adoptions: AdoptionStore | undefined, { id, userId }: Login) {
  const old = { migration: 'express', key: 'other', claimedUntil: Date.now() + 60_000 }
  await adoptions?.claim(userId, { ...old, owner: null })
  await adoptions?.lead(id, { ...old, ledBy: 'new' })
  await adoptions?.bar(userId, Date.now(), Date.now() + 60_000)
  await adoptions?.forget([id])
  await adoptions?.movePhase('express', { from: null, to: 'both', by: 'ada', minIntervalMs: 0 })
}

t.test(
  'T04: with Redis out of memory, with noeviction, nodes stay fresh and logins can be revoked, but not created',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis('--maxmemory-policy', 'noeviction')
    t.teardown(() => server.stop())
    const redis = new Redis({ port: server.port, host: '127.0.0.1', lazyConnect: true })
    const node = createNode(t, redis)
    t.equal(await node.feed.renew(10_000), true)
    const [active, revoked] = [await node.logins.create(input), await node.logins.create(input)]
    const { adopted, old } = await adoptOne(node.store.adoptions)
    const { refresh: _, ...cookieInput } = { ...input, session: { secretHash: sha256('own cookie') } }
    const byCookie = await node.logins.create(cookieInput)

    await runCommand(server.port, (client) => client.config('SET', 'maxmemory', '1mb'))
    await t.rejects(
      runCommand(server.port, (client) => client.set('x', 'y')),
      /OOM/
    )
    // This node knows only what it reads from the full server.
    const late = createNode(t, redis)
    t.equal(await late.feed.renew(10_000), true)
    t.equal(await late.logins.revoke(revoked.id), true)
    await waitFor(
      10_000,
      'the other node',
      async () => node.logins.localStatus(revoked.id, Infinity) === 'revoked'
    )
    t.match(await node.logins.resolve(active.id), { id: active.id })
    t.equal(await late.logins.resolve(revoked.id), null)
    const seenAt = active.lastSeenAt + 5000
    t.same(await node.store.touch([{ loginId: active.id, seenAt }]), [true])
    t.match(await node.logins.rotate(active.id, presentedToken(0)), { kind: 'rotated' })
    t.match(await node.logins.carry(byCookie.id, addedRefresh('own cookie')), { kind: 'added' })
    const reuse = addedSession(0, byCookie.expiresAt, { hash: sha256('not that token') })
    t.match(await node.logins.carry(byCookie.id, reuse), { kind: 'reused' })
    t.match(await node.logins.listByUser('1'), [{ id: active.id }])

    await logOutEverywhere(late.store.adoptions, adopted)
    await t.rejects(adoptOne(late.store.adoptions), /OOM/)
    t.same(await late.store.adoptions?.findClaim('2', old, null), { kind: 'claimed', loginId: adopted.id })

    const full = { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE', cause: { message: /^OOM / } }
    await t.rejects(node.logins.create(input), full)
    await t.rejects(node.logins.update(active.id, { data: { cart: [1] } }), full)
    t.match(await node.logins.revokeUser('1'), { revokedCount: 1 })
    t.equal(node.feed.isFresh(), true)

    await t.rejects(node.logins.ping(), full, 'S30: a store that accepts no login is not ready')
    await runCommand(server.port, (client) => client.config('SET', 'maxmemory', '0'))
    await node.logins.ping()
    await node.logins.create(input)
  }
)
