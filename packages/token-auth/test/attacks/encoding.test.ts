import { createPrivateKey, sign } from 'node:crypto'
import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { signJws, createHeader, encodeSegment } from '@drawbridge/test-support/forge'
import { decodeClaims } from '../make-app.ts'
import { rejectsAll } from './responses.ts'
import { openService, show } from './open-service.ts'

const ED = generateSigningKey('EdDSA')
const ES = generateSigningKey('ES256')
const service = await openService(t, { keys: [ED, ES] })
const { makeToken, changeClaims } = service

const NO_JWS = 'not a JWS in compact form'
const BAD_SIGNATURE = 'the signature is not valid'

type Parts = readonly [header: string, payload: string, signature: string]

/** A valid token that was not presented before, in its parts. */
function parts(): Parts {
  return service.createValidToken().split('.') as unknown as Parts
}

/** Each part of a good token changed in turn. */
function eachPart(what: string, change: (part: string) => string) {
  return [0, 1, 2].map((at) => {
    const token = parts().map((part, index) => (index === at ? change(part) : part))
    return [`${what}, part ${at + 1}`, token.join('.')] as const
  })
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The same bytes with the lowest unused bit of the last character set. */
function respelled(part: string): string {
  const last = ALPHABET.indexOf(part.at(-1) as string)
  return part.slice(0, -1) + ALPHABET[last ^ 1]
}

t.test('J60 padding', (t) => {
  const [header, payload, signature] = parts()
  return rejectsAll(t, service, NO_JWS, [
    ['of the header', `${header}=.${payload}.${signature}`],
    ['of the payload', `${header}.${payload}=.${signature}`],
    ['of the signature', `${header}.${payload}.${signature}==`],
    ['of all', `${header}==.${payload}==.${signature}==`]
  ])
})

t.test('J61 the alphabet of plain base64', (t) => {
  const made = Array.from({ length: 50 }, parts)
  const [header, payload, signature] = made.find((three) => /[-_]/.test(three[2])) as Parts
  const plain = signature.replaceAll('-', '+').replaceAll('_', '/')
  return rejectsAll(t, service, NO_JWS, [
    ['the same bytes', `${header}.${payload}.${plain}`],
    ['+ in the header', `+${header.slice(1)}.${payload}.${signature}`],
    ['/ in the payload', `${header}./${payload.slice(1)}.${signature}`]
  ])
})

t.test('J62 white space and other characters in or around a part', (t) =>
  rejectsAll(
    t,
    service,
    NO_JWS,
    [' ', '\t', '%20', '?', '!', '*', '\u00e4', '"', '\\', ','].flatMap((odd) => [
      ...eachPart(`${show(odd)} inside`, (part) => `${part.slice(0, 4)}${odd}${part.slice(4)}`),
      ...eachPart(`${show(odd)} before`, (part) => `${odd}${part}`)
    ])
  )
)

t.test('J63 F8 unused bits: one token has one spelling', async (t) => {
  const [header, payload, signature] = parts()
  const twin = respelled(signature)
  t.ok(Buffer.from(twin, 'base64url').equals(Buffer.from(signature, 'base64url')), 'of the same bytes')
  await rejectsAll(t, service, NO_JWS, [
    ['of the signature', `${header}.${payload}.${twin}`],
    ...unusedBitsInPayload()
  ])
})

/** A payload whose length leaves bits over, respelled and signed as it then stands. */
function unusedBitsInPayload() {
  const header = encodeSegment(createHeader(ED))
  const payload = ['', ' ', '  ']
    .map((spaces) => encodeSegment(JSON.stringify(changeClaims({})) + spaces))
    .find((text) => text.length % 4 === 2) as string
  const input = `${header}.${respelled(payload)}`
  const key = createPrivateKey({ key: ED, format: 'jwk' })
  return [
    ['of the payload', `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`]
  ] as const
}

/** The order of P-256 (SEC 2, section 2.4.2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

t.test('J63 the other s of an ECDSA signature is the same login, and is revoked with it', async (t) => {
  const { token } = await service.signIn()
  const first = signJws(ES, createHeader(ES), decodeClaims(token))
  const [header, payload, signature] = first.split('.') as unknown as Parts
  const both = Buffer.from(signature, 'base64url')
  const s = ORDER - BigInt(`0x${both.subarray(32).toString('hex')}`)
  const other = Buffer.concat([both.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
  const second = `${header}.${payload}.${other.toString('base64url')}`
  t.not(second, first)
  for (const spelling of [first, second]) t.equal((await service.getMe(spelling)).status, 200)
  await service.signOut({ token: first })
  await rejectsAll(t, service, 'the login is not active', [
    ['as it was made', first],
    ['the other', second]
  ])
})

t.test('J64 a part of impossible length', (t) =>
  rejectsAll(
    t,
    service,
    NO_JWS,
    eachPart('one character too many', (part) => part + 'A'.repeat((5 - (part.length % 4)) % 4))
  )
)

t.test('J65 too few parts, too many, empty ones', (t) => {
  const [header, payload, signature] = parts()
  const good = [header, payload, signature].join('.')
  return rejectsAll(
    t,
    service,
    NO_JWS,
    [
      header,
      `${header}.${payload}`,
      `${header}.`,
      `${header}..`,
      `.${payload}.${signature}`,
      `..${signature}`,
      `${good}.${signature}`,
      `${header}..${payload}.${signature}.x`,
      `.${good}`,
      `${good}.`,
      good.replace('.', '..'),
      '.',
      '..',
      '...',
      '....',
      'token'
    ].map((token) => [show(token), token])
  )
})

t.test('J65 a detached payload', (t) => {
  const [header, , signature] = parts()
  return rejectsAll(t, service, BAD_SIGNATURE, [['nothing between the dots', `${header}..${signature}`]])
})

t.test('J66 a JWS as JSON', (t) => {
  const [header, payload, signature] = parts()
  return rejectsAll(t, service, NO_JWS, [
    ['flattened', JSON.stringify({ protected: header, payload, signature })],
    ['general', JSON.stringify({ payload, signatures: [{ protected: header, signature }] })],
    ['flattened, encoded', encodeSegment({ protected: header, payload, signature })]
  ])
})

t.test('a flipped bit anywhere', (t) =>
  rejectsAll(t, service, BAD_SIGNATURE, [
    ...eachPart('the first character', (part) => (part.startsWith('A') ? 'B' : 'A') + part.slice(1)).slice(2),
    ['one digit of exp', resigned({ exp: 1_800_000_601 })],
    ['another user', resigned({ sub: 'somebody' })]
  ])
)

/** Other claims under the signature of the right ones. */
function resigned(changes: Record<string, unknown>): string {
  const [header, , signature] = makeToken({}).split('.') as unknown as Parts
  return `${header}.${encodeSegment(changeClaims(changes))}.${signature}`
}
