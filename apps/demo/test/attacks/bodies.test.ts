import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { deflateSync, gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { inAscii, naughtyStrings } from '@drawbridge/test-support/naughty-strings'
import { account, buildDemo, signInByCookie, signInByToken } from '../build-demo.ts'
import { postBytes, type RawResponse, sendBytes } from './send-bytes.ts'

const json = 'Content-Type: application/json'

/** A route with a body, the members of a valid one, and the status of its response. */
interface Target {
  readonly path: string
  readonly body: Readonly<Record<string, string>>
}

type Row = {
  readonly body: string | Buffer
  readonly status: number
  readonly headers?: readonly string[]
  readonly path?: string
}

/** The service on a port, with limits too high to matter. */
async function listening(t: Test) {
  const app = await buildDemo(t, { LOGIN_ATTEMPTS_PER_ACCOUNT: '100', LOGIN_ATTEMPTS_PER_ADDRESS: '1000000' })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, port: (app.server.address() as AddressInfo).port }
}

const { app, port } = await listening(t)
const { refresh_token } = await signInByToken(app)
const targets: readonly Target[] = [
  { path: '/session/login', body: account },
  { path: '/token/login', body: account },
  { path: '/token/refresh', body: { refresh_token } },
  { path: '/token/logout', body: { refresh_token } }
]
const signInPaths = targets.slice(0, 2)

function post(path: string, body: string | Buffer, headers?: readonly string[]): Promise<RawResponse> {
  return postBytes(port, path, Buffer.from(body), headers)
}

/** In Fastify's shape, not cacheable, and without user, cause or location. */
function isRefused(t: Test, { status, headers, body }: RawResponse, expected: number): void {
  t.equal(status, expected)
  t.ok(
    headers.some((header) => /^cache-control: no-store$/i.test(header)),
    'not cacheable'
  )
  t.notOk(
    headers.some((header) => /^set-cookie: drawbridge=[^;]/i.test(header)),
    'no cookie'
  )
  const { statusCode, error, message, ...rest } = JSON.parse(body) as Record<string, unknown>
  t.match({ statusCode, error, message }, { statusCode: expected, error: String, message: String })
  t.strictSame(
    Object.keys(rest).filter((name) => name !== 'code'),
    []
  )
  t.notMatch(body, /node_modules|\.ts\b|\bat /, 'no stack')
  t.notMatch(body, '"pass"', 'no password')
}

