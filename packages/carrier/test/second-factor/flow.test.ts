import type { FastifyRequest } from 'fastify'
import { Redis } from 'ioredis'
import t from 'tap'
import { createLogins } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { createSecondFactorFlow } from '../../src/second-factor/flow.ts'
import { UnsentLogins } from '../../src/unsent-logins.ts'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'

const SECRET = 'a root secret for tests, 0123456789'
const user = { id: 'user-1', username: 'user' }
const request = { ip: '127.0.0.1', headers: {} } as unknown as FastifyRequest

t.test('pending logins on two nodes of one Redis', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  const redis = new Redis({ host: '127.0.0.1', port: server.port })
  redis.on('error', () => {})
  const closing: (() => Promise<unknown>)[] = []
  t.teardown(async () => {
    for (const close of closing) await close()
    redis.disconnect()
    await server.stop()
  })
  const credentials = {
    verify: () => Promise.reject(new Error('nobody asks')),
    verifySecondFactor: async ({ response }: { response: string }) =>
      response === 'right'
        ? ({ ok: true, user } as const)
        : ({ ok: false, reason: 'invalid-credentials', detail: 'wrong-second-factor' } as const)
  }
  const newNode = () => {
    const store = createRedisLoginStore({ redis, commandTimeoutMs: 5000 })
    const feed = createRedisFeed({ redis, publishTimeoutMs: 5000 })
    const logins = createLogins({ store, feed }) as CarrierLogins
    closing.push(async () => (await logins.close(), store.close()))
    const secrets = [SECRET]
    const pending = createSecondFactorFlow({
      credentials,
      logins,
      secrets,
      identity: 'a session',
      secondFactorTimeoutSeconds: 300,
      unsent: new UnsentLogins(logins)
    })
    return { logins, pending }
  }
  const [one, two] = [newNode(), newNode()]

  await t.test('of 50 parallel completions one gives the user', async (t) => {
    const { pending } = await one.pending.start(request, { user })
    t.same(await two.pending.findUser(pending), { ...user, awaitsSecondFactor: true })
    const calls = Array.from({ length: 50 }, (_, at) =>
      (at % 2 === 0 ? one : two).pending.complete(request, { pending, response: 'right' })
    )
    const results = await Promise.allSettled(calls)
    t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    const errors = results.flatMap((call) => (call.status === 'rejected' ? [call.reason] : []))
    t.ok(errors.every(({ code }) => code === 'DRAWBRIDGE_INVALID_CREDENTIALS'))
    t.equal(await one.pending.findUser(pending), null)
  })

  await t.test('what one node revokes the other cannot complete', async (t) => {
    const { pending } = await one.pending.start(request, { user })
    await t.rejects(two.pending.complete(request, { pending, response: 'wrong' }), {
      code: 'DRAWBRIDGE_INVALID_CREDENTIALS'
    })
    t.same((await two.pending.findUser(pending))?.id, user.id, 'a wrong response revokes nothing')
    await two.logins.revokeUser(user.id)
    await t.rejects(one.pending.complete(request, { pending, response: 'right' }), {
      code: 'DRAWBRIDGE_INVALID_CREDENTIALS'
    })
  })

  await t.test('Redis removes it when it expires', async (t) => {
    await one.pending.start(request, { user })
    const [key] = await redis.keys('*:l:*')
    const left = await redis.pttl(key as string)
    t.ok(left > 200_000 && left <= 300_000, `${left} ms`)
  })
})
