import type { onRequestHookHandler } from 'fastify'
import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { RESPONSES } from './responses.ts'
import { openService } from './open-service.ts'
import { getRaw, sendRaw } from './raw-client.ts'

const service = await openService(t, {
  keys: [generateSigningKey()],
  logins: {
    getClaims: ({ username }) => ({ scopes: username === 'ada' ? ['read', 'admin', 'x'] : ['read'] })
  },
  before: (app) => {
    const onRequest: onRequestHookHandler = (...args) => app.tokenAuth.guard(...args)
    app.post('/me', { onRequest }, async ({ principal }) => principal)
  }
})

const good = service.createValidToken()
const get = (...lines: (string | Buffer)[]) => getRaw(service.port, '/me', lines)

/** What is presented, and its log. */
async function logged(...lines: (string | Buffer)[]): Promise<{ text: string; log: string }> {
  service.lines.length = 0
  const { text } = await get(...lines)
  return { text, log: service.lines.join('') }
}

t.test('the control: one valid header is enough, whatever is beside it', async (t) => {
  for (const beside of ['X-Authorization: Bearer x', 'Proxy-Authorization: Bearer x', 'Authorizatio: x']) {
    t.equal((await get(`Authorization: Bearer ${good}`, beside)).status, 200, beside)
  }
  for (const name of ['authorization', 'AUTHORIZATION', 'aUTHORIZATION']) {
    t.equal((await get(`${name}: Bearer ${good}`)).status, 200, name)
  }
  t.equal((await get(`Authorization:Bearer ${good}`)).status, 200, 'no space behind the colon')
  t.equal(
    (await get(`Authorization: \t Bearer ${good} \t `)).status,
    200,
    'white space around a value is ignored'
  )
})

t.test('J70 the scheme ignores case', async (t) => {
  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
    t.equal((await get(`Authorization: ${scheme} ${service.createValidToken()}`)).status, 200, scheme)
  }
})

t.test('J71 F19 a scheme without a token', async (t) => {
  for (const value of ['Bearer', 'Bearer ', 'bearer', 'Bearer\t']) {
    t.equal((await get(`Authorization: ${value}`)).text, RESPONSES.invalid, JSON.stringify(value))
  }
})

t.test('J72 F19 a scheme with more than one token, or not one space before it', async (t) => {
  for (const [value, cause] of [
    [`Bearer  ${good}`],
    [`Bearer\t${good}`, 'not a bearer token'],
    [`Bearer \t${good}`],
    [`Bearer ${good} x`],
    [`Bearer ${good}\t${good}`],
    [`Bearer ${good},${good}`],
    [`Bearer ${good},Bearer ${good}`],
    [`Bearer ${good}, Basic eDp4`],
    [`Bearer ${good};x=y`],
    [`Bearer "${good}"`],
    [`Bearer '${good}'`],
    [`Bearer <${good}>`],
    [`Bearer Bearer ${good}`],
    [`Bearer token=${good}`],
    [`Bearer ${good}\u00e9`],
    [`Bearer ${good}\u00a0`],
    [`Bearer ${good}=`]
  ] as const) {
    const { text, log } = await logged(Buffer.from(`Authorization: ${value}`, 'latin1'))
    t.equal(text, RESPONSES.invalid, value.replaceAll(good, '…'))
    t.ok(log.includes(`Unauthorized: ${cause ?? 'not a JWS in compact form'}"`))
  }
})

t.test('J73 other schemes have no bearer token', async (t) => {
  for (const value of [
    '',
    'Basic eDp4',
    `Token ${good}`,
    `JWT ${good}`,
    `Bearer="${good}"`,
    `Bearer=${good}`,
    `DPoP ${good}`,
    `BearerX ${good}`,
    `XBearer ${good}`,
    `Bearer:${good}`,
    `Basic x, Bearer ${good}`,
    good
  ]) {
    const { text, log } = await logged(`Authorization: ${value}`)
    t.equal(text, RESPONSES.none, value.replaceAll(good, '…'))
    t.notMatch(log, good.slice(-40), 'the credential of another scheme is not in the log either')
  }
})

t.test('J74 no token is read from a query or a body', async (t) => {
  for (const name of ['access_token', 'token', 'bearer', 'authorization', 'jwt']) {
    t.equal((await getRaw(service.port, `/me?${name}=${good}`, [])).text, RESPONSES.none, `?${name}=`)
    for (const [type, body] of [
      ['application/x-www-form-urlencoded', `${name}=${good}`],
      ['application/json', JSON.stringify({ [name]: good })]
    ] as const) {
      const lines = ['POST /me HTTP/1.1', 'Host: x', 'Connection: close', `Content-Type: ${type}`]
      const request = [...lines, `Content-Length: ${body.length}`, '', body].join('\r\n')
      t.equal((await sendRaw(service.port, request)).text, RESPONSES.none, `${name} as ${type}`)
    }
  }
})

