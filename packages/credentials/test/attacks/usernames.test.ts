import t from 'tap'
import { register } from '../../src/operations/register.ts'
import { seedUser } from '../../src/operations/seed-user.ts'
import { canonicalizeUsername } from '../../src/users/username.ts'
import { verify } from '../../src/operations/verify.ts'
import { CHEAP_COST, createTestDependencies, PASSWORD } from '../create-test-dependencies.ts'
import { inAscii, naughtyStrings } from '@drawbridge/test-support/naughty-strings'

const ADDRESS = '192.0.2.1'
const malformed = { ok: false, reason: 'malformed', field: 'username' }

/** The first is registered; all others are spellings of the same account. */
const oneAccount: Readonly<Record<string, readonly string[]>> = {
  'U01 upper and lower case': ['Alice', 'alice', 'ALICE', 'aLiCe'],
  'U02 composed and decomposed': ['Zoë'.normalize('NFC'), 'Zoë'.normalize('NFD'), 'ZOË'.normalize('NFD')],
  'U02 fullwidth': ['alice', 'ａlice', 'ＡＬＩＣＥ'],
  'U02 a ligature': ['ﬁona', 'fiona', 'FIONA'],
  'U02 the Kelvin sign': ['\u212Aim', 'kim', 'Kim'],
  'U02 the Angstrom sign': ['\u212Bsa', 'åsa', 'A\u030Asa'],
  'U02 a superscript': ['kim²', 'kim2'],
  'U02 the capital sharp s': ['Strauß', 'STRAUẞ', 'strauß'],
  'U01 S07 white space and marks around it': [
    'alice',
    'alice ',
    ' alice',
    'alice\t',
    'alice\u00A0',
    '\u200Balice\u2066'
  ],
  'U01 a space of another kind': ['Mary Jane', 'mary jane', 'mary\u00A0jane', 'MARY\u2003JANE']
}

for (const [name, spellings] of Object.entries(oneAccount)) {
  t.test(`${name}: one account for registration, sign-in and throttle`, async (t) => {
    const { deps } = createTestDependencies()
    const [first = '', ...others] = spellings
    const registered = await register(deps, { username: first, password: PASSWORD })
    if (!registered.ok) return t.fail(registered.reason)
    for (const username of others) {
      t.strictSame(
        await register(deps, { username, password: PASSWORD }),
        { ok: false, reason: 'username-taken' },
        username
      )
    }
    for (const username of spellings) {
      const outcome = await verify(deps, { username, password: PASSWORD, address: ADDRESS })
      t.strictSame(outcome, registered, `${username} is displayed as it was registered`)
    }
    for (let at = 0; at < 5; at += 1) {
      const username = spellings[at % spellings.length] ?? ''
      t.match(await verify(deps, { username, password: 'wrong', address: ADDRESS }), {
        reason: 'invalid-credentials'
      })
    }
    for (const username of spellings) {
      t.match(
        await verify(deps, { username, password: PASSWORD, address: ADDRESS }),
        { reason: 'throttled' },
        username
      )
    }
  })
}

/** Each looks like the first, or is folded into it by some software, and is another account. */
const manyAccounts: Readonly<Record<string, readonly string[]>> = {
  'U03 letters of another script': ['alice', 'аlice', 'alісe', 'αlice', 'ɑlice'],
  'U02 dotless and dotted i': ['ali', 'alı', 'alİ'],
  'U02 sharp s and two s': ['strauß', 'strauss'],
  'U03 marks that look alike': ["o'brien", 'o’brien', 'oʼbrien', 'o`brien'],
  'U05 words with a special meaning in some store': [
    '__proto__',
    'constructor',
    'toString',
    '*',
    'a:b',
    'a',
    'b',
    'a:b:c',
    '😀'
  ],
  'U05 the longest': ['n'.repeat(254), 'n'.repeat(255), '😀'.repeat(255)]
}

for (const [name, usernames] of Object.entries(manyAccounts)) {
  t.test(`${name}: different accounts for registration, sign-in and throttle`, async (t) => {
    const { deps } = createTestDependencies()
    const ids = new Set<string>()
    for (const [at, username] of usernames.entries()) {
      const password = `${PASSWORD} ${at}`
      t.match(await verify(deps, { username, password, address: ADDRESS }), { detail: 'unknown' }, username)
      const registered = await register(deps, { username, password })
      if (!registered.ok) return t.fail(`${username}: ${registered.reason}`)
      ids.add(registered.user.id)
    }
    t.equal(ids.size, usernames.length)
    const [first = '', ...others] = usernames
    for (let at = 0; at < 6; at += 1)
      await verify(deps, { username: first, password: 'wrong', address: ADDRESS })
    for (const [at, username] of others.entries()) {
      const attempt = { username, password: `${PASSWORD} ${at + 1}`, address: ADDRESS }
      t.ok((await verify(deps, attempt)).ok, `${username} is not locked out with ${first}`)
      t.notOk((await verify(deps, { ...attempt, password: `${PASSWORD} 0` })).ok)
    }
  })
}

