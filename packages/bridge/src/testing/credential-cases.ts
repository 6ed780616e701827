import assert from 'node:assert/strict'
import { type Fixture, found, oldLoginsCase, type RequestHeaders } from './old-logins-case.ts'

const CHANGES = 1000

/** Cases of {@link oldLoginsCases}: what clients send. */
export const credentialCases = [
  oldLoginsCase('a login is read as it is, each time the same', async (fixture) => {
    const { genuine } = fixture
    const old = await found(fixture, genuine.headers)
    const expected = Object.entries(genuine.old)
    const read = Object.fromEntries(expected.map(([name]) => [name, old[name as keyof typeof old]]))
    assert.deepEqual(read, genuine.old)
    assert.ok(old.secret.length >= 16, 'a secret can be guessed')
    for (const time of [old.issuedAt, old.authenticatedAt, old.expiresAt])
      assert.ok(time === null || Number.isSafeInteger(time), `${time} is no time`)
    assert.deepEqual(await found(fixture, genuine.headers), old)
  }),

  oldLoginsCase('a request without a credential presents none', async ({ read }) => {
    for (const headers of [{}, { cookie: 'theme=dark; =; ;' }, { authorization: 'Basic YTpi' }])
      assert.equal((await read(headers)).kind, 'none', JSON.stringify(headers))
  }),

  oldLoginsCase('what must not count does not, and is no fault', async ({ read, refused = {} }) => {
    for (const [what, headers] of Object.entries(refused))
      assert.notEqual((await read(headers)).kind, 'found', what)
  }),

  oldLoginsCase('a valid credential in which nobody is signed in is empty', async ({ read, empty }) => {
    if (empty !== undefined) assert.deepEqual(await read(empty), { kind: 'empty' })
  }),

  oldLoginsCase('garbage is no login, and no fault', async ({ read, genuine }) => {
    for (const headers of garbageFor(genuine.headers)) {
      const { kind } = await read(headers)
      assert.ok(kind === 'invalid' || kind === 'none', `${kind} for ${JSON.stringify(headers).slice(0, 100)}`)
    }
  }),

  oldLoginsCase('a thousand changed credentials name no other login, and are no fault', async (fixture) => {
    const old = await found(fixture, fixture.genuine.headers)
    const random = createRandom(1)
    for (let count = 0; count < CHANGES; count += 1) await checkChanged(fixture, old, random)
  })
]

/** A change that counts is another spelling: it must have the same key, or it would be a second login. */
async function checkChanged(
  { read, genuine }: Fixture,
  old: { readonly userId: string; readonly key: string | null },
  random: () => number
): Promise<void> {
  const headers = changed(genuine.headers, random)
  const presented = await read(headers)
  if (presented.kind !== 'found') return
  const { userId, key } = presented.old
  assert.deepEqual({ userId, key }, { userId: old.userId, key: old.key }, JSON.stringify(headers))
}

/** The same each time: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const CHARACTERS = 'ABCXYZabcxyz0189-_.+/=%|~!*$"\'{}[]:,\\ \u00e9'

/** One character replaced, added or left out, the end cut off, or a part repeated; after the name of the cookie or the scheme. */
function changed(headers: RequestHeaders, random: () => number): RequestHeaders {
  const [name, text] = credentialOf(headers)
  const start = text.search(/[= ]/) + 1
  const at = start + Math.floor(random() * (text.length - start))
  const character = CHARACTERS[Math.floor(random() * CHARACTERS.length)] as string
  const [before, after] = [text.slice(0, at), text.slice(at)]
  const changes = [
    before + character + after.slice(1),
    before + character + after,
    before + after.slice(1),
    before,
    before + after + after,
    text + character
  ]
  return { ...headers, [name]: changes[Math.floor(random() * changes.length)] as string }
}

function credentialOf(headers: RequestHeaders): readonly [string, string] {
  const name = headers.authorization === undefined ? 'cookie' : 'authorization'
  return [name, headers[name] as string]
}

const LONG = 8192

const GARBAGE = [
  '.',
  '..',
  '...',
  '=',
  '%',
  '%00',
  '%E0%A4%A',
  '0',
  'null',
  'undefined',
  'true',
  '{}',
  '[]',
  '"',
  '""',
  's:',
  's%3A.',
  '__proto__',
  'constructor',
  '%7B%22__proto__%22%3A%7B%22user_id%22%3A1%7D%7D',
  'e30.e30.e30',
  'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.',
  '.eJw.x.x',
  'Fe26.2***********~2',
  '|',
  '1|',
  '--',
  '----',
  ';',
  '\u00ff\u00fe\u0080',
  'A'.repeat(LONG),
  '.'.repeat(LONG),
  'x.'.repeat(LONG)
]

/** In each cookie that the request has, or as its token. */
function garbageFor(headers: RequestHeaders): readonly RequestHeaders[] {
  const [name, text] = credentialOf(headers)
  const replaced = (value: string) =>
    name === 'cookie' ? text.replaceAll(/=[^;]*/g, () => `=${value}`) : `Bearer ${value}`
  return GARBAGE.map((value) => ({ ...headers, [name]: replaced(value) }))
}
