// Attacks by credentials of another system: X06 to X14 of docs/security/attacks.md.
import { createHmac } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import signature from 'cookie-signature'
import session from 'express-session'
import { SignJWT } from 'jose'
import t from 'tap'
import { forgeTokens } from './forge-jwt.ts'
import { expressSession, type SessionStore } from '../../src/migration/sources/express-session/index.ts'
import { flaskSession } from '../../src/migration/sources/flask/index.ts'
import { jwt } from '../../src/migration/sources/jwt/index.ts'
import { readOld } from '../migration/sources/read-old.ts'

const secret = 'a secret of the other system, 0123456789'
const older = 'an older secret of the other system, 0123'
const made = Date.UTC(2026, 10, 26)
const now = () => made

/** A store that has one row, and counts how often it was asked. */
function storeOf(row: unknown) {
  const store = {
    asked: 0,
    get: (sid: string, done: (error: null, row: unknown) => void) => {
      store.asked += 1
      done(null, sid === 'sid' ? row : undefined)
    },
    destroy: (_sid: string, done: () => void) => done()
  }
  return store
}

const row = { cookie: { path: '/' }, passport: { user: 7 } }
const cookie = (value: string) => ({ cookie: `connect.sid=${encodeURIComponent(value)}` })
const signed = (sid: string, by = secret) => `s:${signature.sign(sid, by)}`

t.test('X06 a cookie of express that is tampered with is no login, and reaches no store', async (t) => {
  const store = storeOf(row)
  const logins = expressSession({ secret, store })
  t.match(await readOld(logins, cookie(signed('sid'))), { kind: 'found' })
  const before = store.asked
  const good = signed('sid')
  const tampered = [
    signed('sid', 'another secret'),
    good.slice(2),
    `j:${JSON.stringify(row)}`,
    `s:j:${JSON.stringify(row)}`,
    'sid',
    's:sid',
    's:sid.',
    good.toUpperCase(),
    good.replace('sid', 'sie'),
    `${good}=`,
    `${good} `,
    good.slice(0, -1)
  ]
  for (const value of tampered) t.match(await readOld(logins, cookie(value)), { kind: 'invalid' }, value)
  t.equal(store.asked, before)
})

t.test(
  'X07 a row that is odd is no login and no fault, and one that the store has dropped is none',
  async (t) => {
    const odd = [
      null,
      [],
      'text',
      {},
      { ...row, cookie: null },
      { ...row, cookie: { expires: 'never' } },
      { ...row, passport: null },
      { ...row, passport: [] },
      { ...row, passport: { user: [7] } },
      { ...row, passport: { user: {} } },
      { ...row, passport: { user: { id: { $gt: '' } } } },
      { ...row, passport: { user: NaN } }
    ]
    for (const each of odd) {
      const { kind } = await readOld(expressSession({ secret, store: storeOf(each) }), cookie(signed('sid')))
      t.ok(kind === 'none' || kind === 'empty', JSON.stringify(each))
    }
    const expired = new session.MemoryStore()
    expired.set('sid', { cookie: { expires: new Date(1) }, passport: { user: 7 } } as never)
    const logins = expressSession({ secret, store: expired as unknown as SessionStore })
    t.same(await readOld(logins, cookie(signed('sid'))), { kind: 'none' })
  }
)

t.test('X08 members of a row that have a meaning for others have none for us', async (t) => {
  const text =
    '{"cookie":{"path":"/"},"passport":{"user":7},"__proto__":{"passport":{"user":1},"isAdmin":true},"save":1,"regenerate":1,"user":{"id":1},"scopes":["admin"],"expiresAt":9e15}'
  const presented = await readOld(
    expressSession({ secret, store: storeOf(JSON.parse(text)) }),
    cookie(signed('sid'))
  )
  const old = {
    key: 'sid',
    secret: 'sid',
    userId: '7',
    issuedAt: null,
    authenticatedAt: null,
    expiresAt: null
  }
  t.same(presented, { kind: 'found', old })
  t.equal(({} as { isAdmin?: boolean }).isAdmin, undefined)
})

const base64 = (text: string) => Buffer.from(text).toString('base64url')
const time = (seconds: number) =>
  Buffer.from(seconds.toString(16).padStart(8, '0'), 'hex').toString('base64url')

function flaskCookie(
  payload: string,
  { at = made / 1000, by = secret, salt = 'cookie-session', hash = 'sha1' } = {}
) {
  const key = createHmac(hash, by).update(salt).digest()
  const text = `${payload}.${time(at)}`
  return { cookie: `session=${text}.${createHmac(hash, key).update(text).digest('base64url')}` }
}

