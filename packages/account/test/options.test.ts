import { bridge } from '@drawbridge/bridge'
import { createCredentials, createMemoryUserStore, type UserStore } from '@drawbridge/credentials'
import { keyAuth } from '@drawbridge/key-auth'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import t from 'tap'
import { account, type AccountOptions } from '../src/index.ts'

const secret = 'a root secret for tests, 0123456789'

/** The application with the account, or what its registration rejects with. */
async function register(
  options?: AccountOptions,
  users: UserStore = createMemoryUserStore(),
  hasKeys = false
) {
  const app = Fastify()
  const credentials = createCredentials({ users, hashing: { memoryKiB: 1024, passes: 1 } })
  const logins = createLogins({ store: createMemoryLoginStore() })
  await app.register(sessionAuth, { credentials, logins, secret })
  await app.register(tokenAuth, { credentials, logins, keys: [generateSigningKey()] })
  if (hasKeys) await app.register(keyAuth, { logins, secret })
  await app.register(bridge)
  await app.register(account, options ?? {})
  await app.ready()
  return app
}

const ROUTES = [
  ['GET', '/logins'],
  ['DELETE', '/logins/:id'],
  ['POST', '/logins/revoke-others'],
  ['POST', '/password'],
  ['POST', '/reauthenticate'],
  ['POST', '/register'],
  ['POST', '/password/forgot'],
  ['POST', '/password/reset'],
  ['POST', '/verify'],
  ['GET', '/tokens'],
  ['POST', '/tokens'],
  ['DELETE', '/tokens/:id'],
  ['DELETE', '']
] as const

async function listRoutes(options?: AccountOptions, prefix = '/account'): Promise<readonly string[]> {
  const app = await register(options)
  return ROUTES.filter(([method, path]) => app.hasRoute({ method, url: prefix + path })).map(
    ([method, path]) => `${method} ${path}`
  )
}

const OWN_LOGINS = ['GET /logins', 'DELETE /logins/:id', 'POST /logins/revoke-others']

t.test('only the routes of the own logins are there by default, and all others by name', async (t) => {
  t.same(await listRoutes(), OWN_LOGINS)
  t.same(await listRoutes({ routes: true }), OWN_LOGINS)
  t.same(await listRoutes({ routes: {} }), OWN_LOGINS)
  t.same(await listRoutes({ routes: false }), [])
  t.same(await listRoutes({ routes: { logins: false, changePassword: true } }), ['POST /password'])
  t.same(await listRoutes({ routes: { deleteAccount: true } }), [...OWN_LOGINS, 'DELETE '])
  const moved = { prefix: '/me', routes: { logins: '/devices', deleteAccount: '/delete' } } as const
  t.same(await listRoutes(moved, '/me'), [])
  const app = await register(moved)
  t.ok(app.hasRoute({ method: 'GET', url: '/me/devices' }))
  t.ok(app.hasRoute({ method: 'DELETE', url: '/me/devices/:id' }))
  t.ok(app.hasRoute({ method: 'DELETE', url: '/me/delete' }))
})

const verification = { findPending: () => null, onVerified: () => {} }
const sent = () => {}

t.test('what a route needs is checked at boot, and named', async (t) => {
  const { findByUsernameKey, findById, insert, replacePasswordHash, ping } = createMemoryUserStore()
  const bare: UserStore = { findByUsernameKey, findById, insert, replacePasswordHash, ping }
  for (const [options, message, users] of [
    [
      { routes: { forgotPassword: true } },
      'account.routes.forgotPassword needs account.secret, account.sendReset'
    ],
    [{ routes: { forgotPassword: true }, secret }, 'account.routes.forgotPassword needs account.sendReset'],
    [{ routes: { resetPassword: true } }, 'account.routes.resetPassword needs account.secret'],
    [{ routes: { verify: true }, secret }, 'account.routes.verify needs account.verification'],
    [
      { routes: { register: true }, registration: 'verified' },
      'account.routes.register needs account.secret, account.verification, account.sendVerification'
    ],
    [
      { routes: { register: true }, registration: 'verified', secret, verification, sendVerification: sent },
      'account.routes.register needs credentials with enable',
      bare
    ],
    [{ routes: { deleteAccount: true } }, 'account.routes.deleteAccount needs credentials with remove', bare]
  ] as readonly (readonly [AccountOptions, string, UserStore?])[])
    await t.rejects(register(options, users), { code: 'DRAWBRIDGE_OPTION', message }, message)
  await t.resolves(register({ routes: { register: true } }, bare), 'and nothing that no route needs')
  await t.rejects(register({ routes: { tokens: true } }), {
    code: 'DRAWBRIDGE_OPTION',
    message:
      'account.routes.tokens needs @drawbridge/key-auth: register it before the bridge, in the same scope or above'
  })
  const app = await register({ routes: { logins: false, tokens: '/keys' } }, bare, true)
  for (const method of ['GET', 'POST']) t.ok(app.hasRoute({ method, url: '/account/keys' }))
  t.ok(app.hasRoute({ method: 'DELETE', url: '/account/keys/:id' }))
})

