import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { skipWithoutRedis, startRedis, runCommand } from '@drawbridge/test-support/servers/redis'
import { sendRequest } from './ask.ts'
import { account, buildDemo } from './build-demo.ts'
import { sharedEnvironment } from './start-nodes.ts'
import { until } from '@drawbridge/test-support/until'

const skip = skipWithoutRedis
/** None of these may be in the log. */
const PASSWORD = 'canary-of-the-old-password'
const AGENT = 'canary-of-a-row'
const CANARIES = /canary-of/
/** The audit log has the user agent of a login, and nothing else that is looked for. */
const withoutAudit = (lines: readonly string[]) =>
  lines.filter((line) => !line.includes('"type":"login-')).join('')

/** A ready node that logs everything. */
async function startLogging(t: Test, redisUrl: string) {
  const lines: string[] = []
  const app = await buildDemo(t, await sharedEnvironment(t, redisUrl), {
    write: (line) => void lines.push(line)
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  await until(async () => (await sendRequest(`${url}/health/ready`)).status === 200)
  const logIn = () =>
    sendRequest(`${url}/session/login`, { method: 'POST', json: account, headers: { 'user-agent': AGENT } })
  return { url, logIn, lines }
}

t.test('T05: a password of Redis that is changed at run time is not in the log', { skip }, async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  await runCommand(redis.port, (client) => client.config('SET', 'requirepass', PASSWORD))
  const { url, logIn, lines } = await startLogging(t, `redis://:${PASSWORD}@127.0.0.1:${redis.port}`)
  t.equal((await logIn()).status, 200)

  const admin = new Redis({ port: redis.port, host: '127.0.0.1', password: PASSWORD })
  t.teardown(() => admin.disconnect())
  await admin.config('SET', 'requirepass', 'another')
  await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await until(async () => (await logIn()).status === 503)
  await until(async () => (await sendRequest(`${url}/health/ready`)).status === 503)
  await until(() => lines.some((line) => line.includes('WRONGPASS')))
  t.notMatch(withoutAudit(lines), CANARIES)
  t.notMatch(lines.join(''), PASSWORD)
})

t.test('T05: a permission revoked at run time is named in the log, without any row', { skip }, async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const acl = (...rules: readonly string[]) =>
    runCommand(redis.port, (client) => client.call('ACL', 'SETUSER', 'app', ...rules))
  await acl('on', `>${PASSWORD}`, '~*', '+@all')
  const { url, logIn, lines } = await startLogging(t, `redis://app:${PASSWORD}@127.0.0.1:${redis.port}`)
  t.equal((await logIn()).status, 200)

  await acl('-evalsha')
  t.equal((await logIn()).status, 503)
  await until(async () => (await sendRequest(`${url}/health/ready`)).status === 503)
  await until(() => lines.some((line) => line.includes('NOPERM')))
  // ioredis attaches the command and all its arguments to its errors.
  t.notMatch(lines.join(''), '"command":')
  t.notMatch(withoutAudit(lines), CANARIES)
  t.notMatch(lines.join(''), PASSWORD)
})
