import { setTimeout as sleep } from 'node:timers/promises'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { generateSigningKey } from '@drawbridge/token-auth'
import { until } from '@drawbridge/test-support/until'
import t from 'tap'
import { endOf, type Kind, open } from './connections.ts'
import { percentiles } from './live-load.ts'
import { NodeProcess } from './node-process.ts'
import { post, signIn } from './sign-in.ts'

const KINDS: readonly Kind[] = ['socket', 'stream']
const NODES = 3
/** Each has five connections of either kind: 1,000 WebSockets and 1,000 streams. */
const LOGINS = 200
const PER_KIND = 5
const LEAVING = 150
const BOUND_MS = 2000

/** Reported, and not asserted: how soon depends on the machine. The bound does not. */
t.test(
  'a log-out closes what the login has open on other nodes, of 2,000 connections',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const nodes = Array.from({ length: NODES }, () => NodeProcess.start(t))
    const spec = {
      servers: { ports: [server.port] },
      keys: [generateSigningKey()],
      isNaive: false,
      beatMs: 5000
    }
    const urls = await Promise.all(nodes.map((node) => node.begin(spec)))
    t.teardown(() => Promise.all(nodes.map((node) => node.end())))
    const connect = async (at: number) => {
      const login = await signIn(urls[at % NODES] as string, at % 2 === 0 ? 'session' : 'token', `user-${at}`)
      const opened = KINDS.flatMap((kind) =>
        Array.from({ length: PER_KIND }, async (_, one) => {
          const node = one % NODES
          return { node, connection: await open(kind, urls[node] as string, login.headers) }
        })
      )
      return { ...login, connections: await Promise.all(opened) }
    }
    const logins: Array<Awaited<ReturnType<typeof connect>>> = []
    while (logins.length < LOGINS)
      logins.push(...(await Promise.all(Array.from({ length: 10 }, (_, at) => connect(logins.length + at)))))
    const lags: number[] = []
    for (const [at, { loginId, connections }] of logins.slice(0, LEAVING).entries()) {
      const here = at % NODES
      await post(`${urls[here]}/revoke/${loginId}`)
      const revokedAt = Date.now()
      await until(() => connections.every(({ connection }) => endOf(connection) !== 'open'), BOUND_MS)
      for (const { node, connection } of connections)
        if (node !== here) lags.push(Math.max(0, connection.closedAt - revokedAt))
      await sleep(10)
    }
    t.comment(`closed on other nodes after the response to the log-out: ${percentiles(lags)}`)
    t.ok(lags.every((lag) => lag <= BOUND_MS))
    const left = logins.slice(LEAVING).flatMap(({ connections }) => connections)
    t.ok(
      left.every(({ connection }) => endOf(connection) === 'open'),
      'and no other'
    )
    for (const { connection } of left) connection.close()
  }
)
