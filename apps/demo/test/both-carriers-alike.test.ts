import { createCredentials, createMemoryUserStore, seedUser } from '@drawbridge/credentials'
import {
  createLogins,
  createMemoryFeed,
  createMemoryLoginStore,
  type LoginsOptions,
  type Principal
} from '@drawbridge/logins'
import { type SessionAuthOptions, sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, type TokenResponse, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import t, { type Test } from 'tap'

const SECRET = 'a root secret that is long enough to be one'
const PASSWORD = 'correct horse battery staple'

interface Given {
  readonly credentials?: SessionAuthOptions['credentials']
  readonly getClaims?: unknown
  readonly snapshotSeconds?: number
}

/** A service with both carriers, and the errors in its log. */
async function buildService(t: Test, { getClaims, snapshotSeconds = 0, ...given }: Given) {
  const users = createMemoryUserStore()
  await seedUser(users, { username: 'ada', password: PASSWORD })
  const store = createMemoryLoginStore()
  const feed = { ...createMemoryFeed(), isShared: true }
  const logins = createLogins({
    store,
    feed,
    ...({ getClaims } as Pick<LoginsOptions, 'getClaims'>)
  })
  const log: Array<{ err?: { message: string } }> = []
  const app = Fastify({ logger: { stream: { write: (line: string) => void log.push(JSON.parse(line)) } } })
  t.teardown(() => app.close())
  const credentials = given.credentials ?? createCredentials({ users })
  const shared = { credentials, logins, secret: SECRET }
  await app.register(sessionAuth, { ...shared, snapshotSeconds })
  await app.register(tokenAuth, { ...shared, keys: [generateSigningKey()] })
  for (const carrier of ['session', 'token'] as const) {
    const { guard } = app[`${carrier}Auth`]
    app.get(`/${carrier}/me`, { onRequest: guard }, ({ principal }) => principal)
    app.get(`/${carrier}/spoil`, { onRequest: guard }, ({ principal }) => spoil(principal))
  }
  const logIn = (carrier: string) =>
    app.inject({ method: 'POST', url: `/${carrier}/login`, payload: { username: 'ada', password: PASSWORD } })
  const errors = () => log.flatMap(({ err }) => (err === undefined ? [] : [err.message]))
  return { app, logins, store, logIn, errors, userId: (await users.findByUsernameKey('ada'))?.id ?? '' }
}

/** The principal without `readonly`, as a JavaScript handler sees it. */
interface Writable {
  userId: string
  isAdmin?: boolean
  scopes: string[]
  acl: { level: number; roles: string[]; teams: [{ name: string }] }
}

type Write = (principal: Writable) => void

const WRITES: Record<string, Write> = {
  'a member': (principal) => void (principal.userId = 'another'),
  'a new member': (principal) => void (principal.isAdmin = true),
  'a scope': ({ scopes }) => void scopes.push('admin'),
  'a member of an extension': ({ acl }) => void (acl.level = 9),
  'a list in an extension': ({ acl }) => void acl.roles.push('admin'),
  'an object in a list of an extension': ({ acl }) => void (acl.teams[0].name = 'root')
}

/** The result of each write, by a handler that tries them all. */
function spoil(principal: Principal | null): Record<string, string> {
  const attempt = (write: Write) => {
    try {
      write(principal as unknown as Writable)
      return 'done'
    } catch (error) {
      return (error as Error).name
    }
  }
  return Object.fromEntries(Object.entries(WRITES).map(([what, write]) => [what, attempt(write)]))
}

for (const snapshotSeconds of [0, 120]) {
  const how = snapshotSeconds === 0 ? 'the store' : 'a snapshot'
  t.test(`L1: a handler cannot change the principal of another request, by ${how}`, async (t) => {
    const acl = { level: 1, roles: ['reader'], teams: [{ name: 'sales' }] }
    const { app, logIn } = await buildService(t, {
      snapshotSeconds,
      getClaims: async () => ({ scopes: ['read'], acl })
    })
    const cookies = (await logIn('session')).cookies.map(
      ({ name, value }) => `${name}=${encodeURIComponent(value)}`
    )
    t.equal(cookies.length, snapshotSeconds === 0 ? 1 : 2)
    const { token } = (await logIn('token')).json<TokenResponse>()
    const headers = { session: { cookie: cookies.join('; ') }, token: { authorization: `Bearer ${token}` } }
    for (const carrier of ['session', 'token'] as const) {
      const ask = async (path: string) =>
        (await app.inject({ url: `/${carrier}/${path}`, headers: headers[carrier] })).json<object>()
      const before = await ask('me')
      t.match(before, { carrier, scopes: ['read'], acl })
      for (const when of ['verified', 'remembered'])
        t.same(new Set(Object.values(await ask('spoil'))), new Set(['TypeError']), `${carrier}, ${when}`)
      t.same(await ask('me'), before)
    }
    t.notOk(Object.isFrozen(acl), 'the object of the service is not frozen')
  })
}

const WRONG_SCOPES: ReadonlyArray<readonly [what: string, scopes: unknown, says: string, hookSays?: string]> =
  [
    [
      'a promise',
      Promise.resolve(['read']),
      'must be a list of scopes, got a promise',
      'must be JSON, got a promise'
    ],
    ['a string', 'admin', 'must be a list of scopes, got a string'],
    ['null', null, 'must be a list of scopes, got null'],
    [
      'a set',
      new Set(['read']),
      'must be a list of scopes, got an instance of Set',
      'must be JSON, got an instance of Set'
    ],
    [
      'a scope with a space',
      ['read', 'a b'],
      '[1] must be a scope as RFC 6749 section 3.3 has it, got "a b"'
    ],
    ['an empty scope', [''], '[0] must be a scope as RFC 6749 section 3.3 has it, got ""'],
    ['a scope with an umlaut', ['ä'], '[0] must be a scope as RFC 6749 section 3.3 has it, got "ä"'],
    ['a number', [7], '[0] must be a scope as RFC 6749 section 3.3 has it, got a number'],
    [
      'a gap',
      [undefined],
      '[0] must be a scope as RFC 6749 section 3.3 has it, got undefined',
      '[0] must be JSON, got undefined'
    ]
  ]

t.test('L8: invalid scopes of getClaims are the same error for both carriers, by name', async (t) => {
  for (const [what, scopes, scopesSay, says = scopesSay] of WRONG_SCOPES) {
    const { logins, logIn, errors, userId } = await buildService(t, { getClaims: () => ({ scopes }) })
    for (const carrier of ['session', 'token']) {
      const response = await logIn(carrier)
      t.equal(response.statusCode, 500, `${what}: ${carrier}`)
      t.same(response.cookies, [])
    }
    const named = `DRAWBRIDGE_OPTION: logins.getClaims().scopes${says.startsWith('[') ? '' : ' '}${says}`
    t.same(errors(), [named, named], what)
    t.same(await logins.listByUser(userId), [], `${what}: nobody is signed in`)
  }
})

t.test('L8: so are scopes from a sign-in route of the service', async (t) => {
  for (const [what, scopes, says] of WRONG_SCOPES) {
    const { app, errors } = await buildService(t, {})
    const user = { id: 'u7', username: 'ada' }
    const input = { user, scopes: scopes as never }
    app.post('/own/session', (request, reply) => app.sessionAuth.startSession(request, reply, input))
    app.post('/own/token', (request) => app.tokenAuth.issueTokens(request, input))
    for (const url of ['/own/session', '/own/token'])
      t.equal((await app.inject({ method: 'POST', url })).statusCode, 500, `${what}: ${url}`)
    t.equal(
      errors().filter((message) => message.includes(`scopes${says.startsWith('[') ? '' : ' '}${says}`))
        .length,
      2
    )
  }
})

t.test('L8: a user id that is not a string is the same error for both carriers', async (t) => {
  const ids: ReadonlyArray<readonly [unknown, string]> = [
    [7, 'a number'],
    [7n, 'a bigint'],
    [null, 'null'],
    [undefined, 'undefined'],
    ['', 'an empty one']
  ]
  for (const [id, got] of ids) {
    const user = { id, username: 'ada' } as never
    for (const isSecond of [false, true]) {
      const credentials = {
        verify: async () =>
          isSecond
            ? ({ ok: false, reason: 'second-factor-required', user } as const)
            : ({ ok: true, user } as const),
        verifySecondFactor: async () => ({ ok: true, user }) as const
      }
      const { logIn, errors } = await buildService(t, { credentials })
      for (const carrier of ['session', 'token']) t.equal((await logIn(carrier)).statusCode, 500, got)
      const error = `user.id must be a string, got ${got}`
      t.same(errors(), [error, error], isSecond ? 'with a second factor to come' : 'by password alone')
    }
  }
})

t.test('L8: an invalid result of getClaims is the same error for both, and signs nobody in', async (t) => {
  for (const [getClaims, says] of [
    [
      async () => ({ tenant: Promise.resolve('t1') }),
      /logins\.getClaims\(\)\.tenant must be JSON, got a promise/
    ],
    [() => 'admin', /logins\.getClaims\(\) must be an object, got a string/]
  ] as const) {
    const { logins, logIn, errors, userId } = await buildService(t, { getClaims })
    for (const carrier of ['session', 'token']) t.equal((await logIn(carrier)).statusCode, 500)
    t.match(errors(), [says, says])
    t.same(await logins.listByUser(userId), [])
  }
})

t.test('L8: claims that do not fit into a token leave no login behind', async (t) => {
  const note = 'x'.repeat(8_000)
  const { logins, logIn, errors, userId } = await buildService(t, { getClaims: () => ({ note }) })
  t.equal((await logIn('token')).statusCode, 500)
  t.match(errors(), [/logins\.getClaims must give less/])
  t.same(await logins.listByUser(userId), [])
})
