import { createCredentials, createMemoryUserStore, seedUser } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { skipWithoutNginx, startNginx } from '@drawbridge/test-support/servers/nginx'
import Fastify, { type FastifyServerOptions } from 'fastify'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request, type RequestOptions } from 'node:https'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parseBlocks } from '../../../../scripts/docs/blocks.ts'
import { createCertificate } from '../create-certificate.ts'
import { makeDataDir } from '../start-demo.ts'

const guide = 'docs/guides/production.md'
const [server = '', toSocket = ''] = parseBlocks(
  guide,
  readFileSync(new URL(`../../../../${guide}`, import.meta.url), 'utf8')
)
  .filter(({ language }) => language === 'nginx')
  .map(({ text }) => text)
const TO_PORT = 'proxy_pass http://127.0.0.1:3000;'
const account = { username: 'ada', password: 'correct horse battery staple' }

/** A text of the guide with what differs here; each must be in it. */
function replaceAll(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((replaced, [from, to]) => {
    if (!replaced.includes(from)) throw new Error(`the guide has no ${from}`)
    return replaced.replaceAll(from, to)
  }, text)
}

/** A service that signs in with cookies; it logs to `lines`. */
async function createService(t: Test, trustProxy: NonNullable<FastifyServerOptions['trustProxy']>) {
  const lines: string[] = []
  const users = createMemoryUserStore()
  await seedUser(users, account, { memoryKiB: 1024, passes: 1 })
  const credentials = createCredentials({ users, hashing: { memoryKiB: 1024, passes: 1 } })
  const logins = createLogins({ store: createMemoryLoginStore() })
  const app = Fastify({ trustProxy, logger: { stream: { write: (line: string) => void lines.push(line) } } })
  t.teardown(() => app.close())
  await app.register(sessionAuth, { credentials, logins, secret: 'a root secret for tests: 0123456789' })
  app.get('/me', { onRequest: app.sessionAuth.guard }, async ({ ip, protocol, host }) => ({
    ip,
    protocol,
    host
  }))
  app.server.on('upgrade', (_request, socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: test\r\n\r\n')
  )
  return { app, lines }
}

/** nginx with the configuration of the guide, with a port and a certificate of its own. */
async function startProxy(t: Test, pass: string) {
  const { key, cert } = createCertificate(await makeDataDir(t))
  const port = await startNginx(t, (at) =>
    replaceAll(server, {
      [TO_PORT]: pass,
      'listen 443': `listen 127.0.0.1:${at}`,
      '/etc/ssl/app.example.pem': cert,
      '/etc/ssl/app.example.key': key
    })
  )
  const ca = readFileSync(cert)
  const begin = (path: string, options: RequestOptions = {}) =>
    request({ host: 'localhost', port, path, ca, ...options })
  const send = async (path: string, options: RequestOptions = {}, body?: object) => {
    const sent = begin(path, options)
    sent.end(body && JSON.stringify(body))
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    let text = ''
    for await (const chunk of response) text += chunk
    return { status: response.statusCode, cookies: response.headers['set-cookie'] ?? [], text }
  }
  return { begin, send, origin: `https://localhost:${port}` }
}

/** What depends on the headers of the proxy. */
async function checkService(
  t: Test,
  { begin, send, origin }: Awaited<ReturnType<typeof startProxy>>,
  lines: readonly string[]
) {
  const logIn = (headers: Readonly<Record<string, string>>, password = account.password) => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
    return send('/session/login', options, { ...account, password })
  }
  t.equal((await logIn({ origin: 'https://evil.example' })).status, 403, 'another origin')
  const { status, cookies } = await logIn({ origin })
  t.equal(status, 200, 'its own origin, which has a port')
  t.match(cookies[0], /^__Host-drawbridge=.*; Secure/)

  const headers = {
    cookie: cookies.map((line) => line.split(';', 1)[0]).join('; '),
    'x-forwarded-for': '203.0.113.1',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http'
  }
  const me = JSON.parse((await send('/me', { headers })).text) as object
  t.same(me, { ip: '127.0.0.1', protocol: 'https', host: origin.slice('https://'.length) })

  const upgrade = begin('/', { headers: { connection: 'upgrade', upgrade: 'test' } })
  upgrade.end()
  const [response, socket] = (await once(upgrade, 'upgrade')) as [IncomingMessage, NodeJS.WritableStream]
  t.equal(response.statusCode, 101, 'WebSockets are forwarded')
  socket.end()

  const statuses = []
  for (const at of [1, 2, 3, 4, 5, 6])
    statuses.push((await logIn({ origin, 'x-forwarded-for': `203.0.113.${at}` }, 'wrong')).status)
  t.same(statuses, [401, 401, 401, 401, 401, 429], 'a header of the client does not evade the limit')
  t.notMatch(lines.join(''), 'Attempts to sign in are counted', 'trustProxy is right')
}

t.test('the service behind the nginx of the guide', { skip: skipWithoutNginx }, async (t) => {
  const { app, lines } = await createService(t, 'loopback')
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  await checkService(t, await startProxy(t, `proxy_pass http://127.0.0.1:${port};`), lines)
})

t.test(
  'the service on a Unix socket behind the nginx of the guide',
  { skip: skipWithoutNginx },
  async (t) => {
    const path = join(await makeDataDir(t), 'app.sock')
    const { app, lines } = await createService(t, (_address, hop) => hop === 0)
    await app.listen({ path })
    const pass = replaceAll(toSocket, { '/run/app/app.sock': path })
    await checkService(t, await startProxy(t, pass), lines)
  }
)
