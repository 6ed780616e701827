import t from 'tap'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { sendRequest } from './ask.ts'
import { type Node, sharedEnvironment, startNodes } from './start-nodes.ts'
import { until } from '@drawbridge/test-support/until'

if (skipWithoutRedis) {
  t.plan(0, skipWithoutRedis)
  process.exit(0)
}

const unavailable = { status: 503, headers: { 'retry-after': /^\d+$/ } }
const redis = await startRedis()
t.teardown(() => redis.stop())
const nodes = await startNodes(t, 1, await sharedEnvironment(t, `redis://127.0.0.1:${redis.port}`))

t.test('while Redis hangs, a sign-in does not, and the node is not ready', async (t) => {
  const [{ url }] = nodes as [Node]
  redis.freeze()
  t.teardown(() => redis.resume())
  for (const carrier of ['session', 'token']) {
    const logIn = (password: string) =>
      sendRequest(`${url}/${carrier}/login`, { method: 'POST', json: { username: 'user', password } })
    const startedAt = performance.now()
    t.equal((await logIn('wrong')).status, 401, 'attempts are counted in memory meanwhile')
    t.match(await logIn('pass'), unavailable)
    const tookMs = performance.now() - startedAt
    t.ok(tookMs < 5000, `both responded in ${Math.round(tookMs)} ms`)
  }
  const ready = () => sendRequest(`${url}/health/ready`)
  await until(async () => (await ready()).status === 503)
  t.match(await ready(), { ...unavailable, body: { parts: { logins: 'down' } } })
})
