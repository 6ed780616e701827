import { OptionError } from '@drawbridge/options'
import t from 'tap'
import type { ExtendPrincipal } from '../../src/login/principal.ts'
import { newLoginInput, setUp } from '../logins-under-test.ts'

const cycle: Record<string, unknown> = { name: 'acme' }
cycle.itself = { again: cycle }

const WRONG: readonly (readonly [what: string, give: () => unknown, message: RegExp])[] = [
  ['a BigInt', () => ({ quota: 1n }), /extendPrincipal\(\)\.quota must be JSON, got a bigint/],
  [
    'a cycle',
    () => ({ tenant: cycle }),
    /extendPrincipal\(\)\.tenant\.itself\.again must be JSON, got a part of itself/
  ],
  ['a function', () => ({ can: () => true }), /extendPrincipal\(\)\.can must be JSON, got a function/],
  ['a function in a list', () => ({ can: [1, () => true] }), /can\[1\] must be JSON, got a function/],
  ['a symbol', () => ({ kind: Symbol('x') }), /kind must be JSON, got a symbol/],
  ['not a number', () => ({ share: NaN }), /share must be JSON, got a number/],
  ['a Map', () => ({ roles: new Map() }), /roles must be JSON, got an instance of Map/],
  ['a Date', () => ({ born: new Date(0) }), /born must be JSON, got an instance of Date/],
  ['a promise', async () => ({ tenant: 'acme' }), /got a promise: it must not be async/],
  ['a string', () => 'acme', /logins\.extendPrincipal must return an object, got a string/],
  ['a list', () => ['acme'], /logins\.extendPrincipal must return an object/]
]

t.test('M11: an extension that is not JSON is rejected when the login is made', async (t) => {
  for (const [what, give, message] of WRONG) {
    const { logins, spy } = setUp({ extendPrincipal: give as ExtendPrincipal })
    await t.rejects(logins.create(newLoginInput()), { code: 'DRAWBRIDGE_OPTION', message }, what)
    t.same(spy.calls, [], `${what}: nothing is written`)
  }
})

t.test('M11: an error of extendPrincipal is the cause of an error that names the option', async (t) => {
  const fault = new Error('the directory is closed')
  const throwing = () => {
    throw fault
  }
  const withGetter = () => Object.defineProperty({}, 'tenant', { enumerable: true, get: throwing })
  for (const extendPrincipal of [throwing, withGetter] as ExtendPrincipal[]) {
    const error: unknown = await setUp({ extendPrincipal })
      .logins.create(newLoginInput())
      .catch((error: unknown) => error)
    t.ok(error instanceof OptionError)
    t.match(error, { message: /logins\.extendPrincipal.* threw an error/, cause: fault })
    t.notMatch((error as Error).message, 'the directory')
  }
})

t.test('undefined members are left out, and the rest is copied', async (t) => {
  const roles = ['reader']
  const { logins } = setUp({ extendPrincipal: () => ({ tenant: undefined, roles, none: null }) })
  const login = await logins.create(newLoginInput())
  const principal = logins.toPrincipal(login, 'session') as unknown as { roles: string[] }
  roles.push('admin')
  t.notOk('tenant' in principal)
  t.match(principal, { roles: ['reader'], none: null })
  const nothing = setUp({ extendPrincipal: (() => undefined) as unknown as ExtendPrincipal })
  t.same(nothing.logins.toPrincipalExtension(login), {})
})
