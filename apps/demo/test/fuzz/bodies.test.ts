import fc from 'fast-check'
import t from 'tap'
import { expectedOutcome, isSignIn, type Route } from './body-model.ts'
import { buildFuzzedDemo, readLoginIds, people } from './fuzzed-demo.ts'
import { fuzz } from './fuzz.ts'
import { headerText, mutate } from './mutations.ts'

const { send: sendAndCheck, signInByToken, signInByCookie, dataDir } = await buildFuzzedDemo(t)
const [user, eve] = [await signInByToken('user'), await signInByToken('eve')]
const cookie = (await signInByCookie('user')).drawbridge as string
const loginsBefore = readLoginIds(dataDir)

const send = (url: string, payload: string | Buffer, headers: Record<string, string> = {}) =>
  sendAndCheck(
    { method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } },
    { mayBeBusy: url.endsWith('/login') }
  )

const routes: fc.Arbitrary<Route> = fc.constantFrom(
  '/session/login',
  '/token/login',
  '/token/refresh',
  '/token/logout',
  '/session/logout'
)

const member = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('username', 'password', 'refresh_token') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '__proto__',
      'constructor',
      'prototype',
      'isAdmin',
      'id',
      'Username',
      'username ',
      ''
    )
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 5 }) }
)
const memberJson = fc.oneof(
  fc.constantFrom(
    '"user"',
    '"pass"',
    '""',
    '1',
    'true',
    'null',
    '[]',
    '["user"]',
    '{}',
    '{"$gt":""}',
    '1e999'
  ),
  fc.constantFrom('{"prototype":{}}', '{"__proto__":null}', '[[[[[[[[[[]]]]]]]]]]', '"\\u0000"', '"\\ud800"'),
  fc.json({ maxDepth: 2 })
)
const object = fc
  .array(fc.tuple(member, memberJson), { maxLength: 4 })
  .map((members) => `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`)
const real = [
  ...Object.values(people).map((person) => JSON.stringify(person)),
  ...[user, eve].map(({ refresh_token }) => JSON.stringify({ refresh_token }))
]
const body = fc.oneof(
  { weight: 3, arbitrary: object.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.json().map((text) => Buffer.from(text)) },
  { weight: 4, arbitrary: mutate(...real).map((text) => Buffer.from(text, 'latin1')) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...real), fc.constantFrom<BufferEncoding>('utf16le', 'base64', 'hex'))
      .map(([text, encoding]) =>
        Buffer.from(
          Buffer.from(text).toString(encoding === 'utf16le' ? 'utf8' : encoding),
          encoding === 'utf16le' ? encoding : 'utf8'
        )
      )
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...real), fc.constantFrom('\ufeff', ' ', '\n', '[', '{"a":', 'null'))
      .map(([text, before]) => Buffer.from(before + text))
  }
)

t.test('a body is accepted where it matches the schema, and no other is ever hashed', async (t) => {
  await fuzz(t, {
    inputs: 9000,
    input: fc.tuple(routes, body),
    check: async ([wanted, bytes]) => {
      // A possible sign-in costs a hash; those are tried below, and fewer.
      const route = isSignIn(bytes) && wanted.endsWith('/login') ? '/token/refresh' : wanted
      if (isGenuine(bytes)) return
      const response = await send(route, bytes)
      const expected = expectedOutcome(route, bytes)
      if (response.statusCode !== expected)
        throw new Error(
          `${response.statusCode} ${response.body} and not ${expected}: ${route} ${bytes.toString()}`
        )
    }
  })
})

/** An unchanged refresh token is valid in any valid spelling of the body. */
function isGenuine(bytes: Buffer): boolean {
  const text = bytes.toString()
  return (
    [user, eve].some(({ refresh_token }) => text.includes(refresh_token)) &&
    expectedOutcome('/token/refresh', bytes) === 401
  )
}

t.test('a changed refresh token is rejected, and revokes no login', async (t) => {
  const genuine = [user.refresh_token, eve.refresh_token]
  await fuzz(t, {
    inputs: 7000,
    input: fc.tuple(
      fc.constantFrom('/token/refresh', '/token/logout'),
      fc.oneof(
        { weight: 6, arbitrary: mutate(...genuine) },
        { weight: 1, arbitrary: mutate(user.token, cookie) },
        { weight: 1, arbitrary: fc.string({ minLength: 1, unit: 'binary' }) },
        {
          weight: 1,
          arbitrary: fc.base64String({ minLength: 100, maxLength: 100 }).map((text) => `drbr_${text}`)
        }
      )
    ),
    check: async ([url, refresh_token]) => {
      if (genuine.includes(refresh_token) || refresh_token === '') return
      const response = await send(url, JSON.stringify({ refresh_token }))
      if (response.statusCode !== 401) throw new Error(`${response.statusCode} ${response.body}`)
    }
  })
})