/** Rows for every route: each changes a valid body of it. */
const anyBodyCases: Readonly<Record<string, (good: Target['body'], text: string) => Row>> = {
  'B03 F20 an unknown member': (good) => ({ body: JSON.stringify({ ...good, isAdmin: true }), status: 400 }),
  'B03 an id': (good) => ({ body: JSON.stringify({ id: '1', ...good }), status: 400 }),
  'B03 a hash': (good) => ({ body: JSON.stringify({ ...good, passwordHash: '$argon2id$' }), status: 400 }),
  'B03 roles': (good) => ({ body: JSON.stringify({ ...good, roles: ['admin'] }), status: 400 }),
  'B04 __proto__': (_good, text) => ({
    body: text.replace('{', '{"__proto__":{"isAdmin":true},'),
    status: 400
  }),
  'B04 an escaped __proto__': (_good, text) => ({
    body: text.replace('{', '{"\\u005f_proto__":{},'),
    status: 400
  }),
  'B04 __proto__ that is not an object': (_good, text) => ({
    body: text.replace('{', '{"__proto__":null,'),
    status: 400
  }),
  'B04 constructor.prototype': (_good, text) => ({
    body: text.replace('{', '{"constructor":{"prototype":{}},'),
    status: 400
  }),
  'B04 constructor alone': (_good, text) => ({ body: text.replace('{', '{"constructor":{},'), status: 400 }),
  'B06 a truncated body': (_good, text) => ({ body: text.slice(0, -3), status: 400 }),
  'B06 trailing bytes': (_good, text) => ({ body: `${text}x`, status: 400 }),
  'B06 the body twice': (_good, text) => ({ body: text + text, status: 400 }),
  'B06 a trailing comma': (_good, text) => ({ body: text.replace('}', ',}'), status: 400 }),
  'B06 a comment': (_good, text) => ({ body: `/**/${text}`, status: 400 }),
  'B06 in single quotes': (_good, text) => ({ body: text.replaceAll('"', "'"), status: 400 }),
  'B06 a list of the body': (_good, text) => ({ body: `[${text}]`, status: 400 }),
  'B06 an empty list': () => ({ body: '[]', status: 400 }),
  'B06 a string': () => ({ body: '"x"', status: 400 }),
  'B06 a number': () => ({ body: '1', status: 400 }),
  'B06 white space alone': () => ({ body: ' \n', status: 400 }),
  'B07 F20 a byte order mark': (_good, text) => ({ body: `\uFEFF${text}`, status: 400 }),
  'B07 undeclared UTF-16': (_good, text) => ({ body: Buffer.from(text, 'utf16le'), status: 400 }),
  'B07 UTF-16 with a byte order mark': (_good, text) => ({
    body: Buffer.from(`\uFEFF${text}`, 'utf16le'),
    status: 400
  }),
  'B07 F20 declared as UTF-16': (_good, text) => typed(text, 'application/json; charset=utf-16', 415),
  'B07 declared UTF-16': (_good, text) => ({
    ...typed(text, 'application/json; charset=utf-16', 415),
    body: Buffer.from(text, 'utf16le')
  }),
  'B07 declared as Latin-1': (_good, text) => typed(text, 'application/json;charset="ISO-8859-1"', 415),
  'B07 F20 bytes that are not UTF-8': (_good, text) => ({ body: withBytes(text, [0xff]), status: 400 }),
  'B07 an overlong encoding': (_good, text) => ({ body: withBytes(text, [0xc0, 0xaf]), status: 400 }),
  'B07 an encoded lone surrogate': (_good, text) => ({
    body: withBytes(text, [0xed, 0xa0, 0x80]),
    status: 400
  }),
  'B07 a truncated sequence': (_good, text) => ({ body: withBytes(text, [0xf0, 0x9f, 0x98]), status: 400 }),
  'B07 a NUL byte': (_good, text) => ({ body: withBytes(text, [0]), status: 400 }),
  'B07 trailing NUL bytes': (_good, text) => ({ body: `${text}\0\0`, status: 400 }),
  'B08 1.5 MB': (_good, text) => ({ body: text + ' '.repeat(1_500_000), status: 413 }),
  'B08 a byte more than 16 KiB': (_good, text) => ({ body: text.padEnd(16_385), status: 413 }),
  'B09 lists in lists, 5000 deep': () => ({ body: '['.repeat(5000) + ']'.repeat(5000), status: 400 }),
  'B09 lists in lists, 16 000 deep and not closed': () => ({ body: '['.repeat(16_000), status: 400 }),
  'B09 objects in objects': () => ({ body: '{"a":'.repeat(2700) + '1' + '}'.repeat(2700), status: 400 }),
  'B09 depth in a member': (good) => {
    const [first = ''] = Object.keys(good)
    return { body: `{"${first}":${'['.repeat(5000)}${']'.repeat(5000)}}`, status: 400 }
  },
  'B10 a form': (good) =>
    typed(new URLSearchParams(good).toString(), 'application/x-www-form-urlencoded', 415),
  'B10 multipart form data': (_good, text) =>
    typed(
      `--x\r\ncontent-disposition: form-data; name=a\r\n\r\n${text}\r\n--x--`,
      'multipart/form-data; boundary=x',
      415
    ),
  'B10 text': (_good, text) => typed(text, 'text/plain', 415),
  'B10 no type': (_good, text) => ({ body: text, headers: [], status: 415 }),
  'B10 an empty type': (_good, text) => typed(text, '', 415),
  'B10 a type with trailing text after a tab': (_good, text) => typed(text, 'application/json\ta', 415),
  'B10 a type with trailing text after a space': (_good, text) => typed(text, 'application/json a', 415),
  'B10 two types in one': (_good, text) => typed(text, 'text/plain, application/json', 415),
  'B10 two types in two headers': (_good, text) => ({
    body: text,
    headers: ['Content-Type: text/plain', json],
    status: 415
  }),
  'B10 a type with a suffix': (_good, text) => typed(text, 'application/ld+json', 415),
  'B10 a type with the same beginning': (_good, text) => typed(text, 'application/jsonp', 415),
  'B10 text/json': (_good, text) => typed(text, 'text/json', 415),
  'B11 gzip': (_good, text) => ({
    body: gzipSync(text),
    headers: [json, 'Content-Encoding: gzip'],
    status: 415
  }),
  'B11 deflate': (_good, text) => ({
    body: deflateSync(text),
    headers: [json, 'Content-Encoding: deflate'],
    status: 415
  }),
  'B11 declared as gzip': (_good, text) => ({
    body: text,
    headers: [json, 'Content-Encoding: gzip'],
    status: 415
  }),
  'B11 identity twice': (_good, text) => ({
    body: text,
    headers: [json, 'Content-Encoding: identity', 'Content-Encoding: gzip'],
    status: 415
  })
}

