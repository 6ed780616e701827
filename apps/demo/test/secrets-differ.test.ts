import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { skipWithoutRedis, type RedisProcess, startRedis } from '@drawbridge/test-support/servers/redis'
import { buildDemo } from './build-demo.ts'

if (skipWithoutRedis) {
  t.plan(0, skipWithoutRedis)
  process.exit(0)
}

const S1 = 'the root secret of last year 0123456789'
const S2 = 'the root secret of this year 9876543210'
const SESSION = 'a session __Host-drawbridge'
const DIFFERS = /"level":40.*\.(secret|keys)\b.* differs between nodes/
const keys = [generateSigningKey()]

/** A log, and a wait for lines in it. */
class Log {
  readonly lines: string[] = []
  readonly #waiting = new Set<() => void>()

  write(line: string): void {
    this.lines.push(line)
    for (const look of this.#waiting) look()
  }

  warnings = () => this.lines.filter((line) => DIFFERS.test(line))

  async warned(times: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = () => this.warnings().length >= times && resolve()
      this.#waiting.add(look)
      look()
    })
  }
}

async function newRedis(t: Test): Promise<RedisProcess> {
  const server = await startRedis()
  t.teardown(() => server.stop())
  return server
}

/** Starts a node with both carriers. */
async function startNode(t: Test, { port }: RedisProcess, secret: readonly string[]) {
  const redis = new Redis({ host: '127.0.0.1', port, lazyConnect: true })
  const store = createRedisLoginStore({ redis, commandTimeoutMs: 5000 })
  const logins = createLogins({ store, feed: createRedisFeed({ redis }) })
  const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }
  const log = new Log()
  const app = Fastify({ logger: { stream: log } })
  t.teardown(async () => {
    await app.close()
    await logins.close()
    await store.close()
  })
  await app.register(sessionAuth, { credentials, logins, secret })
  await app.register(tokenAuth, { credentials, logins, secret, keys })
  await app.ready()
  /** Runs the comparison as the timer does. The one at boot is complete by then: it used the same connection. */
  const compare = () => (logins as CarrierLogins).compareSecrets(SESSION, secret)
  return { log, logins, compare, first: await compare() }
}

t.test('S21: two nodes with different secrets both report it', async (t) => {
  const redis = await newRedis(t)
  const one = await startNode(t, redis, [S1])
  t.equal(one.first, false, 'a single node has nothing to differ from')
  const other = await startNode(t, redis, [S2])
  await other.log.warned(2)
  t.match(other.log.warnings().join(''), /sessionAuth\.secret differs[^]*tokenAuth\.secret \(or/)
  t.equal(other.logins.health().secretsDiffer, true)
  t.equal(await one.compare(), true)
  t.equal(one.logins.health().secretsDiffer, true)
  for (const secret of [S1, S2]) t.notMatch(other.log.lines.join(''), secret)
})

t.test('S21: nodes during a rotation report nothing', async (t) => {
  for (const [before, after] of [
    [[S1], [S1, S2]],
    [
      [S1, S2],
      [S2, S1]
    ],
    [[S2, S1], [S2]]
  ] as const) {
    const redis = await newRedis(t)
    const nodes = [await startNode(t, redis, before), await startNode(t, redis, after)]
    for (const { compare, logins, log } of nodes) {
      t.equal(await compare(), false)
      t.equal(logins.health().secretsDiffer, false)
      t.same(log.warnings(), [])
    }
  }
})

t.test('S21: the demo warns at boot and reports it in its health', async (t) => {
  const { port } = await newRedis(t)
  const REDIS_URL = `redis://127.0.0.1:${port}`
  const one = await buildDemo(t, { REDIS_URL, DRAWBRIDGE_SECRET: S1 })
  const health = await one.inject('/health/ready')
  t.notOk('secrets' in health.json().parts)
  const log = new Log()
  const other = await buildDemo(t, { REDIS_URL, DRAWBRIDGE_SECRET: S2 }, log)
  await other.ready()
  await log.warned(2)
  const response = await other.inject('/health/ready')
  t.match(response.json(), { parts: { secrets: 'differ', logins: 'up' } })
  t.notMatch(log.lines.join(''), S2)
})

t.test('S21: boot neither waits for the comparison nor fails because of it', async (t) => {
  const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }
  for (const announce of [
    () => new Promise<never>(() => {}),
    () => Promise.reject(new Error('down')),
    () => {
      throw new Error('down')
    }
  ]) {
    const logins = createLogins({ store: Object.assign(createMemoryLoginStore(), { announce }) })
    const app = Fastify()
    t.teardown(() => Promise.all([app.close(), logins.close()]))
    await app.register(sessionAuth, { credentials, logins, secret: S1 })
    await app.register(tokenAuth, { credentials, logins, keys })
    await app.ready()
    t.equal((await app.inject({ url: '/session/login' })).statusCode, 404)
  }
})
