import { createHmac, randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import t from 'tap'
import { TestClock } from '@drawbridge/test-support/clock'
import { flaskSession } from '../../../src/migration/sources/flask/index.ts'
import { deriveKey, signText, verifyText } from '../../../src/migration/sources/flask/signed-text.ts'
import { readOld } from './read-old.ts'

const secret = 'a secret of the other system, 0123456789'
const key = deriveKey(secret, 'cookie-session')
const at = Date.UTC(2026, 10, 26) / 1000
const { now } = new TestClock(at * 1000)

const cookie = (payload: string, time = at, by = key) => ({
  cookie: `session=${signText(payload, time, by)}`
})
const plain = (session: object) => Buffer.from(JSON.stringify(session)).toString('base64url')
const compressed = (text: string) => `.${deflateSync(Buffer.from(text)).toString('base64url')}`

t.test('what is inflated is at most 16 KiB, so that a bomb costs next to nothing', async (t) => {
  const flask = flaskSession({ secret, now })
  const session = (length: number) => `{"user_id":7,"pad":"${'x'.repeat(length - 22)}"}`
  t.equal(session(16_384).length, 16_384)
  t.match(await readOld(flask, cookie(compressed(session(16_384)))), { kind: 'found' })
  t.match(await readOld(flask, cookie(compressed(session(16_385)))), { kind: 'invalid' })
  const bomb = compressed(session(4 * 1024 * 1024))
  t.ok(bomb.length < 16_000)
  t.match(await readOld(flask, cookie(bomb)), { kind: 'invalid' })
})

t.test('nothing is inflated that is not signed', async (t) => {
  const flask = flaskSession({ secret, now })
  const bytes = compressed('{"user_id":7}')
  t.match(await readOld(flask, cookie(bytes, at, randomBytes(20))), {
    kind: 'invalid',
    cause: 'not a credential of that system'
  })
})

t.test('a clock may be a minute ahead, and no session outlives its age', async (t) => {
  const flask = flaskSession({ secret, maxAgeSeconds: 100, now })
  const read = async (time: number) => (await readOld(flask, cookie(plain({ user_id: 7 }), time))).kind
  t.equal(await read(at + 60), 'found')
  t.equal(await read(at + 61), 'invalid')
  t.equal(await read(at - 99), 'found')
  t.equal(await read(at - 100), 'invalid')
})

t.test('of several secrets all verify, and the first signs', async (t) => {
  const older = 'an older secret of the other system, 0123'
  const flask = flaskSession({ secret: [secret, older], now })
  const old = deriveKey(older, 'cookie-session')
  t.match(await readOld(flask, cookie(plain({ user_id: 7 }), at, old)), { kind: 'found' })
})

t.test('the user id is where the service has it, a UUID too', async (t) => {
  const uuid = '0123456789abcdef0123456789abcdef'
  const read = (userIdField: string | string[], session: object) =>
    readOld(flaskSession({ secret, userIdField, now }), cookie(plain(session)))
  t.match(await read('_user_id', { _user_id: '7' }), { old: { userId: '7' } })
  t.match(await read(['user', 'id'], { user: { id: 7 } }), { old: { userId: '7' } })
  t.match(await read('user_id', { user_id: { ' u': uuid } }), {
    old: { userId: '01234567-89ab-cdef-0123-456789abcdef' }
  })
  t.match(await read('user_id', { user_id: { ' u': 'x' } }), { kind: 'invalid' })
})

t.test('a session that waits for its second factor is nobody', async (t) => {
  const flask = flaskSession({ secret, isSignedIn: (session) => session.otp === true, now })
  t.same(await readOld(flask, cookie(plain({ user_id: 7 }))), { kind: 'empty' })
  t.match(await readOld(flask, cookie(plain({ user_id: 7, otp: true }))), { kind: 'found' })
})

t.test('a genuine cookie counts beside one of another path that is not', async (t) => {
  const flask = flaskSession({ secret, now })
  const good = cookie(plain({ user_id: 7 })).cookie
  t.match(await readOld(flask, { cookie: `session=x; theme=1; ${good}` }), { kind: 'found' })
  t.match(await readOld(flask, { cookie: `session=${'x'.repeat(20_000)}; ${good}` }), { kind: 'found' })
})

t.test('a time has one to six bytes', async (t) => {
  const sign = (signed: string) => `${signed}.${createHmac('sha1', key).update(signed).digest('base64url')}`
  t.equal(verifyText(sign('text.'), [key]), null)
  t.equal(verifyText(sign('text.AAAAAAAAAA'), [key]), null)
  t.match(verifyText(sign('text.AQ'), [key]), { text: 'text', at: 1 })
  t.equal(verifyText(sign('AQ'), [key]), null)
})

t.test('a wrong option is an error that names it, and has no secret', async (t) => {
  const make = (options: object) => () => flaskSession({ secret, ...options } as never)
  t.throws(make({ secret: 'supersecretkey' }), /flaskSession\.secret is shorter than 32 bytes.*weakSecret/)
  t.throws(make({ secret: [secret, 'short'] }), /flaskSession\.secret is shorter/)
  t.throws(
    make({ secret: [] }),
    /flaskSession\.secret must be a string, or a list of strings \(value omitted\)/
  )
  t.throws(make({ userIdField: '' }), /flaskSession\.userIdField must be the name of a member/)
  t.throws(make({ cookie: { name: 'a;b' } }), /flaskSession\.cookie\.name must be a cookie name/)
  t.throws(make({ cookie: { path: '/;x' } }), /flaskSession\.cookie\.path must be a path/)
  t.throws(make({ cookie: { domain: 'a b' } }), /flaskSession\.cookie\.domain must be a domain/)
  t.throws(
    make({ cookie: { sameSite: 'none', secure: false } }),
    /flaskSession\.cookie\.secure must not be false/
  )
  t.throws(make({ secrets: '' }), /flaskSession\.secrets is not an option/)
  try {
    make({ secret: 'supersecretkey' })()
  } catch (error) {
    t.notMatch((error as Error).message, /supersecretkey/)
  }
})

t.test('a short secret that is allowed is said to be weak', async (t) => {
  t.equal(flaskSession({ secret: 'supersecretkey', weakSecret: true }).isWeak, true)
  t.equal(flaskSession({ secret, weakSecret: true }).isWeak, false)
})
