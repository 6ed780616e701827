import t from 'tap'
import { generateSigningKey, type TokenResponse } from '../../src/index.ts'
import { decodeClaims, makeApp, type TestApp } from '../make-app.ts'
import { STORES } from '../stores.ts'

const SECRETS = ['the first root secret, 0123456789', 'the second root secret, 0123456789'] as const

async function refreshOnce({ refresh }: TestApp, token: string): Promise<TokenResponse> {
  const answer = await refresh(token)
  if (answer.statusCode !== 200) throw new Error(`refresh answered ${answer.statusCode}`)
  return answer.json<TokenResponse>()
}

const fetchStatus = async ({ refresh }: TestApp, token: string) => (await refresh(token)).statusCode

for (const [name, open] of Object.entries(STORES)) {
  t.test(`${name}: a hundred refreshes at once give one successor, for one rotation`, async (t) => {
    const test = await makeApp(open(t))
    const first = await test.signIn()
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => refreshOnce(test, first.refresh_token))
    )
    t.equal(new Set(answers.map(({ refresh_token }) => refresh_token)).size, 1)
    t.equal(
      new Set(answers.map(({ token }) => decodeClaims(token).jti)).size,
      100,
      'each has its own access token'
    )
    const login = await test.logins.resolve(decodeClaims(first.token).sid as string)
    t.equal(login?.refresh?.generation, 1)
    const next = await refreshOnce(test, answers[0]?.refresh_token ?? '')
    t.equal((await test.read(next.token)).statusCode, 200)
  })

  t.test(`R06 ${name}: a lost response can be requested again within the grace time`, async (t) => {
    const lines: string[] = []
    const test = await makeApp({
      ...open(t),
      server: { logger: { stream: { write: (line) => void lines.push(line) } } }
    })
    const { clock } = test
    const first = await test.signIn()
    const second = await refreshOnce(test, first.refresh_token)
    clock.now += 9_999
    const again = await refreshOnce(test, first.refresh_token)
    t.equal(again.refresh_token, second.refresh_token, 'the very same token')
    t.equal(decodeClaims(again.token).sid, decodeClaims(first.token).sid)
    t.equal((await test.read(again.token)).statusCode, 200)
    t.equal(await fetchStatus(test, second.refresh_token), 200, 'and the login goes on')
    t.notMatch(lines.join(''), /refresh_token_reused/)
  })

  t.test(`R02 ${name}: a replaced token presented after the grace time revokes its login`, async (t) => {
    const lines: string[] = []
    const test = await makeApp({
      ...open(t),
      server: { logger: { stream: { write: (line) => void lines.push(line) } } }
    })
    const first = await test.signIn()
    const other = await test.signIn()
    const second = await refreshOnce(test, first.refresh_token)
    test.clock.now += 10_000
    t.equal((await test.read(second.token)).statusCode, 200)
    t.equal(await fetchStatus(test, first.refresh_token), 401)
    for (const token of [first.token, second.token]) t.equal((await test.read(token)).statusCode, 401)
    t.equal(await fetchStatus(test, second.refresh_token), 401, 'the thief, or the owner, is out too')
    t.equal((await test.read(other.token)).statusCode, 200, 'other logins of the user are not')
    const events = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === 'refresh_token_reused')
    t.match(events, [
      { level: 40, loginId: decodeClaims(first.token).sid, userId: decodeClaims(first.token).sub }
    ])
    t.equal(events.length, 1)
    t.notOk(lines.join('').includes(first.refresh_token), 'no token is in the log')
  })

  t.test(`R04 R07 ${name}: the token before the last is reuse, within the grace time too`, async (t) => {
    const test = await makeApp(open(t))
    const first = await test.signIn()
    const second = await refreshOnce(test, first.refresh_token)
    const third = await refreshOnce(test, second.refresh_token)
    t.equal(await fetchStatus(test, first.refresh_token), 401)
    t.equal(await fetchStatus(test, third.refresh_token), 401)
    t.equal((await test.read(third.token)).statusCode, 401)
  })

  t.test(`R08 ${name}: without a grace time every second use is reuse`, async (t) => {
    const test = await makeApp({ ...open(t), tokens: { refreshGraceSeconds: 0 } })
    const first = await test.signIn()
    const statuses = await Promise.all(
      Array.from({ length: 5 }, () => fetchStatus(test, first.refresh_token))
    )
    t.equal(statuses.filter((status) => status === 200).length, 1)
    t.equal((await test.read(first.token)).statusCode, 401)
  })

  t.test(`R14 ${name}: refreshing extends a login, but not beyond its absolute end`, async (t) => {
    const test = await makeApp({
      ...open(t),
      logins: { touchIntervalSeconds: 1 },
      tokens: {
        accessTokenTtlSeconds: 60,
        refreshIdleTimeoutSeconds: 100,
        refreshAbsoluteTimeoutSeconds: 250
      }
    })
    let pair = await test.signIn()
    for (const _ of [1, 2, 3]) {
      test.clock.now += 80_000
      pair = await refreshOnce(test, pair.refresh_token)
    }
    t.equal(pair.expires_in, 10)
    test.clock.now += 10_000
    t.equal(await fetchStatus(test, pair.refresh_token), 401)

    const idle = await test.signIn()
    test.clock.now += 101_000
    t.equal(await fetchStatus(test, idle.refresh_token), 401)
  })

  t.test(
    `L18 ${name}: the idle limit is exact to the millisecond, whatever the touch interval`,
    async (t) => {
      const test = await makeApp({
        ...open(t),
        logins: { touchIntervalSeconds: 3600 },
        tokens: { accessTokenTtlSeconds: 3, refreshIdleTimeoutSeconds: 4 }
      })
      let pair = await test.signIn()
      test.clock.now += 3_999
      pair = await refreshOnce(test, pair.refresh_token)
      t.equal((await test.read(pair.token)).statusCode, 200)
      test.clock.now += 2_000
      t.equal((await test.read(pair.token)).statusCode, 200, 'a read is no use')
      test.clock.now += 2_000
      t.equal(await fetchStatus(test, pair.refresh_token), 401)
      t.equal((await test.read(pair.token)).statusCode, 401, 'and the access token has expired')
    }
  )

  t.test(`R20 ${name}: what the store has is of no use to a thief`, async (t) => {
    const store = open(t)
    const test = await makeApp(store)
    const first = await test.signIn()
    const second = await refreshOnce(test, first.refresh_token)
    const dump = await store.dump()
    t.match(dump, /"generation":1/)
    for (const token of [first, second]) {
      const bytes = Buffer.from(token.refresh_token.slice(5), 'base64url')
      for (const form of ['base64url', 'base64', 'hex', 'latin1'] as const) {
        t.notOk(dump.includes(bytes.subarray(25, 41).toString(form)), `family, ${form}`)
        t.notOk(dump.includes(bytes.subarray(41, 57).toString(form)), `secret, ${form}`)
      }
      t.notOk(dump.includes(token.refresh_token.slice(5, -24)))
    }
  })

  t.test(`${name}: two nodes with the root secrets in another order agree on one successor`, async (t) => {
    const store = open(t)
    const keys = [generateSigningKey()]
    const [one, two] = await Promise.all(
      [SECRETS, SECRETS.toReversed()].map((secret) => makeApp({ ...store, keys, tokens: { secret } }))
    )
    if (one === undefined || two === undefined) return
    const first = await one.signIn()
    const answers = await Promise.all(
      [one, two, one, two].map((node) => refreshOnce(node, first.refresh_token))
    )
    t.equal(new Set(answers.map(({ refresh_token }) => refresh_token)).size, 1)
    t.equal(await fetchStatus(two, answers[0]?.refresh_token ?? ''), 200)
  })
}

