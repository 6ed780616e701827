import { createCredentials } from '@drawbridge/credentials'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { readConfig } from '../src/config.ts'
import { openUsers } from '../src/users.ts'
import { account, buildDemo, signInByCookie, signInByToken } from './build-demo.ts'
import { makeDataDir } from './start-demo.ts'

const DRAWBRIDGE_SECRET = 'one root secret for both ways of running'
const NODE_ENV = 'production'

/** The demo on this data, and the warnings in its log. */
async function start(t: Test, env: Readonly<Record<string, string>>) {
  const lines: string[] = []
  const app = await buildDemo(t, { DRAWBRIDGE_SECRET, ...env }, { write: (line) => lines.push(line) })
  const warnings = () =>
    lines
      .map((line) => JSON.parse(line) as { level: number; msg: string })
      .filter(({ level }) => level === 40)
  return { app, warnings }
}

async function logInStatuses(app: FastifyInstance, payload = account): Promise<readonly number[]> {
  const statuses: number[] = []
  for (const url of ['/session/login', '/token/login']) {
    statuses.push((await app.inject({ method: 'POST', url, payload })).statusCode)
  }
  return statuses
}

t.test('M7: the development account cannot sign in in production', async (t) => {
  const DATA_DIR = await makeDataDir(t)
  const before = await start(t, { DATA_DIR })
  const cookie = await signInByCookie(before.app)
  const { token, refresh_token } = await signInByToken(before.app)
  await before.app.close()

  const { app, warnings } = await start(t, { DATA_DIR, NODE_ENV })
  t.same(await logInStatuses(app), [401, 401])
  const value = cookie.slice('drawbridge='.length)
  const asked = await Promise.all([
    app.inject({ url: '/session/protected', headers: { cookie: `__Host-drawbridge=${value}` } }),
    app.inject({ url: '/token/protected', headers: { authorization: `Bearer ${token}` } }),
    app.inject({ method: 'POST', url: '/token/refresh', payload: { refresh_token } })
  ])
  t.same(
    asked.map(({ statusCode }) => statusCode),
    [401, 401, 401],
    'nor are its logins valid'
  )
  const said = warnings().filter(({ msg }) => msg.includes('the development account "user"'))
  t.equal(said.length, 1, 'boot reports it once')
  await app.close()

  const again = await start(t, { DATA_DIR, NODE_ENV })
  t.same(await logInStatuses(again.app), [401, 401])
  t.notMatch(JSON.stringify(again.warnings()), 'of development')
  await again.app.close()

  const back = await start(t, { DATA_DIR })
  t.same(await logInStatuses(back.app), [200, 200], 'in development it is unlocked again')
})

t.test('M7: two production nodes that start at once both lock it', async (t) => {
  const DATA_DIR = await makeDataDir(t)
  await (await start(t, { DATA_DIR })).app.close()
  const DATABASE_URL = `sqlite:${DATA_DIR}/users.db`
  const dirs = await Promise.all([makeDataDir(t), makeDataDir(t)])
  const both = await Promise.all(dirs.map((dir) => start(t, { DATA_DIR: dir, DATABASE_URL, NODE_ENV })))
  for (const { app } of both) t.same(await logInStatuses(app), [401, 401])
})

t.test('M7: a user of that name with another password is not changed', async (t) => {
  const DATA_DIR = await makeDataDir(t)
  const own = { username: 'user', password: 'a staple of correct horses' }
  const { users, close } = await openUsers(readConfig({ DATA_DIR }), () => {})
  t.match(await createCredentials({ users }).register(own), { ok: true })
  await close()
  const { app, warnings } = await start(t, { DATA_DIR, NODE_ENV })
  t.same(await logInStatuses(app, own), [200, 200])
  t.notMatch(JSON.stringify(warnings()), 'of development')
})
