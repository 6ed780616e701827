import { request } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCredentials, createMemoryUserStore, seedUser } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import { createSqliteLoginStore } from '@drawbridge/logins/sqlite'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify, { type FastifyServerOptions } from 'fastify'
import Database from 'libsql'
import t, { type Test } from 'tap'

const account = { username: 'ada', password: 'correct horse battery staple' }

interface RequestOptions {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: object
}

interface Response {
  readonly status: number | undefined
  readonly cookie: string
  readonly body: { readonly token?: string }
}

/** A service with both plugins that listens on a Unix socket. */
async function listen(t: Test, store = createMemoryLoginStore(), server: FastifyServerOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-socket-'))
  const users = createMemoryUserStore()
  const user = await seedUser(users, account, { memoryKiB: 1024, passes: 1 })
  const credentials = createCredentials({ users, hashing: { memoryKiB: 1024, passes: 1 } })
  const logins = createLogins({ store })
  const secret = 'a root secret that is long enough to be one'
  const app = Fastify(server)
  t.teardown(async () => {
    await app.close()
    await logins.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await app.register(sessionAuth, { credentials, logins, secret, cookie: { secure: false } })
  await app.register(tokenAuth, { credentials, logins, secret, keys: [generateSigningKey()] })
  app.get('/session/me', { onRequest: app.sessionAuth.guard }, async ({ principal }) => principal)
  app.get('/token/me', { onRequest: app.tokenAuth.guard }, async ({ principal }) => principal)
  const socketPath = join(folder, 'http.sock')
  await app.listen({ path: socketPath })
  const devices = async () => (await logins.listByUser(user?.id ?? '')).map(({ device }) => device.address)
  return { ask: (asked: RequestOptions) => send(socketPath, asked), devices }
}

function send(
  socketPath: string,
  { method = 'GET', path, headers = {}, json }: RequestOptions
): Promise<Response> {
  const type = json === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path, headers: { ...type, ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => (text += chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          cookie: (response.headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0]).join('; '),
          body: JSON.parse(text) as Response['body']
        })
      )
    })
    sent.on('error', reject)
    sent.end(json && JSON.stringify(json))
  })
}

const inSqlite = (t: Test) => {
  const database = new Database(':memory:')
  t.teardown(() => database.close())
  return createSqliteLoginStore({ database })
}

for (const [stores, open] of Object.entries({ memory: () => createMemoryLoginStore(), SQLite: inSqlite })) {
  t.test(`M5: sign-in works over a Unix socket, with logins in ${stores}`, async (t) => {
    const { ask, devices } = await listen(t, open(t))
    const byCookie = await ask({ method: 'POST', path: '/session/login', json: account })
    t.equal(byCookie.status, 200)
    t.equal((await ask({ path: '/session/me', headers: { cookie: byCookie.cookie } })).status, 200)
    const byToken = await ask({ method: 'POST', path: '/token/login', json: account })
    const authorization = `Bearer ${byToken.body.token}`
    t.equal((await ask({ path: '/token/me', headers: { authorization } })).status, 200)
    t.same(await devices(), ['', ''], 'there is no address')
    const wrong = await ask({
      method: 'POST',
      path: '/session/login',
      json: { ...account, password: 'wrong' }
    })
    t.equal(wrong.status, 401)
  })
}

t.test('M5: an address from a proxy is cut to the length of an address', async (t) => {
  const { ask, devices } = await listen(t, createMemoryLoginStore(), { trustProxy: true })
  const headers = { 'x-forwarded-for': 'x'.repeat(12_000) }
  t.equal((await ask({ method: 'POST', path: '/session/login', json: account, headers })).status, 200)
  t.same(await devices(), ['x'.repeat(64)])
})