function typed(body: string, type: string, status: number): Row {
  return { body, status, headers: [`Content-Type: ${type}`] }
}

/** Bytes in the middle of the first value of a body. */
function withBytes(text: string, bytes: readonly number[]): Buffer {
  const at = text.indexOf(':') + 3
  return Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from(bytes), Buffer.from(text.slice(at))])
}

for (const [name, findRow] of Object.entries(anyBodyCases)) {
  t.test(`${name} is rejected`, async (t) => {
    for (const { path, body } of targets) {
      const row = findRow(body, JSON.stringify(body))
      // A log-out does not read such a body, and then finds no token (S03).
      const status = row.status === 415 && path === '/token/logout' ? 401 : row.status
      t.test(path, async (t) => isRefused(t, await post(path, row.body, row.headers), status))
    }
  })
}

/** In place of each string of a valid body. */
const nonStrings: Readonly<Record<string, string>> = {
  'F20 B01 a number': '1',
  'F20 B01 true': 'true',
  'B01 null': 'null',
  'B01 an empty list': '[]',
  'F20 B01 a list of one string': '["user"]',
  'B01 an empty object': '{}',
  'B01 an operator': '{"$gt":""}',
  'B02 an empty string': '""'
}

for (const [name, value] of Object.entries(nonStrings)) {
  t.test(`${name} in place of a string is rejected`, async (t) => {
    for (const { path, body } of targets) {
      for (const member of Object.keys(body)) {
        const text = JSON.stringify({ ...body, [member]: 'HERE' }).replace('"HERE"', value)
        t.test(`${path} ${member}`, async (t) => isRefused(t, await post(path, text), 400))
      }
    }
  })
}

/** Rows for sign-ins only. */
const signInCases: Readonly<Record<string, Row>> = {
  'B02 no username': { body: '{"password":"pass"}', status: 400 },
  'B02 no password': { body: '{"username":"user"}', status: 400 },
  'B02 nothing': { body: '{}', status: 400 },
  'B02 a username of white space': { body: '{"username":" ","password":"pass"}', status: 400 },
  'B02 a password of white space, which is allowed but wrong here': {
    body: '{"username":"user","password":" "}',
    status: 401
  },
  'B06 null': { body: 'null', status: 400 },
  'B06 no body': { body: '', status: 400 },
  'B06 no body and no type': { body: '', headers: [], status: 400 },
  'B07 F20 a lone surrogate in the username': {
    body: '{"username":"user\\ud800","password":"pass"}',
    status: 400
  },
  'B07 F20 a lone surrogate in the password': {
    body: '{"username":"user","password":"pass\\udfff"}',
    status: 400
  },
  'B07 F20 NUL in the username': { body: '{"username":"user\\u0000","password":"pass"}', status: 400 },
  'B07 NUL in the password, which is significant': {
    body: '{"username":"user","password":"pass\\u0000"}',
    status: 401
  },
  'B05 the last of two usernames, which is unknown': {
    body: '{"username":"user","username":"nobody","password":"pass"}',
    status: 401
  },
  'B05 the last of two passwords, which is wrong': {
    body: '{"username":"user","password":"pass","password":"x"}',
    status: 401
  },
  'B12 credentials in the query, none in the body': {
    body: '{}',
    path: '?username=user&password=pass',
    status: 400
  },
  'B12 credentials in the query, wrong ones in the body': {
    body: '{"username":"user","password":"wrong"}',
    path: '?username=user&password=pass',
    status: 401
  }
}

