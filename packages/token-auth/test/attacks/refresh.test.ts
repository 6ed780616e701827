import { createHash } from 'node:crypto'
import t from 'tap'
import { generateSigningKey, type TokenResponse } from '../../src/index.ts'
import { newRandom, RefreshTokenFormat } from '../../src/refresh/refresh-token.ts'
import { decodeClaims, decodeHeader, makeApp, PASSWORD, type TestApp } from '../make-app.ts'

const GRACE_MS = 10_000
const UNAUTHORIZED = {
  statusCode: 401,
  code: 'DRAWBRIDGE_UNAUTHORIZED',
  error: 'Unauthorized',
  message: 'Unauthorized'
}

const fetchStatus = async ({ refresh }: TestApp, token: unknown) => (await refresh(token)).statusCode

async function refreshOnce({ refresh }: TestApp, token: string): Promise<TokenResponse> {
  const answer = await refresh(token)
  if (answer.statusCode !== 200) throw new Error(`refresh answered ${answer.statusCode}`)
  return answer.json<TokenResponse>()
}

t.test('R01 a refresh gives new tokens of both kinds, and the presented one is replaced', async (t) => {
  const test = await makeApp({ tokens: { refreshGraceSeconds: 0 } })
  const first = await test.signIn()
  const second = await refreshOnce(test, first.refresh_token)
  t.not(second.refresh_token, first.refresh_token)
  t.not(decodeClaims(second.token).jti, decodeClaims(first.token).jti)
  t.equal((await test.read(second.token)).statusCode, 200)
  t.equal(await fetchStatus(test, first.refresh_token), 401)
})

t.test('R03 a thief who has refreshed is logged out when the owner refreshes second', async (t) => {
  const test = await makeApp()
  const owner = await test.signIn()
  let thief = await refreshOnce(test, owner.refresh_token)
  test.clock.now += GRACE_MS
  for (const _ of [1, 2, 3]) thief = await refreshOnce(test, thief.refresh_token)
  t.equal((await test.read(thief.token)).statusCode, 200)
  t.equal(await fetchStatus(test, owner.refresh_token), 401)
  t.equal(await fetchStatus(test, thief.refresh_token), 401)
  for (const { token } of [owner, thief]) t.equal((await test.read(token)).statusCode, 401)
})

t.test('R09 a token of another service on the same store is rejected, and revokes nothing', async (t) => {
  const ours = await makeApp({ tokens: { secret: 'the root secret of one service, 0123456789' } })
  const theirs = await makeApp({
    clock: ours.clock,
    storeSpy: ours.storeSpy,
    tokens: { secret: 'the root secret of another, 0123456789', audience: 'another' }
  })
  const first = await ours.signIn()
  ours.storeSpy.calls.length = 0
  t.equal(await fetchStatus(theirs, first.refresh_token), 401)
  t.equal((await theirs.signOut({ refresh: first.refresh_token })).statusCode, 401)
  t.strictSame(ours.storeSpy.calls, [])
  t.equal(await fetchStatus(ours, first.refresh_token), 200)
})

type Revoke = (test: TestApp, pair: TokenResponse) => Promise<unknown>
const sub = ({ token }: TokenResponse) => decodeClaims(token).sub as string
const sid = ({ token }: TokenResponse) => decodeClaims(token).sid as string

const REVOCATIONS: Record<string, Revoke> = {
  'R10 after a log-out by access token': ({ signOut }, { token }) => signOut({ token }),
  'R10 after a log-out by refresh token': ({ signOut }, pair) => signOut({ refresh: pair.refresh_token }),
  'R11 after all logins of the user were revoked, as for a user who is disabled or removed': (
    { logins },
    pair
  ) => logins.revokeUser(sub(pair)),
  'R11 after the others were revoked, as when a password was changed elsewhere': async (test, pair) =>
    test.logins.revokeUser(sub(pair), { except: sid(await test.signIn()) }),
  'R12 after the login was revoked': ({ app }, pair) => app.tokenAuth.revoke(sid(pair)),
  'R12 after a reuse': async (test, pair) => {
    await refreshOnce(test, pair.refresh_token)
    test.clock.now += GRACE_MS
    await test.refresh(pair.refresh_token)
  }
}