t.test('a body other than JSON in UTF-8 is not read', async (t) => {
  const type = fc.oneof(
    fc.constantFrom(
      'application/json',
      'Application/JSON',
      'application/json;charset=utf-8',
      'application/json; charset="UTF-8"',
      'application/json; charset=utf8'
    ),
    fc.constantFrom(
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=a',
      'text/json'
    ),
    fc.constantFrom(
      'application/problem+json',
      'application/jsonx',
      'application/json, text/plain',
      '*/*',
      'json',
      ''
    ),
    fc
      .tuple(fc.constantFrom('application/json', 'application/json; charset'), headerText(20))
      .map((parts) => parts.join('')),
    mutate('application/json', 'application/json; charset=utf-8'),
    headerText(30)
  )
  const encoding = fc.option(fc.constantFrom('gzip', 'deflate', 'br', 'identity', '', 'gzip, gzip'), {
    freq: 4
  })
  const taken = /^application\/json[ \t]*(;|$)/i
  await fuzz(t, {
    inputs: 3500,
    input: fc.tuple(fc.constantFrom('/token/refresh', '/token/logout'), type, encoding),
    check: async ([url, contentType, contentEncoding]) => {
      const response = await send(url, '{"refresh_token":"drbr_made-up"}', {
        'content-type': contentType,
        ...(contentEncoding !== null && { 'content-encoding': contentEncoding })
      })
      // 401 means that the body was read; at log-out, only a 401 for an invalid token, not for a missing one (S03).
      const isRead =
        response.statusCode === 401 &&
        /error="invalid_token"/.test(String(response.headers['www-authenticate']))
      const mayBeRead =
        taken.test(contentType.trim()) && (contentEncoding === null || contentEncoding === 'identity')
      const isRight = isRead ? mayBeRead : response.statusCode === (url === '/token/logout' ? 401 : 415)
      if (!isRight) throw new Error(`${response.statusCode} ${response.body}`)
    }
  })
})

t.test('an impossible username or password is rejected without a hash', async (t) => {
  const refused = fc.constantFrom(
    '\0',
    '\n',
    '\r\n',
    '\u001b[31m',
    '\u200b',
    '\u202e',
    '\ud800',
    '\udfff',
    '\ufffd',
    '\u2028',
    '\ue000'
  )
  const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  const badUsername = fc.oneof(
    // Between letters: a name is trimmed.
    fc.tuple(text, refused, text).map((parts) => `a${parts.join('')}a`),
    fc.integer({ min: 256, max: 2000 }).map((length) => 'a'.repeat(length)),
    fc.constantFrom('us  er', ' ')
  )
  const badPassword = fc.oneof(
    fc
      .tuple(text, fc.constantFrom('\ud800', '\udfff', '\ud800\ud800'), fc.constantFrom('', 'a'))
      .map((parts) => parts.join('')),
    fc.integer({ min: 1025, max: 6000 }).map((length) => 'b'.repeat(length))
  )
  await fuzz(t, {
    inputs: 2500,
    input: fc.tuple(
      fc.constantFrom('/session/login', '/token/login'),
      fc.oneof(
        fc.record({ username: badUsername, password: text }),
        fc.record({ username: fc.constantFrom('user', 'eve', 'nobody'), password: badPassword })
      )
    ),
    check: async ([url, attempt]) => {
      const response = await send(url, JSON.stringify(attempt))
      const { code } = response.json<{ code: string }>()
      if (response.statusCode !== 400 || code !== 'DRAWBRIDGE_MALFORMED_CREDENTIALS')
        throw new Error(`${response.statusCode} ${response.body}`)
    }
  })
})

t.test('a sign-in with a wrong password is rejected', async (t) => {
  const word = fc.oneof(
    fc.constantFrom(
      'user',
      'eve',
      'User',
      'pass',
      'Pass',
      'pass ',
      'pass\0',
      'PASS',
      people.eve.password,
      'ｐａｓｓ'
    ),
    fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }),
    fc.string({ minLength: 1, maxLength: 30 }),
    fc.constantFrom(
      '__proto__',
      'constructor',
      "' OR 1=1 --",
      '$argon2id$v=19$m=19456,t=2,p=1$a$b',
      '*',
      'a:b',
      '{}'
    )
  )
  const isRight = (username: string, password: string) =>
    Object.values(people).some(
      (person) =>
        person.username === username.normalize('NFKC').toLowerCase() &&
        person.password === password.normalize('NFC')
    )
  await fuzz(t, {
    inputs: 250,
    input: fc.tuple(fc.constantFrom('/session/login', '/token/login'), word, word),
    check: async ([url, username, password]) => {
      if (isRight(username, password)) return
      const response = await send(url, JSON.stringify({ username, password }))
      if (![400, 401, 429, 503].includes(response.statusCode))
        throw new Error(`${response.statusCode} ${response.body}`)
      if (response.cookies.length > 0) throw new Error('a cookie was set')
    }
  })
})

t.test('afterwards the service responds and the logins are unchanged', async (t) => {
  t.equal((await sendAndCheck({ url: '/health/live' })).statusCode, 200)
  t.same(readLoginIds(dataDir), loginsBefore)
  for (const { refresh_token } of [user, eve]) {
    const response = await send('/token/refresh', JSON.stringify({ refresh_token }))
    t.equal(response.statusCode, 200, 'the newest refresh token of a login is still valid')
  }
})
