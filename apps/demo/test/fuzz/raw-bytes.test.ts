import fc from 'fast-check'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { type Response, checkResponse } from './check-response.ts'
import { sendRaw } from './send-raw.ts'
import { buildFuzzedDemo, readLoginIds } from './fuzzed-demo.ts'
import { fuzz } from './fuzz.ts'
import { headerText, mutate } from './mutations.ts'

const { app, send, signInByToken, signInByCookie, dataDir } = await buildFuzzedDemo(t)
await app.listen({ host: '127.0.0.1', port: 0 })
const { port } = app.server.address() as AddressInfo
const [user, eve] = [await signInByToken('user'), await signInByToken('eve')]
const cookies = [await signInByCookie('user'), await signInByCookie('eve')]
const [userCookie, eveCookie] = cookies.map(
  ({ drawbridge }) => `drawbridge=${encodeURIComponent(drawbridge as string)}`
) as [string, string]
const loginsBefore = readLoginIds(dataDir)

const PATHS =
  '/ /session/login /session/protected /session/logout /token/login /token/protected /token/refresh /token/logout ' +
  '/.well-known/jwks.json /health/live /health/ready /docs /docs/json /docs/static/index.css'
const paths = PATHS.split(' ')
const path = fc.oneof(
  { weight: 3, arbitrary: mutate(...paths) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...paths),
        fc.constantFrom('/', '//', '?a=1', '#a', ';a', '%00', '/..', '%2f..%2f..%2fpackage.json')
      )
      .map((parts) => parts.join(''))
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '/session/%70rotected',
      '//session/protected',
      '/SESSION/PROTECTED',
      '/docs/static/../../../../../../etc/passwd',
      'http://x/token/protected',
      '*',
      '/%',
      '/%zz',
      `/${'a'.repeat(9000)}`,
      '/session/protected?token=1',
      '/docs/static/%2e%2e/%2e%2e/package.json'
    )
  },
  { weight: 1, arbitrary: fc.webPath() },
  { weight: 1, arbitrary: headerText(40) }
)
const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('TRACE', 'CONNECT', 'PROPFIND', 'QUERY', 'M-SEARCH', 'get', 'NONSENSE', '')
  },
  { weight: 1, arbitrary: mutate('GET', 'POST') }
)
const anyBytes = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'))
const header = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.tuple(
      fc.constantFrom(
        'host',
        'cookie',
        'authorization',
        'origin',
        'content-type',
        'user-agent',
        'x-forwarded-for',
        'accept',
        'content-encoding',
        'range',
        'if-none-match'
      ),
      fc.oneof({ weight: 9, arbitrary: headerText() }, { weight: 1, arbitrary: anyBytes })
    )
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<[string, string]>(
      ...([
        ['transfer-encoding', 'chunked'],
        ['content-length', '5'],
        ['content-length', '-1'],
        ['content-length', '5, 5']
      ] as [string, string][]),
      ...([
        ['connection', 'upgrade'],
        ['upgrade', 'websocket'],
        ['expect', '100-continue'],
        ['expect', 'x'],
        ['te', 'trailers']
      ] as [string, string][])
    )
  },
  { weight: 1, arbitrary: fc.tuple(anyBytes, anyBytes) }
)
const request = fc
  .tuple(
    method,
    path,
    fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTP/1.1', ''),
    fc.array(header, { maxLength: 5 }),
    fc.option(anyBytes)
  )
  .map(([method, url, version, headers, body]) => {
    const lines = [['host', 'x'] as const, ...headers].map(([name, value]) => `${name}: ${value}\r\n`)
    const length = body === null ? '' : `content-length: ${body.length}\r\n`
    return `${method} ${url} ${version}\r\n${lines.join('')}${length}\r\n${body ?? ''}`
  })

/** Checks all responses to bytes without a credential. */
function checkStrangers(responses: readonly Response[]): void {
  if (responses.length === 0) return
  for (const response of responses) {
    const isText = response.body !== ''
    if (isText) checkResponse(response, { url: urlIn(response.body), isRaw: true })
    else if (response.statusCode >= 500) throw new Error(`a ${response.statusCode}`)
    if (response.body.includes('Hello, ')) throw new Error(`it was authenticated: ${response.body}`)
    if (/root:.*:0:0:|"dependencies"/.test(response.body))
      throw new Error(`a file was leaked: ${response.body}`)
    const cookie = JSON.stringify(response.headers['set-cookie'] ?? '"drawbridge=;"')
    if (!cookie.includes('drawbridge=;')) throw new Error(`a cookie: ${cookie}`)
  }
}

