import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { TcpProxy } from '@drawbridge/test-support/servers/tcp-proxy'
import { until } from '@drawbridge/test-support/until'
import t, { type Test } from 'tap'
import { sendRequest } from './ask.ts'
import { type IssuedCredential, type LoginIssuer, openLoginIssuer } from './login-issuer.ts'
import { startDemo } from './start-demo.ts'
import { type Environment, isReady, sharedEnvironment } from './start-nodes.ts'

const NODES = 8
const LOG_OUTS = 16
/**
 * Redis stamps an entry in whole ms (the time of its clock), a node reads its own clock in whole ms, and rounds the offset
 * between the two to whole ms: each is off by less than 1 ms. The nodes and Redis share one clock here, so that the offset has
 * no other error: it moves no further than a reply proves.
 */
const GRANULARITY_MS = 3
/** Sums of a histogram are floating-point numbers of seconds. */
const ROUNDING_MS = 1e-6
/** How long the node that is cut off goes on serving, at least. */
const CUT_MS = 200

interface MeasuredNode {
  readonly url: string
  readonly metricsUrl: string
  /** What it is known to have measured so far. */
  sumMs: number
}

/** Times of `performance.now()`. */
interface LogOut {
  readonly login: IssuedCredential
  /** The node that was asked, which rejects the login before it hears of it. */
  readonly at: MeasuredNode
  readonly sentAt: number
  readonly confirmedAt: number
}

t.test(
  'the histogram of each of 8 nodes has every log-out once, with the lag that is measured from outside',
  { skip: skipWithoutRedis },
  async (t) => {
    const redis = await startRedis()
    t.teardown(() => redis.stop())
    const proxy = await TcpProxy.start(redis.port)
    t.teardown(() => proxy.close())
    // So long that every node is fresh throughout: it rejects a login that it has verified when it hears of the log-out, not before.
    const times = { MAX_STALENESS_MS: '60000', REDIS_TIMEOUT_MS: '10000' }
    const env = await sharedEnvironment(t, `redis://127.0.0.1:${redis.port}`, times)
    const issuer = await openLoginIssuer(t, env)
    const others = await startMeasuredNodes(t, NODES - 1, env)
    const [distant] = (await startMeasuredNodes(t, 1, {
      ...env,
      REDIS_URL: `redis://127.0.0.1:${proxy.port}`
    })) as [MeasuredNode]
    const nodes = [...others, distant]
    const lags: number[] = []

    for (let count = 1; count < LOG_OUTS; count++) {
      const logOut = await signOut(t, issuer, nodes, count)
      lags.push(...(await Promise.all(nodes.map((node) => checkLag(t, node, logOut, count)))))
    }
    t.comment(
      `lags, ms: ${lags
        .toSorted((a, b) => a - b)
        .map(Math.round)
        .join(' ')}`
    )

    const login = await signInEverywhere(issuer, nodes, LOG_OUTS)
    proxy.stopForwarding()
    const logOut = await sendLogOut(t, login, others[0] as MeasuredNode)
    const servedAt = await serveFor(CUT_MS, distant, logOut)
    proxy.resumeForwarding()
    await Promise.all(others.map((node) => checkLag(t, node, logOut, LOG_OUTS)))
    const lag = await checkLag(t, distant, logOut, LOG_OUTS)
    t.ok(
      lag >= servedAt - logOut.confirmedAt - GRANULARITY_MS,
      `${lag} ms where it was cut off: it has served the login ${servedAt - logOut.confirmedAt} ms after the log-out`
    )
  }
)

async function startMeasuredNodes(t: Test, count: number, env: Environment): Promise<MeasuredNode[]> {
  const start = async () => {
    const node = await startDemo(t, { METRICS_PORT: '0', ...env })
    const [, metricsUrl = ''] = /the metrics are at (http:[^\s"]+)/.exec(node.output()) ?? []
    await until(() => isReady(node.url))
    return { url: node.url, metricsUrl, sumMs: 0 }
  }
  return Promise.all(Array.from({ length: count }, start))
}

async function signOut(
  t: Test,
  issuer: LoginIssuer,
  nodes: readonly MeasuredNode[],
  turn: number
): Promise<LogOut> {
  const login = await signInEverywhere(issuer, nodes, turn)
  return sendLogOut(t, login, nodes[turn % nodes.length] as MeasuredNode)
}

/** A login that every node has verified. */
async function signInEverywhere(issuer: LoginIssuer, nodes: readonly MeasuredNode[], turn: number) {
  const login = await issuer.signIn(turn % 2 === 0 ? 'session' : 'token')
  await Promise.all(nodes.map((node) => until(async () => (await request(node, login)) === 200)))
  return login
}

async function sendLogOut(t: Test, login: IssuedCredential, at: MeasuredNode): Promise<LogOut> {
  const { carrier, headers } = login
  const sentAt = performance.now()
  const { status } = await sendRequest(`${at.url}/${carrier}/logout`, { method: 'POST', headers })
  t.equal(status, 200, 'the log-out')
  return { login, at, sentAt, confirmedAt: performance.now() }
}

/** The status of a guarded request. */
async function request({ url }: MeasuredNode, { carrier, headers }: IssuedCredential): Promise<number> {
  return (await sendRequest(`${url}/${carrier}/protected`, { headers })).status
}

/** @returns when a request was sent that the node served so long after the log-out, or later. */
async function serveFor(ms: number, node: MeasuredNode, { login, confirmedAt }: LogOut): Promise<number> {
  let sentAt = 0
  await until(async () => {
    sentAt = performance.now()
    if ((await request(node, login)) !== 200) throw new Error('the node that is cut off does not serve')
    return sentAt - confirmedAt >= ms
  })
  return sentAt
}

/**
 * A log-out is sent before its entry is appended, and a node hears of that before it rejects the login: the lag is
 * within that time.
 *
 * @returns the lag that the node has measured, ms.
 */
async function checkLag(t: Test, node: MeasuredNode, logOut: LogOut, count: number): Promise<number> {
  await until(async () => (await request(node, logOut.login)) === 401)
  let rejectedAt = performance.now()
  let found = await readLag(node)
  if (node === logOut.at) {
    await until(async () => (found = await readLag(node)).count >= count)
    rejectedAt = performance.now()
  }
  t.equal(found.count, count, 'each log-out is measured once')
  const lag = found.sumMs - node.sumMs
  node.sumMs = found.sumMs
  const outsideMs = rejectedAt - logOut.sentAt
  t.ok(lag >= -ROUNDING_MS, `${lag} ms`)
  t.ok(lag <= outsideMs + GRANULARITY_MS, `${lag} ms is within the ${outsideMs} ms measured from outside`)
  return lag
}

/** What a node says of all that it has heard. */
async function readLag({ metricsUrl }: MeasuredNode): Promise<{ count: number; sumMs: number }> {
  const text = await (await fetch(metricsUrl)).text()
  const read = (name: string) =>
    Number(new RegExp(`^drawbridge_revocation_lag_${name}(?:\\{.*\\})? (\\S+)`, 'm').exec(text)?.[1] ?? 0)
  return { count: read('count'), sumMs: read('sum') * 1000 }
}
