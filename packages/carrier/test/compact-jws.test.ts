import t from 'tap'
import { parseCompactJws, parseJsonObject } from '../src/compact-jws.ts'
import { encodeSegment } from '@drawbridge/test-support/forge'

t.test('a JWS is parsed, whatever its payload', async (t) => {
  const jws = parseCompactJws(
    `${encodeSegment('{"alg":"EdDSA"}')}.${encodeSegment('foo')}.${encodeSegment('signature')}`
  )
  t.strictSame(jws, {
    header: { alg: 'EdDSA' },
    payload: Buffer.from('foo')
  })
})

t.test('each segment has one spelling only: that of its bytes', async (t) => {
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const isSpelling = (text: string) => Buffer.from(text, 'base64url').toString('base64url') === text
  for (const rest of ['', 'A', '_Z', 'x-0']) {
    for (const last of ALPHABET) {
      for (const segment of [`${rest}${last}`, `AAAA${rest}${last}`, `zzzzAA_-${rest}${last}`]) {
        const isExpected = isSpelling(segment)
        t.equal(parseCompactJws(`e30.${segment}.AAAA`) !== null, isExpected, `payload ${segment}`)
        t.equal(parseCompactJws(`e30.AAAA.${segment}`) !== null, isExpected, `signature ${segment}`)
      }
    }
  }
})

t.test('only an exact JWS in compact form is parsed', async (t) => {
  const header = encodeSegment('{}')
  for (const token of [
    '',
    '..',
    `${header}.`,
    `${header}.x`,
    `${header}..`,
    `.${header}.AAAA`,
    `${header}.AAAA.AAAA.`
  ]) {
    t.equal(parseCompactJws(token), null, token)
  }
  for (const bad of ['A', 'AB', 'AAB', 'AAAAA', 'AA==', 'A A', 'AA+A', 'AA/A', 'AAAA\n', 'ÄÄÄÄ']) {
    t.equal(parseCompactJws(`${header}.${bad}.AAAA`), null, `payload ${bad}`)
    t.equal(parseCompactJws(`${header}.AAAA.${bad}`), null, `signature ${bad}`)
    t.equal(parseCompactJws(`${bad}.AAAA.AAAA`), null, `header ${bad}`)
  }
})

t.test('a header is looked up by its whole segment, and by no other spelling of it', async (t) => {
  const known = new Map([[encodeSegment('{"a":1}'), { known: true }]])
  const headerOf = (header: string) => parseCompactJws(`${header}.AAAA.AAAA`, known)?.header
  t.strictSame(headerOf(encodeSegment('{"a":1}')), { known: true })
  t.strictSame(headerOf(encodeSegment('{"a": 1}')), { a: 1 })
  t.equal(headerOf(`${encodeSegment('{"a":1}')}=`), undefined)
  t.equal(headerOf(encodeSegment('{"a":1,"a":1}')), undefined)
  t.equal(
    parseCompactJws(`${encodeSegment('{"a":1}')}.AAAA.`, known),
    null,
    'the rest is checked all the same'
  )
})

t.test('a JSON object has each of its members once, at every depth', async (t) => {
  const read = (text: string) => parseJsonObject(Buffer.from(text))
  const fine = [
    '{}',
    '{"a":1}',
    '{"a":":","b":"\\":\\"","\\\\":{"a":[{"a":1},{"a":2}]}}',
    ' { "a" : [ ] } ',
    '{"a":{"b":{}}}',
    '{"__proto__":{"a":1},"hasOwnProperty":{"a":1}}'
  ]
  for (const text of fine) t.strictSame(read(text), JSON.parse(text), text)
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '{"b":{"a":1,"a":2}}',
    '{"b":[{"a":1,"a":2}]}',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"a":":\\\\","a":1}'
  ]) {
    t.equal(read(text), null, text)
  }
  for (const text of ['', '[]', 'null', '1', '"{}"', '{} {}', '{a:1}', "{'a':1}", '\ufeff{}', '{"a":NaN}']) {
    t.equal(read(text), null, text)
  }
  t.equal(parseJsonObject(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), null, 'not UTF-8')
  for (const text of ['{"a', '{"a\\', '{"a":1}"']) t.equal(read(text), null, text)
  t.not(read(`{"a":${'['.repeat(3000)}${']'.repeat(3000)}}`), null, 'depth is not ours to judge')
})

t.test('what a program has added to all objects is no member', async (t) => {
  const shared = Object.prototype as Record<string, unknown>
  shared.added = {}
  try {
    t.not(parseJsonObject(Buffer.from('{"a":{}}')), null)
    t.equal(parseJsonObject(Buffer.from('{"a":{},"a":{}}')), null)
  } finally {
    delete shared.added
  }
})
