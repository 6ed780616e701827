import { createHmac, createPublicKey } from 'node:crypto'
import t, { type Test } from 'tap'
import { generateSigningKey, type SigningKey } from '../src/index.ts'
import { forge, headerFor, type Json, segment, signatureOf } from './forge.ts'
import { claimsOf, headerOf, makeApp, START, type TestApp } from './make-app.ts'

const ED = generateSigningKey('EdDSA')
const ES = generateSigningKey('ES256')
const RS = generateSigningKey('RS256')
const HS = generateSigningKey('HS256')
const NOW = START / 1000

interface Bench extends TestApp {
  /** The claims of a token that holds. */
  readonly claims: Record<string, unknown>
  readonly good: string
  /** A token of a key of the ring, right but for what is said here. */
  signed(changes: { header?: Json; payload?: Json; key?: SigningKey }): string
  /** The claims, with changes; undefined takes one away. */
  changed(changes: Record<string, unknown>): Record<string, unknown>
}

async function bench(): Promise<Bench> {
  const test = await makeApp({ keys: [ED, ES, RS, HS] })
  const { token } = await test.logIn()
  const claims = claimsOf(token)
  return {
    ...test,
    claims,
    good: token,
    signed: ({ header, payload = claims, key = ED }) => forge(key, header ?? headerFor(key), payload),
    changed: (changes) => ({ ...claims, ...changes })
  }
}

/** JSON text of the claims with one member put in as text, for what JSON.stringify would not write. */
function withRaw(claims: Record<string, unknown>, name: string, text: string): string {
  const { [name]: _, ...others } = claims
  return `${JSON.stringify(others).slice(0, -1)},"${name}":${text}}`
}

type Rows = ReadonlyArray<readonly [name: string, token: string]>

async function refusesAll(t: Test, { read }: TestApp, rows: Rows): Promise<void> {
  for (const [name, token] of rows) {
    const answer = await read(token)
    t.equal(answer.statusCode, 401, name)
    t.equal(answer.headers['www-authenticate'], 'Bearer realm="drawbridge", error="invalid_token"', name)
    t.equal(answer.headers['cache-control'], 'no-store', name)
    t.equal(
      answer.body,
      '{"statusCode":401,"code":"DRAWBRIDGE_UNAUTHORIZED","error":"Unauthorized","message":"Unauthorized"}',
      name
    )
  }
}

t.test('an issued token has the form of RFC 9068', async (t) => {
  const { good, claims } = await bench()
  t.strictSame(headerOf(good), { alg: 'EdDSA', typ: 'at+jwt', kid: ED.kid })
  t.match(claims, {
    iss: 'drawbridge',
    aud: 'drawbridge',
    sid: /^[\w-]{28}$/,
    jti: /^[\w-]{22}$/,
    preferred_username: 'ada'
  })
  t.strictSame(
    Object.keys(claims),
    ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'auth_time', 'preferred_username'],
    'and says no more'
  )
  t.strictSame([claims.iat, claims.exp, claims.auth_time], [NOW, NOW + 600, NOW])
})

t.test('what is signed rightly and says what it must is taken, by each key of the ring', async (t) => {
  const { read, signed, claims } = await bench()
  for (const key of [ED, ES, RS, HS]) t.equal((await read(signed({ key }))).statusCode, 200, key.alg)
  for (const typ of ['AT+JWT', 'application/at+jwt']) {
    t.equal((await read(signed({ header: { ...headerFor(ED), typ } }))).statusCode, 200, typ)
  }
  t.equal(
    (await read(signed({ payload: JSON.stringify(claims, null, 2) }))).statusCode,
    200,
    'white space is JSON'
  )
  t.equal((await read(signed({ payload: { ...claims, amr: ['pwd'] } }))).statusCode, 200, 'another claim')
})