t.test('a forged token is rejected before the store is asked, and revokes nothing', async (t) => {
  const test = await makeApp()
  const first = await test.signIn()
  const bytes = Buffer.from(first.refresh_token.slice(5), 'base64url')
  test.storeSpy.calls.length = 0
  const forged = [0, 24, 30, 74].map((at) => {
    const other = Buffer.from(bytes)
    other.writeUInt8(other.readUInt8(at) ^ 1, at)
    return `drbr_${other.toString('base64url')}`
  })
  for (const token of forged) {
    t.equal(await fetchStatus(test, token), 401)
    t.equal((await test.signOut({ refresh: token })).statusCode, 401)
  }
  t.strictSame(test.storeSpy.calls, [])
  t.equal(await fetchStatus(test, first.refresh_token), 200)
})

t.test('a store that lost its newest writes logs nobody out', async (t) => {
  const ahead = await makeApp({ tokens: { secret: SECRETS } })
  const first = await ahead.signIn()
  const record = await ahead.logins.resolve(decodeClaims(first.token).sid as string)
  const second = await refreshOnce(ahead, (await refreshOnce(ahead, first.refresh_token)).refresh_token)

  const restored = await makeApp({ tokens: { secret: SECRETS } })
  if (record === null) throw new Error('no record')
  await restored.storeSpy.store.insert(record, 10)
  const third = await refreshOnce(restored, second.refresh_token)
  t.equal(await fetchStatus(restored, third.refresh_token), 200)
  t.equal(await fetchStatus(restored, first.refresh_token), 401, 'an old token still revokes it')
})

t.test('a successor that cannot be opened is rejected, and revokes nothing', async (t) => {
  const test = await makeApp()
  const first = await test.signIn()
  const second = await refreshOnce(test, first.refresh_token)
  const { store } = test.storeSpy
  const rotate = store.rotate.bind(store)
  t.intercept(test.logins, 'rotate', {
    value: async (loginId: string, rotation: Parameters<typeof rotate>[1]) => {
      const outcome = await rotate(loginId, rotation)
      if (outcome.kind !== 'repeated' || outcome.login.refresh === null) return outcome
      return { ...outcome, login: { ...outcome.login, refresh: { ...outcome.login.refresh, sealed: null } } }
    }
  })
  t.equal(await fetchStatus(test, first.refresh_token), 401)
  t.equal(await fetchStatus(test, second.refresh_token), 200)
})
