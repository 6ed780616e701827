import t from 'tap'
import { newLoginId } from '../src/login/login.ts'
import { newLoginInput, setUp } from './logins-under-test.ts'

const NO_LOGIN_IDS: readonly unknown[] = [
  '',
  'x',
  'x'.repeat(1_000_000),
  'a b',
  undefined,
  null,
  7,
  {},
  [newLoginId('user')]
]

t.test('M12: an invalid loginId revokes nothing, is not published and is not remembered', async (t) => {
  const { logins, spy } = setUp()
  for (const id of [
    ...NO_LOGIN_IDS,
    `${newLoginId('user')} ${newLoginId('user')}`,
    `${newLoginId('user')}\n`
  ])
    t.equal(await logins.revoke(id as string), false)
  t.same(spy.calls, [])
  t.equal(logins.health().revocationListSize, 0)
})

t.test('M12: with a userId given, a login of another user is neither revoked nor published', async (t) => {
  const { logins, spy } = setUp()
  const mine = await logins.create(newLoginInput())
  spy.calls.length = 0
  const others = ['user-2', '', undefined, null, { id: 'user-1' }] as string[]
  for (const userId of others) t.equal(await logins.revoke(mine.id, { userId }), false)
  t.notOk(spy.calls.includes('remove') || spy.calls.includes('publish'))
  t.equal(logins.localStatus(mine.id, mine.createdAt), 'active')
  t.ok(await logins.resolve(mine.id))
  t.equal(await logins.revoke(mine.id, { userId: 'user-1' }), true)
  t.equal(logins.localStatus(mine.id, mine.createdAt), 'revoked')
})

t.test(
  'M3: a misspelt option of revokeUser revokes nothing, rather than the login that it was meant to spare',
  async (t) => {
    const { logins } = setUp()
    const mine = await logins.create(newLoginInput())
    for (const options of [{ exept: mine.id }, { except: { id: mine.id } }])
      await t.rejects(logins.revokeUser('user-1', options as never), { code: 'DRAWBRIDGE_OPTION' })
    t.ok(await logins.resolve(mine.id))
  }
)

t.test(
  'M12: an id with the tag of one user and the record of another belongs to the user of the record',
  async (t) => {
    const { logins, store } = setUp()
    const { id: _, ...record } = await logins.create(newLoginInput())
    const disguised = newLoginId('user-2')
    await store.insert({ ...record, id: disguised }, 100)
    t.equal(await logins.revoke(disguised, { userId: 'user-2' }), false)
    t.ok(await logins.resolve(disguised))
  }
)

t.test(
  'M12: with a userId given, a revocation that failed on the feed is published when it is repeated',
  async (t) => {
    const { logins, spy, feed } = setUp()
    const login = await logins.create(newLoginInput())
    const heard: string[] = []
    feed.subscribe(({ loginId }) => heard.push(loginId))
    spy.down.add('publish')
    await t.rejects(logins.revoke(login.id, { userId: 'user-1' }))
    spy.down.clear()
    t.equal(await logins.revoke(login.id, { userId: 'user-1' }), false)
    t.same(heard, [login.id])
  }
)

t.test('M13: a list of devices has nothing by which a credential is verified', async (t) => {
  const { logins, clock } = setUp()
  const login = await logins.create(newLoginInput({ data: { cart: 'private' } }))
  const at = clock.now()
  t.strictSame(await logins.listByUser('user-1'), [
    {
      id: login.id,
      createdAt: at,
      authenticatedAt: at,
      expiresAt: at + 43_200_000,
      lastSeenAt: at,
      device: { userAgent: 'curl/8.5.0', address: '192.0.2.1' },
      carriers: ['session', 'token'],
      keyName: null,
      scopes: ['read']
    }
  ])
})

t.test('M13: getClaims gets nothing by which a credential is verified', async (t) => {
  const given: object[] = []
  const { logins } = setUp({ getClaims: (login) => (given.push(login), {}) })
  await logins.withClaims(await logins.create(newLoginInput()))
  t.ok(given.length > 0)
  for (const login of given) {
    t.match(login, { userId: 'user-1', data: {}, carriers: ['session', 'token'] })
    t.notOk('session' in login || 'refresh' in login)
  }
})

t.test('M11: an onError that throws, or rejects, is harmless', async (t) => {
  const bad: ReadonlyArray<(error: unknown) => unknown> = [
    () => {
      throw new Error('of the service')
    },
    async () => Promise.reject(new Error('of the service'))
  ]
  for (const onError of bad) {
    const { logins, spy, clock, store } = setUp({ onError: onError as (error: unknown) => void })
    const login = await logins.create(newLoginInput())
    clock.advance(60_000)
    const verified = {
      principal: logins.toPrincipal(await logins.withClaims(login), 'session'),
      validity: login
    }
    logins.remember(logins.openCache(), 'credential', verified)
    spy.down.add('touch')
    await t.resolves(logins.flushTouches())
    spy.down.clear()
    await logins.flushTouches()
    t.equal((await store.find(login.id))?.lastSeenAt, clock.now())
  }
})
