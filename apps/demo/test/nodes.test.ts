import { join } from 'node:path'
import t, { type Test } from 'tap'
import { skipWithoutRedis, startRedis, runCommand } from '@drawbridge/test-support/servers/redis'
import { sendRequest } from './ask.ts'
import { signInByCookie, signInByToken } from './build-demo.ts'
import { createCurlClient, noCurl } from './clients/curl-client.ts'
import { createFetchClient } from './clients/fetch-client.ts'
import { openLoginIssuer } from './login-issuer.ts'
import { Oracle, percentiles, untilRefused } from './oracle.ts'
import { runScript } from './run-script.ts'
import { sessionScript, tokenScript } from './script.ts'
import { makeDataDir } from './start-demo.ts'
import { sharedEnvironment, startNodes } from './start-nodes.ts'
import { until } from '@drawbridge/test-support/until'

if (skipWithoutRedis) {
  t.plan(0, skipWithoutRedis)
  process.exit(0)
}

const BOUND_MS = 1000
/** A login that may have been issued before the log began, given clocks seconds apart, is looked up once. */
const YOUNG_LOG_MS = 8000
const redis = await startRedis()
t.teardown(() => redis.stop())
/** Redis does not fail here, and a stalled machine is not a fault of a node. */
const env = await sharedEnvironment(t, `redis://127.0.0.1:${redis.port}`, { REDIS_TIMEOUT_MS: '5000' })
const nodes = await startNodes(t, 3, env)
const startedAt = Date.now()
const mint = await openLoginIssuer(t, env)
const [one, two, three] = nodes.map(({ url }) => url) as [string, string, string]
const carriers = ['session', 'token'] as const

for (const [carrier, script] of [
  ['session', sessionScript],
  ['token', tokenScript]
] as const) {
  t.test(`a demo with Redis responds by ${carrier} as the script says`, async (t) => {
    await runScript(t, createFetchClient(one), script, (step) => step.response)
  })
  t.test(`and likewise to curl`, { skip: noCurl }, async (t) => {
    const jar = join(await makeDataDir(t), 'jar.txt')
    await runScript(t, createCurlClient(two, jar), script, (step) => step.response)
  })
}

for (const carrier of carriers) {
  t.test(
    `after a log-out by ${carrier} on one node all nodes reject the login within the bound`,
    async (t) => {
      const oracle = new Oracle(BOUND_MS)
      const lags: number[] = []
      for (let round = 0; round < 40; round++) {
        const login = oracle.track(await mint.signIn(carrier))
        for (const url of [one, two, three]) t.equal(await oracle.guarded(url, login), 200)
        t.ok(await oracle.signOut(one, login))
        t.equal(await oracle.guarded(one, login), 401, 'by the node itself at once')
        lags.push(...(await Promise.all([two, three].map((url) => untilRefused(oracle, url, login)))))
      }
      t.same(oracle.faults, [])
      t.comment(`served by another node after the log-out's response, by ${carrier}: ${percentiles(lags)}`)
    }
  )
}

t.test(
  'R05 of a hundred concurrent refreshes over two nodes one rotates, and all get its successor',
  async (t) => {
    const { refreshToken } = await mint.signIn('token')
    const responses = await Promise.all(
      Array.from({ length: 100 }, (_, at) => refresh(at % 2 === 0 ? one : two, refreshToken))
    )
    t.same([...new Set(responses.map(({ status }) => status))], [200])
    const successors = new Set(responses.map(({ body }) => body.refresh_token))
    t.equal(successors.size, 1)
    t.equal((await refresh(three, String([...successors][0]))).status, 200, 'which is valid for the next one')
  }
)

t.test(
  'after a log-out concurrent with a refresh on another node no credential of the login is valid',
  async (t) => {
    const found: Record<string, number> = {}
    for (let race = 0; race < 200; race += 10) {
      await Promise.all(Array.from({ length: 10 }, () => raceOnce(t, found)))
    }
    t.comment(`200 races: ${JSON.stringify(found)}`)
  }
)

