import t, { type Test } from 'tap'
import { freePort, skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { describeBootError } from '../src/boot-error.ts'
import { buildDemo } from './build-demo.ts'
import { makeDataDir } from './start-demo.ts'

const skip = skipWithoutRedis

/** The message printed at a failed start. */
async function startAndReadError(t: Test, REDIS_URL: string): Promise<string> {
  const error = await buildDemo(t, { DATA_DIR: await makeDataDir(t), REDIS_URL }).then(
    () => new Error('it started'),
    (thrown: unknown) => thrown
  )
  return describeBootError(error)
}

t.test('a Redis that may evict logins is rejected, and the setting named', { skip }, async (t) => {
  const redis = await startRedis('--maxmemory-policy', 'allkeys-lru')
  t.teardown(() => redis.stop())
  const message = await startAndReadError(t, `redis://127.0.0.1:${redis.port}`)
  t.match(message, /^REDIS_URL: Redis must have a maxmemory-policy of noeviction, got allkeys-lru[^\n]*$/)
})

t.test(
  'a Redis that cannot be reached is reported in one line, without its password',
  { skip },
  async (t) => {
    const port = await freePort()
    const urls = [
      `redis://user:canary@127.0.0.1:${port}`,
      `redis-cluster://user:canary@127.0.0.1:${port}`,
      `redis-sentinel://user:canary@127.0.0.1:${port}/main`
    ]
    for (const message of await Promise.all(urls.map((url) => startAndReadError(t, url)))) {
      t.match(message, /^REDIS_URL: Redis cannot be used: [^\n]+$/)
      t.notMatch(message, 'canary')
      t.comment(message)
    }
  }
)

t.test('a Redis that a restart would empty gives a warning', { skip }, async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const lines: string[] = []
  await buildDemo(t, { REDIS_URL: `redis://127.0.0.1:${redis.port}` }, { write: (line) => lines.push(line) })
  t.match(lines.join(''), 'REDIS_URL: Redis should have appendonly yes')
})
