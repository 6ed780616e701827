import { createPrivateKey, type JsonWebKey, randomBytes, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createKyselyUserStore, seedUser } from '@drawbridge/credentials'
import { Kysely, SqliteDialect } from 'kysely'
import t, { type Test } from 'tap'
import { logCredentials } from '../../../../packages/credentials/test/readme/log-credentials.ts'
import { openSqlite } from '../../src/sqlite.ts'
import { buildDemo, signInByToken } from '../build-demo.ts'
import { makeDataDir } from '../start-demo.ts'
import { postBytes, type RawResponse, sendBytes } from './send-bytes.ts'

const logIns = ['/session/login', '/token/login'] as const
const PASSWORD = 'the right password of all of them'

/** A hash of `pass`, made by Python's hashlib in Django's format. */
const FOREIGN = 'pbkdf2_sha256$1000$seasalt2seasalt2seasal$TRXVTd4BI86XE6RMm+vECVptp+MMDdbqB0oqU7w/++U='

/** The demo on a port, with a user for every reason for which a sign-in can fail. */
async function withUsers(t: Test, env: Readonly<Record<string, string>> = {}) {
  const dataDir = await makeDataDir(t)
  const lines: string[] = []
  const limits = { LOGIN_ATTEMPTS_PER_ACCOUNT: '100', LOGIN_ATTEMPTS_PER_ADDRESS: '1000000' }
  const app = await buildDemo(
    t,
    { DATA_DIR: dataDir, ...limits, ...env },
    { write: (line) => lines.push(line) }
  )
  await app.listen({ host: '127.0.0.1', port: 0 })
  await insertUsers(t, dataDir)
  const port = (app.server.address() as AddressInfo).port
  const logIn = (path: string, username: string, password: string) =>
    postBytes(port, path, Buffer.from(JSON.stringify({ username, password })))
  return { app, port, dataDir, lines, logIn }
}

async function insertUsers(t: Test, dataDir: string): Promise<void> {
  const database = openSqlite(join(dataDir, 'users.db'))
  const db = new Kysely({ dialect: new SqliteDialect({ database }) })
  t.teardown(() => db.destroy())
  const users = createKyselyUserStore({ db })
  await seedUser(users, { username: 'known', password: PASSWORD })
  await seedUser(users, { username: 'disabled', password: PASSWORD })
  await seedUser(users, { username: 'cheap', password: PASSWORD }, { memoryKiB: 1024, passes: 1 })
  for (const [username, passwordHash] of Object.entries({ foreign: FOREIGN, unusable: '!', without: '' })) {
    await users.insert({ username, usernameKey: username, passwordHash, disabled: false })
  }
  database.exec("UPDATE drawbridge_users SET disabled = 1 WHERE username_key = 'disabled'")
}

/** Sign-ins that fail: description, username, password. */
const failures: readonly (readonly [what: string, username: string, password: string])[] = [
  ['an unknown user', 'unknown', PASSWORD],
  ['an unknown user of the longest name', 'n'.repeat(255), PASSWORD],
  ['a disabled user with the right password', 'disabled', PASSWORD],
  ['a disabled user with a wrong one', 'disabled', 'wrong'],
  ['a user with a foreign hash', 'foreign', 'wrong'],
  ['a user with a hash of another cost', 'cheap', 'wrong'],
  ['a user with an unusable hash', 'unusable', PASSWORD],
  ['a user without a password', 'without', PASSWORD]
]

t.test('E01 E07 L05 every failed sign-in gives the same bytes: status, headers and body', async (t) => {
  const { app, logIn, lines } = await withUsers(t)
  logCredentials(app.log)
  for (const path of logIns) {
    const expected = await logIn(path, 'known', 'wrong')
    t.equal(expected.status, 401)
    t.match(JSON.parse(expected.body), { statusCode: 401, message: 'Invalid credentials' })
    t.notMatch(expected.headers.join('\n'), /^set-cookie/im)
    for (const [what, username, password] of failures) {
      t.strictSame(await logIn(path, username, password), expected, `${path}: ${what}`)
    }
    t.equal((await logIn(path, 'known', PASSWORD)).status, 200, 'control')
  }
  const events = lines.filter((line) => line.includes('credentials: invalid-credentials'))
  for (const detail of ['unknown', 'wrong-password', 'disabled', 'unusable-hash']) {
    t.ok(
      events.some((line) => line.includes(`"detail":"${detail}"`)),
      `the log has ${detail}`
    )
  }
})

t.test(
  'T16 T17 E01 too many attempts: the same bytes for a known and an unknown user, and no credential is set',
  async (t) => {
    const { logIn } = await withUsers(t, { LOGIN_ATTEMPTS_PER_ACCOUNT: '2' })
    const locked = async (path: string, username: string): Promise<RawResponse> => {
      for (let at = 0; at < 2; at += 1) await logIn(path, username, 'wrong')
      return untimed(await logIn(path, username, PASSWORD))
    }
    const [session, token] = logIns
    const expected = await locked(session, 'known')
    t.equal(expected.status, 429)
    t.ok(expected.headers.some((header) => /^retry-after: N$/i.test(header)))
    t.notMatch(expected.headers.join('\n'), /^set-cookie/im)
    for (const username of ['unknown', 'disabled', 'foreign', 'without']) {
      t.strictSame(await locked(session, username), expected, username)
    }
    const byToken = untimed(await logIn(token, 'known', PASSWORD))
    t.equal(byToken.status, 429, 'the other carrier is limited too')
    t.strictSame(untimed(await logIn(token, 'unknown', PASSWORD)), byToken)
  }
)

