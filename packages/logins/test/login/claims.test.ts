import { OptionError } from '@drawbridge/options'
import { inspect } from 'node:util'
import t from 'tap'
import type { Claims, ClaimsInput, GetClaims } from '../../src/login/claims.ts'
import { newLoginInput, setUp } from '../logins-under-test.ts'

const cycle: Record<string, unknown> = { name: 'acme' }
cycle.itself = { again: cycle }

const WRONG: readonly (readonly [what: string, give: () => unknown, message: RegExp])[] = [
  ['a BigInt', () => ({ quota: 1n }), /logins\.getClaims\(\)\.quota must be JSON, got a bigint/],
  [
    'a cycle',
    () => ({ tenant: cycle }),
    /logins\.getClaims\(\)\.tenant\.itself\.again must be JSON, got a part of itself/
  ],
  ['a function', () => ({ can: () => true }), /logins\.getClaims\(\)\.can must be JSON, got a function/],
  ['a function in a list', () => ({ can: [1, () => true] }), /can\[1\] must be JSON, got a function/],
  ['a symbol', () => ({ kind: Symbol('x') }), /kind must be JSON, got a symbol/],
  ['not a number', () => ({ share: NaN }), /share must be JSON, got a number/],
  ['a Map', () => ({ roles: new Map() }), /roles must be JSON, got an instance of Map/],
  ['a Date', () => ({ born: new Date(0) }), /born must be JSON, got an instance of Date/],
  ['a promise in it', () => ({ tenant: Promise.resolve('acme') }), /tenant must be JSON, got a promise/],
  ['a string', () => 'acme', /logins\.getClaims\(\) must be an object, got a string/],
  ['a list', () => ['acme'], /logins\.getClaims\(\) must be an object, got a list/]
]

t.test('M11: claims that are not JSON are rejected when the login is made', async (t) => {
  for (const [what, give, message] of WRONG)
    for (const getClaims of [give, async () => give()] as GetClaims[]) {
      const { logins, spy } = setUp({ getClaims })
      await t.rejects(logins.create(newLoginInput()), { code: 'DRAWBRIDGE_OPTION', message }, what)
      t.same(spy.calls, [], `${what}: nothing is written`)
    }
})

t.test('M11: a getter that throws is named, and its error is the cause', async (t) => {
  const fault = new Error('the directory is closed')
  const get = () => {
    throw fault
  }
  const getClaims = () => Object.defineProperty({}, 'tenant', { enumerable: true, get })
  const error: unknown = await setUp({ getClaims })
    .logins.create(newLoginInput())
    .catch((error: unknown) => error)
  t.ok(error instanceof OptionError)
  t.match(error, { message: 'logins.getClaims().tenant threw an error', cause: fault })
})

t.test('a hook that fails is an outage, at a sign-in before anything is written', async (t) => {
  const fault = Object.assign(new Error('the directory is closed'), { parameters: ['secret'] })
  const failing: GetClaims[] = [
    () => {
      throw fault
    },
    async () => Promise.reject(fault)
  ]
  for (const getClaims of failing) {
    const { logins, spy } = setUp({ getClaims })
    const error: unknown = await logins.create(newLoginInput()).catch((error: unknown) => error)
    t.match(error, {
      code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE',
      statusCode: 503,
      headers: { 'retry-after': '1' },
      message: 'Service Unavailable',
      cause: { message: 'logins.getClaims failed', cause: { message: 'the directory is closed' } }
    })
    t.notMatch(inspect(error, { depth: Infinity }), 'secret')
    t.same(spy.calls, [])
  }
})

t.test('a hook that does not answer is an outage after claimsTimeoutMs', async (t) => {
  const keepAlive = setInterval(() => {}, 1000)
  t.teardown(() => clearInterval(keepAlive))
  const { logins, spy } = setUp({ getClaims: () => new Promise(() => {}), claimsTimeoutMs: 10 })
  await t.rejects(logins.create(newLoginInput()), {
    code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE',
    cause: { cause: { message: 'no reply within 10 ms' } }
  })
  t.same(spy.calls, [])
})