t.test('the algorithm is that of the key and nothing else (F1, F10, J01 to J12)', async (t) => {
  const test = await bench()
  const { good, signed, claims } = test
  const [header, payload, signature] = good.split('.') as [string, string, string]
  const unsigned = (alg: unknown) => `${segment({ ...headerFor(ED), alg })}.${payload}`
  const hmacOver = (secret: string | Buffer, kid: string) => {
    const input = `${segment({ alg: 'HS256', typ: 'at+jwt', kid })}.${payload}`
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  }
  const publicKey = createPublicKey({ key: RS, format: 'jwk' })
  const jwks = (await test.app.inject('/.well-known/jwks.json')).body
  await refusesAll(t, test, [
    ...['none', 'None', 'NONE', 'nOnE', 'none ', 'none\0'].flatMap((alg) => [
      [`alg ${JSON.stringify(alg)}, no signature`, `${unsigned(alg)}.`] as const,
      [`alg ${JSON.stringify(alg)}, a signature`, `${unsigned(alg)}.${signature}`] as const
    ]),
    ['no signature', `${header}.${payload}.`],
    ...[undefined, null, 1, ['EdDSA'], {}, 'eddsa', 'Ed25519', 'ES256', 'HS256', 'HS999', ''].map(
      (alg) => [`alg ${JSON.stringify(alg)}`, signed({ header: { ...headerFor(ED), alg } })] as const
    ),
    ['HS384 with the secret for HS256', signed({ key: { ...HS, alg: 'HS384' } })],
    ['PS256 with the key for RS256', signed({ key: { ...RS, alg: 'PS256' } })],
    ...[
      publicKey.export({ type: 'spki', format: 'pem' }),
      publicKey.export({ type: 'pkcs1', format: 'pem' }),
      publicKey.export({ type: 'spki', format: 'der' }),
      publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      JSON.stringify(publicKey.export({ format: 'jwk' })),
      jwks
    ].map((text, at) => [`HMAC over form ${at} of the public key`, hmacOver(text, RS.kid)] as const),
    ['HMAC with an empty key', hmacOver('', 'unknown')],
    ['another key of the ring', `${header}.${payload}.${signatureOf(ES, `${header}.${payload}`)}`],
    ['a key of somebody else', signed({ key: { ...generateSigningKey('EdDSA'), kid: ED.kid } })],
    ['an ECDSA signature of zeros', `${segment(headerFor(ES))}.${segment(claims)}.${'A'.repeat(86)}`]
  ])
})

t.test('kid is a name in the ring and nothing else (J20 to J27)', async (t) => {
  const test = await bench()
  const odd = [
    'unknown',
    '',
    '../../dev/null',
    "' OR 1=1--",
    '__proto__',
    'constructor',
    'toString',
    'x'.repeat(5000),
    '\ud800',
    1,
    null,
    ['a'],
    {},
    undefined
  ]
  await refusesAll(
    t,
    test,
    odd.map((kid) => [
      `kid ${JSON.stringify(kid)?.slice(0, 40)}`,
      test.signed({ header: { ...headerFor(ED), kid } })
    ])
  )
})

t.test('a header says alg, typ and kid, and no more (F7, J22 to J34)', async (t) => {
  const test = await bench()
  const own = generateSigningKey('EdDSA')
  const more: Record<string, unknown>[] = [
    ...[['x'], [], null, '', 0, 'exp', ['alg'], ['exp', 'exp']].map((crit) => ({ crit })),
    { crit: ['b64'], b64: false },
    { b64: false },
    { zip: 'DEF' },
    { enc: 'A128GCM' },
    { cty: 'JWT' },
    { jwk: { kty: 'OKP', crv: 'Ed25519', x: own.x } },
    { jku: 'http://127.0.0.1:9/jwks' },
    { x5u: 'http://127.0.0.1:9/x5u' },
    { x5c: ['MII'] }
  ]
  await refusesAll(t, test, [
    ...more.map(
      (members) =>
        [JSON.stringify(members), test.signed({ header: { ...headerFor(ED), ...members } })] as const
    ),
    ['alg twice', test.signed({ header: `{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"${ED.kid}"}` })],
    [
      'alg twice, the other way',
      test.signed({ header: `{"alg":"EdDSA","typ":"at+jwt","kid":"${ED.kid}","alg":"EdDSA"}` })
    ],
    ['members in __proto__', test.signed({ header: `{"__proto__":${JSON.stringify(headerFor(ED))}}` })],
    ...[undefined, 'JWT', 'at+jwt ', ['at+jwt'], 1, null, 'at+jwt; v=1', 'rt+jwt'].map(
      (typ) => [`typ ${JSON.stringify(typ)}`, test.signed({ header: { ...headerFor(ED), typ } })] as const
    )
  ])
})

