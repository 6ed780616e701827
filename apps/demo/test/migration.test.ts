import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { minimalEnvironment } from '@drawbridge/test-support/processes/start-process'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { Redis } from 'ioredis'
import { createHmac } from 'node:crypto'
import { loaderArgs, ownScript } from '@drawbridge/test-support/processes/own-script'
import t, { type Test } from 'tap'
import { parseCommand } from '../src/migration/parse-command.ts'
import { buildDemo, signInByCookie, signInByToken } from './build-demo.ts'
import { demoFolder, makeDataDir } from './start-demo.ts'

const SECRET = 'the secret of the service that was there before'

/** `migration …` in a terminal. */
async function run(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const child = spawn(process.execPath, [...loaderArgs, ownScript('src/migration/command.ts'), ...args], {
    cwd: demoFolder,
    env: { ...minimalEnvironment(), ...env }
  })
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)]
  const [exitCode] = (await once(child, 'exit')) as [number]
  return { exitCode, stdout: await stdout, stderr: await stderr }
}

/** A token as the service before signs them. */
function signOld(claims: object): string {
  const parts = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url')
  )
  return `${parts.join('.')}.${createHmac('sha256', SECRET).update(parts.join('.')).digest('base64url')}`
}

/** The demo with tokens of another service. */
async function startWithTokens(t: Test, more: Readonly<Record<string, string>> = {}) {
  const until = new Date(Date.now() + 30 * 86_400_000)
  const env = {
    DATA_DIR: await makeDataDir(t),
    MIGRATE_FROM: 'hs256',
    MIGRATE_SECRET: SECRET,
    MIGRATE_ACCEPT_UNTIL: until.toISOString().slice(0, 10),
    ...more
  }
  return { env, app: await buildDemo(t, env) }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

t.test('an operator moves the demo from the tokens of another service by commands', async (t) => {
  const { env, app } = await startWithTokens(t)
  const old = signOld({ user_id: 'user', iat: Math.floor(Date.now() / 1000) })
  const ask = (url: string) => app.inject({ url, headers: bearer(old) })
  t.same((await ask('/protected')).json(), { message: 'Hello, user!' })
  const alike = await app.inject({ url: '/protected', headers: bearer(signOld({ user_id: 'User' })) })
  t.equal(alike.statusCode, 401, 'X16: where case counts in the service before, that is another user')
  t.match((await ask('/account/migration')).json(), {
    name: 'hs256',
    phase: 'old',
    ledBy: 'old',
    carriers: []
  })
  await app.migrations.refresh()

  const before = await run(env, 'status')
  t.strictSame([before.exitCode, before.stderr], [0, ''])
  t.match(before.stdout, /^hs256 {3}phase old from the beginning\n/)
  t.match(before.stdout, /in this phase: passed 2, rejected 1 \(user 1\)\n/)
  t.match(before.stdout, /next: both {3}back: none\n$/)

  const moved = await run(env, 'move', 'hs256', 'both', '--by', 'ada')
  t.match(moved.stdout, /^hs256 {3}phase both since [-0-9: ]+Z \(by ada\), on every node\n/)
  t.match(moved.stdout, /next: new \(refused now: not before \d+ s have passed\) {3}back: old\n$/)
  await app.migrations.refresh()
  const exchanged = await app.inject({ method: 'POST', url: '/exchange/old', headers: bearer(old) })
  t.equal(exchanged.statusCode, 200)
  const { token } = exchanged.json<{ token: string }>()
  const own = await app.inject({ url: '/account/migration', headers: bearer(token) })
  t.match(own.json(), { phase: 'both', ledBy: 'new', carriers: ['token'], acceptUntil: Number })

  const early = await run(env, 'move', 'hs256', 'new', '--by', 'ada')
  t.match(early, {
    exitCode: 1,
    stdout: '',
    stderr: /^Nothing was done: hs256 is "both" for too short a time/
  })
  const skipped = await run(env, 'move', 'hs256', 'retired', '--by', 'ada', '--lose', '3')
  t.match(skipped, {
    exitCode: 1,
    stderr: /^Nothing was done: hs256 is "both": no single step leads to "retired"\n$/
  })
  t.match(await run(env, 'sweep', 'hs256'), { exitCode: 1, stderr: /it is swept once it is "retired"\n$/ })
  const ended = await run(env, 'end', 'hs256', '--adopted-since', '2026-01-01')
  t.match(ended, {
    exitCode: 0,
    stdout: /^1 logins that were made since 2026-01-01T00:00:00.000Z are revoked/
  })
  t.match(ended.stderr, /^Restart the service after this/)

  t.match(await run(env, 'bar', '--all', '2099-01-01'), {
    exitCode: 1,
    stderr: /the moment is still to come\n$/
  })
  t.same(await run(env, 'bar', '--all', '2026-01-01'), {
    exitCode: 0,
    stdout: 'Logins there from before 2026-01-01T00:00:00.000Z that were not taken over are refused.\n',
    stderr: ''
  })
})

t.test('what is no command, and a service that moves from nothing, are said so', async (t) => {
  const usage = { exitCode: 2, stdout: '', stderr: /^Usage: pnpm --filter demo migration status\n/ }
  const lines = [
    '',
    'move',
    'move hs256 both',
    'move hs256 newer --by ada',
    'status now',
    'end hs256',
    'sweep',
    'move hs256 new --by ada --lose x',
    'end hs256 --adopted-since soon',
    'sweep hs256 --by ada',
    'bar',
    'bar hs256 --all now',
    'bar --all later',
    'bar hs256 --all 2026-01-01',
    'move hs256 both --by ada --all 2026-01-01',
    'status --help'
  ]
  for (const line of lines) t.equal(parseCommand(line.split(' ').filter((word) => word !== '')), null, line)
  t.match(await run({}, 'move', 'hs256'), usage)
  t.match(await run({ DATA_DIR: await makeDataDir(t) }, 'status'), {
    exitCode: 1,
    stderr: 'Nothing was done: MIGRATE_FROM is not set: there is no migration\n'
  })
})

t.test('whoever is in OPERATORS has the routes of operators, by cookie and by token', async (t) => {
  const { app } = await startWithTokens(t, { OPERATORS: 'User' })
  const list = (headers: Record<string, string>) => app.inject({ url: '/operator/migrations', headers })
  t.match((await list({ cookie: await signInByCookie(app) })).json(), { migrations: [{ name: 'hs256' }] })
  t.equal((await list(bearer((await signInByToken(app)).token))).statusCode, 200)
  t.equal((await list(bearer(signOld({ user_id: 'user', iat: 1 })))).statusCode, 403)
  const { app: other } = await startWithTokens(t, { OPERATORS: 'ada' })
  const cookie = await signInByCookie(other)
  t.equal((await other.inject({ url: '/operator/migrations', headers: { cookie } })).statusCode, 403)
  const { app: without } = await startWithTokens(t)
  t.equal((await without.inject('/operator/migrations')).statusCode, 404)
})

t.test(
  'sessions of express-session in Redis are those of the demo too',
  { skip: skipWithoutRedis },
  async (t) => {
    const redis = await startRedis()
    t.teardown(() => redis.stop())
    const url = `redis://127.0.0.1:${redis.port}`
    const client = new Redis(url)
    t.teardown(() => client.disconnect())
    await client.set('sess:abc', JSON.stringify({ cookie: { path: '/' }, user: { name: 'user' } }), 'EX', 600)
    const app = await buildDemo(t, {
      MIGRATE_FROM: 'express',
      MIGRATE_SECRET: `${SECRET},an earlier one`,
      MIGRATE_REDIS_URL: url,
      MIGRATE_USER_FIELD: 'user.name'
    })
    const mac = createHmac('sha256', SECRET).update('abc').digest('base64').replace(/=+$/, '')
    const cookie = `connect.sid=${encodeURIComponent(`s:abc.${mac}`)}`
    t.same((await app.inject({ url: '/session/protected', headers: { cookie } })).json(), {
      message: 'Hello, user!'
    })
    const signedIn = await app.inject({
      method: 'POST',
      url: '/session/login',
      payload: { username: 'user', password: 'pass' }
    })
    const set = signedIn.cookies.find(({ name }) => name === 'connect.sid')?.value ?? ''
    const row = await client.get(`sess:${/^s:([^.]+)/.exec(set)?.[1]}`)
    t.match(JSON.parse(row ?? '{}'), { user: { name: 'user' } }, 'while its instances serve')
  }
)

t.test('users who are disabled or unknown here are not taken over', async (t) => {
  const { app } = await startWithTokens(t)
  const ask = (user_id: string) =>
    app.inject({ url: '/protected', headers: bearer(signOld({ user_id, iat: 1 })) })
  t.equal((await ask('nobody')).statusCode, 401)
  t.equal((await ask('user')).statusCode, 200)
})
