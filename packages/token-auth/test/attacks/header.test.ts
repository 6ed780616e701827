import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import t, { type Test } from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { signJws, createHeader, encodeSegment, createSignature } from '@drawbridge/test-support/forge'
import { rejectsAll } from './responses.ts'
import { openService, show } from './open-service.ts'
import { selfSignedCertificate } from './self-signed-certificate.ts'

const ED = generateSigningKey('EdDSA')
const ATTACKER = generateSigningKey('EdDSA')
const service = await openService(t, { keys: [ED] })
const { withHeader, makeToken, claims } = service

const UNKNOWN_KEY = 'signed by a key that is not in the ring'
const UNKNOWN_MEMBER = 'a header member that is not ours'
const NO_JWS = 'not a JWS in compact form'
const NO_NAME = 'no alg or no kid'
const NOT_TYPED = 'not typed as an access token'

/** Signed correctly, with the offered key. */
function offering(members: object, kid = ED.kid): string {
  return signJws(ATTACKER, { ...createHeader(ATTACKER), kid, ...members }, claims)
}

/** Counts the connections to a port of this machine. */
async function listen(t: Test): Promise<{ url: string; connections: () => number }> {
  let count = 0
  const server = createServer((socket) => {
    count += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/keys`, connections: () => count }
}

t.test('J20 an unknown kid, signed with an empty key', async (t) => {
  const empty = (alg: 'HS256' | 'HS384' | 'HS512', kid: string) =>
    signJws({ kty: 'oct', k: '', kid, alg }, { alg, typ: 'at+jwt', kid }, claims)
  for (const alg of ['HS256', 'HS384', 'HS512'] as const) {
    await rejectsAll(t, service, UNKNOWN_KEY, [[alg, empty(alg, 'unknown')]])
    await rejectsAll(t, service, 'of another algorithm than its key', [
      [`${alg} in the name of our key`, empty(alg, ED.kid)]
    ])
  }
})

t.test('J21 kid is only looked up in the ring', (t) =>
  rejectsAll(t, service, UNKNOWN_KEY, [
    ...[
      '',
      'unknown',
      `${ED.kid} `,
      ED.kid.toLowerCase() === ED.kid ? ED.kid.toUpperCase() : ED.kid.toLowerCase(),
      '../../dev/null',
      '/dev/null',
      "' OR 1=1--",
      '"; rm -rf /',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      '0',
      'x'.repeat(5000),
      '\ud800'
    ].map((kid) => [show(kid), withHeader({ kid })] as const),
    ['10 kB', withHeader({ kid: 'x'.repeat(10_000) }), 'not a bearer token'],
    ...[undefined, null, 0, 1, true, [ED.kid], { kid: ED.kid }].map(
      (kid) => [show(kid), withHeader({ kid }), NO_NAME] as const
    )
  ])
)

t.test('J22 a key that comes in the header', async (t) => {
  const { d: _, ...jwk } = ATTACKER
  await rejectsAll(t, service, UNKNOWN_MEMBER, [
    ['in the name of ours', offering({ jwk })],
    ['in its own name', offering({ jwk }, ATTACKER.kid)],
    ['signed by us', withHeader({ jwk })]
  ])
  await rejectsAll(t, service, UNKNOWN_KEY, [['not even offered', offering({}, ATTACKER.kid)]])
})

t.test('J23 the URL of a key is not fetched', async (t) => {
  const { url, connections } = await listen(t)
  await rejectsAll(
    t,
    service,
    UNKNOWN_MEMBER,
    ['jku', 'x5u'].flatMap((member) => [
      [`${member}, by another key`, offering({ [member]: url })] as const,
      [`${member}, by ours`, withHeader({ [member]: url })] as const
    ])
  )
  await rejectsAll(t, service, UNKNOWN_KEY, [['as kid', offering({}, url)]])
  t.equal(connections(), 0)
  await once(connect(Number(new URL(url).port), '127.0.0.1').resume(), 'close')
  t.equal(connections(), 1, 'one would have been counted')
})

t.test('J24 a self-signed certificate', (t) => {
  const certificate = selfSignedCertificate(ATTACKER)
  const x5c = [certificate.toString('base64')]
  return rejectsAll(t, service, UNKNOWN_MEMBER, [
    ['x5c, by another key', offering({ x5c })],
    ['x5c, by ours', withHeader({ x5c })],
    ['x5t', withHeader({ x5t: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA' })],
    ['x5t#S256', withHeader({ 'x5t#S256': 'AAAA' })]
  ])
})

t.test('J27 a thousand unknown kids cause no request', async (t) => {
  await service.getMe(service.createValidToken())
  service.storeSpy.calls.length = 0
  const { text } = await service.getMe(withHeader({ kid: 'the first' }))
  for (let at = 0; at < 1000; at += 20) {
    const kids = Array.from({ length: 20 }, (_, n) => `unknown ${at + n}`)
    const answers = await Promise.all(kids.map((kid) => service.getMe(withHeader({ kid }))))
    if (answers.some((answer) => answer.text !== text)) t.fail(`from kid ${at} on`)
  }
  t.match(text, /^HTTP\/1\.1 401 /)
  t.strictSame(service.storeSpy.calls, [], 'not the store')
})

t.test('J30 F7 crit, whatever its value', (t) =>
  rejectsAll(t, service, UNKNOWN_MEMBER, [
    ...[['x'], [], null, '', 0, false, 'exp', ['alg'], ['exp', 'exp'], ['typ'], {}].map(
      (crit) => [show(crit), withHeader({ crit })] as const
    ),
    ['with the member it names', withHeader({ crit: ['x'], x: 1 })],
    ['with one that it does not', withHeader({ crit: ['x'], y: 1 })]
  ])
)

t.test('J31 a payload that is not encoded', (t) => {
  const header = encodeSegment({ ...createHeader(ED), b64: false, crit: ['b64'] })
  const plain = JSON.stringify(claims)
  return rejectsAll(t, service, UNKNOWN_MEMBER, [
    ['b64 with crit', withHeader({ b64: false, crit: ['b64'] })],
    ['b64 without crit', withHeader({ b64: false })],
    ['b64 that says what is usual', withHeader({ b64: true, crit: ['b64'] })],
    [
      'as it is',
      `${header}.${plain}.${createSignature(ED, `${header}.${plain}`)}`,
      'not a JWS in compact form'
    ],
    ['left out', `${header}..${createSignature(ED, `${header}.`)}`]
  ])
})

t.test('J33 a JWT in a JWT', (t) => {
  const inner = service.createValidToken()
  return rejectsAll(t, service, UNKNOWN_MEMBER, [
    ['cty JWT', makeToken({ header: { ...createHeader(ED), cty: 'JWT' }, payload: inner })],
    ['cty over claims', withHeader({ cty: 'JWT' })],
    ['without cty', makeToken({ payload: inner }), 'the signature is not valid'],
    ['as a text', makeToken({ payload: JSON.stringify(inner) }), 'the signature is not valid']
  ])
})

t.test('J34 a member of the header twice', (t) => {
  const { kid } = ED
  return rejectsAll(
    t,
    service,
    NO_JWS,
    [
      `{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"${kid}"}`,
      `{"alg":"EdDSA","alg":"none","typ":"at+jwt","kid":"${kid}"}`,
      `{"alg":"EdDSA","alg":"EdDSA","typ":"at+jwt","kid":"${kid}"}`,
      `{"alg":"EdDSA","typ":"at+jwt","kid":"${kid}","kid":"other"}`,
      `{"alg":"EdDSA","typ":"at+jwt","kid":"other","kid":"${kid}"}`,
      `{"alg":"EdDSA","typ":"JWT","typ":"at+jwt","kid":"${kid}"}`,
      `{"alg":"EdDSA","\\u0061lg":"EdDSA","typ":"at+jwt","kid":"${kid}"}`
    ].map((header) => [header, makeToken({ header })])
  )
})

t.test('J36 members of the header in __proto__', (t) =>
  rejectsAll(t, service, UNKNOWN_MEMBER, [
    ['all of them', makeToken({ header: `{"__proto__":${JSON.stringify(createHeader(ED))}}` })],
    [
      'beside ours',
      makeToken({ header: JSON.stringify(createHeader(ED)).replace('{', '{"__proto__":null,') })
    ]
  ])
)

t.test('J50 typ is missing', (t) =>
  rejectsAll(t, service, NOT_TYPED, [['no typ', withHeader({ typ: undefined })]])
)

t.test('J51 typ of another kind of JWT', (t) =>
  rejectsAll(
    t,
    service,
    NOT_TYPED,
    ['JWT', 'jwt', 'rt+jwt', 'dpop+jwt', 'logout+jwt', 'secevent+jwt', 'JOSE', 'JOSE+JSON', ''].map((typ) => [
      show(typ),
      withHeader({ typ })
    ])
  )
)

t.test('J52 typ ignores case, and may be the whole media type', async (t) => {
  for (const typ of ['at+jwt', 'AT+JWT', 'At+Jwt', 'application/at+jwt', 'APPLICATION/AT+JWT']) {
    t.equal((await service.getMe(withHeader({ typ }))).status, 200, typ)
  }
})

t.test('J53 typ that is nearly right, or not a string', (t) =>
  rejectsAll(
    t,
    service,
    NOT_TYPED,
    [
      'at+jwt ',
      ' at+jwt',
      'at+jwt\n',
      'at+jwt\0',
      'at+jwt; v=1',
      'at jwt',
      'text/at+jwt',
      'application/application/at+jwt',
      ['at+jwt'],
      1,
      null,
      true,
      {}
    ].map((typ) => [show(typ), withHeader({ typ })])
  )
)

t.test('J67 a header that is not quite JSON', (t) => {
  const right = JSON.stringify(createHeader(ED))
  return rejectsAll(
    t,
    service,
    NO_JWS,
    [
      `\ufeff${right}`,
      `${right}x`,
      `${right}${right}`,
      `${right}\0`,
      right.replace('{', '{/**/'),
      `// \n${right}`,
      right.replaceAll('"', "'"),
      right.replace('{', '{"n":NaN,'),
      right.replace('}', ',}'),
      right.replaceAll(/"(\w+)":/g, '$1:'),
      `[${right}]`,
      'null',
      '"EdDSA"',
      '1',
      '',
      '{'
    ].map((header) => [show(header), makeToken({ header })])
  )
})
