import { join } from 'node:path'
import { runCommand, skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import Database from 'libsql'
import t, { type Test } from 'tap'
import { type Response, sendRequest } from './ask.ts'
import { account } from './build-demo.ts'
import { credentialFrom } from './login-issuer.ts'
import { Oracle, percentiles, untilRefused } from './oracle.ts'
import { makeDataDir } from './start-demo.ts'
import { type Environment, sharedEnvironment, startNodes } from './start-nodes.ts'

const BOUND_MS = 1000
const ROUNDS = 5

interface BothCredentials {
  readonly cookie: string
  readonly token: string
  readonly refreshToken: string
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

const post = (url: string, headers: Record<string, string>, json?: object) =>
  sendRequest(url, { method: 'POST', headers, ...(json && { json }) })

/** Signs in by one carrier on one node, and gets the other one on another node. */
const signIns = {
  session: async ([one, two]: readonly string[]): Promise<BothCredentials> => {
    const cookie = cookieFrom(await post(`${one}/session/login`, {}, account))
    const { body } = await post(`${two}/exchange/session-for-token`, { cookie }, { refresh_token: true })
    return { cookie, token: String(body.token), refreshToken: String(body.refresh_token) }
  },
  token: async ([one, two]: readonly string[]): Promise<BothCredentials> => {
    const { body } = await post(`${one}/token/login`, {}, account)
    const refreshToken = String(body.refresh_token)
    const exchanged = await post(`${two}/exchange/token-for-session`, {}, { refresh_token: refreshToken })
    return { cookie: cookieFrom(exchanged), token: String(body.token), refreshToken }
  }
} as const

function cookieFrom({ headers, body }: Response): string {
  return credentialFrom('session', headers['set-cookie'], body).headers.cookie ?? ''
}

const logOuts = {
  'its cookie': (url: string, { cookie }: BothCredentials) => post(`${url}/session/logout`, { cookie }),
  'its access token': (url: string, { token }: BothCredentials) => post(`${url}/token/logout`, bearer(token)),
  'its refresh token': (url: string, { refreshToken }: BothCredentials) =>
    post(`${url}/token/logout`, {}, { refresh_token: refreshToken }),
  'either, by the log-out of both': (url: string, { cookie, token }: BothCredentials) =>
    post(`${url}/logout`, { cookie, ...bearer(token) })
} as const

/** @param readIds the ids of all logins, as the database has them. */
async function checkNodes(
  t: Test,
  env: Environment,
  readIds: () => Promise<readonly string[]> | readonly string[]
): Promise<void> {
  const nodes = await startNodes(t, 3, env)
  const urls = nodes.map(({ url }) => url)
  const lags: number[] = []
  const oracle = new Oracle(BOUND_MS)
  for (const [first, signIn] of Object.entries(signIns)) {
    for (const [by, logOut] of Object.entries(logOuts)) {
      await t.test(`signed in by ${first}, logged out by ${by}`, async (t) => {
        for (let round = 0; round < ROUNDS; round++) {
          const credentials = await signIn(urls)
          const [id, ...others] = await readIds()
          t.same(others, [], 'one record')
          const { cookie, token, refreshToken } = credentials
          const tracked = [
            oracle.track({ carrier: 'session', headers: { cookie }, refreshToken: '' }),
            oracle.track({ carrier: 'token', headers: bearer(token), refreshToken })
          ]
          for (const url of urls) {
            for (const login of tracked) t.equal(await oracle.guarded(url, login), 200)
            t.equal((await sendRequest(`${url}/protected`, { headers: { cookie } })).status, 200)
            t.equal((await sendRequest(`${url}/protected`, { headers: bearer(token) })).status, 200)
          }
          t.same(await readIds(), [id], 'the same one, from first to last')
          t.equal((await logOut(urls[round % 3] as string, credentials)).status, 200)
          const signedOutAt = performance.now()
          for (const login of tracked) Object.assign(login, { state: 'out', signedOutAt })
          for (const login of tracked)
            lags.push(...(await Promise.all(urls.map((url) => untilRefused(oracle, url, login)))))
          for (const url of urls) {
            const refreshed = await post(`${url}/token/refresh`, {}, { refresh_token: refreshToken })
            t.equal(refreshed.status, 401)
            const exchanged = await post(`${url}/exchange/session-for-token`, { cookie })
            t.equal(exchanged.status, 401)
          }
          t.same(await readIds(), [], 'and none is left')
        }
      })
    }
  }
  t.same(oracle.faults, [])
  t.comment(`served after the log-out's response: ${percentiles(lags)}`)
}

t.test('one login, both carriers, three nodes, on Redis', { skip: skipWithoutRedis }, async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  // Redis does not fail here, and a stalled machine is not a fault of a node.
  const env = await sharedEnvironment(t, `redis://127.0.0.1:${redis.port}`, { REDIS_TIMEOUT_MS: '5000' })
  await checkNodes(t, env, async () => {
    const keys = await runCommand(redis.port, (client) => client.keys('*:l:*'))
    return keys.map((key) => key.split(':l:')[1] as string)
  })
})

t.test('one login, both carriers, three nodes, on SQLite', async (t) => {
  const DATA_DIR = await makeDataDir(t)
  const env = { DATA_DIR, LOGIN_ATTEMPTS_PER_ACCOUNT: '100', LOGIN_ATTEMPTS_PER_ADDRESS: '1000000' }
  await checkNodes(t, env, () => {
    const database = new Database(join(DATA_DIR, 'logins.db'), { readonly: true })
    try {
      const rows = database.prepare('SELECT id FROM drawbridge_logins WHERE id <> ?').all('')
      return (rows as { id: string }[]).map(({ id }) => id)
    } finally {
      database.close()
    }
  })
})
