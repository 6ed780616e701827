import Fastify from 'fastify'
import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { AccessTokens } from '../../src/access-tokens/access-tokens.ts'
import { createJwtCodecs } from '../../src/keys/jwt-codecs.ts'
import { parseKeyRing } from '../../src/keys/key-ring.ts'
import { type Json } from '@drawbridge/test-support/forge'
import { START } from '../make-app.ts'
import { rejectsAll } from './responses.ts'
import { openService, withRawMember } from './open-service.ts'

const ED = generateSigningKey('EdDSA')
const service = await openService(t, { keys: [ED] })
const { makeToken, claims, changeClaims } = service
const text = JSON.stringify(claims)

/** The library, which reads the payload before it verifies the signature, rejects these; the log then has this. */
const NOT_SIGNED = 'the signature is not valid'
const NO_OBJECT = 'the payload is not a JSON object'

type Payloads = ReadonlyArray<readonly [label: string, payload: Json, cause?: string]>

const attacks = (payloads: Payloads) =>
  payloads.map(([label, payload, cause]) => [label, makeToken({ payload }), cause] as const)

t.test('J35 a claim twice', (t) =>
  rejectsAll(
    t,
    service,
    NO_OBJECT,
    attacks([
      ['sub, another first', text.replace('{', '{"sub":"somebody",')],
      ['sub, another last', text.replace(/}$/, ',"sub":"somebody"}')],
      ['sub, the same', text.replace('{', `{"sub":${JSON.stringify(claims.sub)},`)],
      ['sub, once in escapes', text.replace('{', '{"s\\u0075b":"somebody",')],
      ['exp', text.replace('{', '{"exp":9000000000,')],
      ['further down', withRawMember(claims, 'ext', '{"tenant":{"a":1,"a":2}}')],
      ['in a list', withRawMember(claims, 'amr', '[{"a":1,"a":2}]')],
      ['a claim that is not ours', text.replace('{', '{"x":1,"x":2,')]
    ])
  )
)

t.test('J36 claims in __proto__', (t) =>
  rejectsAll(
    t,
    service,
    'claim iss is missing or not of its type',
    attacks([
      ['all', `{"__proto__":${text}}`],
      ['all, in constructor', `{"constructor":{"prototype":${text}}}`],
      [
        'one',
        withRawMember(changeClaims({ sub: undefined }), '__proto__', '{"sub":"somebody"}'),
        'claim sub is missing or not of its type'
      ]
    ])
  )
)

t.test('J37 a payload that is not an object', (t) =>
  rejectsAll(
    t,
    service,
    NOT_SIGNED,
    attacks([
      ...['[]', '[1]', `[${text}]`, 'null', 'true', 'false', '1', '"x"', '{'].map(
        (json) => [json.slice(0, 20), json] as const
      ),
      ['a text of claims', JSON.stringify(text)],
      ['nothing', ''],
      ['a space', ' '],
      ['an empty object', '{}', 'claim iss is missing or not of its type']
    ])
  )
)

const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

t.test('J38 a deep payload', (t) =>
  rejectsAll(
    t,
    service,
    NOT_SIGNED,
    attacks([
      ['2,500 lists', deep(2500)],
      [
        '2,000 lists in a claim of ours',
        withRawMember(claims, 'sub', deep(2000)),
        'claim sub is missing or not of its type'
      ]
    ])
  )
)

t.test('J38 a payload deeper than any header could carry is no fault either', async (t) => {
  const rules = { issuer: 'drawbridge', audience: 'drawbridge', ttlSeconds: 600 }
  const tokens = new AccessTokens({
    codecs: await createJwtCodecs(Fastify(), parseKeyRing([ED])),
    rules: { ...rules, maxLifetimeSeconds: 895, clockSkewSeconds: 5 },
    now: () => START
  })
  t.ok(tokens.verify(makeToken({})).ok, 'the control')
  const verify = (payload: string) => tokens.verify(makeToken({ payload }))
  t.strictSame(verify(deep(100_000)), { ok: false, reason: NOT_SIGNED })
  t.match(verify(withRawMember(claims, 'sub', deep(100_000))), { ok: false, reason: /^claim sub / })
  t.match(verify(withRawMember(claims, 'x', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)), {
    ok: true
  })
})

t.test('J67 a payload that is not quite JSON', (t) =>
  rejectsAll(
    t,
    service,
    NOT_SIGNED,
    attacks([
      ['a byte order mark', `\ufeff${text}`],
      ['something behind it', `${text}x`],
      ['two objects', text + text],
      ['NUL behind it', `${text}\0`],
      ['a comment', text.replace('{', '{/**/')],
      ['single quotes', text.replaceAll('"', "'")],
      ['NaN', withRawMember(claims, 'exp', 'NaN')],
      ['Infinity', withRawMember(claims, 'exp', 'Infinity')],
      ['a number in base 16', withRawMember(claims, 'exp', '0x7fffffff')],
      ['a number with a leading zero', withRawMember(claims, 'nbf', '01')],
      ['a comma too many', text.replace(/}$/, ',}')],
      ['UTF-16', Buffer.from(text, 'utf16le')]
    ])
  )
)

/** The claims with these bytes in the place of the last letter of the username. */
function namedPayload(bytes: readonly number[]): Buffer {
  const [before, after] = text.split('"ada"') as [string, string]
  return Buffer.concat([Buffer.from(`${before}"ad`), Buffer.from(bytes), Buffer.from(`"${after}`)])
}

t.test('J68 F9 a payload that is not UTF-8, or not Unicode', async (t) => {
  t.strictSame(
    JSON.parse(namedPayload([0x61]).toString()),
    claims,
    'with a letter there the claims are right'
  )
  await rejectsAll(
    t,
    service,
    NO_OBJECT,
    attacks([
      ['a byte that begins nothing', namedPayload([0xff])],
      ['a byte that continues nothing', namedPayload([0x80])],
      ['a sequence that is cut', namedPayload([0xc3])],
      ['an overlong solidus', namedPayload([0xc0, 0xaf])],
      ['an overlong NUL', namedPayload([0xc0, 0x80])],
      ['a surrogate in three bytes', namedPayload([0xed, 0xa0, 0x80])],
      ['beyond U+10FFFF', namedPayload([0xf4, 0x90, 0x80, 0x80])],
      [
        'a lone surrogate in escapes',
        namedPayload([...Buffer.from('\\ud800')]),
        'claim preferred_username is missing or not of its type'
      ]
    ])
  )
})
