import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import Fastify from 'fastify'
import t from 'tap'
import defaultExport, { generateSigningKey, tokenAuth, type TokenAuthOptions } from '../src/index.ts'
import { makeApp } from './make-app.ts'

const KEY = generateSigningKey()
const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }

async function bootError(options: object, retentionSeconds = 900): Promise<Error & { code?: string }> {
  const logins = createLogins({ store: createMemoryLoginStore(), retentionSeconds, cacheMaxAgeSeconds: 10 })
  try {
    await Fastify().register(tokenAuth, { credentials, logins, keys: [KEY], ...options } as TokenAuthOptions)
  } catch (error) {
    return error as Error
  }
  throw new Error(`it booted with ${Object.keys(options).join(', ')}`)
}

t.test('the plugin is the default export too', async (t) => {
  t.equal(defaultExport, tokenAuth)
})

t.test('a wrong option fails at boot with its name and what was got', async (t) => {
  const cases: ReadonlyArray<readonly [object, string]> = [
    [
      { accessTokenTtlSeconds: '15m' },
      'tokenAuth.accessTokenTtlSeconds must be a whole number from 1 to 3600, got "15m"'
    ],
    [
      { accessTokenTtlSeconds: 0 },
      'tokenAuth.accessTokenTtlSeconds must be a whole number from 1 to 3600, got 0'
    ],
    [
      { accessTokenTtlSeconds: 3601 },
      'tokenAuth.accessTokenTtlSeconds must be a whole number from 1 to 3600, got 3601'
    ],
    [
      { accessTokenTtlSeconds: Infinity },
      'tokenAuth.accessTokenTtlSeconds must be a whole number from 1 to 3600'
    ],
    [
      { refreshGraceSeconds: 301 },
      'tokenAuth.refreshGraceSeconds must be a whole number from 0 to 300, got 301'
    ],
    [{ refreshGraceSeconds: -1 }, 'tokenAuth.refreshGraceSeconds must be'],
    [
      { refreshIdleTimeoutSeconds: -1 },
      'tokenAuth.refreshIdleTimeoutSeconds must be a whole number from 0 to 31536000'
    ],
    [
      { refreshAbsoluteTimeoutSeconds: 0 },
      'tokenAuth.refreshAbsoluteTimeoutSeconds must be a whole number from 1 to'
    ],
    [{ refreshAbsoluteTimeoutSeconds: 1.5 }, 'tokenAuth.refreshAbsoluteTimeoutSeconds must be'],
    [{ clockSkewSeconds: Number.NaN }, 'tokenAuth.clockSkewSeconds must be a whole number from 0 to 60'],
    [{ issuer: '' }, 'tokenAuth.issuer must have 1 to 255 characters, got ""'],
    [{ issuer: /./ }, 'tokenAuth.issuer must be a string'],
    [{ audience: ['a', 'b'] }, 'tokenAuth.audience must be a string'],
    [{ prefix: 'token' }, 'tokenAuth.prefix must be empty or a path like "/token", got "token"'],
    [{ prefix: '/token/' }, 'tokenAuth.prefix must be'],
    [{ routes: { jwks: true } }, 'tokenAuth.routes.jwks must be false or a path like "/login", got true'],
    [{ routes: { jwks: '' } }, 'tokenAuth.routes.jwks must be false or a path'],
    [
      { routes: 'no' },
      'tokenAuth.routes must be true or false, or an object with login, secondFactor, refresh, logout, jwks, introspect, revoke, metadata, got "no"'
    ],
    [{ routes: { introspect: 1 } }, 'tokenAuth.routes.introspect must be true, false or a path'],
    [{ routes: { introspect: true } }, 'tokenAuth.clients must name who may ask'],
    [{ routes: { metadata: true } }, 'tokenAuth.issuer must be a URL without a query'],
    [{ clients: 'orders' }, 'tokenAuth.clients must be a list'],
    [
      { clients: [{ clientId: 'a', clientSecret: 'short-and-secret' }] },
      'tokenAuth.clients[0].clientSecret must be'
    ],
    [{ routes: { logon: false } }, 'tokenAuth.routes.logon is not an option'],
    [{ routes: { refresh: '/:a' } }, 'tokenAuth.routes.refresh must be false or a path'],
    [{ routes: { refresh: '/Login' } }, 'tokenAuth.routes must have another path for each route'],
    [{ now: 5 }, 'tokenAuth.now must be a function'],
    [{ logins: {} }, 'tokenAuth.logins must be the logins that createLogins makes'],
    [{ credentials: {} }, 'tokenAuth.credentials must be the credentials that createCredentials makes'],
    [{ credentials: undefined }, 'tokenAuth.credentials is missing'],
    [{ keys: undefined }, 'tokenAuth.keys must be a JSON Web Key Set'],
    [{ keys: 'short-and-secret' }, 'tokenAuth.keys must be a JSON Web Key Set'],
    [{ keys: [{ ...KEY, alg: 'none' }] }, `tokenAuth.keys: key "${KEY.kid}" must have an alg`],
    [{ secret: 'short-and-secret' }, 'tokenAuth.secret must be a string of 32 bytes or more'],
    [{ secret: ['short-and-secret'] }, 'tokenAuth.secret must be a string of 32 bytes or more'],
    [{ secret: [] }, 'tokenAuth.secret must be a string of 32 bytes or more'],
    [{ ttl: 5 }, 'tokenAuth.ttl is not an option']
  ]
  for (const [options, message] of cases) {
    const error = await bootError(options)
    t.equal(error.code, 'DRAWBRIDGE_OPTION', message)
    t.ok(error.message.includes(message), `${error.message} ⊇ ${message}`)
    t.notOk(error.message.includes('short-and-secret'), 'never a secret')
    t.notOk(error.message.includes(KEY.d as string), 'never a key')
  }
})

t.test('a token may not be valid for longer than its revocation is remembered', async (t) => {
  const error = await bootError({ accessTokenTtlSeconds: 296, clockSkewSeconds: 5 }, 300)
  t.equal(error.code, 'DRAWBRIDGE_OPTION')
  t.match(error.message, /tokenAuth\.accessTokenTtlSeconds \(296\) .* logins\.retentionSeconds \(300\)/)
  const { signIn } = await makeApp({ tokens: { accessTokenTtlSeconds: 895 } })
  t.equal((await signIn()).expires_in, 895, 'exactly as long is fine')
})

t.test('a short RSA key logs a warning at boot', async (t) => {
  const { generateKeyPairSync } = await import('node:crypto')
  const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  const lines: string[] = []
  await makeApp({
    keys: [{ ...jwk, kid: 'old-one', alg: 'RS256' }],
    server: { logger: { stream: { write: (line) => void lines.push(line) } } }
  })
  t.match(lines.join(''), /"kid":"old-one","msg":"an RSA key of the ring has fewer than 3072 bits"/)
})

t.test('the options that were given stay as they were', async (t) => {
  const keys = [KEY]
  const tokens = Object.freeze({ tags: Object.freeze(['a tag']) })
  await makeApp({ keys: Object.freeze(keys.map((key) => Object.freeze({ ...key }))), tokens })
  t.strictSame(keys, [KEY])
})
