import session from 'express-session'
import { generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import t from 'tap'
import { Redis } from 'ioredis'
import { TestClock } from '@drawbridge/test-support/clock'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { expressSession, redisRows } from '../../../src/migration/sources/express-session/index.ts'
import { flaskSession } from '../../../src/migration/sources/flask/index.ts'
import { deriveKey, signText } from '../../../src/migration/sources/flask/signed-text.ts'
import { jwt, type JwtAlgorithm } from '../../../src/migration/sources/jwt/index.ts'
import { oldLoginsCases, type OldLoginsSubject } from '../../../src/testing/index.ts'
import { respond } from './read-old.ts'

const secret = 'a secret of the other system, 0123456789'
const login = { id: 'a login', userId: '7', username: 'ada', expiresAt: Date.UTC(2100, 0, 1) }

function runCases(name: string, options: object, make: () => Promise<OldLoginsSubject>): void {
  for (const { name: rule, run } of oldLoginsCases) t.test(`${name}: ${rule}`, options, () => run(make))
}

/** What drivers do: the credential is in a member of the error. */
function outage(sid: unknown): Error {
  return Object.assign(new Error('connection lost'), { command: { name: 'get', args: [sid] } })
}

const expressOptions = {
  secret,
  timeoutMs: 30_000,
  cookie: { path: '/shop', domain: 'example.com', sameSite: 'lax' },
  createSession: ({ userId }: { userId: string }) => ({ passport: { user: Number(userId) } })
} as const

async function expressSubject(
  store: Parameters<typeof expressSession>[0]['store'],
  end: Pick<OldLoginsSubject, 'breakStore' | 'close'>
): Promise<OldLoginsSubject> {
  const logins = expressSession({ ...expressOptions, store })
  let key = ''
  const give = async (logInto: typeof logins) => {
    const [line = ''] = await respond(async (reply) => {
      key = (await logInto.give?.(reply, login, null)) ?? ''
    })
    return { cookie: line.split(';', 1)[0] as string }
  }
  const visitor = expressSession({ ...expressOptions, store, createSession: () => ({ cart: [1] }) })
  const empty = await give(visitor)
  const pending = await give(logins)
  const forged = await give(expressSession({ ...expressOptions, store, secret: 'another secret' }))
  await logins.revoke?.(key)
  const { cookie } = pending
  key = decodeURIComponent(cookie).slice('connect.sid=s:'.length).split('.')[0] as string
  const unsigned = { cookie: `connect.sid=${key}` }
  return {
    logins,
    genuine: {
      headers: pending,
      old: { userId: '7', key, secret: key, issuedAt: null, authenticatedAt: null, expiresAt: null }
    },
    refused: { 'of another secret': forged, unsigned, 'a prefix only': { cookie: `connect.sid=s:${key}` } },
    empty,
    isSigned: true,
    ...end
  }
}

runCases('express-session', {}, async () => {
  const store = new session.MemoryStore()
  const fail = (...args: unknown[]) => (args.at(-1) as (error: Error) => void)(outage(args[0]))
  const breakStore = () => void Object.assign(store, { get: fail, set: fail, destroy: fail, all: fail })
  return expressSubject(store, { breakStore, close: async () => {} })
})

runCases('express-session in Redis', { skip: skipWithoutRedis }, async () => {
  const server = await startRedis()
  const redis = new Redis({ port: server.port, host: '127.0.0.1', maxRetriesPerRequest: 0 })
  redis.on('error', () => {})
  return expressSubject(redisRows({ redis }), {
    breakStore: () => redis.disconnect(),
    close: async () => {
      redis.disconnect()
      await server.stop()
    }
  })
})

const at = Date.UTC(2026, 10, 26) / 1000
const flaskKey = deriveKey(secret, 'cookie-session')
const cookieOf = (payload: string, key = flaskKey, time = at) => ({
  cookie: `session=${signText(Buffer.from(payload).toString('base64url'), time, key)}`
})

runCases('Flask', {}, async () => ({
  logins: flaskSession({
    secret: [secret, 'an older secret of the other system, 0123'],
    usernameField: 'name',
    cookie: { path: '/app', maxAgeSeconds: 3600 },
    createSession: ({ userId }) => ({ user_id: userId, _permanent: true }),
    now: new TestClock(at * 1000).now
  }),
  genuine: {
    headers: cookieOf('{"_permanent":true,"user_id":7,"name":"ada"}'),
    old: {
      userId: '7',
      username: 'ada',
      issuedAt: at * 1000,
      authenticatedAt: null,
      expiresAt: (at + 31 * 86_400) * 1000
    }
  },
  refused: {
    'of another secret': cookieOf('{"user_id":7}', deriveKey('another secret', 'cookie-session')),
    'of another salt': cookieOf('{"user_id":7}', deriveKey(secret, 'password-reset')),
    expired: cookieOf('{"user_id":7}', flaskKey, at - 31 * 86_400),
    'more than a minute ahead': cookieOf('{"user_id":7}', flaskKey, at + 61),
    'a user id that is an object': cookieOf('{"user_id":{"$gt":""}}'),
    'a user id that is no whole number': cookieOf('{"user_id":1.5}'),
    'a user id that is not safe': cookieOf('{"user_id":9007199254740993}'),
    'a user id twice': cookieOf('{"user_id":7,"user_id":8}'),
    'a user id of its prototype': cookieOf('{"__proto__":{"user_id":7}}'),
    'no object': cookieOf('[7]'),
    'no JSON': cookieOf('user_id=7')
  },
  empty: cookieOf('{"_flashes":[]}'),
  close: async () => {}
}))

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = generateKeyPairSync('ed25519')
const hmac = new TextEncoder().encode(secret)
type SignKey = Parameters<SignJWT['sign']>[0]

async function bearer(alg: JwtAlgorithm, key: SignKey, claims: Record<string, unknown>) {
  const token = await new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT' }).sign(key)
  return { authorization: `Bearer ${token}` }
}

async function critical(alg: JwtAlgorithm, key: SignKey, claims: Record<string, unknown>) {
  const header = { alg, crit: ['b64'], b64: true }
  return { authorization: `Bearer ${await new SignJWT(claims).setProtectedHeader(header).sign(key)}` }
}

async function jwtSubject(
  options: Parameters<typeof jwt>[0],
  key: SignKey,
  refused: OldLoginsSubject['refused']
): Promise<OldLoginsSubject> {
  const { algorithm } = options
  const claims = { sub: '7', iss: 'https://idp.example', aud: ['shop', 'other'], iat: at, exp: at + 60 }
  const sign = (changes: object) => bearer(algorithm, key, { ...claims, ...changes })
  return {
    logins: jwt({
      ...options,
      issuer: 'https://idp.example',
      audience: 'shop',
      usernameClaim: 'preferred_username',
      requireExpiry: true,
      now: new TestClock(at * 1000).now
    }),
    genuine: {
      headers: await sign({ jti: 'a', auth_time: at - 5, preferred_username: 'ada' }),
      old: {
        userId: '7',
        username: 'ada',
        key: 'a',
        issuedAt: at * 1000,
        authenticatedAt: (at - 5) * 1000,
        expiresAt: (at + 60) * 1000
      }
    },
    refused: {
      'of another issuer': await sign({ iss: 'https://other.example' }),
      'for another audience': await sign({ aud: 'other' }),
      'without an end': await sign({ exp: undefined }),
      'expired this moment': await sign({ exp: at }),
      'that never ends': await sign({ exp: 1e300 }),
      'that ends in a thousand years': await sign({ exp: at + 1000 * 365 * 86_400 }),
      'not valid yet': await sign({ nbf: at + 61 }),
      'issued in the future': await sign({ iat: at + 61, exp: at + 120 }),
      'without a user': await sign({ sub: undefined }),
      'of an empty user': await sign({ sub: '' }),
      'of a user that is an object': await sign({ sub: { $gt: '' } }),
      'with a critical extension': await critical(algorithm, key, claims),
      ...refused
    },
    close: async () => {}
  }
}

const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' })

runCases('JWT of HS256', {}, async () =>
  jwtSubject({ algorithm: 'HS256', secret: ['an older secret, 0123456789 0123456789', secret] }, hmac, {
    'of another secret': await bearer('HS256', new TextEncoder().encode('x'.repeat(40)), {
      sub: '7',
      exp: at + 9
    }),
    'of another algorithm': await bearer('HS512', Buffer.concat([hmac, hmac]), { sub: '7', exp: at + 9 })
  })
)

runCases('JWT of RS256', {}, async () =>
  jwtSubject({ algorithm: 'RS256', key: publicPem.toString() }, rsa.privateKey, {
    'signed with the public key as a secret': await bearer('HS256', Buffer.from(publicPem), { sub: '7' }),
    'of another algorithm with the same key': await bearer('PS256', rsa.privateKey, {
      sub: '7',
      exp: at + 9
    }),
    'of no algorithm': {
      authorization: `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"7"}').toString('base64url')}.`
    }
  })
)

runCases('JWT of ES256', {}, async () =>
  jwtSubject({ algorithm: 'ES256', key: ec.publicKey.export({ format: 'jwk' }) }, ec.privateKey, {})
)

runCases('JWT of EdDSA', {}, async () =>
  jwtSubject({ algorithm: 'EdDSA', key: [ed.publicKey] }, ed.privateKey, {})
)
