import { ioredis5 } from '@drawbridge/test-support/servers/ioredis-5'
import { skipWithoutRedis, runCommand, startLoneNode } from '@drawbridge/test-support/servers/redis'
import * as ioredis6 from 'ioredis'
import t from 'tap'
import { duplicate } from '../../src/redis/redis-client.ts'

const PASSWORD = 'of the Cluster'
/** A node may send any text as an error; here a script does. */
const INVALID_REDIRECTS = [
  'MOVED __proto__ 127.0.0.1:1',
  'MOVED length 127.0.0.1:1',
  'MOVED -1 127.0.0.1:1',
  'MOVED 16384 127.0.0.1:1',
  'MOVED 1.5 127.0.0.1:1',
  'MOVED 15495',
  'ASK __proto__ 127.0.0.1:1',
  'ASK 15495'
]

t.test('the client of a Cluster', { skip: skipWithoutRedis }, async (t) => {
  const server = await startLoneNode()
  t.teardown(() => server.stop())
  await runCommand(server.port, (client) => client.config('SET', 'requirepass', PASSWORD))

  for (const [major, { Cluster }] of Object.entries({ 'ioredis 5': ioredis5, 'ioredis 6': ioredis6 })) {
    const redis = new Cluster([{ host: '127.0.0.1', port: server.port }], {
      lazyConnect: true,
      redisOptions: { password: PASSWORD }
    })
    const own = duplicate(redis, { enableOfflineQueue: true }, () => {})
    t.teardown(() => {
      own.disconnect()
      redis.disconnect()
    })
    const script = (redirect: string) => `return redis.error_reply('${redirect}')`

    await t.test(`L10 a duplicate has the password of the client, with ${major}`, async (t) => {
      t.equal(await own.get('a'), null)
    })

    await t.test(`F23 an invalid redirect is an error and writes nowhere, with ${major}`, async (t) => {
      for (const redirect of INVALID_REDIRECTS)
        await t.rejects(own.eval(script(redirect), 1, 'a'), { message: redirect }, redirect)
      const [[error] = [null]] =
        (await own.pipeline().eval(script('MOVED __proto__ 127.0.0.1:1'), 1, 'a').exec()) ?? []
      t.match(error, { message: 'MOVED __proto__' }, 'in a pipeline')
      t.same(Object.keys(Array.prototype), [])
      t.equal(await own.get('a'), null, 'the slots are still known')
    })
  }
})