const noUsernames: Readonly<Record<string, string>> = {
  'U01 two spaces': 'al  ice',
  'U01 a tab inside': 'al\tice',
  'U04 a zero-width space': 'ali\u200Bce',
  'U04 a zero-width joiner': 'ali\u200Dce',
  'U04 a word joiner': 'ali\u2060ce',
  'U04 a right-to-left override': 'ali\u202Ece',
  'U04 a bidi isolate': 'ali\u2066ce',
  'U04 CRLF': 'alice\r\nSet-Cookie: a=b',
  'U04 a line end': 'ali\nce',
  'U04 a line separator': 'ali\u2028ce',
  'U04 ESC': 'ali\x1b[31mce',
  'U04 NUL': 'ali\0ce',
  'U04 a C1 control': 'ali\u009Bce',
  'U04 a soft hyphen': 'ali\u00ADce',
  'U04 a tag character': 'alice\u{E0041}',
  'U05 256 code points': 'n'.repeat(256),
  'U05 one that is too long only after normalization': 'ﷺ'.repeat(15),
  'U04 a lone surrogate': 'alice\uD83D'
}

for (const [name, username] of Object.entries(noUsernames)) {
  t.test(`${name} is no username, and no attempt is counted`, async (t) => {
    const { deps, work } = createTestDependencies()
    await seedUser(deps.users, { username: 'alice', password: PASSWORD }, CHEAP_COST)
    t.strictSame(await register(deps, { username, password: PASSWORD }), malformed)
    for (let at = 0; at < 101; at += 1) {
      t.strictSame(await verify(deps, { username, password: PASSWORD, address: ADDRESS }), malformed)
    }
    t.strictSame(work, { compared: 0, made: 0 })
    t.ok((await verify(deps, { username: 'alice', password: PASSWORD, address: ADDRESS })).ok)
  })
}

t.test('U06 as a username, a naughty string is malformed everywhere or returned unchanged', async (t) => {
  const { deps } = createTestDependencies()
  t.ok(naughtyStrings.length >= 100)
  let registered = 0
  for (const [at, username] of naughtyStrings.entries()) {
    const address = `198.51.${at}.1`
    const outcome = await register(deps, { username, password: PASSWORD })
    const signIn = await verify(deps, { username, password: PASSWORD, address })
    if (outcome.ok) {
      registered += 1
      const around = /^[\s\uFEFF\u200B-\u200F\u202A-\u202E]+|[\s\uFEFF\u200B-\u200F\u202A-\u202E]+$/g
      t.equal(outcome.user.username, username.replaceAll(around, '').normalize('NFC'), inAscii(username))
      t.strictSame(signIn, outcome)
    } else if (outcome.reason === 'username-taken')
      t.ok(signIn.ok, `${inAscii(username)} is a spelling of an earlier one`)
    else t.strictSame([outcome, signIn], [malformed, malformed], inAscii(username))
    t.equal(outcome.ok || outcome.reason === 'username-taken', canonicalizeUsername(username) !== null)
  }
  t.ok(registered >= 90, `${registered} are names`)
})

t.test('U06 as a password, a naughty string is malformed or the only one that is accepted', async (t) => {
  const { deps } = createTestDependencies()
  let accepted = 0
  for (const [at, password] of naughtyStrings.entries()) {
    const username = `user${at}`
    const address = `198.51.${at}.1`
    if (password === '' || !password.isWellFormed()) {
      t.strictSame(await verify(deps, { username, password, address }), { ...malformed, field: 'password' })
      continue
    }
    accepted += 1
    await seedUser(deps.users, { username, password }, CHEAP_COST)
    t.ok((await verify(deps, { username, password, address })).ok, inAscii(password))
    t.notOk((await verify(deps, { username, password: `${password}x`, address })).ok)
    t.notOk((await verify(deps, { username, password: ` ${password}`, address })).ok)
  }
  t.ok(accepted >= 140, `${accepted} are passwords`)
})