t.test('X09 a cookie of Flask by another salt, digest or shape is no login', async (t) => {
  const flask = flaskSession({ secret, now })
  const payload = base64('{"user_id":7}')
  const good = flaskCookie(payload).cookie
  t.match(await readOld(flask, { cookie: good }), { kind: 'found' })
  const [text = '', at = '', mac = ''] = good.slice('session='.length).split('.')
  for (const value of [
    flaskCookie(payload, { salt: 'itsdangerous' }).cookie,
    flaskCookie(payload, { hash: 'sha256' }).cookie,
    flaskCookie(payload, { by: 'another secret' }).cookie,
    `session=${at}.${text}.${mac}`,
    `session=${text}.${mac}.${at}`,
    `session=${text}.${mac}`,
    `session=.${text}.${at}.${mac}`,
    `session=${text}.${at}.`,
    `${good}=`
  ])
    t.match(await readOld(flask, { cookie: value }), { kind: 'invalid' }, value)
})

t.test(
  'X10 a cookie of Flask that inflates without end is rejected by its size, and only after its signature',
  async (t) => {
    const flask = flaskSession({ secret, now })
    const bomb = `.${deflateSync(Buffer.alloc(8 * 1024 * 1024, ' ')).toString('base64url')}`
    t.ok(bomb.length < 16_000)
    t.match(await readOld(flask, flaskCookie(bomb)), { kind: 'invalid' })
    t.match(await readOld(flask, flaskCookie(bomb, { by: 'another secret' })), { kind: 'invalid' })
  }
)

t.test('X11 a cookie of Flask that is too old, or from the future, is no login', async (t) => {
  const flask = flaskSession({ secret, maxAgeSeconds: 60, now })
  const read = async (at: number) => (await readOld(flask, flaskCookie(base64('{"user_id":7}'), { at }))).kind
  t.same(await Promise.all([-61, -60, -59, 60, 61].map((by) => read(made / 1000 + by))), [
    'invalid',
    'invalid',
    'found',
    'found',
    'invalid'
  ])
})

t.test('X12 tags of Flask, nested, unknown or as the user, are data and no code', async (t) => {
  const flask = flaskSession({ secret, now })
  const read = (text: string) => readOld(flask, flaskCookie(base64(text)))
  const tags =
    '" t":[1],"b":{" b":"AA=="},"d":{" d":"Thu, 26 Nov 2026 00:00:00 GMT"},"m":{" m":"<b>"},"x":{" py":"os.system"}'
  t.match(await read(`{"user_id":7,${tags},"di":{" di":{" u__":"x"}}}`), { old: { userId: '7' } })
  for (const tag of [' t', ' b', ' d', ' m', ' di', ' py', ' u'])
    t.match(await read(`{"user_id":{"${tag}":"7"}}`), { kind: 'invalid' }, tag)
  const deep = `${'{" di":'.repeat(1000)}1${'}'.repeat(1000)}`
  t.match(await read(`{"user_id":7,"deep":${deep}}`), { kind: 'found' })
})

t.test('X13 of a list of secrets all verify, and the first signs', async (t) => {
  const list = [secret, older]
  const logins = expressSession({ secret: list, store: storeOf(row) })
  const flask = flaskSession({ secret: list, now })
  for (const by of list) {
    t.match(await readOld(logins, cookie(signed('sid', by))), {
      kind: 'found',
      old: { key: 'sid', secret: 'sid' }
    })
    t.match(await readOld(flask, flaskCookie(base64('{"user_id":7}'), { by })), { kind: 'found' })
  }
})

t.test(
  'X14 a token of another issuer is no login by any trick, nor by a secret that can be guessed',
  async (t) => {
    const logins = jwt({ algorithm: 'HS256', secret, issuer: 'idp', audience: 'shop', now })
    const claims = { iss: 'idp', aud: 'shop', sub: '7', iat: made / 1000 }
    const read = (token: string) => readOld(logins, { authorization: `Bearer ${token}` })
    const good = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret))
    t.match(await read(good), { kind: 'found' })
    const forged = forgeTokens(good, claims, secret)
    t.ok(forged.size >= 30)
    for (const [what, token] of forged) t.match(await read(token), { kind: /^(?:invalid|none)$/ }, what)
    t.throws(() => jwt({ algorithm: 'HS256', secret: 'supersecretkey' }), /weakSecret/)
  }
)