for (const [name, row] of Object.entries(signInCases)) {
  t.test(`${name} does not sign in`, async (t) => {
    for (const { path } of signInPaths) {
      t.test(path, async (t) =>
        isRefused(t, await post(path + (row.path ?? ''), row.body, row.headers), row.status)
      )
    }
  })
}

/** Spellings of a valid body: rejecting these would be a fault too. */
const good: Readonly<Record<string, Row>> = {
  'as it is': { body: JSON.stringify(account), status: 200 },
  'in another order, with white space': {
    body: '\n{ "password" : "pass",\t"username": "user" }\r\n',
    status: 200
  },
  'with escapes': { body: '{"\\u0075sername":"us\\u0065r","password":"p\\u0061ss"}', status: 200 },
  'of 16 KiB': { body: JSON.stringify(account).padEnd(16_384), status: 200 },
  'B10 with a charset': typed(JSON.stringify(account), 'application/json; charset=utf-8', 200),
  'B10 S08 with a charset that lacks its hyphen': typed(
    JSON.stringify(account),
    'application/json; charset=utf8',
    200
  ),
  'B11 S08 declared as identity': {
    body: JSON.stringify(account),
    headers: [json, 'Content-Encoding: Identity'],
    status: 200
  },
  'B10 with a charset in capitals and quotes': typed(
    JSON.stringify(account),
    'Application/JSON ;Charset="UTF-8"',
    200
  ),
  'B05 with its username twice': {
    body: '{"username":"nobody","username":"user","password":"pass"}',
    status: 200
  },
  'B12 with others in the query': {
    body: JSON.stringify(account),
    path: '?username=nobody&password=x',
    status: 200
  }
}

for (const [name, row] of Object.entries(good)) {
  t.test(`control: a valid body ${name} signs in`, async (t) => {
    for (const { path } of signInPaths) {
      const { status } = await post(path + (row.path ?? ''), row.body, row.headers)
      t.equal(status, row.status, path)
    }
  })
}

t.test('B05 of two usernames, the one that is looked up is the one that is counted', async (t) => {
  const few = await buildDemo(t, { LOGIN_ATTEMPTS_PER_ACCOUNT: '2' })
  const attempt = async (payload: string) => {
    const headers = { 'content-type': 'application/json' }
    return (await few.inject({ method: 'POST', url: '/session/login', headers, payload })).statusCode
  }
  const twice = '{"username":"nobody","username":"user","password":"wrong"}'
  t.strictSame([await attempt(twice), await attempt(twice), await attempt(twice)], [401, 401, 429])
  t.equal(await attempt(JSON.stringify(account)), 429, 'user is counted')
  t.equal(await attempt('{"username":"nobody","password":"wrong"}'), 401, 'nobody is not')
})

t.test('B08 5 MB in chunks is rejected after the first 16 KiB', async (t) => {
  const megabytes = function* () {
    const chunk = Buffer.from(`1000\r\n${' '.repeat(4096)}\r\n`)
    for (let at = 0; at < 1280; at += 1) yield chunk
    yield Buffer.from('0\r\n\r\n')
  }
  for (const { path } of targets) {
    const head = [`POST ${path} HTTP/1.1`, json, 'Transfer-Encoding: chunked']
    const reply = await sendBytes(port, head, megabytes())
    isRefused(t, reply, 413)
  }
})

