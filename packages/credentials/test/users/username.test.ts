import fc from 'fast-check'
import t from 'tap'
import { inAscii } from '@drawbridge/test-support/naughty-strings'
import { canonicalizeUsername } from '../../src/users/username.ts'

const key = (raw: string): string | undefined => canonicalizeUsername(raw)?.key

t.test('equivalent spellings have one key', async (t) => {
  const same = [
    ['Alice', 'alice', 'ALICE', 'ａｌｉｃｅ', 'Ａlice'],
    ['zoë', 'ZOË', 'zoe\u0308', 'ZOE\u0308'],
    ['file', 'ﬁle', 'FILE'],
    ['kelvin', '\u212Aelvin'],
    ['ångström', '\u212Bngström'],
    ['mary jane', 'mary\u00A0jane', 'Mary\u2003Jane'],
    ['x2', 'x²'],
    ['straße', 'STRAẞE'],
    // The lower case has a composed form, the upper case has none.
    ['H\u0331', 'h\u0331', '\u1E96'],
    ['\u0130\u0323', 'i\u0323\u0307']
  ]
  for (const spellings of same) t.equal(new Set(spellings.map(key)).size, 1, spellings.join(' '))
})

t.test(
  'names that only look alike, or are folded together in some languages, are different accounts',
  async (t) => {
    const different = [
      'alice',
      'аlice',
      'alιce',
      'alıce',
      'strasse',
      'straße',
      'mary jane',
      'maryjane',
      'mary-jane'
    ]
    t.equal(new Set(different.map(key)).size, different.length)
    t.not(key('i'), key('ı'))
    t.not(key('i'), key('İ'))
  }
)

t.test('S07: what a keyboard or copying adds around a name is removed', async (t) => {
  const around = [
    ' ',
    '\t',
    '\r\n',
    '\u00A0',
    '\u3000',
    '\u2028',
    '\u200B',
    '\uFEFF',
    '\u200E',
    '\u2068',
    '\u00AD'
  ]
  for (const mark of [...around, around.join('')]) {
    for (const typed of [`${mark}Zoë K.`, `Zoë K.${mark}`, `${mark}Zoë K.${mark}`])
      t.strictSame(canonicalizeUsername(typed), { display: 'Zoë K.', key: 'zoë k.' }, inAscii(typed))
  }
  t.strictSame(canonicalizeUsername(`${'n'.repeat(255)} `), {
    display: 'n'.repeat(255),
    key: 'n'.repeat(255)
  })
})

t.test('the display form is as written', async (t) => {
  t.strictSame(canonicalizeUsername('ZoË'.normalize('NFD')), { display: 'ZoË'.normalize('NFC'), key: 'zoë' })
})

t.test('invisible characters, and those that look like others, are rejected', async (t) => {
  const invalid = {
    empty: '',
    'only a space': ' ',
    'only marks': '\u200B\u2066\uFEFF',
    'a control after': 'alice\0',
    'two spaces': 'al  ice',
    'an inner tab': 'al\tice',
    'an ogham space': 'al\u1680ice',
    'a line end': 'alice\r\nSet-Cookie: a=b',
    NUL: 'ali\0ce',
    ESC: 'ali\x1b[31mce',
    DEL: 'alice\x7f',
    'a C1 control': 'ali\u0085ce',
    'a zero-width space': 'ali\u200Bce',
    'a zero-width joiner': 'ali\u200Dce',
    'a soft hyphen': 'ali\u00ADce',
    'a byte order mark': 'ali\uFEFFce',
    'a right-to-left override': 'ali\u202Ece',
    'a bidi isolate': 'ali\u2066ce',
    'an Arabic letter mark': 'ali\u061Cce',
    'a variation selector': 'alice\uFE0F',
    'a tag character': 'alice\u{E0041}',
    'a Hangul filler': '\u3164',
    'a halfwidth Hangul filler': '\uFFA0',
    'a line separator': 'ali\u2028ce',
    'a private-use character': 'alice\uE000',
    'an unassigned code point': 'alice\u0378',
    'a replacement character': 'al\uFFFDce',
    'a high surrogate': 'alice\uD800',
    'a low surrogate': '\uDFFFalice',
    'a space that NFKC makes': '\u00A8alice'
  }
  for (const [what, raw] of Object.entries(invalid)) t.equal(canonicalizeUsername(raw), null, what)
  t.equal(canonicalizeUsername(undefined as unknown as string), null)
  t.equal(canonicalizeUsername(12 as unknown as string), null)
})

t.test('255 code points are allowed, and 256 are not', async (t) => {
  for (const character of ['n', 'é', '😀', '名']) {
    t.ok(canonicalizeUsername(character.repeat(255)), character)
    t.equal(canonicalizeUsername(character.repeat(256)), null, character)
  }
  t.equal(canonicalizeUsername('\uFDFA'.repeat(20)), null, 'one that grows to 18 times its length')
})

t.test('names in the scripts of the world, e-mail addresses and odd names are allowed', async (t) => {
  const names = [
    '李明',
    'محمد',
    'विजय',
    'Ελένη',
    'בני',
    'สมชาย',
    'a',
    "o'brien",
    'kim+tag@example.com',
    '😀',
    'a:b',
    '*'
  ]
  for (const name of [...names, '__proto__', 'constructor', '../../etc/passwd', '<script>', "' or 1=1--"]) {
    t.ok(canonicalizeUsername(name), name)
  }
})

t.test('the key of a key is the key, so that every account can be reached', async (t) => {
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const first = key(`a${String.fromCodePoint(code)}b`)
    if (first !== undefined && key(first) !== first) t.fail(`U+${code.toString(16)}`)
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (raw) => {
      const first = key(raw)
      return first === undefined || key(first) === first
    }),
    { numRuns: 2000 }
  )
})