for (const [when, end] of Object.entries(REVOCATIONS)) {
  t.test(`${when} no refresh token of it is good`, async (t) => {
    const test = await makeApp()
    const first = await test.signIn()
    const second = await refreshOnce(test, first.refresh_token)
    const other = await test.signIn('bob')
    await end(test, second)
    for (const { refresh_token: token } of [second, first]) {
      const answer = await test.refresh(token)
      t.equal(answer.statusCode, 401)
      t.strictSame(answer.json(), UNAUTHORIZED)
    }
    t.equal(await test.logins.resolve(sid(first)), null)
    t.equal(await fetchStatus(test, other.refresh_token), 200, 'that of another user is')
  })
}

t.test('R13 no wider scope can be requested, and such a request does not use up the token', async (t) => {
  const test = await makeApp({ logins: { getClaims: () => ({ scopes: ['read'] }) } })
  const first = await test.signIn()
  for (const more of [
    { scope: 'read admin' },
    { scope: 'read' },
    { audience: 'another' },
    { resource: 'https://api.example' },
    { grant_type: 'refresh_token' },
    { client_id: 'x' }
  ]) {
    const payload = { refresh_token: first.refresh_token, ...more }
    const answer = await test.app.inject({ method: 'POST', url: '/token/refresh', payload })
    t.equal(answer.statusCode, 400, JSON.stringify(more))
  }
  const second = await refreshOnce(test, first.refresh_token)
  for (const name of ['scope', 'aud', 'sub', 'sid', 'auth_time', 'login_exp'])
    t.strictSame(decodeClaims(second.token)[name], decodeClaims(first.token)[name], name)
  const record = await test.logins.resolve(sid(first))
  t.equal(record?.refresh?.generation, 1, 'and it was the first to use it')
})

t.test('R15 a malformed refresh token is rejected without asking the store', async (t) => {
  const test = await makeApp()
  const { token, refresh_token: good } = await test.signIn()
  const texts = ['x', 'drbr_', token, sid({ token } as TokenResponse), good.slice(0, -1), good.slice(5)]
  const longer = [
    `${good}A`,
    ` ${good}`,
    `${good}\0`,
    good.toUpperCase(),
    'x'.repeat(10_000),
    'a\0b',
    '\u{1f600}'
  ]
  const cases: ReadonlyArray<readonly [number, readonly unknown[]]> = [
    [401, [...texts, ...longer]],
    [400, ['', 1, true, null, undefined, [], [good], {}, { refresh_token: good }]],
    [413, ['x'.repeat(20_000)]]
  ]
  test.storeSpy.calls.length = 0
  for (const [status, shown] of cases) {
    for (const value of shown)
      t.equal(await fetchStatus(test, value), status, JSON.stringify(value)?.slice(0, 60))
  }
  t.strictSame(test.storeSpy.calls, [])
  t.equal(await fetchStatus(test, good), 200)
})

t.test('R16 a refresh token in a cookie is ignored, so that no other site can have one used', async (t) => {
  const test = await makeApp()
  const first = await test.signIn()
  const headers = {
    cookie: `refresh_token=${first.refresh_token}; drbr=${first.refresh_token}`,
    origin: 'https://evil.example',
    'sec-fetch-site': 'cross-site'
  }
  for (const payload of [{}, undefined]) {
    const answer = await test.app.inject({
      method: 'POST',
      url: '/token/refresh',
      headers,
      ...(payload && { payload })
    })
    t.equal(answer.statusCode, 400)
    t.equal(answer.headers['set-cookie'], undefined)
  }
  t.equal((await test.logins.resolve(sid(first)))?.refresh?.generation, 0)
})

