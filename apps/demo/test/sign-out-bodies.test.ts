import { once } from 'node:events'
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { sendBytes } from './attacks/send-bytes.ts'
import { buildDemo, signInByCookie, signInByToken } from './build-demo.ts'
import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'

/** Forms in which clients and proxies send a POST without content. */
interface Shape {
  readonly headers: readonly string[]
  readonly body: string
}

const sized = (body: string, ...types: readonly string[]): Shape => ({
  headers: [...types.map((type) => `Content-Type: ${type}`), `Content-Length: ${Buffer.byteLength(body)}`],
  body
})
const chunked = (body: string, ...headers: readonly string[]): Shape => ({
  headers: ['Transfer-Encoding: chunked', ...headers],
  body: `${body === '' ? '' : `${body.length.toString(16)}\r\n${body}\r\n`}0\r\n\r\n`
})
const emptyForm = '--x--\r\n'

const shapes: Readonly<Record<string, Shape>> = {
  'no body at all': { headers: [], body: '' },
  'a length of 0': sized(''),
  'a stream without a length or a type, as a tunnel sends it': chunked(''),
  'a stream of something without a type': chunked('a'),
  'an empty form, as jQuery and axios send it': sized('', 'application/x-www-form-urlencoded'),
  'a streamed empty form': chunked('', 'Content-Type: application/x-www-form-urlencoded'),
  'a form with a button': sized('log-out=Log+out', 'application/x-www-form-urlencoded'),
  'an empty FormData': sized(emptyForm, 'multipart/form-data; boundary=x'),
  'a streamed FormData': chunked(emptyForm, 'Content-Type: multipart/form-data; boundary=x'),
  'a beacon': sized('', 'text/plain;charset=UTF-8'),
  text: sized('bye', 'text/plain'),
  bytes: sized('\0\u0001', 'application/octet-stream'),
  'a malformed type': sized('a', 'form'),
  'an empty type': sized('a', ''),
  'two types': sized('{}', 'application/json', 'text/plain'),
  'empty JSON': sized('', 'application/json'),
  'streamed empty JSON': chunked('', 'Content-Type: application/json'),
  null: sized('null', 'application/json'),
  'an empty object': sized('{}', 'application/json'),
  'declared as compressed': chunked('', 'Content-Encoding: gzip'),
  'JSON declared as UTF-16': sized('{}', 'application/json; charset=utf-16'),
  '16 KiB': sized(' '.repeat(16_384), 'text/plain')
}

