import t from 'tap'
import { TcpProxy } from '@drawbridge/test-support/servers/tcp-proxy'
import {
  freePort,
  skipWithoutRedis,
  startRedis,
  runCommand,
  waitFor
} from '@drawbridge/test-support/servers/redis'
import { sendRequest } from './ask.ts'
import { account } from './build-demo.ts'
import { type Node, sharedEnvironment, startNodes } from './start-nodes.ts'
import { until } from '@drawbridge/test-support/until'

t.test(
  'T07c: a failover behind one name that keeps connections open: active logins are 200 or 503 on an old node, never 401',
  { skip: skipWithoutRedis },
  async (t) => {
    const old = await startRedis()
    const next = await startRedis('--replicaof', `127.0.0.1 ${old.port}`)
    const name = await TcpProxy.start(old.port)
    t.teardown(async () => {
      name.close()
      await Promise.all([old.stop(), next.stop()])
    })
    await waitFor(30_000, 'the replica', async () => {
      return (await runCommand(next.port, (one) => one.info('replication'))).includes('master_link_status:up')
    })
    const env = await sharedEnvironment(t, `redis://127.0.0.1:${name.port}`)
    const [before] = (await startNodes(t, 1, env)) as [Node]

    await runCommand(next.port, (one) => one.replicaof('NO', 'ONE'))
    const nobody = await freePort()
    await runCommand(old.port, (one) => one.replicaof('127.0.0.1', nobody))
    name.pointTo(next.port)
    const [after] = (await startNodes(t, 1, { ...env, REDIS_URL: `redis://127.0.0.1:${next.port}` })) as [
      Node
    ]
    const logIn = (carrier: string) =>
      sendRequest(`${after.url}/${carrier}/login`, { method: 'POST', json: account })
    const [session, token] = [await logIn('session'), await logIn('token')]
    // The session cookie only, without the snapshot by which a node could respond without the store.
    const [cookie = ''] = (session.headers['set-cookie'] as string[])[0]?.split(';', 1) ?? []
    const requests = [
      () => sendRequest(`${before.url}/session/protected`, { headers: { cookie } }),
      () =>
        sendRequest(`${before.url}/token/protected`, {
          headers: { authorization: `Bearer ${String(token.body.token)}` }
        }),
      () =>
        sendRequest(`${before.url}/token/refresh`, {
          method: 'POST',
          json: { refresh_token: token.body.refresh_token }
        })
    ]
    for (const request of requests) {
      const statuses: number[] = []
      await until(async () => {
        statuses.push((await request()).status)
        return statuses.at(-1) !== 503
      })
      t.equal(statuses.at(-1), 200)
    }
    await until(async () => (await sendRequest(`${before.url}/health/ready`)).status === 200)
  }
)
