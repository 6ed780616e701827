import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { describeBootError } from '../src/boot-error.ts'
import { buildDemo } from './build-demo.ts'
import { createFetchClient } from './clients/fetch-client.ts'
import { demoFolder, makeDataDir, startArgs, startDemo } from './start-demo.ts'
import { minimalEnvironment } from '@drawbridge/test-support/processes/start-process'

/** Starts the demo where it is expected to fail. */
async function failedStart(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, startArgs, {
    cwd: demoFolder,
    env: { ...minimalEnvironment(), PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000
  })
  const exited = once(child, 'exit')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  await exited
  return { code: child.exitCode, stdout, stderr }
}

/** The message printed at a failed start. */
async function startAndReadError(t: Test, env: Readonly<Record<string, string>>): Promise<string> {
  const error = await buildDemo(t, env).then(
    () => new Error('it started'),
    (thrown: unknown) => thrown
  )
  return describeBootError(error)
}

t.test('an invalid configuration is reported in one line, without a stack, with exit code 1', async (t) => {
  const { code, stdout, stderr } = await failedStart({ PORT: '80a', LOG_LEVEL: 'loud' })
  t.equal(code, 1)
  t.equal(stdout, '')
  t.match(stderr, /^The demo cannot start: PORT must be [^\n]+; LOG_LEVEL must be [^\n]+\n$/)
})

t.test('a port in use is reported in one line', async (t) => {
  const { url } = await startDemo(t)
  const { code, stderr } = await failedStart({ DATA_DIR: await makeDataDir(t), PORT: new URL(url).port })
  t.equal(code, 1)
  t.match(stderr, /^The demo cannot start: HOST and PORT [^\n]+EADDRINUSE[^\n]+\n$/)
})

t.test('an unusable key file is reported by its variable, without any part of a key', async (t) => {
  const dataDir = await makeDataDir(t)
  const file = join(dataDir, 'keys.json')
  const reason = () => startAndReadError(t, { DATA_DIR: dataDir, TOKEN_KEYS: file })
  t.match(await reason(), /^TOKEN_KEYS [^\n]+$/, 'no file')
  const short = '{"keys":[{"kty":"oct","kid":"a","alg":"HS256","k":"Y2FuYXJ5"}]}'
  for (const content of ['canary', '{"keys":[]}', '{"canary":1}', short]) {
    await writeFile(file, content)
    const message = await reason()
    t.match(message, /^TOKEN_KEYS[^\n]+$/, content)
    t.notMatch(message, /canary|Y2FuYXJ5/)
  }
})

t.test('an unusable database is reported by its variable, without its password', async (t) => {
  const DATA_DIR = await makeDataDir(t)
  for (const DATABASE_URL of [
    'postgres://user:canary@127.0.0.1:9/users',
    `sqlite:${DATA_DIR}/no/such/users.db`
  ]) {
    const message = await startAndReadError(t, { DATA_DIR, DATABASE_URL })
    t.match(message, /^DATABASE_URL [^\n]+$/)
    t.notMatch(message, 'canary')
  }
})

t.test('a data folder that cannot be created is reported by its variable', async (t) => {
  for (const DATA_DIR of [import.meta.filename, join(import.meta.filename, 'data')]) {
    t.match(await startAndReadError(t, { DATA_DIR }), /^DATA_DIR [^\n]+$/)
  }
})

t.test('an internal error is reported with its stack', async (t) => {
  t.match(describeBootError(new Error('a fault')), /^Error: a fault\n +at /)
  t.equal(describeBootError('no error at all'), 'no error at all')
  t.equal(describeBootError(null), 'null')
})

t.test('two processes that start at once on a new folder agree on secret and keys', async (t) => {
  const DATA_DIR = join(await makeDataDir(t), 'made', 'at', 'start')
  const [one, two] = await Promise.all([startDemo(t, { DATA_DIR }), startDemo(t, { DATA_DIR })])
  const [a, b] = [createFetchClient(one.url), createFetchClient(two.url)]
  const json = { username: 'user', password: 'pass' }
  await a.send({ method: 'POST', path: '/session/login', json })
  const { body } = await a.send({ method: 'POST', path: '/token/login', json })
  const greeting = await b.send({ method: 'GET', path: '/session/protected', cookie: await a.cookies() })
  t.same([greeting.status, greeting.body.message], [200, 'Hello, user!'])
  const bearer = String(body.token)
  t.equal((await b.send({ method: 'GET', path: '/token/protected', bearer })).status, 200)
  t.equal((await stat(DATA_DIR)).mode & 0o777, 0o700)
  for (const name of ['secret', 'token-keys-eddsa.json']) {
    t.equal((await stat(join(DATA_DIR, name))).mode & 0o777, 0o600, `${name} is readable by its owner only`)
  }
  t.notOk(
    (await readdir(DATA_DIR)).some((name) => name.endsWith('.draft')),
    'no draft is left behind'
  )
})
