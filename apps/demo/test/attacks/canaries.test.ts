import { createCredentials, createMemoryUserStore, seedUser } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { deriveKeys } from '@drawbridge/logins/carrier'
import { generateSigningKey, type SigningKey } from '@drawbridge/token-auth'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createHash } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import t, { type Test } from 'tap'
import { skipWithoutRedis, startRedis, runCommand } from '@drawbridge/test-support/servers/redis'
import { parseKeyRing } from '../../../../packages/token-auth/src/keys/key-ring.ts'
import { readConfig } from '../../src/config.ts'
import { openUsers } from '../../src/users.ts'
import { buildDemo } from '../build-demo.ts'
import { leaksInternals } from '../fuzz/check-response.ts'
import { makeDataDir, startDemo } from '../start-demo.ts'
import { until } from '@drawbridge/test-support/until'
import { Canaries } from './canaries.ts'
import { type Response, type Request, UseAndAbuse } from './use-and-abuse.ts'

if (skipWithoutRedis) {
  t.plan(0, skipWithoutRedis)
  process.exit(0)
}

const ROOT_SECRET = 'canary-of-the-root-secret-0123456789'
const REDIS_PASSWORD = 'canary-of-the-password-of-redis'
const person = { username: 'ada', password: 'canary-of-the-right-password' }
/** Issuer and audience, by which token-auth distinguishes its instances. */
const TOKEN_INSTANCE = createHash('sha256')
  .update('["drawbridge-demo","drawbridge-demo"]')
  .digest('base64url')
const PURPOSES = [
  'session cookie __Host-drawbridge',
  'position cookie __Host-drawbridge',
  'session snapshot __Host-drawbridge',
  `refresh-token mac of ${TOKEN_INSTANCE}`,
  `refresh-token successor of ${TOKEN_INSTANCE}`
]

/** A production service with a user, many secrets, and a Redis with a password. */
async function prepare(t: Test) {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  await runCommand(redis.port, (client) => client.config('SET', 'requirepass', REDIS_PASSWORD))
  const key = generateSigningKey()
  const DATA_DIR = await makeDataDir(t)
  const TOKEN_KEYS = join(DATA_DIR, 'keys.json')
  await writeFile(TOKEN_KEYS, JSON.stringify({ keys: [key] }))
  const env = {
    NODE_ENV: 'production',
    LOG_LEVEL: 'trace',
    DRAWBRIDGE_SECRET: ROOT_SECRET,
    REDIS_URL: `redis://:${REDIS_PASSWORD}@127.0.0.1:${redis.port}`,
    LOGIN_ATTEMPTS_PER_ACCOUNT: '100',
    REFRESH_GRACE_SECONDS: '0',
    TOKEN_KEYS,
    DATA_DIR
  }
  const { users, close } = await openUsers(readConfig(env), () => {})
  await seedUser(users, person)
  const hash = (await users.findByUsernameKey(person.username))?.passwordHash ?? ''
  await close()
  return { env, redis, key, canaries: deriveSecrets(key, hash) }
}

function deriveSecrets(key: SigningKey, passwordHash: string): Canaries {
  const canaries = new Canaries()
  canaries.add('the right password', person.password)
  canaries.add('the hash of the password', passwordHash)
  canaries.add('the root secret', ROOT_SECRET)
  canaries.add('the password of Redis', REDIS_PASSWORD)
  canaries.addEncoded('the private key', key.d as string)
  for (const purpose of PURPOSES) {
    const [derived] = deriveKeys([ROOT_SECRET], purpose) as [Buffer]
    canaries.addEncoded(`the key for ${purpose}`, derived.toString('base64url'))
  }
  return canaries
}

/** All that a careless program could print of a value. */
const printed = (value: unknown): string =>
  `${inspect(value, { depth: 12, showHidden: true, getters: true, maxArrayLength: null, maxStringLength: null })}\n${stringifyAll(value)}`