async function raceOnce(t: Test, found: Record<string, number>): Promise<void> {
  const { headers, refreshToken } = await mint.signIn('token')
  const logOut = () =>
    sendRequest(`${two}/token/logout`, { method: 'POST', json: { refresh_token: refreshToken } })
  const isFirst = Math.random() < 0.5
  const early = isFirst ? refresh(one, refreshToken) : null
  const [out, fresh] = await Promise.all([logOut(), early ?? refresh(one, refreshToken)])
  if (out.status !== 200 || ![200, 401].includes(fresh.status)) t.fail(`${out.status} and ${fresh.status}`)
  found[`refresh ${fresh.status}`] = (found[`refresh ${fresh.status}`] ?? 0) + 1
  const after = [await refresh(one, refreshToken)]
  if (fresh.status === 200) {
    after.push(await refresh(three, String(fresh.body.refresh_token)))
    const oracle = new Oracle(BOUND_MS)
    const authorization = `Bearer ${String(fresh.body.token)}`
    const login = oracle.track({ carrier: 'token', headers: { authorization }, refreshToken: '' })
    Object.assign(login, { state: 'out', signedOutAt: performance.now() })
    await Promise.all([one, two, three].map((url) => untilRefused(oracle, url, login)))
    t.same(oracle.faults, [])
  }
  const oracle = new Oracle(BOUND_MS)
  const login = oracle.track({ carrier: 'token', headers, refreshToken })
  Object.assign(login, { state: 'out', signedOutAt: performance.now() })
  await untilRefused(oracle, three, login)
  const active = after.filter(({ status }) => status !== 401)
  if (active.length + oracle.faults.length > 0) t.fail(`a refresh responded ${active[0]?.status}`)
}

t.test(
  'a guarded request on a warm node, or on a cold one with a snapshot, sends no command to Redis',
  async (t) => {
    await until(() => Date.now() - startedAt > YOUNG_LOG_MS)
    const [first, second, third] = nodes.map(({ app }) => app) as [App, App, App]
    const cookie = await signInByCookie(first)
    const { token } = await signInByToken(first)
    const presented = { session: { cookie }, token: { authorization: `Bearer ${token}` } }
    for (const carrier of carriers) {
      const hundred = async (app: App) => {
        for (let sent = 0; sent < 100; sent++) {
          const response = await app.inject({ url: `/${carrier}/protected`, headers: presented[carrier] })
          if (response.statusCode !== 200) t.fail(`status ${response.statusCode}`)
        }
      }
      const before = await commands()
      await hundred(second)
      t.same(await commands(), before, `a cold node, by ${carrier}`)
      await hundred(second)
      t.same(await commands(), before, `a warm node, by ${carrier}`)
    }
    const before = await commands()
    const bare = cookie
      .split('; ')
      .filter((pair) => !pair.includes('snapshot'))
      .join('; ')
    await third.inject({ url: '/session/protected', headers: { cookie: bare } })
    t.equal((await commands()).mget - before.mget, 1, 'control: without a snapshot a cold node asks once')
  }
)

type App = (typeof nodes)[number]['app']

/**
 * Commands of the feed, and of the counting itself. An audit is an EVAL; a method of the store is visible by the
 * commands of its script.
 */
const OF_FEED = /^(eval$|xread|xrange|xinfo|hmget|multi|exec|info|ping|hello|client|select|auth|command)/

/**
 * The commands of a comparison of secrets, once each: the only script with an EXPIRE, which any node may run at any
 * moment.
 */
const OF_ANNOUNCE = ['evalsha', 'time', 'zrevrangebyscore', 'zadd', 'expire', 'zrevrange']

/** Calls per command, except those of the feed and of comparisons of secrets. */
async function commands(): Promise<{ mget: number; [name: string]: number }> {
  const info = await runCommand(redis.port, (client) => client.info('commandstats'))
  const counts = [...info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)]
    .map(([, name = '', calls]) => [name, Number(calls)] as const)
    .filter(([name]) => !OF_FEED.test(name))
  const announced = counts.find(([name]) => name === 'expire')?.[1] ?? 0
  const others = counts.map(([name, calls]) => [name, OF_ANNOUNCE.includes(name) ? calls - announced : calls])
  return { mget: 0, ...Object.fromEntries(others) }
}

function refresh(url: string, refreshToken: string) {
  return sendRequest(`${url}/token/refresh`, { method: 'POST', json: { refresh_token: refreshToken } })
}
