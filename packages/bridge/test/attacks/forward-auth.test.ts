import { type AddressInfo, connect } from 'node:net'
import t from 'tap'
import { forwardAuth } from '../../src/index.ts'
import { askAs, HOST, type Original, PROXIES, type ProxyName } from '../ask-as-proxy.ts'
import { codeOf, makeApp } from '../make-app.ts'

const EVIL = 'https://evil.example'

/** A user who is signed in, and a proxy that asks about requests with the cookie. */
async function startBehind(proxy: ProxyName) {
  const node = await makeApp({
    server: { trustProxy: 'loopback' },
    routes: (app) => void app.register(forwardAuth, { guard: app.bridge.guard, proxy })
  })
  const cookie = await node.signInByCookie()
  const ask = ({ headers, ...original }: Original) =>
    askAs(node.app, proxy, { ...original, headers: { cookie, ...headers } })
  return { ...node, cookie, ask }
}

for (const proxy of PROXIES) {
  t.test(`G01 a POST to a service behind ${proxy}, sent by a page of another site`, async (t) => {
    const { ask } = await startBehind(proxy)
    for (const headers of [
      { origin: EVIL, 'sec-fetch-site': 'cross-site' },
      { origin: EVIL },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: `https://other.${HOST}` }
    ]) {
      const response = await ask({ method: 'POST', headers })
      t.strictSame([response.statusCode, codeOf(response)], [403, 'DRAWBRIDGE_CROSS_ORIGIN'])
      t.notOk('x-user-id' in response.headers)
    }
  })

  t.test(`G02 a WebSocket of a service behind ${proxy}, opened by a page of another site`, async (t) => {
    const { ask } = await startBehind(proxy)
    const handshakes = [
      { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' },
      // Over HTTP/2.
      { 'sec-websocket-version': '13' },
      { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
    ]
    for (const handshake of handshakes) {
      t.equal((await ask({ headers: { ...handshake, origin: EVIL } })).statusCode, 403)
      t.equal((await ask({ headers: { ...handshake, 'sec-fetch-site': 'cross-site' } })).statusCode, 403)
      t.equal((await ask({ headers: handshake })).statusCode, 403, 'from who knows where')
      t.equal((await ask({ headers: { ...handshake, origin: `https://${HOST}` } })).statusCode, 200)
    }
  })

  t.test(`G04 a POST of which ${proxy} passes on neither Origin nor Sec-Fetch-Site`, async (t) => {
    const { ask, send, cookie } = await startBehind(proxy)
    t.equal((await ask({ method: 'POST' })).statusCode, 403)
    t.equal(
      (await send({ cookie }, { method: 'POST' })).statusCode,
      200,
      'sent to us it is no page that sends it'
    )
  })
}

t.test('G03 a method that the proxy does not name, or the client too', async (t) => {
  const { app, cookie } = await startBehind('nginx')
  const send = (method: string, headers: Readonly<Record<string, string>>) =>
    app.inject({ method: method as 'GET', url: '/verify', headers: { cookie, ...headers } })
  for (const headers of [
    {},
    { 'x-original-method': '' },
    { 'x-original-method': 'GET, POST' },
    { 'x-http-method-override': 'GET' },
    { 'x-forwarded-method': 'GET' }
  ] as ReadonlyArray<Readonly<Record<string, string>>>) {
    for (const method of ['GET', 'POST', 'OPTIONS'])
      t.equal((await send(method, headers)).statusCode, 400, JSON.stringify(headers))
  }
})

t.test('G06 a user whose name has line breaks, or none of the characters of a header', async (t) => {
  const names = ['ada\r\nx-user-id: 1', 'ada\0', 'Zoë', '愛', '%0d%0a']
  for (const name of names) {
    const node = await makeApp({
      routes: (app) =>
        void app.register(forwardAuth, {
          guard: app.bridge.guard,
          proxy: 'nginx',
          headers: { 'x-user-name': () => name }
        })
    })
    const cookie = await node.signInByCookie()
    const { statusCode, headers } = await askAs(node.app, 'nginx', { headers: { cookie } })
    t.equal(statusCode, 200)
    t.match(headers['x-user-name'], /^[!-~]+$/)
    t.equal(decodeURIComponent(String(headers['x-user-name'])), name)
    t.notOk('x-user-id' in headers)
  }
})

t.test('G08 a body that is announced, which the next request would be read as', async (t) => {
  const { app, cookie } = await startBehind('nginx')
  t.teardown(() => app.close())
  const connection = async (headers: Readonly<Record<string, string>>) => {
    const all = { cookie, 'x-original-method': 'POST', 'sec-fetch-site': 'same-origin', ...headers }
    const response = await app.inject({ url: '/verify', headers: all })
    t.equal(response.statusCode, 200)
    return response.headers.connection
  }
  for (const announced of [
    { 'content-length': '1000' },
    { 'content-length': '00' },
    { 'transfer-encoding': 'chunked' }
  ] as ReadonlyArray<Readonly<Record<string, string>>>)
    t.equal(await connection(announced), 'close')
  t.not(await connection({}), 'close')
  t.not(await connection({ 'content-length': '0' }), 'close')

  await app.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  const question = ['GET /verify HTTP/1.1', `Host: ${HOST}`, 'X-Original-Method: GET', 'Content-Length: 9']
  socket.write([...question, '', ''].join('\r\n'))
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  t.match(text, /^HTTP\/1.1 401 /, 'and then the connection has ended')
})