/** The URL of the request, which two messages of Fastify quote. */
function urlIn(body: string): string {
  const [, route, bad] = /"Route \w+:(.*) not found"|"'(.*)' is not a valid url component"/s.exec(body) ?? []
  const escaped = route ?? bad
  return escaped === undefined ? '\0' : (JSON.parse(`"${escaped}"`) as string)
}

t.test(
  'requests of any method, path and headers get a response or a closed connection, and none is authenticated',
  async (t) => {
    let answered = 0
    await fuzz(t, {
      inputs: 2000,
      input: request,
      check: async (text) => {
        const responses = await sendRaw(port, Buffer.from(text, 'latin1'))
        answered += responses.length
        checkStrangers(responses)
      }
    })
    t.ok(answered > 0, `${answered} responses`)
  }
)

t.test('malformed HTTP does no harm', async (t) => {
  const nearly = `POST /token/refresh HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 26\r\n\r\n{"refresh_token":"drbr_x"}`
  await fuzz(t, {
    inputs: 1000,
    input: fc.oneof(
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
      {
        weight: 3,
        arbitrary: mutate(nearly, nearly.replace('content-length: 26', 'transfer-encoding: chunked')).map(
          (text) => Buffer.from(text, 'latin1')
        )
      }
    ),
    check: async (bytes) => checkStrangers(await sendRaw(port, bytes))
  })
})

t.test(
  'several credentials in one request are accepted where they agree, and rejected where they differ',
  async (t) => {
    const bearers = [user, eve].map(({ token }) => `Bearer ${token}`)
    const line = fc.oneof(
      fc
        .constantFrom(...bearers, 'Bearer made.up.token', 'Basic dXNlcjpwYXNz')
        .map((value) => ['authorization', value] as const),
      fc
        .constantFrom(userCookie, eveCookie, 'drawbridge=made-up', 'other=1')
        .map((value) => ['cookie', value] as const)
    )
    const ofCarrier = fc.tuple(fc.constantFrom('session', 'token'), fc.array(line, { maxLength: 4 }))
    await fuzz(t, {
      inputs: 100,
      input: fc.array(ofCarrier, { minLength: 10, maxLength: 20 }),
      check: async (requests) => {
        const text = requests.map(([carrier, lines]) => {
          const headers = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
          return `GET /${carrier}/protected HTTP/1.1\r\nhost: x\r\n${headers}\r\n`
        })
        // All of it is valid HTTP, so all of it gets a response, however slow the machine.
        const responses = await sendRaw(port, Buffer.from(text.join('')), 20_000)
        if (responses.length !== requests.length + 1)
          throw new Error(`${responses.length} responses to ${requests.length}`)
        requests.forEach(([carrier, lines], at) => {
          const { statusCode, body } = responses[at] as Response
          checkResponse(responses[at] as Response, { url: '\0' })
          const expected = carrier === 'token' ? byToken(lines, bearers) : byCookie(lines)
          if (`${statusCode}${/Hello, \w+/.exec(body)?.[0] ?? ''}` !== expected)
            throw new Error(`${statusCode} ${body}, not ${expected}`)
        })
      }
    })
  }
)

type Lines = ReadonlyArray<readonly [string, string]>

const valuesOf = (lines: Lines, name: string) => lines.filter(([of]) => of === name).map(([, value]) => value)

function byToken(lines: Lines, [ofUser, ofEve]: readonly string[]): string {
  const [presented, ...more] = valuesOf(lines, 'authorization')
  if (more.length > 0) return '400'
  return presented === ofUser ? '200Hello, user' : presented === ofEve ? '200Hello, eve' : '401'
}

/** A value that we did not sign is ignored beside a cookie that we did (S24). */
function byCookie(lines: Lines): string {
  const [presented, ...more] = new Set(
    valuesOf(lines, 'cookie').filter((value) => [userCookie, eveCookie].includes(value))
  )
  if (more.length > 0) return '400'
  return presented === userCookie ? '200Hello, user' : presented === eveCookie ? '200Hello, eve' : '401'
}

t.test('afterwards the service responds and the logins are unchanged', async (t) => {
  t.equal((await send({ url: '/health/live' })).statusCode, 200)
  t.same(readLoginIds(dataDir), loginsBefore)
  t.equal((await send({ url: '/session/protected', headers: { cookie: userCookie } })).statusCode, 200)
})