t.test('R17 only a POST with the token in its body refreshes', async (t) => {
  const test = await makeApp()
  const first = await test.signIn()
  const query = { refresh_token: first.refresh_token }
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'] as const) {
    const answer = await test.app.inject({ method, url: '/token/refresh', query, payload: query })
    t.equal(answer.statusCode, 404, method)
  }
  const byQuery = { method: 'POST', url: '/token/refresh', query, payload: {} } as const
  t.equal((await test.app.inject(byQuery)).statusCode, 400)
  t.equal((await test.logins.resolve(sid(first)))?.refresh?.generation, 0)
})

t.test('R22 a refresh while the signing key changes: the new key signs, both verify', async (t) => {
  const [old, next] = [generateSigningKey('EdDSA'), generateSigningKey('ES256')]
  const secret = 'a root secret of its own, 0123456789'
  const before = await makeApp({ keys: [old, next], tokens: { secret } })
  const { clock, storeSpy } = before
  const after = await makeApp({ keys: [next, old], clock, storeSpy, tokens: { secret } })
  const first = await before.signIn()
  const second = await refreshOnce(after, first.refresh_token)
  t.strictSame([decodeHeader(first.token).kid, decodeHeader(second.token).kid], [old.kid, next.kid])
  for (const node of [before, after]) {
    for (const { token } of [first, second]) t.equal((await node.read(token)).statusCode, 200)
  }
})

t.test('R23 log-out by a refresh token is idempotent, and revokes no login of another user', async (t) => {
  const test = await makeApp()
  const [ada, bob] = [await test.signIn(), await test.signIn('bob')]
  const forged = Buffer.from(ada.refresh_token.slice(5), 'base64url').fill(7, 25, 57).toString('base64url')
  t.equal(
    (await test.signOut({ refresh: `drbr_${forged}` })).statusCode,
    401,
    'with a secret that was guessed'
  )
  t.equal((await test.signOut({ token: bob.token, refresh: ada.refresh_token })).statusCode, 400)
  for (const { token } of [ada, bob]) t.equal((await test.read(token)).statusCode, 200, 'neither is revoked')
  for (const _ of [1, 2]) {
    const answer = await test.signOut({ refresh: ada.refresh_token })
    t.equal(answer.statusCode, 200)
    t.strictSame(answer.json(), { message: 'Logged out' })
  }
  t.equal((await test.read(ada.token)).statusCode, 401)
  t.equal((await test.read(bob.token)).statusCode, 200)
})

/** What a thief of the root secret can sign, knowing what a loginId and the options of a service are. */
const SECRET = 'a root secret that is stolen, 0123456789'
const INSTANCE = createHash('sha256').update('["drawbridge","drawbridge"]').digest('base64url')
const stolen = new RefreshTokenFormat([SECRET], INSTANCE)
const [FIRST_AHEAD, LAST_GENERATION] = [2, 4_294_967_295]

t.test(
  'R24 M1: a stolen root secret and a public loginId make no token that is valid, or that revokes',
  async (t) => {
    const test = await makeApp({ tokens: { secret: SECRET } })
    const first = await test.signIn()
    const second = await refreshOnce(test, first.refresh_token)
    const parts = stolen.read(second.refresh_token)
    t.match(parts, { loginId: sid(first), generation: 1 }, 'the thief knows the format and the keys')
    const { familyHash = '' } = (await test.logins.resolve(sid(first)))?.refresh ?? {}
    const families = {
      guessed: newRandom(),
      'what a dump of the store has': Buffer.from(familyHash, 'base64url')
    }
    for (const [what, family] of Object.entries(families)) {
      for (const generation of [0, 1, FIRST_AHEAD, 1000, LAST_GENERATION - 1, LAST_GENERATION]) {
        const token = stolen.write({ loginId: sid(first), generation, family, secret: newRandom() })
        t.equal(await fetchStatus(test, token), 401, `${what}, generation ${generation}`)
        t.equal((await test.signOut({ refresh: token })).statusCode, 401, `${what}: log-out`)
      }
    }
    t.equal((await test.read(second.token)).statusCode, 200, 'the login is active')
    t.equal(await fetchStatus(test, second.refresh_token), 200, 'and its owner refreshes')
  }
)

