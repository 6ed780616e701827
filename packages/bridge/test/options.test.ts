import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import t from 'tap'
import { bridge, type BridgeOptions } from '../src/index.ts'
import { makeApp } from './make-app.ts'

const secret = 'a root secret for tests, 0123456789'
const credentials = createCredentials({ users: createMemoryUserStore() })
const newLogins = () => createLogins({ store: createMemoryLoginStore() })
const keys = [generateSigningKey()]

t.test('a wrong option is an error at boot that names it', async (t) => {
  const cases: ReadonlyArray<readonly [unknown, RegExp]> = [
    [{ exchange: 'session-for-token' }, /bridge\.exchange must be a list of exchanges/],
    [{ exchange: ['session'] }, /bridge\.exchange\.0 must be "session-for-token" or "token-for-session"/],
    [{ exchanges: [] }, /bridge.*exchanges/],
    [{ routes: 1 }, /bridge\.routes must be true or false/],
    [{ routes: { logOut: false } }, /bridge\.routes\.logOut is not an option/],
    [{ prefix: 'x' }, /bridge\.prefix must be empty or a path/],
    [{ tags: 'x' }, /bridge\.tags must be a list of strings/]
  ]
  for (const [options, message] of cases)
    await t.rejects(makeApp({ bridge: options as BridgeOptions }), message)
})

t.test('it needs both carriers, and says which one is missing', async (t) => {
  const logins = newLogins()
  const app = Fastify()
  await t.rejects(
    async () => app.register(bridge),
    /bridge needs @drawbridge\/session-auth: register it before/
  )
  const other = Fastify()
  await other.register(sessionAuth, { credentials, logins, secret })
  await t.rejects(
    async () => other.register(bridge),
    /bridge needs @drawbridge\/token-auth: register it before/
  )
})

t.test('it needs one set of logins', async (t) => {
  const app = Fastify()
  await app.register(sessionAuth, { credentials, logins: newLogins(), secret })
  await app.register(tokenAuth, { credentials, logins: newLogins(), secret, keys })
  await t.rejects(
    async () => app.register(bridge),
    /sessionAuth\.logins and tokenAuth\.logins to be the same object/
  )
})

t.test(
  'a session that is idle before its token expires is an error, where sessions give tokens',
  async (t) => {
    const session = { idleTimeoutSeconds: 600 }
    await t.rejects(
      makeApp({ session, tokens: { accessTokenTtlSeconds: 600 } }),
      /bridge\.exchange: .*sessionAuth\.idleTimeoutSeconds \(600\) must be 0 or above tokenAuth\.accessTokenTtlSeconds \(600\)/
    )
    await makeApp({ session, tokens: { accessTokenTtlSeconds: 599 } })
    await makeApp({ session: { idleTimeoutSeconds: 0 } })
    await makeApp({ session, bridge: { exchange: ['token-for-session'] } })
  }
)

t.test('an active page is not logged out, whenever it asks for its next token', async (t) => {
  const { clock, logins, post, send, signInByCookie } = await makeApp({
    session: { idleTimeoutSeconds: 301, absoluteTimeoutSeconds: 86_400 },
    tokens: { accessTokenTtlSeconds: 300 }
  })
  const cookie = await signInByCookie()
  for (let round = 0; round < 20; round++) {
    const response = await post({ cookie }, '/exchange/session-for-token')
    t.equal(response.statusCode, 200)
    await logins.flushTouches()
    const { token, expires_in } = response.json<{ token: string; expires_in: number }>()
    t.equal(expires_in, 300)
    t.equal((await send({ token })).statusCode, 200)
    clock.now += expires_in * 1000
  }
})

t.test('routes, prefix and exchange decide which routes there are', async (t) => {
  const paths = ['/logout', '/exchange/session-for-token', '/exchange/token-for-session']
  const routesOf = async (options: BridgeOptions, prefix = '') => {
    const { app } = await makeApp({ bridge: options })
    return paths.filter((path) => app.hasRoute({ method: 'POST', url: `${prefix}${path}` }))
  }
  t.strictSame(await routesOf({ exchange: [] }), ['/logout'])
  t.strictSame(await routesOf({}), paths)
  t.strictSame(await routesOf({ routes: false }), [])
  t.strictSame(await routesOf({ routes: { sessionForToken: false } }), [paths[0], paths[2]])
  t.strictSame(await routesOf({ exchange: [], routes: { tokenForSession: '/logout/all' } }), ['/logout'])
  const moved = { logout: '/exchange/token-for-session', tokenForSession: '/logout' }
  t.strictSame(await routesOf({ routes: moved }), paths)
  t.strictSame(await routesOf({ routes: { logout: '/bye' } }), paths.slice(1))
  t.strictSame(await routesOf({ prefix: '/auth' }, '/auth'), paths)
})
