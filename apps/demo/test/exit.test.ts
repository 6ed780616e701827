import { startProcess } from '@drawbridge/test-support/processes/start-process'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { resolve } from 'node:path'
import { loaderArgs, ownScript } from '@drawbridge/test-support/processes/own-script'
import t from 'tap'

// A process that something keeps alive never exits: the test would then reach its timeout.
t.test(
  'a service over Redis exits by itself when its application closes',
  { skip: skipWithoutRedis },
  async (t) => {
    const redis = await startRedis()
    t.teardown(() => redis.stop())
    const service = await startProcess(t, {
      command: process.execPath,
      args: [...loaderArgs, ownScript('small-service.ts')],
      cwd: resolve(import.meta.dirname),
      env: { REDIS_URL: `redis://127.0.0.1:${redis.port}` },
      ready: /signed in: 200, at (\S+)/
    })
    t.same(await service.stop('SIGTERM'), { code: 0, signal: null })
  }
)