t.test('R24 M1: nor does it with a login of another carrier, or with one that is pending', async (t) => {
  const test = await makeApp({ tokens: { secret: SECRET } })
  const device = { userAgent: '', address: '' }
  const user = { id: 'u7', username: 'ada' }
  const limits = { idleTimeoutSeconds: 0, absoluteTimeoutSeconds: 600 }
  for (const credential of [{ session: { secretHash: 'x'.repeat(43) } }, {}]) {
    const login = await test.logins.create({ user, device, ...limits, ...credential })
    const token = stolen.write({ loginId: login.id, generation: 0, family: newRandom(), secret: newRandom() })
    t.equal(await fetchStatus(test, token), 401)
    t.equal((await test.signOut({ refresh: token })).statusCode, 401)
    t.not(await test.storeSpy.store.find(login.id), null)
  }
})

t.test('R25 M1: a token of the last generation is rejected, and never a 500', async (t) => {
  const test = await makeApp({ tokens: { secret: SECRET } })
  const first = await test.signIn()
  const own = stolen.read(first.refresh_token)
  if (own === null) throw new Error('not of the instance')
  const last = stolen.write({ ...own, generation: LAST_GENERATION, secret: newRandom() })
  t.equal(await fetchStatus(test, last), 401)
  t.equal((await test.read(first.token)).statusCode, 200, 'which revokes nothing')
  const before = stolen.write({ ...own, generation: LAST_GENERATION - 1, secret: newRandom() })
  const renewal = await refreshOnce(test, before)
  t.equal(await fetchStatus(test, renewal.refresh_token), 401, 'where the store has come so far')
})

t.test(
  'R26 H3: a token of one instance is rejected by another with the same logins and secret',
  async (t) => {
    const shop = await makeApp({ tokens: { secret: SECRET, audience: 'shop' } })
    const { clock, storeSpy, keys } = shop
    const others = [{ audience: 'admin' }, { audience: 'shop', issuer: 'admin' }, { issuer: 'shop' }]
    const first = await shop.signIn()
    for (const other of others) {
      const admin = await makeApp({ clock, storeSpy, keys, tokens: { secret: SECRET, ...other } })
      storeSpy.calls.length = 0
      t.equal(await fetchStatus(admin, first.refresh_token), 401)
      t.equal((await admin.signOut({ refresh: first.refresh_token })).statusCode, 401)
      t.strictSame(storeSpy.calls, [])
    }
    t.equal(await fetchStatus(shop, first.refresh_token), 200)
  }
)

t.test('R26 H3: issuer and audience may have their maximum length', async (t) => {
  const [issuer, audience] = ['\u0001'.repeat(255), '名'.repeat(255)]
  const test = await makeApp({ tokens: { secret: SECRET, issuer, audience } })
  t.equal(await fetchStatus(test, (await test.signIn()).refresh_token), 200)
})

t.test(
  'R19 where the store has lost the login its tokens are rejected, and it is not created again',
  async (t) => {
    const secret = 'a root secret of its own, 0123456789'
    const before = await makeApp({ tokens: { secret } })
    const first = await before.signIn()
    const second = await refreshOnce(before, first.refresh_token)
    const emptied = await makeApp({ clock: before.clock, keys: before.keys, tokens: { secret } })
    for (const { refresh_token: token } of [second, first, second]) {
      const answer = await emptied.refresh(token)
      t.equal(answer.statusCode, 401)
      t.strictSame(answer.json(), UNAUTHORIZED)
    }
    t.strictSame(await emptied.logins.listByUser(sub(first)), [])
    const login = {
      method: 'POST',
      url: '/token/login',
      payload: { username: 'ada', password: PASSWORD }
    } as const
    t.equal((await emptied.app.inject(login)).statusCode, 200, 'a sign-in does')
  }
)