t.test('J75 F18 two Authorization headers', async (t) => {
  const right = `Authorization: Bearer ${good}`
  const ambiguous: Record<string, string[]> = {
    'valid, invalid': [right, 'Authorization: Bearer x'],
    'invalid, valid': ['authorization: Bearer x', right],
    'the same twice': [right, right],
    'two that are valid': [right, `Authorization: Bearer ${service.createValidToken()}`],
    'two that are invalid': ['Authorization: Bearer x', 'Authorization: Bearer y'],
    'another scheme behind': [right, 'AUTHORIZATION: Basic eDp4'],
    'another scheme before': ['Authorization: Basic eDp4', right],
    'an empty one before': ['Authorization:', right],
    'an empty one behind': [right, 'Authorization:'],
    'three, with others between': [right, 'Accept: */*', right, 'X-A: b', right]
  }
  for (const [label, lines] of Object.entries(ambiguous)) {
    const { text, log } = await logged(...lines)
    t.equal(text, RESPONSES.ambiguous, label)
    t.match(log, 'two Authorization headers')
    t.notMatch(log, good.slice(-40))
  }
})

t.test('J75 a token in the query or a cookie is ignored beside the header', async (t) => {
  const other = service.createValidToken()
  const elsewhere = [`Cookie: access_token=${other}; token=${other}; Authorization=Bearer%20${other}`]
  const path = `/me?access_token=${other}`
  const show = (token: string) => getRaw(service.port, path, [`Authorization: Bearer ${token}`, ...elsewhere])
  t.equal((await show(good)).status, 200)
  t.equal((await show('x')).text, RESPONSES.invalid)
  t.equal((await getRaw(service.port, path, elsewhere)).text, RESPONSES.none)
})

t.test('J76 no credential gets a challenge without an error', async (t) => {
  const { text, log } = await logged()
  t.equal(text, RESPONSES.none)
  t.match(log, 'Unauthorized: no Authorization header')
})

t.test('J77 an active login without the scope', async (t) => {
  const admin = (token: string) => getRaw(service.port, '/admin', [`Authorization: Bearer ${token}`])
  t.equal((await admin((await service.signIn('ada')).token)).status, 200)
  const { text } = await admin((await service.signIn('bob')).token)
  t.match(text, /^HTTP\/1\.1 403 /)
  t.match(
    text,
    '\r\nwww-authenticate: Bearer realm="drawbridge", error="insufficient_scope", scope="read admin"\r\n'
  )
  t.match(text, '\r\ncache-control: no-store\r\n')
  t.match(
    text,
    '{"statusCode":403,"code":"DRAWBRIDGE_INSUFFICIENT_SCOPE","error":"Forbidden","message":"Forbidden"}'
  )
  t.equal((await admin('x')).text, RESPONSES.invalid, 'an invalid token is a 401, not a matter of scopes')
})

t.test('J78 nothing that a client sent is in the challenge', async (t) => {
  for (const value of [
    'Bearer x", error="none',
    'Bearer "x"',
    'Bearer x\\',
    'Bearer x\u0085Set-Cookie: a=b',
    'Bearer x\u00ff',
    'Bearer %0d%0aSet-Cookie:%20a=b'
  ]) {
    t.equal((await get(Buffer.from(`Authorization: ${value}`, 'latin1'))).text, RESPONSES.invalid, value)
  }
  const split = await get('Authorization: Bearer x\r\nX-Split: yes')
  t.equal(split.text, RESPONSES.invalid, 'a line break ends a header, and the next one is not echoed')
})

t.test('J62 J78 bytes that no header may have never reach us', async (t) => {
  for (const [label, odd] of Object.entries({ NUL: '\0', LF: '\n', CR: '\r', ESC: '\x1b', DEL: '\x7f' })) {
    const { text } = await get(`Authorization: Bearer ${good.slice(0, 9)}${odd}${good.slice(9)}`)
    t.match(text, /^HTTP\/1\.1 40[01] /, label)
    t.notMatch(text, good.slice(9, 40), label)
  }
  const folded = await get(`Authorization: Bearer\r\n ${good}`)
  t.match(folded.text, /^HTTP\/1\.1 40[01] /, 'a folded header')
})

t.test('J39 a token that is too long', async (t) => {
  const long = (length: number) => get(`Authorization: Bearer ${'x'.repeat(length)}`)
  t.equal((await long(9000)).text, RESPONSES.invalid)
  t.equal((await long(15_000)).text, RESPONSES.invalid)
  t.equal((await long(17_000)).status, 431)
  t.equal((await get(`Authorization: ${'Bearer '.repeat(1000)}`)).text, RESPONSES.invalid)
  const padded = { ...service.claims, x: 'x'.repeat(7500) }
  t.equal(
    (await get(`Authorization: Bearer ${service.makeToken({ payload: padded })}`)).text,
    RESPONSES.invalid
  )
  const fits = { ...service.claims, x: 'x'.repeat(5000) }
  t.equal((await get(`Authorization: Bearer ${service.makeToken({ payload: fits })}`)).status, 200)
})
