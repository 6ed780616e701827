import t from 'tap'
import { skipWithoutRedis, startRedis, runCommand } from '@drawbridge/test-support/servers/redis'
import { sendRequest, type Response } from './ask.ts'
import { account } from './build-demo.ts'
import { type Node, sharedEnvironment, startNodes } from './start-nodes.ts'

const cookieOf = ({ headers }: Response) =>
  (headers['set-cookie'] as string[]).map((one) => one.split(';', 1)[0]).join('; ')

t.test(
  'T04 S30: while the memory of Redis is full, existing logins are served, log-outs succeed, and sign-ins get 503',
  { skip: skipWithoutRedis },
  async (t) => {
    const redis = await startRedis('--maxmemory-policy', 'noeviction')
    t.teardown(() => redis.stop())
    const env = await sharedEnvironment(t, `redis://127.0.0.1:${redis.port}`, {
      ON_STALE: 'fail-closed',
      MAX_STALENESS_MS: '10000'
    })
    const [one, two] = (await startNodes(t, 2, env)) as [Node, Node]
    const logIn = (carrier: string) =>
      sendRequest(`${one.url}/${carrier}/login`, { method: 'POST', json: account })
    const cookie = { cookie: cookieOf(await logIn('session')) }
    const tokens = (await logIn('token')).body as { token: string; refresh_token: string }
    const bearer = { authorization: `Bearer ${tokens.token}` }

    await runCommand(redis.port, (client) => client.config('SET', 'maxmemory', '1mb'))
    for (const { url } of [one, two]) {
      t.equal((await sendRequest(`${url}/session/protected`, { headers: cookie })).status, 200)
      t.equal((await sendRequest(`${url}/token/protected`, { headers: bearer })).status, 200)
      t.match(await sendRequest(`${url}/health/ready`), {
        status: 503,
        body: { parts: { logins: 'down', feed: 'up', users: 'up', clock: 'up' } }
      })
    }
    t.match(await logIn('session'), { status: 503, headers: { 'retry-after': /^\d+$/ } })
    const refreshed = await sendRequest(`${two.url}/token/refresh`, {
      method: 'POST',
      json: { refresh_token: tokens.refresh_token }
    })
    t.equal(refreshed.status, 200)
    t.equal((await sendRequest(`${one.url}/session/logout`, { method: 'POST', headers: cookie })).status, 200)
    t.equal((await sendRequest(`${one.url}/session/protected`, { headers: cookie })).status, 401)

    await runCommand(redis.port, (client) => client.config('SET', 'maxmemory', '0'))
    t.equal((await logIn('session')).status, 200)
    t.equal((await sendRequest(`${one.url}/health/ready`)).status, 200)
  }
)
