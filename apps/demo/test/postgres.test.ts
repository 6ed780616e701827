import { readdir } from 'node:fs/promises'
import t from 'tap'
import { type Postgres, startPostgres } from '@drawbridge/test-support/servers/postgres'
import { createFetchClient } from './clients/fetch-client.ts'
import { TcpProxy } from '@drawbridge/test-support/servers/tcp-proxy'
import { makeDataDir, startDemo } from './start-demo.ts'
import { until } from '@drawbridge/test-support/until'

const json = { username: 'user', password: 'pass' }

const postgres: Postgres | null = await startPostgres()
const skip = postgres === null ? 'no Postgres here (apt-get install postgresql)' : false
if (postgres !== null) t.teardown(() => postgres.stop())

t.test('with users in Postgres, both carriers work and survive a restart', { skip }, async (t) => {
  const env = { DATA_DIR: await makeDataDir(t), DATABASE_URL: postgres?.url ?? '' }
  // Two at once: both create the tables and the development account.
  const [first, second] = await Promise.all([startDemo(t, env), startDemo(t, env)])
  await second.stop('SIGTERM')
  const client = createFetchClient(first.url)
  t.equal((await client.send({ method: 'GET', path: '/health/ready' })).status, 200)
  t.equal((await client.send({ method: 'POST', path: '/session/login', json })).status, 200)
  const { body } = await client.send({ method: 'POST', path: '/token/login', json })
  const wrong = await client.send({
    method: 'POST',
    path: '/token/login',
    json: { ...json, password: 'wrong' }
  })
  t.equal(wrong.body.message, 'Invalid credentials')
  t.notOk((await readdir(env.DATA_DIR)).includes('users.db'), 'users are in Postgres only')
  t.equal((await first.stop('SIGTERM')).code, 0)

  const again = await startDemo(t, env)
  const later = createFetchClient(again.url)
  const cookie = await client.cookies()
  t.equal(
    (await later.send({ method: 'GET', path: '/session/protected', cookie })).body.message,
    'Hello, user!'
  )
  const bearer = String(body.token)
  t.equal(
    (await later.send({ method: 'GET', path: '/token/protected', bearer })).body.message,
    'Hello, user!'
  )
})

t.test(
  'while Postgres is down, sign-ins get 503 and existing logins are served; afterwards everything works',
  { skip },
  async (t) => {
    const target = new URL(postgres?.url ?? '')
    const proxy = await TcpProxy.start(Number(target.port))
    t.teardown(() => proxy.close())
    target.port = String(proxy.port)
    const { url } = await startDemo(t, { DATA_DIR: await makeDataDir(t), DATABASE_URL: target.href })
    const client = createFetchClient(url)
    const ask = async (method: 'GET' | 'POST', path: string, body?: unknown) =>
      client.send({ method, path, ...(body === undefined ? {} : { json: body }) })
    t.equal((await ask('POST', '/session/login', json)).status, 200)

    await proxy.cut()
    for (const path of ['/session/login', '/token/login']) {
      const response = await ask('POST', path, json)
      t.match(
        { status: response.status, wait: response.headers.get('retry-after') },
        { status: 503, wait: /^\d+$/ }
      )
      t.notMatch(JSON.stringify(response.body), /127\.0\.0\.1|ECONNREFUSED|postgres/i)
    }
    t.equal((await ask('GET', '/health/ready')).status, 503)
    t.equal((await ask('GET', '/health/live')).status, 200)
    t.equal((await ask('GET', '/session/protected')).status, 200)
    t.equal((await ask('POST', '/session/logout')).status, 200)

    await proxy.resume()
    await until(async () => (await ask('GET', '/health/ready')).status === 200)
    t.equal((await ask('POST', '/session/login', json)).status, 200)
  }
)