function stringifyAll(value: unknown): string {
  const seen = new Set<unknown>()
  return String(
    JSON.stringify(value, (_name, member: unknown) => {
      if (typeof member !== 'object' || member === null)
        return typeof member === 'bigint' ? String(member) : member
      if (seen.has(member)) return undefined
      seen.add(member)
      return member
    })
  )
}

/** A guard that records its errors as the application's own error handler would get them. */
function watched(guard: FastifyInstance['sessionAuth']['guard'], errors: unknown[]) {
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void =>
    guard(request, reply, (error) => {
      if (error !== undefined) errors.push(error)
      done(error)
    })
}

function createSender(app: FastifyInstance) {
  return async ({ method = 'GET', url, headers = {}, json }: Request): Promise<Response> => {
    const response = await app.inject({
      method,
      url,
      headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
      ...(json !== undefined && { payload: JSON.stringify(json) })
    })
    const { statusCode, body } = response
    const setCookies = [response.headers['set-cookie'] ?? []].flat()
    return { statusCode, setCookies, body, text: `${statusCode} ${JSON.stringify(response.headers)} ${body}` }
  }
}

t.test('a day of a service, with canaries for secrets', async (t) => {
  const { env, redis, key, canaries } = await prepare(t)
  const lines: string[] = []
  const errors: unknown[] = []
  const events: unknown[] = []
  const onEvent = (event: unknown) => void events.push(event)
  subscribe('drawbridge:feed', onEvent)
  t.teardown(() => unsubscribe('drawbridge:feed', onEvent))
  const app = await buildDemo(t, env, { write: (line) => lines.push(line) })
  app.get('/watched/session', { onRequest: watched(app.sessionAuth.guard, errors) }, async () => ({}))
  app.get('/watched/token', { onRequest: watched(app.tokenAuth.guard, errors) }, async () => ({}))
  app.get('/fault', { onRequest: app.tokenAuth.guard }, () => {
    throw new Error('canary-of-a-fault', { cause: new Error('canary-of-a-cause') })
  })
  const sendOnce = createSender(app)
  const send = async (request: Request): Promise<Response> => {
    // The same again where the error itself is recorded.
    if (request.url.endsWith('/protected'))
      await sendOnce({ ...request, url: request.url.replace(/^\/(\w+).*/, '/watched/$1') })
    return sendOnce(request)
  }
  const day = new UseAndAbuse({ send, canaries, person, key, cookieName: '__Host-drawbridge' })
  await day.run()
  t.ok(
    day.exchanges.some(({ response }) => response.setCookies.some((line) => line.includes('-snapshot='))),
    'with snapshots'
  )

  const { token } = await day.signInByToken()
  const fault = await day.send({ url: '/fault', headers: { authorization: `Bearer ${token}` } })
  const cookie = await day.signInByCookie()
  const refreshToken = (await day.signInByToken()).refresh_token
  day.isOutage = true
  await redis.kill()
  await until(() => events.some((event) => (event as { type: string }).type === 'error'))
  const unsignedCookieValue = cookie
    .split('; ')
    .find((part) => part.startsWith('__Host-drawbridge=')) as string
  const inOutage = [
    await day.send({ method: 'POST', url: '/session/logout', headers: { cookie } }),
    await day.send({ method: 'POST', url: '/token/refresh', json: { refresh_token: refreshToken } }),
    await day.send({ method: 'POST', url: '/token/login', json: person }),
    await day.send({ method: 'POST', url: '/session/login', json: person }),
    await day.send({ url: '/health/ready' }),
    await day.send({ url: '/session/protected', headers: { cookie: `${unsignedCookieValue}; other=1` } })
  ]
  t.match(
    inOutage.slice(0, 5).map(({ statusCode }) => statusCode),
    [503, 503, 503, 503, 503]
  )
  const log = lines.join('')

  t.test('L01 no line of the log has one, at level trace', async (t) => {
    t.ok(lines.length > 200, `${lines.length} lines`)
    t.ok(canaries.names.length > 30, `${canaries.names.length} secrets`)
    t.same(canaries.findIn(log), [])
  })

  t.test('L01 no response has one, except the one that issues it to its owner', async (t) => {
    let expected = 0
    for (const { request, response, isExpected } of day.exchanges) {
      t.same(canaries.findIn(response.text, isExpected), [], `${request.method ?? 'GET'} ${request.url}`)
      expected += canaries.findIn(response.text).length
    }
    t.ok(expected > 20, `${expected} were issued to their owner`)
  })

  t.test('L02 no error has one, in its cause, its stack or elsewhere', async (t) => {
    t.ok(errors.length > 20, `${errors.length} errors`)
    for (const error of errors)
      t.same(canaries.findIn(`${printed(error)}\n${String((error as Error).stack)}`), [])
  })

  t.test('L03 the contents of an invalid token are in no error and in no line', async (t) => {
    for (const error of errors) {
      const text = printed(error)
      t.notMatch(text, /payload|originalError|FAST_JWT|FST_JWT|canary/)
    }
    t.notMatch(log, /FAST_JWT|FST_JWT|canary-of-a-claim/)
    t.match(log, 'the signature is not valid', 'but the reason of the rejection is')
  })

  t.test('L04 a token in the query of a URL is in no line', async (t) => {
    t.ok(day.exchanges.some(({ request }) => request.url.includes('canary-of-a-query')))
    t.notMatch(log, /canary-of-a-query|access_token/)
  })

  t.test('L05 a username with line breaks and escape codes stays inside its line', async (t) => {
    for (const line of lines) {
      t.match(JSON.parse(line), { level: Number, msg: String })
      t.equal(line.indexOf('\n'), line.length - 1)
      t.notMatch(line, '\u001b')
    }
  })

  t.test(
    'L06 in production an internal error reveals nothing to the client; the log has the details',
    async (t) => {
      t.equal(fault.statusCode, 500)
      t.same(JSON.parse(fault.body), {
        statusCode: 500,
        error: 'Internal Server Error',
        message: 'Internal Server Error'
      })
      t.notMatch(fault.text, /canary|stack|\.ts|at /)
      t.match(log, 'canary-of-a-fault')
      t.match(log, 'canary-of-a-cause')
    }
  )

  t.test('L07 events of the feed have no secret, no username and no loginId', async (t) => {
    t.ok(events.length > 0, `${events.length} events`)
    for (const event of events) {
      const { type, ...more } = event as { type: string; error?: unknown }
      t.ok(['fresh', 'stale', 'reset', 'error', 'heard'].includes(type))
      t.same(
        Object.keys(more).filter((name) => !['log', 'reason', 'error', 'kind', 'lagMs'].includes(name)),
        []
      )
      const { error } = more
      const exchanges = error instanceof Error ? `${error.name} ${error.message}` : inspect(more)
      t.same(canaries.findIn(printed(event)), [])
      t.notMatch(exchanges, /\bada\b/)
      for (const id of loginIdsIn(day)) t.notOk(exchanges.includes(id))
    }
  })

  t.test('L09 printing the plugins and their dependencies reveals none', async (t) => {
    for (const [name, value] of Object.entries({
      sessionAuth: app.sessionAuth,
      tokenAuth: app.tokenAuth,
      ...(await secretParts(key))
    }))
      t.same(canaries.findIn(printed(value)), [], name)
  })

  t.test('L10 no response reveals internals: no path, version, SQL or Redis message', async (t) => {
    const bad = day.exchanges.filter(({ response }) => response.statusCode >= 400)
    t.ok(
      bad.length > 50 && bad.some(({ response }) => response.statusCode === 503),
      `${bad.length} responses`
    )
    for (const { response, request } of bad)
      t.notOk(leaksInternals(response.body), `${request.url}: ${response.body}`)
  })

  t.test('control: the search finds canaries in any form', async (t) => {
    const { token: text, refresh_token: refresh } = { token, refresh_token: refreshToken }
    const signature = text.split('.')[2] as string
    const before = lines.length
    app.log.info({ note: `they sent ${signature}` })
    app.log.info({ deep: { er: { still: [Buffer.from(person.password).toString('base64')] } } })
    app.log.info(`hex ${Buffer.from(refresh.slice(5), 'base64url').toString('hex')}`)
    app.log.info({ bytes: [...Buffer.from(ROOT_SECRET)] })
    app.log.error({
      err: new Error('of a careless store', {
        cause: new Error(Buffer.from(`x:${REDIS_PASSWORD}`).toString('base64url'))
      })
    })
    app.log.info({ sealed: encodeURIComponent(Buffer.from(key.d as string, 'base64url').toString('base64')) })
    for (const line of lines.slice(before)) t.not(canaries.findIn(line).length, 0, line)
    t.equal(lines.length - before, 6)
    for (const text of [
      'at /srv/app/node_modules/x',
      'SELECT 1',
      'WRONGTYPE Operation',
      'v20.19.1',
      'x.ts:12'
    ])
      t.ok(leaksInternals(text))
  })
})

