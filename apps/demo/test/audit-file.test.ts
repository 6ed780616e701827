import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createAuditFile, openAuditFile } from '../src/audit-file.ts'
import { Canaries } from './attacks/canaries.ts'
import { createFetchClient } from './clients/fetch-client.ts'
import { account } from './build-demo.ts'
import { makeDataDir, startDemo } from './start-demo.ts'

/** A disk by hand: each write waits until the test lets it. */
function createDisk() {
  const written: string[] = []
  const gates: Array<{ release: () => void; fail: (error: Error) => void }> = []
  return {
    written,
    gates,
    append: (text: string) =>
      new Promise<void>((resolve, reject) => {
        const release = () => {
          written.push(...text.split('\n').filter((line) => line !== ''))
          resolve()
        }
        gates.push({ release, fail: reject })
      }),
    close: async () => void written.push('closed')
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

function setUp(maxWaiting?: number) {
  const disk = createDisk()
  const errors: unknown[] = []
  const onError = (error: unknown) => void errors.push(error)
  const file = createAuditFile({ ...disk, onError, ...(maxWaiting !== undefined && { maxWaiting }) })
  return { ...disk, errors, file }
}

t.test('lines are written together, in order, and a line that comes meanwhile is not lost', async (t) => {
  const { file, gates, written } = setUp()
  file.write('1')
  file.write('2')
  await turn()
  file.write('3')
  t.equal(gates.length, 1, 'one write at a time')
  gates[0]?.release()
  await turn()
  t.same(written, ['1', '2'])
  const closed = file.close()
  gates[1]?.release()
  await closed
  t.same(written, ['1', '2', '3', 'closed'])
})

t.test('where the disk is too slow, lines are left out, and counted once it writes again', async (t) => {
  const { file, gates, written, errors } = setUp(2)
  file.write('1')
  await turn()
  for (const line of ['2', '3', '4', '5']) file.write(line)
  gates[0]?.release()
  await turn()
  gates[1]?.release()
  await turn()
  t.equal(written.length, 4)
  t.match(JSON.parse(written[1] ?? ''), { source: 'audit', type: 'lines-dropped', count: 2 })
  t.same([written[0], written[2], written[3]], ['1', '2', '3'])
  t.same(errors, [])
})

t.test('a disk that fails is reported, and what it did not take is counted', async (t) => {
  const { file, gates, written, errors } = setUp()
  file.write('1')
  file.write('2')
  await turn()
  gates[0]?.fail(new Error('the disk is full'))
  await turn()
  t.match(errors, [{ message: 'the disk is full' }])
  const closed = file.close()
  await turn()
  gates[1]?.release()
  await closed
  t.match(JSON.parse(written[0] ?? ''), { type: 'lines-dropped', count: 2 })
})

t.test('a file that cannot be opened is an error of its variable', async (t) => {
  await t.rejects(
    openAuditFile(join(await makeDataDir(t), 'nowhere', 'audit.jsonl'), () => {}),
    {
      name: 'ConfigError',
      message: /^AUDIT_LOG .* cannot be written/
    }
  )
})

t.test('the demo appends one line of JSON for each event, with the node, and no secret', async (t) => {
  const path = join(await makeDataDir(t), 'audit.jsonl')
  const canaries = new Canaries()
  const secret = 'canary-of-the-root-secret-0123456789'
  canaries.add('the root secret', secret)
  canaries.add('a wrong password', 'canary-of-a-wrong-password')
  const first = await useDemo(t, { AUDIT_LOG: path, DRAWBRIDGE_SECRET: secret }, canaries)
  t.equal((await stat(path)).mode & 0o777, 0o600)
  const lines = await readLines(path)
  t.match(
    lines.map(({ source, type }) => `${String(source)} ${String(type)}`),
    [
      /.*/,
      'credentials sign-in-succeeded',
      'logins login-created',
      'credentials sign-in-succeeded',
      'logins login-created',
      'logins login-refreshed',
      'logins login-revoked'
    ]
  )
  t.match(lines[0], { source: 'credentials', type: 'invalid-credentials', time: String, node: String })
  for (const line of lines) {
    t.ok(Math.abs(Date.parse(String(line['time'])) - Date.now()) < 300_000, 'a time')
    t.equal(line['node'], lines[0]?.['node'])
  }
  t.match(lines.at(-1), { by: 'user', reason: 'log-out', carrier: 'session' })
  t.same(canaries.findIn(await readFile(path, 'utf8')), [])
  t.notMatch(first.output(), 'logins: login-created', 'not in the log too')
  await useDemo(t, { AUDIT_LOG: path }, new Canaries())
  t.equal((await readLines(path)).length, 2 * lines.length, 'appended')
})

async function readLines(path: string): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> {
  const lines = (await readFile(path, 'utf8')).split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
}

/** A demo that somebody has used, stopped. */
async function useDemo(t: Test, env: Readonly<Record<string, string>>, canaries: Canaries) {
  const demo = await startDemo(t, env)
  const client = createFetchClient(demo.url)
  const post = (path: string, json?: object) => client.send({ method: 'POST', path, ...(json && { json }) })
  await post('/session/login', { ...account, password: 'canary-of-a-wrong-password' })
  await post('/session/login', account)
  const [, cookie = ''] = /drawbridge=([^;]+)/.exec(await client.cookies()) ?? []
  canaries.addSessionCookie('the cookie', decodeURIComponent(cookie))
  await client.send({ method: 'GET', path: '/session/protected' })
  const { body } = await post('/token/login', account)
  const { body: refreshed } = await post('/token/refresh', { refresh_token: body.refresh_token })
  for (const [name, tokens] of Object.entries({ 'the first': body, 'the next': refreshed })) {
    canaries.addAccessToken(`${name} access token`, String(tokens.token))
    canaries.addRefreshToken(`${name} refresh token`, String(tokens.refresh_token))
  }
  await post('/session/logout')
  await demo.stop('SIGTERM')
  return demo
}
