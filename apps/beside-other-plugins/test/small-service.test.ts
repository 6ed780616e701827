import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loaderArgs } from '@drawbridge/test-support/processes/own-script'
import { startProcess } from '@drawbridge/test-support/processes/start-process'
import { toCookieHeader } from './both-orders.ts'
import { skipWithoutNginx } from '@drawbridge/test-support/servers/nginx'
import { startNginx } from './start-nginx.ts'

const PASSWORD = 'correct horse battery staple'

interface RequestOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: object
}

/** The service in a process of its own, behind nginx. */
async function startService(t: Test) {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-small-service-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const socketPath = join(folder, 'service')
  const { output } = await startProcess(t, {
    command: process.execPath,
    args: [...loaderArgs, 'small-service/service.mjs', socketPath, PASSWORD],
    cwd: import.meta.dirname,
    ready: /the service is at (\S+)/
  })
  const { url } = await startNginx(t, socketPath)
  const send = (path: string, { method = 'GET', headers = {}, json }: RequestOptions = {}) =>
    fetch(url + path, {
      method,
      headers: { ...headers, ...(json && { 'content-type': 'application/json' }) },
      ...(json && { body: JSON.stringify(json) })
    })
  return { url, send, output }
}

/** The first message of a WebSocket, or the status of its rejection. */
function open(url: string, headers: Readonly<Record<string, string>>): Promise<string | number> {
  const handshake = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64')
  }
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${url}/live`, { headers: { ...headers, ...handshake } })
    sent.once('response', (response) => resolve(response.resume().statusCode ?? 0))
    sent.once('upgrade', (_response, socket, head) => {
      let received = head
      const look = () => {
        // A short text in one frame (RFC 6455 section 5.2): two bytes, and the text as it is.
        const end = 2 + (received[1] ?? Infinity)
        if (received.length < end) return
        socket.destroy()
        resolve(received.toString('utf8', 2, end))
      }
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk])
        look()
      })
      look()
    })
    sent.once('error', reject)
    sent.end()
  })
}

/** A chunked POST without a body, which fetch does not send. */
function postNothingInChunks(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      url,
      { method: 'POST', headers: { ...headers, 'transfer-encoding': 'chunked' } },
      (response) => response.resume().once('end', () => resolve(response.statusCode ?? 0))
    )
    sent.once('error', reject)
    sent.end()
  })
}

t.test(
  'H2 L6 M4 M5 M6 M9 S03: a small service behind nginx, denying by default, beside five plugins of others',
  { skip: skipWithoutNginx },
  async (t) => {
    const { url, send, output } = await startService(t)
    const account = { username: 'ada', password: PASSWORD }
    const own = { origin: url, 'sec-fetch-site': 'same-origin' }

    t.equal((await send('/me')).status, 401, 'what is not public is guarded')
    t.equal((await send('/health')).status, 200, 'what is marked is public')
    t.equal((await send('/nothing')).status, 404)
    t.equal(await open(url, { origin: url }), 401, 'a WebSocket without a login')

    const preflight = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type'
    }
    const asked = await send('/me', {
      method: 'OPTIONS',
      headers: { ...preflight, origin: 'https://partner.example' }
    })
    t.equal(asked.status, 204, 'a preflight')
    t.equal(asked.headers.get('access-control-allow-origin'), 'https://partner.example')

    const forged = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    t.equal((await send('/session/login', { method: 'POST', json: account, headers: forged })).status, 403)
    const login = await send('/session/login', { method: 'POST', json: account, headers: own })
    t.equal(login.status, 200)
    const cookie = toCookieHeader(login.headers.getSetCookie())

    const me = await send('/me', { headers: { cookie } })
    const { csrfToken, ...rest } = (await me.json()) as { readonly csrfToken: string }
    t.same(rest, { username: 'ada', ip: '127.0.0.1' }, 'the address is that of the client')
    const both = `${cookie}; ${toCookieHeader(me.headers.getSetCookie())}`
    const write = (json: object, headers: Readonly<Record<string, string>>) =>
      send('/notes', { method: 'POST', json, headers: { ...own, ...headers } })
    t.equal((await write({ text: 'a' }, { cookie: both })).status, 403, 'without a CSRF token')
    const proven = { cookie: both, 'csrf-token': csrfToken }
    t.same(await (await write({ text: 'a' }, proven)).json(), { kept: 'a' })
    t.equal((await write({ text: '' }, proven)).status, 400, 'by the schema of zod')
    t.equal((await write({ text: 'a' }, { cookie: '', 'csrf-token': csrfToken })).status, 401)

    t.equal(await open(url, { cookie, origin: url }), 'Hello, ada!', 'a WebSocket with a login')
    t.equal(await open(url, { cookie, origin: 'https://evil.example' }), 403, 'and from another origin')

    t.equal(await postNothingInChunks(`${url}/session/logout`, { cookie, ...own }), 200)
    t.equal((await send('/me', { headers: { cookie } })).status, 401)
    t.equal(await open(url, { cookie, origin: url }), 401)

    const guess = (at: number) =>
      send('/session/login', {
        method: 'POST',
        json: { ...account, password: 'wrong' },
        headers: { ...own, 'x-forwarded-for': `203.0.113.${at}` }
      })
    const statuses = []
    for (let at = 0; at < 6; at += 1) statuses.push((await guess(at)).status)
    t.same(statuses, [401, 401, 401, 401, 401, 429], 'a header from the client does not evade the limit')
    t.notMatch(output(), 'Attempts to sign in are counted', 'and trustProxy is right')
  }
)