t.test('an error with a status code is the service’s own answer, and passes as it is', async (t) => {
  const locked = Object.assign(new Error('locked'), { statusCode: 403 })
  const { logins, spy } = setUp({ getClaims: async () => Promise.reject(locked) })
  t.equal(await logins.create(newLoginInput()).catch((error: unknown) => error), locked)
  t.same(spy.calls, [])
  for (const statusCode of [200, 99, 600, '403', null, 403.5]) {
    const error = Object.assign(new Error('odd'), { statusCode })
    const odd = setUp({ getClaims: async () => Promise.reject(error) })
    await t.rejects(odd.logins.create(newLoginInput()), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  }
})

t.test('without getClaims the claims are those of the login, and there is no promise', async (t) => {
  const { logins } = setUp()
  const login = await logins.create(newLoginInput())
  for (const [scopes, granted] of [
    [null, []],
    [['read'], ['read']]
  ] as const)
    t.same(logins.withClaims({ ...login, scopes }), {
      ...login,
      scopes,
      claims: { scopes: granted, extension: {} }
    })
})

t.test('undefined members are left out, and the rest is copied', async (t) => {
  const roles = ['reader']
  const { logins } = setUp({
    getClaims: () => ({ tenant: undefined, roles, none: null }) as unknown as Claims
  })
  const login = await logins.withClaims(await logins.create(newLoginInput()))
  const principal = logins.toPrincipal(login, 'session') as unknown as { roles: string[] }
  roles.push('admin')
  t.notOk('tenant' in principal)
  t.match(principal, { roles: ['reader'], none: null })
  for (const nothing of [undefined, null]) {
    const { logins: other } = setUp({ getClaims: () => nothing as unknown as Claims })
    t.same((await other.withClaims(login)).claims, { scopes: ['read'], extension: {} })
  }
})

const SCOPES: ReadonlyArray<
  readonly [
    what: string,
    atSignIn: readonly string[] | undefined,
    given: readonly string[] | undefined,
    has: readonly string[]
  ]
> = [
  ['neither says anything', undefined, undefined, []],
  ['only the sign-in does', ['read'], undefined, ['read']],
  ['only the hook does', undefined, ['read', 'admin'], ['read', 'admin']],
  ['the sign-in asked for less', ['read'], ['read', 'admin'], ['read']],
  ['the hook gives less', ['read', 'admin'], ['read'], ['read']],
  ['the sign-in asked for none', [], ['read'], []],
  ['the hook gives none', ['read'], [], []],
  ['they have nothing in common', ['write'], ['read'], []]
]

t.test('scopes are those of the hook, and never one that the sign-in did not ask for', async (t) => {
  for (const [what, atSignIn, given, has] of SCOPES) {
    const { logins } = setUp({ getClaims: () => ({ scopes: given }) })
    const { scopes: _, ...rest } = newLoginInput()
    const { id } = await logins.create(atSignIn === undefined ? rest : { ...rest, scopes: atSignIn })
    const login = await logins.resolve(id)
    if (login === null) return t.fail('the login is active')
    t.same(login.scopes, atSignIn ?? null, `${what}: the record has what was asked for`)
    const principal = logins.toPrincipal(await logins.withClaims(login), 'session')
    t.strictSame(principal.scopes, has, what)
    t.ok(Object.isFrozen(principal.scopes))
  }
})

t.test('a scope of the hook that is none is an error that names it', async (t) => {
  for (const [scopes, message] of [
    [
      ['read', 'a b'],
      'logins.getClaims().scopes[1] must be a scope as RFC 6749 section 3.3 has it, got "a b"'
    ],
    ['admin', 'logins.getClaims().scopes must be a list of scopes, got a string'],
    [null, 'logins.getClaims().scopes must be a list of scopes, got null']
  ] as const) {
    const { logins, spy } = setUp({ getClaims: () => ({ scopes }) as Claims })
    await t.rejects(logins.create(newLoginInput()), { code: 'DRAWBRIDGE_OPTION', message })
    t.same(spy.calls, [])
  }
})

t.test('the hook is asked with what the login is, and not about a pending one', async (t) => {
  const given: ClaimsInput[] = []
  const { logins } = setUp({ getClaims: async (login) => (given.push(login), {}) })
  const { session: _, refresh: __, scopes: ___, ...pending } = newLoginInput()
  await logins.create(pending)
  t.same(given, [])
  const login = await logins.create(newLoginInput({ data: { tenant: 't1' } }))
  const { session, refresh, key, ...visible } = login
  t.ok(session && refresh)
  t.equal(key, null)
  t.strictSame(given, [{ ...visible, carriers: ['session', 'token'] }])
  t.same(given[0]?.data, { tenant: 't1' })
})