t.test('S03: a log-out accepts any body', async (t) => {
  const app = await buildDemo(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const post = (path: string, { headers, body }: Shape, credential: string) =>
    sendBytes(port, [`POST ${path} HTTP/1.1`, ...headers, credential], [Buffer.from(body)])
  const statusOf = async (url: string, headers: Record<string, string>) =>
    (await app.inject({ url, headers })).statusCode

  for (const [name, shape] of Object.entries(shapes)) {
    await t.test(name, async (t) => {
      const cookie = await signInByCookie(app)
      t.match(await post('/session/logout', shape, `Cookie: ${cookie}`), { status: 200, body: 'Logged out' })
      t.equal(await statusOf('/session/protected', { cookie }), 401, 'the session is revoked')

      const authorization = `Bearer ${(await signInByToken(app)).token}`
      const response = await post('/token/logout', shape, `Authorization: ${authorization}`)
      t.match(response, { status: 200, body: 'Logged out' })
      t.equal(await statusOf('/token/protected', { authorization }), 401, 'the token is revoked')
    })
  }

  await t.test('by cookie also malformed JSON', async (t) => {
    const cookie = await signInByCookie(app)
    t.match(await post('/session/logout', sized('{"a":', 'application/json'), `Cookie: ${cookie}`), {
      status: 200
    })
    t.equal(await statusOf('/session/protected', { cookie }), 401)
  })

  await t.test('by token JSON is read strictly, and nothing else is read', async (t) => {
    const { token, refresh_token } = await signInByToken(app)
    const json = JSON.stringify({ refresh_token })
    const bearer = `Authorization: Bearer ${token}`
    for (const body of ['{"a":1}', '{', '[]', `\uFEFF${json}`])
      t.match(await post('/token/logout', sized(body, 'application/json'), bearer), { status: 400 }, body)
    const none = 'Accept: */*'
    const form = `refresh_token=${refresh_token}`
    for (const shape of [sized(json, 'text/plain'), sized(form, 'application/x-www-form-urlencoded')])
      t.match(await post('/token/logout', shape, none), { status: 401 }, 'no token is presented')
    t.equal(await statusOf('/token/protected', { authorization: `Bearer ${token}` }), 200, 'still valid')
    t.match(await post('/token/logout', chunked(json, 'Content-Type: application/json'), none), {
      status: 200
    })
    t.equal(await statusOf('/token/protected', { authorization: `Bearer ${token}` }), 401)
  })

  await t.test('but none above 16 KiB, and none from another site', async (t) => {
    const cookie = await signInByCookie(app)
    const authorization = `Bearer ${(await signInByToken(app)).token}`
    for (const shape of [
      sized(' '.repeat(16_385), 'text/plain'),
      chunked(' '.repeat(16_385)),
      sized(' '.repeat(16_385), 'form')
    ]) {
      t.match(await post('/session/logout', shape, `Cookie: ${cookie}`), { status: 413 })
      t.match(await post('/token/logout', shape, `Authorization: ${authorization}`), { status: 413 })
    }
    for (const origin of [
      'Sec-Fetch-Site: cross-site',
      'Sec-Fetch-Site: same-site',
      'Origin: https://evil.example'
    ]) {
      const { headers, body } = sized('a=b', 'application/x-www-form-urlencoded')
      const forged = { headers: [...headers, origin], body }
      t.match(await post('/session/logout', forged, `Cookie: ${cookie}`), { status: 403 }, origin)
    }
    t.equal(await statusOf('/session/protected', { cookie }), 200, 'still valid')
    t.equal(await statusOf('/token/protected', { authorization }), 200, 'still valid')
  })
})

t.test('S03: in a browser, behind a proxy that streams every body', { skip: noBrowser }, async (t) => {
  const app = await buildDemo(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = await streamingProxy(t, (app.server.address() as AddressInfo).port)
  const context = await (await startBrowser(t)).newContext()
  // A page of its own for each step: a navigation of one may still run when the next begins.
  const visit = async () => {
    const page = await context.newPage()
    await page.goto(url)
    return page
  }
  const greeting = (page: Page) => page.evaluate("fetch('/session/protected').then(({ status }) => status)")
  const logIn = async () => {
    const page = await visit()
    const response = await page.evaluate(
      `fetch('/session/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"username":"user","password":"pass"}'
      }).then(({ status }) => status)`
    )
    t.equal(response, 200)
    t.equal(await greeting(page), 200)
    return page
  }
  // Of the context, since a beacon belongs to no page.
  const loggedOut = () =>
    context.waitForEvent('response', (response) => response.url().endsWith('/session/logout'))

  await t.test("the demo's own button", async (t) => {
    const page = await logIn()
    // The page learns of the login when it asks.
    await page.reload()
    const answered = loggedOut()
    await page.getByRole('button', { name: 'Log out by cookie', disabled: false }).click()
    t.equal((await answered).status(), 200)
    t.equal(await greeting(await visit()), 401)
  })

  const ways: Readonly<Record<string, string>> = {
    'a plain form': `void (() => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action: '/session/logout' })
      document.body.append(form)
      // Not before this script has returned: its result would be lost with the page.
      setTimeout(() => form.submit())
    })()`,
    sendBeacon: "navigator.sendBeacon('/session/logout', '')",
    'an empty FormData': "void fetch('/session/logout', { method: 'POST', body: new FormData() })"
  }
  for (const [name, script] of Object.entries(ways)) {
    await t.test(name, async (t) => {
      const page = await logIn()
      const answered = loggedOut()
      await page.evaluate(script)
      t.equal((await answered).status(), 200)
      t.equal(await greeting(await visit()), 401)
    })
  }
})

/** A proxy that forwards every body in chunks, as a tunnel does, also an empty one. Resolves its URL. */
async function streamingProxy(t: Test, port: number): Promise<string> {
  const proxy: Server = createServer((incoming, response) => {
    const { 'content-length': _length, ...headers } = incoming.headers
    const hasBody = incoming.method === 'POST'
    const onward = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method: incoming.method,
        path: incoming.url,
        headers: { ...headers, ...(hasBody && { 'transfer-encoding': 'chunked' }) }
      },
      (back) => {
        response.writeHead(back.statusCode ?? 502, back.headers)
        back.pipe(response)
      }
    )
    onward.on('error', () => response.destroy())
    incoming.pipe(onward)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => {
    proxy.close()
    proxy.closeAllConnections()
  })
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}