t.test('the payload is a JSON object in UTF-8 with each member once (F9, J35 to J38, J68)', async (t) => {
  const test = await bench()
  const { claims, signed } = test
  const text = JSON.stringify(claims)
  const illFormed = Buffer.from(text.replace('"ada"', '"ad_"'))
  illFormed[illFormed.indexOf('ad_') + 2] = 0xff
  const payloads: ReadonlyArray<readonly [string, Json]> = [
    ['sub twice', text.replace('{', '{"sub":"somebody",')],
    ['sub twice, once in escapes', text.replace('{', '{"s\\u0075b":"somebody",')],
    ['twice further down', withRaw(claims, 'ext', '{"tenant":{"a":1,"a":2}}')],
    ['claims in __proto__', `{"__proto__":${text}}`],
    ['ill-formed UTF-8', illFormed],
    [
      'overlong UTF-8',
      Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])
    ],
    ['a byte order mark', `\ufeff${text}`],
    ['something behind it', `${text}x`],
    ['two objects', text + text],
    ['a comment', text.replace('{', '{/**/')],
    ['single quotes', text.replaceAll('"', "'")],
    ['nothing', ''],
    ['a list', '[]'],
    ['a list with something', '[1]'],
    ['null', 'null'],
    ['true', 'true'],
    ['a number', '1'],
    ['a string', '"x"'],
    ['a deep list', '['.repeat(2500) + ']'.repeat(2500)],
    ['deep in a claim', withRaw(claims, 'sub', '['.repeat(2000) + ']'.repeat(2000))]
  ]
  await refusesAll(
    t,
    test,
    payloads.map(([name, payload]) => [name, signed({ payload })])
  )
})

t.test('each claim must be there and of its type (F4, F6, J40 to J59)', async (t) => {
  const test = await bench()
  const { signed, changed, claims } = test
  const required = ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'auth_time', 'preferred_username']
  const noText = [null, true, 1, '', [], {}, ['drawbridge'], 'x'.repeat(1025), '\ud800']
  const noTime = [null, true, `${NOW}`, [NOW], {}, NOW + 0.5, -1]
  const values: Record<string, readonly unknown[]> = {
    iss: [...noText, ['drawbridge', 'evil'], 'drawbridge/', 'Drawbridge', 'ｄrawbridge'],
    aud: [
      ...noText,
      [['drawbridge']],
      ['x', 'drawbridge'],
      'drawbridge ',
      'DRAWBRIDGE',
      'draw',
      'drawbridge.evil'
    ],
    sub: noText,
    sid: [...noText, 'short', `${claims.sid as string}A`, '*'.repeat(28)],
    jti: noText,
    preferred_username: noText,
    iat: noTime,
    exp: noTime,
    auth_time: noTime,
    nbf: noTime,
    scope: [null, 1, '', ' ', 'a  b', 'a ', 'a"b', 'ä', ['a']],
    ext: [null, 1, 'x', []]
  }
  await refusesAll(t, test, [
    ...required.map((name) => [`no ${name}`, signed({ payload: changed({ [name]: undefined }) })] as const),
    ...Object.entries(values).flatMap(([name, list]) =>
      list.map(
        (value) =>
          [
            `${name} ${JSON.stringify(value).slice(0, 40)}`,
            signed({ payload: changed({ [name]: value }) })
          ] as const
      )
    )
  ])
})

t.test('times are whole, finite and near (F2, F3, J56 to J59)', async (t) => {
  const test = await bench()
  const { signed, claims, changed } = test
  const raw = (name: string, text: string) =>
    [`${name} ${text}`, signed({ payload: withRaw(claims, name, text) })] as const
  await refusesAll(t, test, [
    ...['1e400', '-1e300', '1e300', '9007199254740992', `${NOW + 0.5}`, '-0', '0', `${START}`].map((text) =>
      raw('exp', text)
    ),
    ...['1e400', '-1e300', `${NOW + 6}`].map((text) => raw('nbf', text)),
    ...['1e400', `${NOW + 6}`, '-1'].map((text) => raw('iat', text)),
    ['good for longer than a revocation is remembered', signed({ payload: changed({ exp: NOW + 896 }) })],
    ['made long ago, good until soon', signed({ payload: changed({ iat: NOW - 900 + 100, exp: NOW + 100 }) })]
  ])
  for (const changes of [{ iat: NOW + 5 }, { nbf: NOW + 5 }, { nbf: NOW }]) {
    t.equal(
      (await test.read(signed({ payload: changed(changes) }))).statusCode,
      200,
      `within the skew: ${JSON.stringify(changes)}`
    )
  }
})

