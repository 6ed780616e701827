import fc from 'fast-check'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { skipWithoutRedis, startRedis, runCommand } from '@drawbridge/test-support/servers/redis'
import { buildFuzzedDemo } from './fuzzed-demo.ts'
import { fuzz } from './fuzz.ts'
import { headerText, mutate } from './mutations.ts'

if (skipWithoutRedis) {
  t.plan(0, skipWithoutRedis)
  process.exit(0)
}

/** Snapshots and positions exist only where nodes share a feed. */
const redis = await startRedis()
t.teardown(() => redis.stop())
const { app, send, signInByCookie } = await buildFuzzedDemo(t, {
  REDIS_URL: `redis://127.0.0.1:${redis.port}`
})
app.post('/end-others', (request, reply) => app.sessionAuth.revokeOthers(request, reply))

const NAME = 'drawbridge'
const SNAPSHOT = `${NAME}-snapshot`
const POSITION_COOKIE = `${NAME}-position`

const eve = await signInByCookie('eve')
const revoked = await signInByCookie('user')
const user = await signInByCookie('user')
const revokeOthers = await send({
  method: 'POST',
  url: '/end-others',
  headers: { cookie: `${NAME}=${user[NAME]}` }
})
const position = cookieValue(revokeOthers, POSITION_COOKIE)
const loginKeys = () => runCommand(redis.port, async (client) => (await client.keys('*{*}*')).toSorted())
const loginsBefore = await loginKeys()

function cookieValue({ cookies }: LightMyRequestResponse, name: string): string {
  const value = cookies.find((cookie) => cookie.name === name)?.value
  if (value === undefined) throw new Error(`${name} was not set`)
  return value
}

/** The cookies of a sign-in, as a browser sends them back. */
const cookieValues = [user, eve, revoked].map((cookies) => encodeURIComponent(cookies[NAME] as string))
const snapshots = [user, eve, revoked].map((cookies) => cookies[SNAPSHOT] as string)
const [userCookie, eveCookie] = [user[NAME], eve[NAME]]

const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(NAME, NAME, NAME, SNAPSHOT, SNAPSHOT, POSITION_COOKIE) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'Drawbridge',
      `\t${NAME}`,
      `${NAME} `,
      `__Host-${NAME}`,
      `${NAME}2`,
      '$Version',
      ''
    )
  },
  { weight: 1, arbitrary: headerText(12) }
)
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...cookieValues) },
  { weight: 6, arbitrary: mutate(...cookieValues) },
  { weight: 2, arbitrary: fc.constantFrom(...snapshots) },
  { weight: 4, arbitrary: mutate(...snapshots) },
  {
    weight: 2,
    arbitrary: fc.oneof(fc.constant(encodeURIComponent(position)), mutate(encodeURIComponent(position)))
  },
  { weight: 1, arbitrary: headerText(100) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '.', '%', '%zz', '%E0%A4%A', 'x'.repeat(5000), '.'.repeat(100))
  }
)
const separator = fc.constantFrom('; ', '; ', '; ', ';', ' ; ', ';;', ', ', ';\t', '')
const cookie = fc.tuple(name, fc.constantFrom('=', '=', '=', '=', ' =', '= ', '=='), value, separator)
const header = fc.oneof(
  { weight: 1, arbitrary: headerText(200) },
  {
    weight: 10,
    arbitrary: fc.array(cookie, { minLength: 1, maxLength: 5 }).map((parts) => parts.flat().join(''))
  }
)

/** The values of our cookie in a header, decoded, without using the code under test. */
function parseCookieValues(header: string): readonly string[] {
  const own = new RegExp(`^[ \\t]*${NAME}[ \\t]*=([^]*)$`)
  const raws = header.split(';').flatMap((part) => own.exec(part)?.[1] ?? [])
  return raws.map((raw) => decode(raw.replaceAll(/^[ \t]+|[ \t]+$/g, '')))
}

/** The user of a Cookie header: values that we signed count, two of them conflict, and others are ignored. */
function identify(header: string): 'user' | 'eve' | 'two' | null {
  const signed = parseCookieValues(header).filter((text) =>
    [userCookie, eveCookie, revoked[NAME]].includes(text)
  )
  const [first, ...more] = new Set(signed)
  if (more.length > 0) return 'two'
  return first === userCookie ? 'user' : first === eveCookie ? 'eve' : null
}

/** Whether it has the secret of an active login, which logs it out whatever the signature (S21). */
function identifiesLogin(header: string): boolean {
  const unsigned = (text = '') => text.slice(0, text.lastIndexOf('.'))
  return parseCookieValues(header).some((text) =>
    [userCookie, eveCookie].map(unsigned).includes(unsigned(text))
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

t.test('a Cookie header is accepted where it has one active login of that user', async (t) => {
  t.ok(position !== '' && snapshots.every((text) => text.length > 100), 'there are snapshots and a position')
  await fuzz(t, {
    inputs: 18_000,
    input: header,
    check: async (text) => {
      const response = await send({ url: '/session/protected', headers: { cookie: text } })
      const presented = identify(text)
      const status = presented === 'two' ? 400 : presented === null ? 401 : 200
      const greeted = response.json<{ message: string }>().message
      if (response.statusCode !== status || (status === 200 && greeted !== `Hello, ${presented}!`))
        throw new Error(`${response.statusCode} ${response.body} for one of ${presented}`)
    }
  })
})

t.test('a log-out by a Cookie header without the secret of an active login revokes none', async (t) => {
  await fuzz(t, {
    inputs: 2000,
    input: header.filter((text) => !identifiesLogin(text)),
    check: async (text) => {
      const response = await send({ method: 'POST', url: '/session/logout', headers: { cookie: text } })
      if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${response.body}`)
    }
  })
})

t.test('afterwards the service responds and the logins are unchanged', async (t) => {
  t.equal((await send({ url: '/health/live' })).statusCode, 200)
  t.ok(loginsBefore.length > 0)
  t.same(await loginKeys(), loginsBefore)
  for (const text of cookieValues.slice(0, 2))
    t.equal(
      (await send({ url: '/session/protected', headers: { cookie: `${NAME}=${text}` } })).statusCode,
      200
    )
})
