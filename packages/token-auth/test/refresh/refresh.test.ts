import type { Claims } from '@drawbridge/logins'
import t from 'tap'
import type { TokenResponse } from '../../src/index.ts'
import { decodeClaims, makeApp, type TestApp } from '../make-app.ts'
import { STORES } from '../stores.ts'

const GRACE_MS = 10_000

const fetchStatus = async ({ refresh }: TestApp, token: string) => (await refresh(token)).statusCode

/** What `getClaims` may do at a refresh that it did not at the sign-in. */
const FAULTS: Record<string, () => Claims | Promise<Claims>> = {
  throws: () => {
    throw new Error('the directory is down')
  },
  rejects: async () => Promise.reject(new Error('the directory is down')),
  'is too long': () => ({ note: 'x'.repeat(20_000) }) as Claims,
  'has a BigInt': () => ({ count: 1n }) as Claims,
  'has a cycle': () => {
    const loop: Record<string, unknown> = {}
    return Object.assign(loop, { loop }) as Claims
  }
}

/** A value that no token can carry is a fault of the service; the rest is an outage of its table. */
const OUTAGES: ReadonlySet<string> = new Set(['throws', 'rejects'])

for (const [name, open] of Object.entries(STORES)) {
  for (const [what, fault] of Object.entries(FAULTS)) {
    t.test(`T03 ${name}: where getClaims ${what} at a refresh, no token is used up`, async (t) => {
      let claims = (): Claims | Promise<Claims> => ({ tenant: 't1' }) as Claims
      const test = await makeApp({ ...open(t), logins: { getClaims: () => claims() } })
      const first = await test.signIn()
      claims = fault
      for (let again = 0; again < 3; again += 1) {
        t.equal(await fetchStatus(test, first.refresh_token), OUTAGES.has(what) ? 503 : 500)
        test.clock.now += GRACE_MS
      }
      claims = () => ({ tenant: 't2' }) as Claims
      const answer = await test.refresh(first.refresh_token)
      t.equal(answer.statusCode, 200, 'the repeat is no theft, though it comes after the window')
      const second = answer.json<TokenResponse>()
      t.strictSame(decodeClaims(second.token).ext, { tenant: 't2' })
      t.equal(await fetchStatus(test, second.refresh_token), 200, 'and it was one rotation')
    })
  }

  t.test(`T03 ${name}: a reused token revokes its login, whatever getClaims does`, async (t) => {
    let claims = (): Claims | Promise<Claims> => ({})
    const test = await makeApp({ ...open(t), logins: { getClaims: () => claims() } })
    const first = await test.signIn()
    t.equal(await fetchStatus(test, first.refresh_token), 200)
    test.clock.now += GRACE_MS
    claims = () => {
      throw new Error('the directory is down')
    }
    t.equal(await fetchStatus(test, first.refresh_token), 401)
    t.equal(await test.logins.resolve(decodeClaims(first.token).sid as string), null)
  })

  t.test(
    `T26 ${name}: a refresh in a login's last second is 401, and no token is expired on arrival`,
    async (t) => {
      const test = await makeApp({
        ...open(t),
        tokens: { refreshAbsoluteTimeoutSeconds: 3, refreshIdleTimeoutSeconds: 0 }
      })
      test.clock.now += 500
      let token = (await test.signIn()).refresh_token
      const seen: Array<number | undefined> = []
      for (let at = 0; at < 30; at += 1) {
        const answer = await test.refresh(token)
        const { expires_in, refresh_token } = answer.json<Partial<TokenResponse>>()
        seen.push(answer.statusCode === 200 ? expires_in : undefined)
        token = refresh_token ?? token
        test.clock.now += 100
      }
      t.strictSame(
        seen,
        [
          ...Array.from({ length: 5 }, () => 3),
          ...Array.from({ length: 10 }, () => 2),
          ...Array.from({ length: 10 }, () => 1),
          ...Array.from({ length: 5 }, () => undefined)
        ],
        '401 while the login, which expires half a second into its last one, is still active'
      )
    }
  )
}

t.test('T26: a repeat in a login’s last second is 401 too', async (t) => {
  const test = await makeApp({ tokens: { refreshAbsoluteTimeoutSeconds: 3, refreshIdleTimeoutSeconds: 0 } })
  test.clock.now += 500
  const { refresh_token: token } = await test.signIn()
  test.clock.now += 2_400
  t.equal(await fetchStatus(test, token), 200)
  test.clock.now += 200
  t.equal(await fetchStatus(test, token), 401)
})

t.test('T26: a sign-in gives a token of one second, if its login has one left', async (t) => {
  const test = await makeApp({ tokens: { refreshAbsoluteTimeoutSeconds: 1 } })
  test.clock.now += 999
  t.equal((await test.signIn()).expires_in, 1)
})

t.test('a refresh is a read and a rotation of the store', async (t) => {
  const test = await makeApp()
  const { refresh_token: token } = await test.signIn()
  test.storeSpy.calls.length = 0
  await test.refresh(token)
  t.strictSame(test.storeSpy.calls, ['find', 'rotate'])
})
