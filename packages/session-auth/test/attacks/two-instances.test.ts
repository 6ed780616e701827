import {
  createCredentials,
  createMemoryUserStore,
  type Credentials,
  type VerifyOutcome
} from '@drawbridge/credentials'
import { createLogins, createMemoryFeed, createMemoryLoginStore, type Logins } from '@drawbridge/logins'
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import { type SessionAuthOptions, sessionAuth } from '../../src/index.ts'
import { PASSWORD, SECRET } from '../make-app.ts'

/** Logins whose feed other nodes share, so that sessions carry all three cookies. */
function makeLogins(reached: string[] = []): Logins {
  const feed = {
    ...createMemoryFeed(),
    isShared: true,
    publish: async () => 'position-1',
    waitForPosition: async (position: string) => reached.push(position) > 0
  }
  return createLogins({ store: createMemoryLoginStore(), feed })
}

async function makeCredentials(): Promise<Credentials> {
  const hashing = { memoryKiB: 1024, passes: 1 }
  const credentials = createCredentials({ users: createMemoryUserStore(), hashing })
  await credentials.register({ username: 'ada', password: PASSWORD })
  return credentials
}

/** A second factor for every user. */
function withSecondFactor(credentials: Credentials): SessionAuthOptions['credentials'] {
  const withSecond = (outcome: VerifyOutcome) =>
    outcome.ok ? { ...outcome, ok: false as const, reason: 'second-factor-required' as const } : outcome
  return {
    verify: async (attempt) => withSecond(await credentials.verify(attempt)),
    verifySecondFactor: async ({ userId }) => ({ ok: true, user: { id: userId, username: 'ada' } })
  }
}

/** Two instances in one application, each under a path of its own. */
async function openShopAndAdmin(
  t: Test,
  credentials: SessionAuthOptions['credentials'],
  logins = makeLogins()
): Promise<FastifyInstance> {
  const app = Fastify()
  t.teardown(() => app.close())
  for (const name of ['shop', 'admin']) {
    await app.register(async (scope) => {
      const [prefix, secret] = [`/${name}/session`, SECRET]
      await scope.register(sessionAuth, {
        credentials,
        logins,
        secret,
        prefix,
        cookie: { name: `__Host-${name}` }
      })
      scope.get(`/${name}/me`, { onRequest: scope.sessionAuth.guard }, ({ principal }) => principal)
      scope.post(`/${name}/others`, { onRequest: scope.sessionAuth.guard }, async (request, reply) => {
        return { ended: await scope.sessionAuth.revokeOthers(request, reply) }
      })
    })
  }
  await app.ready()
  return app
}

const post = (app: FastifyInstance, url: string, cookie = '', payload: object = {}) =>
  app.inject({ method: 'POST', url, headers: { cookie }, payload })

const signInAt = (app: FastifyInstance, name: string) =>
  post(app, `/${name}/session/login`, '', { username: 'ada', password: PASSWORD })

const toPairs = ({ cookies }: LightMyRequestResponse) =>
  cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)

t.test(
  'H3: K21 no cookie of one instance is valid at another, under whatever name it is presented',
  async (t) => {
    const app = await openShopAndAdmin(t, await makeCredentials())
    const pairs = toPairs(await signInAt(app, 'shop'))
    t.match(pairs, [/^__Host-shop=/, /^__Host-shop-snapshot=/])
    const me = async (name: string, cookie: string) =>
      (await app.inject({ url: `/${name}/me`, headers: { cookie } })).statusCode
    const [session] = pairs as [string]
    t.equal(await me('shop', session), 200)
    t.equal(await me('shop', pairs.join('; ')), 200)
    const renamed = pairs.map((pair) => pair.replace('shop', 'admin'))
    t.equal(await me('admin', renamed[0] as string), 401, 'the session cookie alone')
    t.equal(await me('admin', renamed.join('; ')), 401, 'with its snapshot')
    t.equal(await me('admin', pairs.join('; ')), 401, 'under its own name')
  }
)

