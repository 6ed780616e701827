import t from 'tap'
import { bootError } from './boot-error.ts'
import { openService, show } from './open-service.ts'

/* Faults of other libraries that are in no row of a table: they need many requests, or an option. */

t.test('CVE-2026-35039 two users in turn, a thousand times: no identity is mixed up', async (t) => {
  const service = await openService(t)
  const users = await Promise.all(
    ['ada', 'bob'].map(async (username) => ({ username, ...(await service.signIn(username)) }))
  )
  const mixedUp: string[] = []
  for (let at = 0; at < 1000; at += 20) {
    const asked = Array.from({ length: 20 }, (_, n) => users[(at + n) % 2]!)
    const answers = await Promise.all(asked.map(({ token }) => service.getMe(token)))
    for (const [n, { text }] of answers.entries()) {
      const { username } = asked[n]!
      if (!text.includes(`"username":"${username}"`)) mixedUp.push(`request ${at + n} of ${username}`)
    }
  }
  t.strictSame(mixedUp, [])
})

t.test('CVE-2026-35040 one token ten times, the same response', async (t) => {
  const service = await openService(t)
  for (const [token, status] of [
    [service.createValidToken(), 200],
    [service.makeToken({ payload: service.changeClaims({ iss: 'evil' }) }), 401],
    [service.withHeader({ typ: 'JWT' }), 401]
  ] as const) {
    const answers = []
    for (let at = 0; at < 10; at += 1) answers.push(await service.getMe(token))
    t.equal(answers[0]?.status, status)
    t.equal(new Set(answers.map(({ text }) => text)).size, 1)
  }
})

t.test(
  'CVE-2026-35041 CVE-2025-62610 issuer and audience are one string each, and always compared',
  async (t) => {
    for (const name of ['issuer', 'audience']) {
      for (const value of [
        /./,
        /^drawbridge$/g,
        ['drawbridge'],
        [],
        '',
        null,
        true,
        () => true,
        {},
        new String('x')
      ]) {
        t.match(await bootError({ [name]: value }), `tokenAuth.${name} must`, `${name} ${show(value)}`)
      }
    }
    for (const name of [
      'allowedIss',
      'allowedAud',
      'cache',
      'clockTolerance',
      'ignoreExpiration',
      'algorithms'
    ]) {
      t.match(await bootError({ [name]: true }), `tokenAuth.${name} is not an option`)
    }
    const service = await openService(t, { tokens: { issuer: 'a.c', audience: '.*' } })
    const asked = (changes: object) =>
      service.getMe(service.makeToken({ payload: service.changeClaims({ ...changes }) }))
    t.equal((await asked({ jti: 'x' })).status, 200, 'the control')
    t.equal((await asked({ iss: 'abc' })).status, 401, 'a dot is a dot')
    t.equal((await asked({ aud: 'anything' })).status, 401, 'a star is a star')
  }
)

t.test('GHSA-687g-22h4-j4w4 no clock skew disables exp', async (t) => {
  for (const value of [Infinity, -Infinity, Number.NaN, -1, 61, 300, 1e9, 0.5, '5', null, true]) {
    t.match(
      await bootError({ clockSkewSeconds: value }),
      'tokenAuth.clockSkewSeconds must be a whole number from 0 to 60'
    )
  }
  for (const clockSkewSeconds of [0, 60]) {
    const service = await openService(t, { tokens: { clockSkewSeconds } })
    const token = service.createValidToken()
    t.equal((await service.getMe(token)).status, 200)
    service.clock.now += 600_000
    t.equal((await service.getMe(token)).status, 401, `exp is exp with a skew of ${clockSkewSeconds}`)
  }
})

t.test('a token is valid for no longer than its lifetime, whatever is set', async (t) => {
  for (const value of [Infinity, Number.NaN, -1, 0, 3601, 1.5, '10m', null]) {
    t.match(
      await bootError({ accessTokenTtlSeconds: value }),
      'tokenAuth.accessTokenTtlSeconds must be a whole number'
    )
  }
})