t.test('B08 control: a valid body in small chunks signs in', async (t) => {
  const chunks = Array.from(JSON.stringify(account), (unit) => Buffer.from(`1\r\n${unit}\r\n`))
  const head = ['POST /session/login HTTP/1.1', json, 'Transfer-Encoding: chunked']
  t.equal((await sendBytes(port, head, [...chunks, Buffer.from('0\r\n\r\n')])).status, 200)
})

t.test('B08 a body that arrives too slowly times out', async (t) => {
  const slow = await buildDemo(t)
  t.ok(
    slow.server.requestTimeout > 0 && slow.server.requestTimeout <= 60_000,
    `${slow.server.requestTimeout} ms`
  )
  // The same timeout, sooner: Node checks for slow requests only every 30 s.
  Object.assign(slow.server, { requestTimeout: 200, headersTimeout: 200, connectionsCheckingInterval: 50 })
  await slow.listen({ host: '127.0.0.1', port: 0 })
  const drip = async function* () {
    for (;;) {
      yield Buffer.from(' ')
      await sleep(20)
    }
  }
  const head = ['POST /session/login HTTP/1.1', json, 'Content-Length: 16000']
  const { status } = await sendBytes((slow.server.address() as AddressInfo).port, head, drip())
  t.equal(status, 408)
})

t.test('B06 null and an empty body are no token to log out with', async (t) => {
  for (const body of ['null', '']) isRefused(t, await post('/token/logout', body), 401)
  isRefused(t, await post('/token/logout', '{}'), 401)
  for (const body of ['null', '', '{}']) isRefused(t, await post('/token/refresh', body), 400)
})

t.test('B06 B07 B08 B10 B11 S03 a log-out by cookie ignores every body except one too large', async (t) => {
  for (const [name, rowOf] of Object.entries(anyBodyCases)) {
    const { body, headers = [json] } = rowOf(account, JSON.stringify(account))
    const { status } = await post('/session/logout', body, [...headers, 'Cookie: drawbridge=made-up'])
    t.equal(status, body.length > 16_384 ? 413 : 200, name)
  }
  const cookie = await signInByCookie(app)
  const isActive = async () =>
    (await app.inject({ url: '/session/protected', headers: { cookie } })).statusCode
  const withCookie = (body: string) => post('/session/logout', body, [json, `Cookie: ${cookie}`])
  t.equal((await withCookie(' '.repeat(16_385))).status, 413)
  t.equal(await isActive(), 200, 'the rejected requests had no effect')
  t.equal((await withCookie('{"any":"thing"}')).status, 200)
  t.equal(await isActive(), 401)
})

t.test('U06 a naughty string as username and password is 400 or 401', async (t) => {
  for (const [at, text] of naughtyStrings.entries()) {
    const path = at % 2 === 0 ? '/session/login' : '/token/login'
    const { status } = await post(path, JSON.stringify({ username: text, password: text }))
    t.ok(status === 400 || status === 401, `${path} ${inAscii(text)}: ${status}`)
  }
})

t.test('B04 afterwards no object has a new member', async (t) => {
  t.notOk('isAdmin' in {})
  t.strictSame(Object.keys(Object.prototype), [])
})

t.test('control: the refresh token in all those bodies is still valid, once', async (t) => {
  const refreshed = await post('/token/refresh', JSON.stringify({ refresh_token }))
  t.equal(refreshed.status, 200)
  const { refresh_token: next } = JSON.parse(refreshed.body) as { refresh_token: string }
  t.equal((await post('/token/logout', JSON.stringify({ refresh_token: next }))).status, 200)
  t.equal((await post('/token/refresh', JSON.stringify({ refresh_token: next }))).status, 401)
})