/** Public ids, which may be in the log. */
const loginIdsIn = ({ exchanges }: UseAndAbuse): readonly string[] =>
  exchanges
    .flatMap(({ response }) => response.setCookies.map((line) => /=([\w-]{28})\./.exec(line)?.[1] ?? ''))
    .filter((id) => id !== '')

/** The dependencies of the plugins, created again with the same secrets. */
async function secretParts(key: SigningKey) {
  const users = createMemoryUserStore()
  const logins = createLogins({ store: createMemoryLoginStore() })
  return {
    ring: parseKeyRing([key]),
    credentials: createCredentials({ users }),
    logins,
    cache: (logins as CarrierLogins).openCache()
  }
}

t.test('L01 a process prints log lines only, without any of them', async (t) => {
  const { env, key, canaries } = await prepare(t)
  const demo = await startDemo(t, env)
  const send = async ({ method = 'GET', url, headers = {}, json }: Request): Promise<Response> => {
    const response = await fetch(demo.url + url, {
      method,
      headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
      body: json === undefined ? null : JSON.stringify(json)
    })
    const body = await response.text()
    const text = `${response.status} ${JSON.stringify([...response.headers])} ${body}`
    return { statusCode: response.status, setCookies: response.headers.getSetCookie(), body, text }
  }
  const day = new UseAndAbuse({ send, canaries, person, key, cookieName: '__Host-drawbridge' })
  await day.run()
  t.equal((await demo.stop('SIGTERM')).code, 0)
  const output = demo.output()
  t.same(canaries.findIn(output), [])
  const lines = output.trim().split('\n')
  t.ok(lines.length > 100, `${lines.length} lines`)
  for (const line of lines) t.match(JSON.parse(line), { level: Number, msg: String })
})