t.test('a wrong option is an error that names it', async (t) => {
  for (const [options, message] of [
    [{ routes: { logins: '/a/:b' } }, 'account.routes.logins must be true, false or a path like "/login"'],
    [
      { routes: { register: '/password/forgot', forgotPassword: true } },
      'account.routes must have another path'
    ],
    [{ routes: { registr: true } }, 'account.routes.registr'],
    [{ prefix: 'account' }, 'account.prefix must be empty or a path like "/account"'],
    [{ secret: 'short' }, /account\.secret must be .*value omitted/],
    [{ tokenTtlSeconds: 59 }, 'account.tokenTtlSeconds must be a whole number from 60 to 86400'],
    [{ registration: 'closed' }, 'account.registration must be "open" or "verified"'],
    [{ verification: { findPending: sent } }, 'account.verification must be { findPending, onVerified }'],
    [{ throttle: true }, 'account.throttle'],
    [{ keepOthers: 'yes' }, 'account.keepOthers must be true or false'],
    [
      { createTokenMaxAgeSeconds: 0 },
      'account.createTokenMaxAgeSeconds must be a whole number from 1 to 86400'
    ],
    [{ createTokenMaxAgeSeconds: true }, 'account.createTokenMaxAgeSeconds'],
    [{ throttle: { requestsPerAccount: 0 } }, 'account.throttle.requestsPerAccount must be a whole number'],
    [{ throttle: { limiters: {} } }, 'account.throttle.limiters must be { createLimiter }'],
    [{ sendMail: sent }, 'account.sendMail']
  ] as const)
    await t.rejects(register(options as never), { code: 'DRAWBRIDGE_OPTION', message }, String(message))
})

t.test('without the bridge there is nothing to stand on', async (t) => {
  const app = Fastify()
  app.register(account)
  await t.rejects(async () => app.ready(), {
    code: 'DRAWBRIDGE_OPTION',
    message: /account needs @drawbridge\/bridge/
  })
})

t.test('a method whose options are missing is a fault of the service', async (t) => {
  const app = await register({ routes: false })
  const request = {} as never
  for (const method of ['forgotPassword', 'resetPassword', 'verify'] as const)
    await t.rejects(async () => void (await app.account[method](request, {})), {
      code: 'DRAWBRIDGE_OPTION',
      message: new RegExp(`account\\.${method} needs account\\.secret`)
    })
  for (const call of [
    async () => void (await app.account.listTokens(request)),
    async () => void (await app.account.createToken(request, {} as never, {})),
    async () => app.account.revokeToken(request, 'a')
  ])
    await t.rejects(call, { code: 'DRAWBRIDGE_OPTION', message: /Tokens? needs @drawbridge\/key-auth/ })
})

t.test('a rename needs a store of users that can', async (t) => {
  const { findByUsernameKey, findById, insert, replacePasswordHash, ping } = createMemoryUserStore()
  const app = await register({}, { findByUsernameKey, findById, insert, replacePasswordHash, ping })
  await t.rejects(async () => void (await app.account.rename({} as never, {})), {
    code: 'DRAWBRIDGE_OPTION',
    message: 'account.rename needs credentials with rename'
  })
})
