import t, { type Test } from 'tap'
import { seedUser } from '@drawbridge/credentials'
import { openUsers } from '../src/users.ts'
import { makeDataDir, startDemo } from './start-demo.ts'
import { until } from '@drawbridge/test-support/until'

const ROUNDS = 4
const WORKERS = 8
/** Number of responses per round before the process is killed amid further requests. */
const SIGN_INS = 40
const SIGN_OUTS = 15

/** A login whose sign-in succeeded, and the state of its log-out. */
interface TrackedLogin {
  readonly carrier: 'session' | 'token'
  readonly headers: Readonly<Record<string, string>>
  state: 'in' | 'leaving' | 'out'
}

t.test('a confirmed sign-in or log-out survives kill -9', async (t) => {
  const dataDir = await makeDataDir(t)
  const users = await makeUsers(dataDir)
  const start = () =>
    startDemo(t, {
      DATA_DIR: dataDir,
      LOGIN_ATTEMPTS_PER_ACCOUNT: '100',
      LOGIN_ATTEMPTS_PER_ADDRESS: '1000000'
    })
  const logins: TrackedLogin[] = []
  let demo = await start()
  for (let round = 1; round <= ROUNDS; round += 1) {
    const before = logins.length
    const inRound = (state: TrackedLogin['state']) =>
      logins.slice(before).filter((login) => login.state === state).length
    const workers = users.map((username) => work(demo.url, username, logins))
    await until(() => inRound('in') + inRound('out') >= SIGN_INS && inRound('out') >= SIGN_OUTS)
    await demo.stop('SIGKILL')
    await Promise.all(workers)
    demo = await start()
    await checkAll(t, `round ${round}`, demo.url, logins)
  }
})

/** Several users, since the number of logins per user is limited and the oldest would be revoked. */
async function makeUsers(dataDir: string): Promise<string[]> {
  const database = { kind: 'sqlite', path: `${dataDir}/users.db` } as const
  const { users, close } = await openUsers({ dataDir, database }, () => {})
  const names = Array.from({ length: WORKERS }, (_, at) => `worker${at}`)
  for (const username of names) await seedUser(users, { username, password: 'pass' })
  await close()
  return names
}

/** Signs in and, every other time, out again, by each carrier in turn, until the server is killed. */
async function work(url: string, username: string, logins: TrackedLogin[]): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const carrier = turn % 2 === 0 ? 'session' : 'token'
    const headers = await logIn(url, carrier, username).catch(() => null)
    if (headers === null) return
    const login: TrackedLogin = { carrier, headers, state: 'in' }
    logins.push(login)
    if (turn % 4 < 2) continue
    login.state = 'leaving'
    const status = await fetchStatus(`${url}/${carrier}/logout`, { method: 'POST', headers }).catch(
      () => null
    )
    if (status === 200) login.state = 'out'
  }
}

async function logIn(
  url: string,
  carrier: TrackedLogin['carrier'],
  username: string
): Promise<TrackedLogin['headers']> {
  const response = await fetch(`${url}/${carrier}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'pass' })
  })
  const body = (await response.json()) as { token?: string }
  if (response.status !== 200) throw new Error(`sign-in responded ${response.status}`)
  if (carrier === 'token') return { authorization: `Bearer ${body.token}` }
  return {
    cookie: response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';', 1)[0])
      .join('; ')
  }
}

async function checkAll(t: Test, name: string, url: string, logins: readonly TrackedLogin[]): Promise<void> {
  const statuses = await Promise.all(
    logins.map(({ carrier, headers }) => fetchStatus(`${url}/${carrier}/protected`, { headers }))
  )
  const found = (state: TrackedLogin['state'], carrier: TrackedLogin['carrier']) =>
    statuses.filter((_, at) => logins[at]?.state === state && logins[at]?.carrier === carrier)
  for (const carrier of ['session', 'token'] as const) {
    const [inside, outside] = [found('in', carrier), found('out', carrier)]
    t.ok(
      inside.length > 0 && outside.length > 0,
      `${name}: ${inside.length} in and ${outside.length} out by ${carrier}`
    )
    t.ok(
      inside.every((status) => status === 200),
      `${name}: every login by ${carrier} is still active`
    )
    t.ok(
      outside.every((status) => status === 401),
      `${name}: every log-out by ${carrier} is still effective`
    )
    t.ok(
      found('leaving', carrier).every((status) => status === 200 || status === 401),
      `${name}: nothing is half done`
    )
  }
}

async function fetchStatus(url: string, init: RequestInit): Promise<number> {
  const response = await fetch(url, init)
  await response.arrayBuffer()
  return response.status
}
