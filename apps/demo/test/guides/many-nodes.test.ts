import { createKyselyUserStore, createUsersTable, seedUser } from '@drawbridge/credentials'
import { generateSigningKey } from '@drawbridge/token-auth'
import { loaderArgs, ownScript } from '@drawbridge/test-support/processes/own-script'
import { type RunningProcess, startProcess } from '@drawbridge/test-support/processes/start-process'
import { startPostgres } from '@drawbridge/test-support/servers/postgres'
import { freePort, runCommand, skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { until } from '@drawbridge/test-support/until'
import { Kysely, PostgresDialect } from 'kysely'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { parseBlocks } from '../../../../scripts/docs/blocks.ts'
import { sendRequest } from '../ask.ts'
import { createCertificate } from '../create-certificate.ts'
import { makeDataDir } from '../start-demo.ts'

const guide = 'docs/guides/many-nodes.md'
const blocks = parseBlocks(guide, readFileSync(new URL(`../../../../${guide}`, import.meta.url), 'utf8'))
const own = (name: string) => join(import.meta.dirname, name)
const account = { username: 'ada', password: 'correct horse battery staple' }

t.test('the code of the guide is the code that is tested here', async (t) => {
  const node = blocks.filter(({ directives }) => directives.notRun?.includes('many-nodes.test.ts'))
  t.equal(node.map(({ text }) => text).join('\n'), readFileSync(own('node.ts'), 'utf8'))
})

/** The user of the guide, with the rules that it has there. */
async function startRedisWithAcl(t: Test, folder: string) {
  const { key, cert } = createCertificate(folder)
  const tlsPort = await freePort()
  const tls = ['--tls-port', String(tlsPort), '--tls-auth-clients', 'no', '--tls-ca-cert-file', cert]
  const redis = await startRedis(
    '--appendonly',
    'yes',
    ...tls,
    '--tls-cert-file',
    cert,
    '--tls-key-file',
    key
  )
  t.teardown(() => redis.stop())
  const line = blocks.find(({ text }) => text.startsWith('user app '))?.text ?? ''
  const [, name = '', ...rules] = line.trim().split(' ')
  await runCommand(redis.port, (client) => client.call('ACL', 'SETUSER', name, ...rules))
  const password = rules.find((rule) => rule.startsWith('>'))?.slice(1)
  return { redis, cert, urlAt: (at: string) => `//${name}:${password}@${at}`, tlsPort }
}

/** Two nodes, one with TLS to Redis, and a user. Null without Postgres. */
async function startNodes(t: Test) {
  const postgres = await startPostgres()
  if (postgres === null) return null
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: postgres.url }) })
  })
  t.teardown(async () => {
    await db.destroy()
    await postgres.stop()
  })
  await createUsersTable(db)
  await seedUser(createKyselyUserStore({ db }), account, { memoryKiB: 1024, passes: 1 })

  const folder = await makeDataDir(t)
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [generateSigningKey()] }))
  const { redis, cert, urlAt, tlsPort } = await startRedisWithAcl(t, folder)
  const start = (redisUrl: string) =>
    startProcess(t, {
      command: process.execPath,
      args: [...loaderArgs.map(resolveLoader), own(ownScript('node.ts'))],
      cwd: folder,
      env: {
        DATABASE_URL: postgres.url,
        DRAWBRIDGE_SECRET: 'a root secret for tests: 0123456789',
        NODE_EXTRA_CA_CERTS: cert,
        PORT: '0',
        REDIS_URL: redisUrl
      },
      ready: /Server listening at (http:\/\/127\.0\.0\.1:\d+)/
    })
  const nodes = await Promise.all([
    start(`redis:${urlAt(`127.0.0.1:${redis.port}`)}`),
    start(`rediss:${urlAt(`localhost:${tlsPort}`)}`)
  ])
  for (const { url } of nodes)
    await until(async () => (await sendRequest(`${url}/health/ready`)).status === 200)
  return { nodes, redis }
}

