import { Redis } from 'ioredis'
import { once } from 'node:events'
import t from 'tap'
import { skipWithoutRedis, startRedis, runCommand } from '@drawbridge/test-support/servers/redis'
import { describeError } from '../src/log-error.ts'
import { buildDemo } from './build-demo.ts'
import { demoFolder, makeDataDir, startArgs, startDemo } from './start-demo.ts'
import { startProcess } from '@drawbridge/test-support/processes/start-process'
import { until } from '@drawbridge/test-support/until'

const skip = skipWithoutRedis
const canary = 'canary-of-the-password-of-redis'

t.test('T05: an error is logged by its name, code, message, stack and causes', async (t) => {
  const cause = Object.assign(new TypeError('of a driver'), { code: 'ECONNRESET', detail: canary })
  const error = Object.assign(new Error('of a store', { cause }), {
    command: { args: [canary] },
    statusCode: 500,
    toJSON: () => canary
  })
  const described = describeError(error)
  t.same(described, {
    type: 'Error',
    message: 'of a store',
    stack: error.stack,
    causes: [{ type: 'TypeError', code: 'ECONNRESET', message: 'of a driver', stack: cause.stack }]
  })
})

t.test(
  'T05: each error of an AggregateError is described, and an error that is its own cause terminates',
  async (t) => {
    const many = new AggregateError([new Error('one'), new Error('two')], 'both')
    t.match(describeError(many), { message: 'both', causes: [{ message: 'one' }, { message: 'two' }] })
    const circle = new Error('round')
    circle.cause = circle
    t.ok(JSON.stringify(describeError(circle)).length < 20_000)
    const crowd = new AggregateError(
      Array.from({ length: 1000 }, () => new Error('x')),
      'all'
    )
    t.equal(describeError(crowd).causes?.length, 10)
  }
)

t.test('T05: a thrown value that is not an error is logged as text, without its members', async (t) => {
  t.match(describeError('a text'), { type: 'string', message: 'a text' })
  for (const thrown of [{ password: canary }, [canary], () => canary, undefined, null, 7n]) {
    const described = JSON.stringify(describeError(thrown))
    t.match(described, 'not an error')
    t.notMatch(described, canary)
  }
})

/** An error of ioredis, with the rejected command. */
async function refusedAuth(port: number): Promise<Error> {
  const client = new Redis({ port, host: '127.0.0.1', password: canary, retryStrategy: () => null })
  const [error] = (await once(client, 'error')) as [Error]
  client.disconnect()
  return error
}

t.test('T05: an error of Redis is logged without its command, under any name', { skip }, async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  await runCommand(redis.port, (client) => client.config('SET', 'requirepass', 'another-password'))
  const error = await refusedAuth(redis.port)
  t.match(JSON.stringify(error), canary, 'the library attaches it')
  const lines: string[] = []
  const app = await buildDemo(t, {}, { write: (line) => lines.push(line) })
  app.get('/fault', () => Promise.reject(new Error('of a route', { cause: error })))
  app.get('/thrown', () => Promise.reject(error))
  for (const url of ['/fault', '/thrown']) await app.inject({ url })
  app.log.error(error)
  app.log.error({ err: error, error, reason: error }, 'careless')
  const text = lines.join('')
  t.match(text, 'WRONGPASS', 'the cause is logged')
  t.notMatch(text, canary)
})

t.test('T05: a password of Redis that is changed at run time is in no line', { skip }, async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  await runCommand(redis.port, (client) => client.config('SET', 'requirepass', canary))
  const demo = await startDemo(t, {
    LOG_LEVEL: 'trace',
    REDIS_URL: `redis://:${canary}@127.0.0.1:${redis.port}`
  })
  const changed = new Redis({ port: redis.port, host: '127.0.0.1', password: canary })
  t.teardown(() => changed.disconnect())
  await changed.config('SET', 'requirepass', `${canary}-of-tomorrow`)
  await changed.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await until(() => demo.output().includes('WRONGPASS'))
  await demo.stop('SIGTERM')
  t.notMatch(demo.output(), canary)
})

/** Code loaded into the process of the demo: on a signal it throws, as a library may in an event handler. */
const THROWS = `process.on('SIGUSR2', () => {
  throw Object.assign(new Error('of an event'), { command: { args: [process.env.CANARY] } })
})`

t.test('T05: an uncaught error exits the process, and is logged like the others', async (t) => {
  const demo = await startProcess(t, {
    command: process.execPath,
    args: ['--import', `data:text/javascript,${encodeURIComponent(THROWS)}`, ...startArgs],
    cwd: demoFolder,
    env: { PORT: '0', DATA_DIR: await makeDataDir(t), CANARY: canary },
    ready: /Drawbridge is at (\S+)/
  })
  t.same(await demo.stop('SIGUSR2'), { code: 1, signal: null })
  t.match(demo.output(), 'of an event')
  t.notMatch(demo.output(), canary)
})