t.test('H3: a position cookie of one instance is invalid at another', async (t) => {
  const reached: string[] = []
  const app = await openShopAndAdmin(t, await makeCredentials(), makeLogins(reached))
  await signInAt(app, 'shop')
  const [shop = ''] = toPairs(await signInAt(app, 'shop'))
  const [admin = ''] = toPairs(await signInAt(app, 'admin'))
  const [position = ''] = toPairs(await post(app, '/shop/others', shop)).filter((pair) =>
    pair.includes('position')
  )
  t.match(position, /^__Host-shop-position=/)
  const show = (name: string, cookie: string) => app.inject({ url: `/${name}/me`, headers: { cookie } })
  await show('admin', `${admin}; ${position.replace('shop', 'admin')}`)
  t.strictSame(reached, [])
  await show('shop', `${shop}; ${position}`)
  t.strictSame(reached, ['position-1'])
})

t.test('H3: a pending login of one instance is not completed by another', async (t) => {
  const app = await openShopAndAdmin(t, withSecondFactor(await makeCredentials()))
  const { pending } = (await signInAt(app, 'shop')).json<{ pending: string }>()
  const complete = async (name: string) =>
    (await post(app, `/${name}/session/login/second-factor`, '', { pending, response: '1' })).statusCode
  t.equal(await complete('admin'), 401)
  t.equal(await complete('shop'), 200)
})

t.test('H3: two instances of one cookie name in one application do not boot', async (t) => {
  const [credentials, logins] = [await makeCredentials(), makeLogins()]
  const boot = async (otherLogins: Logins, name: string) => {
    const app = Fastify()
    for (const [prefix, its, cookie] of [
      ['/shop', logins, {}],
      ['/admin', otherLogins, { name }]
    ] as const)
      void app.register(async (scope) => {
        await scope.register(sessionAuth, { credentials, logins: its, secret: SECRET, prefix, cookie })
      })
    await app.ready()
    await app.close()
  }
  const error = {
    code: 'DRAWBRIDGE_OPTION',
    message: /sessionAuth\.cookie\.name must differ .* got __Host-drawbridge twice/
  }
  await t.rejects(boot(logins, '__Host-drawbridge'), error)
  await t.rejects(boot(makeLogins(), '__Host-drawbridge'), error, 'nor over other logins')
  await t.resolves(boot(logins, '__Host-admin'))
})

t.test('H3: the users of two stores do not meet in one index of logins', async (t) => {
  const logins = makeLogins()
  const app = Fastify()
  await app.register(async (scope) => {
    await scope.register(sessionAuth, { credentials: await makeCredentials(), logins, secret: SECRET })
  })
  void app.register(async (scope) => {
    const [credentials, cookie, prefix] = [await makeCredentials(), { name: '__Host-admin' }, '/admin']
    await scope.register(sessionAuth, { credentials, logins, secret: SECRET, cookie, prefix })
  })
  await t.rejects(async () => app.ready(), {
    code: 'DRAWBRIDGE_OPTION',
    message: /sessionAuth\.credentials must be the same object .* second createLogins/
  })
})

t.test('H3: two applications of one process may be two listeners of one service', async (t) => {
  const [credentials, logins] = [await makeCredentials(), makeLogins()]
  const open = async () => {
    const app = Fastify()
    t.teardown(() => app.close())
    await app.register(sessionAuth, { credentials, logins, secret: SECRET })
    app.get('/me', { onRequest: app.sessionAuth.guard }, ({ principal }) => principal)
    return app
  }
  const [one, other] = [await open(), await open()]
  const payload = { username: 'ada', password: PASSWORD }
  const cookie = toPairs(await one.inject({ method: 'POST', url: '/session/login', payload }))[0] as string
  t.equal((await other.inject({ url: '/me', headers: { cookie } })).statusCode, 200)
})