/** The folder of a node is not in the workspace. */
const resolveLoader = (arg: string) => (arg === 'tsx' ? import.meta.resolve('tsx') : arg)

const cookieFrom = ({ 'set-cookie': lines = [] }: IncomingMessage['headers']) =>
  lines.map((line) => line.split(';', 1)[0]).join('; ')

/** A sign-in that the node has begun to read; `finish` sends the rest. */
async function beginSignIn({ url }: RunningProcess) {
  const body = JSON.stringify(account)
  const agent = new Agent({ keepAlive: true })
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    expect: '100-continue'
  }
  const sent = request(`${url}/session/login`, { method: 'POST', agent, headers })
  sent.flushHeaders()
  await once(sent, 'continue')
  return async () => {
    sent.end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    await once(response.resume(), 'end')
    return response
  }
}

t.test('the nodes of the guide', { skip: skipWithoutRedis }, async (t) => {
  const started = await startNodes(t)
  if (started === null) {
    t.pass('no Postgres', { skip: 'none is installed here: apt-get install postgresql' })
    return
  }
  const { nodes, redis } = started
  const [one, two] = nodes as [RunningProcess, RunningProcess]
  const me = async (node: RunningProcess, headers: Readonly<Record<string, string>>) =>
    (await sendRequest(`${node.url}/me`, { headers })).status
  const logIn = (node: RunningProcess, carrier: string, password = account.password) =>
    sendRequest(`${node.url}/${carrier}/login`, { method: 'POST', json: { ...account, password } })

  await t.test('a login of one node is valid on the other, and revoked on both', async (t) => {
    const cookie = cookieFrom((await logIn(one, 'session')).headers as IncomingMessage['headers'])
    const authorization = `Bearer ${String((await logIn(one, 'token')).body['access_token'])}`
    for (const [carrier, headers] of Object.entries({ session: { cookie }, token: { authorization } })) {
      t.equal(await me(two, headers), 200)
      const logOut = { method: 'POST', headers } as const
      t.equal((await sendRequest(`${two.url}/${carrier}/logout`, logOut)).status, 200)
      await until(async () => (await me(one, headers)) === 401)
      t.equal(await me(two, headers), 401)
    }
  })

  await t.test('wrong passwords are counted for both', async (t) => {
    const statuses = []
    for (const node of [one, two, one, two, one, two])
      statuses.push((await logIn(node, 'token', 'wrong')).status)
    t.same(statuses, [401, 401, 401, 401, 401, 429])
    await runCommand(redis.port, async (client) => client.del(await client.keys('drawbridge:drawbridge-*')))
  })

  await t.test('a node without Redis is live and not ready', async (t) => {
    redis.freeze()
    await until(async () => (await sendRequest(`${one.url}/health/ready`)).status === 503)
    t.equal((await sendRequest(`${one.url}/health/live`)).status, 200)
    redis.resume()
    for (const { url } of nodes)
      await until(async () => (await sendRequest(`${url}/health/ready`)).status === 200)
  })

  await t.test('a node that is stopped serves what is in progress, and ends by itself', async (t) => {
    const finish = await beginSignIn(one)
    const stopped = one.stop('SIGTERM')
    await until(() =>
      sendRequest(`${one.url}/health/live`).then(
        () => false,
        () => true
      )
    )
    const response = await finish()
    t.equal(response.statusCode, 200)
    t.equal(response.headers.connection, 'close', 'nothing more is expected on this connection')
    t.same(await stopped, { code: 0, signal: null })
    t.equal(await me(two, { cookie: cookieFrom(response.headers) }), 200, 'nobody is signed out')
    t.same(await two.stop('SIGTERM'), { code: 0, signal: null })
    for (const node of nodes) t.notMatch(node.output(), /"level":[56]0/, 'and nothing failed')
  })
})