t.test('L08 the key set has the public members of each key and no others', async (t) => {
  const keys = (['EdDSA', 'ES256', 'RS256', 'PS256', 'HS256'] as const).map((alg) => generateSigningKey(alg))
  const DATA_DIR = await makeDataDir(t)
  const TOKEN_KEYS = join(DATA_DIR, 'keys.json')
  await writeFile(TOKEN_KEYS, JSON.stringify({ keys }))
  const app = await buildDemo(t, { DATA_DIR, TOKEN_KEYS })
  const response = await app.inject('/.well-known/jwks.json')
  const members: Readonly<Record<string, readonly string[]>> = {
    OKP: ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
    EC: ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    RSA: ['alg', 'e', 'kid', 'kty', 'n', 'use']
  }
  const { keys: presented } = response.json<{ keys: SigningKey[] }>()
  t.same(
    presented.map(({ alg }) => alg),
    ['EdDSA', 'ES256', 'RS256', 'PS256'],
    'an HMAC key has no public members'
  )
  for (const jwk of presented) t.same(Object.keys(jwk).toSorted(), members[jwk.kty ?? ''])
  const canaries = new Canaries()
  for (const { alg, ...key } of keys) {
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'])
      if (typeof key[member] === 'string') canaries.addEncoded(`${member} of ${alg}`, key[member])
  }
  t.ok(canaries.names.length >= 15)
  t.same(canaries.findIn(response.body), [])
})