/** Retry-After depends on the time of the first attempt. */
function untimed({ status, headers, body }: RawResponse): RawResponse {
  return { status, body, headers: headers.map((header) => header.replace(/^(retry-after): \d+$/i, '$1: N')) }
}

t.test(
  'E06 a malformed password is rejected in the same way for all, before any user is looked up',
  async (t) => {
    const { logIn } = await withUsers(t, { LOGIN_ATTEMPTS_PER_ACCOUNT: '1' })
    for (const path of logIns) {
      const expected = await logIn(path, 'known', 'x'.repeat(1025))
      t.equal(expected.status, 400)
      for (const username of ['unknown', 'disabled', 'foreign', 'without']) {
        t.strictSame(await logIn(path, username, 'x'.repeat(1025)), expected, username)
      }
    }
    t.equal(
      (await logIn('/session/login', 'known', PASSWORD)).status,
      200,
      'and it did not count as an attempt'
    )
  }
)

t.test('E08 an invalid token is rejected with the same bytes, whatever is wrong with it', async (t) => {
  const { app, port, dataDir } = await withUsers(t)
  const get = (token: string) =>
    sendBytes(port, ['GET /token/protected HTTP/1.1', `Authorization: Bearer ${token}`])
  const { token } = await signInByToken(app)
  t.equal((await get(token)).status, 200, 'control')
  const key = JSON.parse(await readFile(join(dataDir, 'token-keys-eddsa.json'), 'utf8')).keys[0] as JsonWebKey
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims
  t.equal((await get(resigned(token, key, claims))).status, 200, 'control: the key of the service')

  const revoked = await signInByToken(app)
  const headers = { authorization: `Bearer ${revoked.token}` }
  t.equal((await app.inject({ method: 'POST', url: '/token/logout', headers })).statusCode, 200)
  const expected = await get(revoked.token)
  t.equal(expected.status, 401)
  t.ok(expected.headers.some((header) => /^www-authenticate: Bearer .*error="invalid_token"/i.test(header)))
  const [head = '', body = '', signature = ''] = token.split('.')
  const others: Readonly<Record<string, string>> = {
    expired: resigned(token, key, { ...claims, iat: claims.iat - 7200, exp: claims.exp - 7200 }),
    'of another audience': resigned(token, key, { ...claims, aud: 'somebody else' }),
    'of an unknown login': resigned(token, key, { ...claims, sid: `${claims.sid}x` }),
    'with a wrong signature': `${head}.${body}.${randomBytes(64).toString('base64url')}`,
    'without a signature': `${head}.${body}.`,
    'of another algorithm': `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.${signature}`,
    malformed: 'made-up'
  }
  for (const [what, other] of Object.entries(others)) t.strictSame(await get(other), expected, what)
})

interface Claims {
  readonly iat: number
  readonly exp: number
  readonly sid: string
}

/** A token signed with the service's own key, with other claims. */
function resigned(token: string, jwk: JsonWebKey, claims: object): string {
  const [head = ''] = token.split('.')
  const text = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
}

const SAMPLES = 30

t.test(
  'E02 E03 the duration of a failed sign-in is reported here; its work is counted in the tests of credentials',
  async (t) => {
    const { port } = await withUsers(t)
    const kinds = ['known', 'unknown', 'disabled', 'without', 'foreign'] as const
    const took: Record<string, number[]> = Object.fromEntries(kinds.map((kind) => [kind, []]))
    for (let at = 0; at < SAMPLES; at += 1) {
      // Five is a prime: each stride gives another order, so that none always runs after the same one.
      for (const [place] of kinds.entries()) {
        const kind = kinds[(at + place * (1 + (at % 4))) % kinds.length] as string
        took[kind]?.push(await timeOfFailure(t, port, kind))
      }
    }
    const median = (kind: string) => (took[kind] ?? []).toSorted((a, b) => a - b)[SAMPLES / 2] ?? NaN
    for (const kind of kinds) {
      const ratio = median(kind) / median('known')
      t.comment(
        `E02 ${kind}: median ${median(kind).toFixed(1)} ms, ${ratio.toFixed(2)} of known, ${SAMPLES} samples`
      )
    }
  }
)

/** By fetch, which reuses its connection, so that only the sign-in is timed. */
async function timeOfFailure(t: Test, port: number, username: string): Promise<number> {
  const body = JSON.stringify({ username, password: 'wrong' })
  const headers = { 'content-type': 'application/json' }
  const began = performance.now()
  const response = await fetch(`http://127.0.0.1:${port}/session/login`, { method: 'POST', headers, body })
  await response.arrayBuffer()
  const tookMs = performance.now() - began
  t.equal(response.status, 401, username)
  return tookMs
}
