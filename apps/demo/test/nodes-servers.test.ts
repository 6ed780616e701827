import t, { type Test } from 'tap'
import { startPostgres } from '@drawbridge/test-support/servers/postgres'
import { startCluster } from '@drawbridge/test-support/servers/redis-cluster'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { startSentinel } from '@drawbridge/test-support/servers/redis-sentinel'
import { sendRequest } from './ask.ts'
import { credentialFrom } from './login-issuer.ts'
import { Oracle, untilRefused } from './oracle.ts'
import { type Environment, type Node, sharedEnvironment, startNodes } from './start-nodes.ts'

const skip = skipWithoutRedis
const BOUND_MS = 1000

/** Sign-in on one node, use and refresh on another, log-out on the first, rejection by both. */
async function useTwoNodes(t: Test, env: Environment): Promise<void> {
  // Redis does not fail here.
  const [one, two] = (await startNodes(t, 2, { REDIS_TIMEOUT_MS: '5000', ...env })) as [Node, Node]
  const oracle = new Oracle(BOUND_MS)
  for (const carrier of ['session', 'token'] as const) {
    const response = await oracle.signIn(one.url, carrier)
    const minted = credentialFrom(carrier, response?.headers['set-cookie'], response?.body ?? {})
    const login = oracle.track(minted)
    t.equal(await oracle.guarded(two.url, login), 200, `accepted by another node, by ${carrier}`)
    if (carrier === 'token') t.not(await oracle.refresh(two.url, minted.refreshToken), minted.refreshToken)
    t.ok(await oracle.signOut(one.url, login))
    await Promise.all([one, two].map(({ url }) => untilRefused(oracle, url, login)))
  }
  const json = { username: 'user', password: 'wrong' }
  t.equal((await sendRequest(`${two.url}/session/login`, { method: 'POST', json })).status, 401)
  t.same(oracle.faults, [])
}

t.test('on a Cluster, in the modes single and quorum', { skip }, async (t) => {
  const cluster = await startCluster()
  t.teardown(() => cluster.stop())
  const url = `redis-cluster://${cluster.ports.map((port) => `127.0.0.1:${port}`).join(',')}`
  for (const FEED_MODE of ['single', 'quorum']) {
    await t.test(FEED_MODE, async (t) => useTwoNodes(t, await sharedEnvironment(t, url, { FEED_MODE })))
  }
})

t.test('behind sentinels, in the mode fenced', { skip }, async (t) => {
  const servers = await startSentinel()
  t.teardown(() => servers.stop())
  const hosts = servers.sentinels.map(({ host, port }) => `${host}:${port}`).join(',')
  const url = `redis-sentinel://${hosts}/${servers.name}`
  await useTwoNodes(t, await sharedEnvironment(t, url, { FEED_MODE: 'fenced' }))
})

const postgres = skip === false ? await startPostgres() : null
if (postgres !== null) t.teardown(() => postgres.stop())
const noPostgres = postgres === null ? 'no Postgres here (apt-get install postgresql)' : false

t.test('with users in Postgres', { skip: skip || noPostgres }, async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const env = { DATABASE_URL: postgres?.url ?? '' }
  await useTwoNodes(t, await sharedEnvironment(t, `redis://127.0.0.1:${redis.port}`, env))
})
