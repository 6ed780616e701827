import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { sendRequest } from './ask.ts'
import { account } from './build-demo.ts'
import { startDemo } from './start-demo.ts'
import { isReady, sharedEnvironment } from './start-nodes.ts'
import { until } from '@drawbridge/test-support/until'

const SHIFT = pathToFileURL(join(import.meta.dirname, 'shift-clock.mjs')).href
const HOUR_MS = 3_600_000

/** A node in a process of its own whose clock is off by so much, once it is fresh. */
async function startShifted(t: Test, env: Readonly<Record<string, string>>, shiftMs: number) {
  const shifted = { NODE_OPTIONS: `--import ${SHIFT}`, SHIFT_CLOCK_MS: String(shiftMs) }
  const node = await startDemo(t, { ...env, ...shifted })
  const parts = async () => (await sendRequest(`${node.url}/health/ready`)).body.parts as { feed: string }
  await until(async () => (await parts()).feed === 'up')
  return { ...node, parts }
}

t.test(
  'T08 S23: logins of nodes whose clocks are off are valid on every node, and those nodes report their clock',
  { skip: skipWithoutRedis },
  async (t) => {
    const redis = await startRedis()
    t.teardown(() => redis.stop())
    const env = await sharedEnvironment(t, `redis://127.0.0.1:${redis.port}`)
    const right = await startDemo(t, env)
    await until(() => isReady(right.url))
    const [behind, ahead] = [await startShifted(t, env, -HOUR_MS), await startShifted(t, env, 8000)]
    const nodes = [right, behind, ahead]

    for (const from of nodes) {
      const session = await sendRequest(`${from.url}/session/login`, { method: 'POST', json: account })
      const token = await sendRequest(`${from.url}/token/login`, { method: 'POST', json: account })
      t.match([session.status, token.status], [200, 200])
      const cookie = (session.headers['set-cookie'] as string[]).map((one) => one.split(';', 1)[0]).join('; ')
      const bearer = { authorization: `Bearer ${String(token.body.token)}` }
      for (const to of nodes) {
        t.equal((await sendRequest(`${to.url}/session/protected`, { headers: { cookie } })).status, 200)
        t.equal((await sendRequest(`${to.url}/token/protected`, { headers: bearer })).status, 200)
      }
      const json = { refresh_token: token.body.refresh_token }
      t.equal((await sendRequest(`${right.url}/token/refresh`, { method: 'POST', json })).status, 200)
    }

    for (const node of [behind, ahead]) {
      t.equal(await isReady(node.url), false)
      t.match(await node.parts(), { feed: 'up', logins: 'up', clock: 'down' })
      const said = node
        .output()
        .split('\n')
        .filter((line) => line.includes('"clock-offset"'))
      t.equal(said.length, 1)
      t.match(said[0], /"offsetMs":-?\d{4,7},/)
    }
    t.notMatch(right.output(), 'clock-offset')
  }
)
