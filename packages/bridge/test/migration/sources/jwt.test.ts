import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import Fastify from 'fastify'
import { SignJWT } from 'jose'
import t, { type Test } from 'tap'
import { TestClock } from '@drawbridge/test-support/clock'
import type { PresentedOldLogin } from '../../../src/migration/old-logins.ts'
import { jwt, type JwtOptions } from '../../../src/migration/sources/jwt/index.ts'
import { readOld } from './read-old.ts'

const secret = 'a secret of the other system, 0123456789'
const hmac = new TextEncoder().encode(secret)
const at = Date.UTC(2026, 10, 26) / 1000
const { now } = new TestClock(at * 1000)
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const hs256 = (options: Partial<JwtOptions> = {}) => jwt({ algorithm: 'HS256', secret, now, ...options })

const signHs256 = (claims: Record<string, unknown>, header: object = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', ...header }).sign(hmac)

/** For what no library would sign. */
function signText(payload: string): string {
  const text = [`{"alg":"HS256"}`, payload].map((part) => Buffer.from(part).toString('base64url')).join('.')
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const read = (logins: ReturnType<typeof jwt>, token: string) =>
  readOld(logins, { authorization: `Bearer ${token}` })

const keyOf = (presented: PresentedOldLogin) => (presented.kind === 'found' ? presented.old.key : undefined)

t.test('a login is named by its jti; else by its text, where that has a time; else by nothing', async (t) => {
  const logins = hs256()
  t.equal(keyOf(await read(logins, await signHs256({ sub: '7', jti: 'a' }))), 'a')
  const [first, second] = [await signHs256({ sub: '7', iat: at }), await signHs256({ sub: '7', iat: at - 1 })]
  t.match(keyOf(await read(logins, first)), /^[\w-]{43}$/)
  t.not(keyOf(await read(logins, first)), keyOf(await read(logins, second)))
  t.equal(
    keyOf(await read(logins, await signHs256({ sub: '7' }))),
    null,
    'every log-in gives this very token'
  )
  t.equal(keyOf(await read(logins, await signHs256({ sub: '7', jti: '' }))), null)
})

t.test('the second signature that anybody can make of one of ES256 names the same login', async (t) => {
  const logins = jwt({ algorithm: 'ES256', key: ec.publicKey, now })
  const token = await new SignJWT({ sub: '7', iat: at })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(ec.privateKey)
  const dot = token.lastIndexOf('.')
  const signature = Buffer.from(token.slice(dot + 1), 'base64url')
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
  const s = order - BigInt(`0x${signature.subarray(32).toString('hex')}`)
  const other = Buffer.concat([
    signature.subarray(0, 32),
    Buffer.from(s.toString(16).padStart(64, '0'), 'hex')
  ])
  const twin = `${token.slice(0, dot)}.${other.toString('base64url')}`
  t.not(twin, token)
  const presented = await read(logins, token)
  t.match(presented, { kind: 'found' })
  t.same(await read(logins, twin), presented)
})

t.test('many tokens of one session are one login where a claim says so', async (t) => {
  const logins = hs256({ loginClaim: 'sessionHandle' })
  const tokens = [1, 2].map((jti) =>
    signHs256({ sub: '7', sessionHandle: 'a session handle', jti, iat: at - jti })
  )
  const [first, second] = await Promise.all(tokens.map(async (token) => read(logins, await token)))
  t.match(first, { old: { key: 'a session handle', secret: 'a session handle' } })
  t.match(second, { old: { key: 'a session handle', secret: 'a session handle' } })
})

t.test('a service says which of its tokens sign a user in', async (t) => {
  const logins = hs256({ isAccepted: (claims) => claims.token_type === 'refresh' })
  t.match(await read(logins, await signHs256({ sub: '7', token_type: 'access' })), { kind: 'invalid' })
  t.match(await read(logins, await signHs256({ sub: '7', token_type: 'refresh' })), { kind: 'found' })
})

t.test('a lifetime is bounded, from iat or from now', async (t) => {
  const logins = hs256({ maxLifetimeSeconds: 100 })
  const kindOf = async (claims: object) => (await read(logins, await signHs256({ sub: '7', ...claims }))).kind
  t.equal(await kindOf({ iat: at, exp: at + 100 }), 'found')
  t.equal(await kindOf({ iat: at - 1, exp: at + 100 }), 'invalid')
  t.equal(await kindOf({ exp: at + 100 }), 'found')
  t.equal(await kindOf({ exp: at + 101 }), 'invalid')
  for (const exp of ['1e999', '1e300', '-1', '"9"', 'null', 'true', `[${at + 50}]`, '{}', `"${at + 50}"`])
    t.match(await read(logins, signText(`{"sub":"7","exp":${exp}}`)), { kind: 'invalid' }, exp)
  t.match(await read(logins, signText(`{"sub":"7","iat":-1e300,"exp":${at + 50}}`)), { kind: 'invalid' })
  t.equal(await kindOf({ iat: at - 0.5, exp: at + 50.5 }), 'found', 'NumericDate may have a fraction')
})

t.test('a header with what changes the meaning of a token is refused, whatever is signed', async (t) => {
  const signed = (header: object) => {
    const parts = [header, { sub: '7' }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url')
    )
    const text = parts.join('.')
    return `${text}.${sign('sha256', Buffer.from(text), rsa.privateKey).toString('base64url')}`
  }
  const logins = jwt({ algorithm: 'RS256', key: rsa.publicKey, now })
  t.match(await read(logins, signed({ alg: 'RS256', kid: 'k', x5t: 'x', jwk: {} })), { kind: 'found' })
  for (const name of ['crit', 'b64', 'zip', 'enc'])
    t.match(await read(logins, signed({ alg: 'RS256', [name]: [name] })), { kind: 'invalid' }, name)
  for (const alg of ['rs256', 'RS384', 'HS256', 'none', '', undefined, ['RS256']])
    t.match(await read(logins, signed({ alg })), { kind: 'invalid' }, String(alg))
})

t.test('of two Authorization headers neither counts', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  const logins = hs256()
  app.get('/', async (request) => logins.read(request))
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const header = `Bearer ${await signHs256({ sub: '7' })}`
  const kindOf = async (headers: readonly string[]) => {
    const [response] = (await once(get(url, { headers: ['Host', '127.0.0.1', ...headers] }), 'response')) as [
      IncomingMessage
    ]
    return ((await json(response)) as PresentedOldLogin).kind
  }
  t.equal(await kindOf(['Authorization', header]), 'found')
  t.equal(await kindOf(['Authorization', header, 'authorization', header]), 'none')
})

/** A key set that a test can change, break and count the reads of. */
async function startKeySet(t: Test) {
  const state = { status: 200, body: '', reads: 0 }
  const server: Server = createServer((_request, response) => {
    state.reads += 1
    response.writeHead(state.status, { 'content-type': 'application/json' }).end(state.body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  return Object.assign(state, {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    server
  })
}

const jwkOf = (kid?: string) => ({
  ...rsa.publicKey.export({ format: 'jwk' }),
  alg: 'RS256',
  use: 'sig',
  kid
})
const signRs256 = (kid?: string) =>
  new SignJWT({ sub: '7', jti: 'a' })
    .setProtectedHeader({ alg: 'RS256', ...(kid !== undefined && { kid }) })
    .sign(rsa.privateKey)

t.test('a key set is read once, and names the key', async (t) => {
  const keySet = await startKeySet(t)
  keySet.body = JSON.stringify({
    keys: [jwkOf('one'), { ...ec.publicKey.export({ format: 'jwk' }), kid: 'two' }]
  })
  const logins = jwt({ algorithm: 'RS256', jwksUri: keySet.uri, now })
  t.match(await read(logins, await signRs256('one')), { kind: 'found', old: { key: 'a' } })
  t.match(await read(logins, await signRs256('one')), { kind: 'found' })
  t.match(await read(logins, await signRs256('two')), { kind: 'invalid' }, 'a key for another algorithm')
  t.match(await read(logins, await signRs256('three')), { kind: 'invalid' })
  t.equal(keySet.reads, 1)
})

t.test('a token that names no key is verified by each that may be', async (t) => {
  const keySet = await startKeySet(t)
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })
  keySet.body = JSON.stringify({ keys: [{ ...other, alg: 'RS256', kid: 'other' }, jwkOf('one')] })
  const logins = jwt({ algorithm: 'RS256', jwksUri: keySet.uri, now })
  t.match(await read(logins, await signRs256()), { kind: 'found' })
})

t.test('a key set that cannot be read is an outage, and no log-out', async (t) => {
  const keySet = await startKeySet(t)
  const logins = jwt({ algorithm: 'RS256', jwksUri: keySet.uri, timeoutMs: 5000, now })
  const token = await signRs256('one')
  for (const [status, body] of [
    [500, ''],
    [200, 'x'],
    [200, '{"keys":1}']
  ] as const) {
    Object.assign(keySet, { status, body })
    await t.rejects(read(logins, token), { name: 'OldSystemUnreachableError' }, `${status} ${body}`)
  }
  t.match(await read(logins, 'a.b.c'), { kind: 'invalid' }, 'what is no token asks nobody')
  t.match(await read(logins, await signHs256({ sub: '7' })), { kind: 'invalid' })
  Object.assign(keySet, { status: 200, body: JSON.stringify({ keys: [jwkOf('one')] }) })
  t.match(await read(logins, token), { kind: 'found' })
  keySet.server.close().closeAllConnections()
  const fresh = jwt({ algorithm: 'RS256', jwksUri: keySet.uri, now })
  await t.rejects(read(fresh, token), { name: 'OldSystemUnreachableError' })
})

t.test('a wrong option is an error that names it, and has no secret', async (t) => {
  const make = (options: object) => () => jwt(options as never)
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
  const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' })
  t.throws(make({ algorithm: 'none', secret }), /jwt\.algorithm must be one of HS256/)
  t.throws(make({ algorithm: 'HS256' }), /jwt must have secret for algorithm "HS256"/)
  t.throws(make({ algorithm: 'HS256', key: pem }), /jwt must have secret/)
  t.throws(
    make({ algorithm: 'HS256', secret, jwksUri: 'https://a.example' }),
    /jwt must have secret.*no other key/
  )
  t.throws(make({ algorithm: 'RS256', secret }), /jwt must have key or jwksUri/)
  t.throws(make({ algorithm: 'HS256', secret: pem }), /jwt\.secret must not be a key in PEM or JSON/)
  t.throws(
    make({ algorithm: 'HS256', secret: JSON.stringify(jwkOf('one')) }),
    /jwt\.secret must not be a key/
  )
  t.throws(make({ algorithm: 'RS256', key: 'x' }), /jwt\.key must be a public key in PEM/)
  t.throws(make({ algorithm: 'RS256', key: [] }), /jwt\.key must be a public key for algorithm "RS256"/)
  t.throws(make({ algorithm: 'RS256', key: short }), /jwt\.key must be .*2048 bits or more/)
  t.throws(
    make({ algorithm: 'RS256', key: ec.publicKey }),
    /jwt\.key must be a public key for algorithm "RS256"/
  )
  t.throws(
    make({ algorithm: 'ES384', key: ec.publicKey }),
    /jwt\.key must be a public key for algorithm "ES384"/
  )
  t.throws(
    make({ algorithm: 'RS256', jwksUri: 'http://idp.example/jwks' }),
    /jwt\.jwksUri must be an https URL/
  )
  t.throws(make({ algorithm: 'HS256', secret: 'supersecretkey' }), /jwt\.secret is shorter than 32 bytes/)
  t.throws(make({ algorithm: 'HS256', secret, issuer: '' }), /jwt\.issuer must not be empty/)
  t.doesNotThrow(make({ algorithm: 'RS256', key: [rsa.privateKey, pem, jwkOf('one')] }))
  t.doesNotThrow(make({ algorithm: 'RS256', jwksUri: 'http://[::1]:1/jwks' }))
})

t.test('it says whether its tokens can be forged, and whether some never expire', async (t) => {
  t.match(hs256(), { isWeak: false, mayNeverExpire: true, keepsRecord: false, carrier: 'token' })
  t.match(hs256({ secret: 'supersecretkey', weakSecret: true, requireExpiry: true }), {
    isWeak: true,
    mayNeverExpire: false
  })
})
