import fc from 'fast-check'
import t from 'tap'
import { parsePasswordAttempt, parsePassword } from '../../src/passwords/password.ts'

t.test('the normalized form is NFC, and the raw text is unchanged', async (t) => {
  const raw = 'Zoë'.normalize('NFD')
  t.strictSame(parsePassword(raw), { raw, normalized: 'Zoë'.normalize('NFC') })
})

t.test('nothing else is changed', async (t) => {
  for (const raw of [' a ', 'A', 'ﬁ', 'ａ', '²', '\0', '\t\r\n', '\u200B', '\uFEFF', '\uFFFD', '👩‍👧']) {
    t.equal(parsePassword(raw)?.normalized, raw)
  }
})

t.test('the length is that of the normalized form, in code points', async (t) => {
  t.ok(parsePasswordAttempt('😀'.repeat(64), 64))
  t.equal(parsePasswordAttempt('😀'.repeat(65), 64), null)
  t.ok(parsePasswordAttempt('ë'.normalize('NFD').repeat(64), 64))
  t.ok(
    parsePasswordAttempt('\u1F82'.normalize('NFD').repeat(64), 64),
    'four code units that are one code point'
  )
  t.equal(parsePasswordAttempt('e\u0308\u0308'.repeat(64), 64), null)
  t.equal(parsePasswordAttempt('', 64), null)
  t.ok(parsePasswordAttempt(' ', 64))
})

t.test('ill-formed text is no password, wherever the lone surrogate is', async (t) => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.integer({ min: 0xd800, max: 0xdfff }), (before, after, half) => {
      const raw = `${before}${String.fromCharCode(half)} ${after}`
      return parsePassword(raw) === null && parsePasswordAttempt(raw, 1024) === null
    })
  )
  t.equal(parsePassword(null as unknown as string), null)
  t.equal(parsePasswordAttempt(undefined as unknown as string, 64), null)
})