t.test('a token is good until exp and not at it (F5, J55), verified or remembered', async (t) => {
  const { read, good, signed, changed, clock } = await bench()
  const fresh = () => signed({ payload: changed({ jti: `${clock.now}` }) })
  t.equal((await read(good)).statusCode, 200)
  clock.now = START + 599_999
  t.equal((await read(fresh())).statusCode, 200)
  t.equal((await read(good)).statusCode, 200)
  for (const past of [600_000, 600_001, 601_000]) {
    clock.now = START + past
    t.equal((await read(fresh())).statusCode, 401, `verified at exp + ${past - 600_000} ms`)
    t.equal((await read(good)).statusCode, 401, `remembered at exp + ${past - 600_000} ms`)
  }
})

t.test('one token has one spelling (F8, J60 to J66)', async (t) => {
  const test = await bench()
  const [header, payload, signature] = test.good.split('.') as [string, string, string]
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(signature.at(-1) as string)
  const sameBits = `${signature.slice(0, -1)}${alphabet[last ^ 1]}`
  t.strictSame(Buffer.from(sameBits, 'base64url'), Buffer.from(signature, 'base64url'), 'the same bytes')
  await refusesAll(t, test, [
    ['unused bits set', `${header}.${payload}.${sameBits}`],
    ['padding', `${header}.${payload}.${signature}==`],
    ['padding of the header', `${header}=.${payload}.${signature}`],
    ['plain base64', `${header}.${payload}.${Buffer.from(signature, 'base64url').toString('base64')}`],
    ['one character too many', `${header}.${payload}.${signature}AAA`],
    ['a flipped bit', `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`],
    ['one part', header],
    ['two parts', `${header}.${payload}`],
    ['four parts', `${test.good}.${signature}`],
    ['five parts', `${header}..${payload}.${signature}.x`],
    ['a dot before', `.${test.good}`],
    ['a dot behind', `${test.good}.`],
    ['only dots', '..'],
    ['not a JWS at all', 'token']
  ])
})

t.test('a token of another use is no access token', async (t) => {
  const test = await bench()
  const { refresh_token } = await test.logIn()
  await refusesAll(t, test, [['a refresh token', refresh_token]])
  t.equal((await test.refresh(test.good)).statusCode, 401)
})

t.test('a token for another service with the same key is refused, and ours by it', async (t) => {
  const keys = [ED]
  const a = await makeApp({ keys, tokens: { audience: 'a', issuer: 'https://login.example' } })
  const b = await makeApp({ keys, tokens: { audience: 'b', issuer: 'https://login.example' } })
  const c = await makeApp({ keys, tokens: { audience: 'a', issuer: 'https://other.example' } })
  const { token } = await a.logIn()
  t.equal((await a.read(token)).statusCode, 200)
  t.equal((await b.read(token)).statusCode, 401)
  t.equal((await c.read(token)).statusCode, 401)
})

t.test('a token never outlives its login', async (t) => {
  const { logIn, refresh, read, clock } = await makeApp({ tokens: { refreshAbsoluteSeconds: 1000 } })
  const first = await logIn()
  clock.now += 700_000
  const second = (await refresh(first.refresh_token)).json<typeof first>()
  t.equal(second.expires_in, 300)
  clock.now += 299_999
  t.equal((await read(second.token)).statusCode, 200)
  clock.now += 1
  t.equal((await read(second.token)).statusCode, 401)
  t.equal((await refresh(second.refresh_token)).statusCode, 401)
})

t.test('what a service adds to the principal travels in the token, and takes no place of ours', async (t) => {
  const { logIn, read } = await makeApp({
    logins: {
      extendPrincipal: ({ username }) => ({ tenant: `of ${username}`, userId: 'root', __proto__: null })
    }
  })
  const { token } = await logIn()
  t.match(claimsOf(token), { ext: { tenant: 'of ada' } })
  const principal = (await read(token)).json<Record<string, unknown>>()
  t.match(principal, { tenant: 'of ada', userId: claimsOf(token).sub as string })
})

t.test('a login that no token can carry is a fault of the service, told at once', async (t) => {
  const long = await makeApp({ logins: { extendPrincipal: () => ({ text: 'x'.repeat(8000) }) } })
  await t.rejects(long.logIn(), /log-in answered 500/)
  const nameless = await makeApp({
    tokens: { credentials: { verify: async () => ({ ok: true, user: { id: '', username: 'ada' } }) } }
  })
  await t.rejects(nameless.logIn(), /log-in answered 500/)
})
