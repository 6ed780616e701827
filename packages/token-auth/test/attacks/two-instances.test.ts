import { createCredentials, createMemoryUserStore, type Credentials } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore, type Logins } from '@drawbridge/logins'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { generateSigningKey, type TokenResponse, tokenAuth, type TokenAuthOptions } from '../../src/index.ts'
import { PASSWORD } from '../make-app.ts'

const SECRET = 'one root secret for both, 0123456789'
const keys = [generateSigningKey()]

const makeLogins = () => createLogins({ store: createMemoryLoginStore(), closeWithApp: false })

async function makeCredentials(): Promise<Credentials> {
  const hashing = { memoryKiB: 1024, passes: 1 }
  const credentials = createCredentials({ users: createMemoryUserStore(), hashing })
  await credentials.register({ username: 'ada', password: PASSWORD })
  return credentials
}

/** A second factor for every user. */
function withSecondFactor(credentials: Credentials): TokenAuthOptions['credentials'] {
  return {
    verify: async (attempt) => {
      const outcome = await credentials.verify(attempt)
      return outcome.ok
        ? { ...outcome, ok: false as const, reason: 'second-factor-required' as const }
        : outcome
    },
    verifySecondFactor: async ({ userId }) => ({ ok: true, user: { id: userId, username: 'ada' } })
  }
}

interface Instance {
  readonly credentials: TokenAuthOptions['credentials']
  readonly logins: Logins
  readonly issuer?: string
  readonly audience?: string
}

/** An instance in an application, under a path of its own. */
async function add(app: FastifyInstance, name: string, instance: Instance): Promise<void> {
  await app.register(async (scope) => {
    const prefix = `/${name}/token`
    await scope.register(tokenAuth, { ...instance, keys, secret: SECRET, prefix, routes: { jwks: false } })
    scope.get(`/${name}/me`, { onRequest: scope.tokenAuth.guard }, ({ principal }) => principal)
  })
}

async function openShopAndAdmin(t: Test, credentials: Instance['credentials']) {
  const app = Fastify()
  t.teardown(() => app.close())
  const logins = makeLogins()
  for (const name of ['shop', 'admin']) await add(app, name, { credentials, logins, audience: name })
  await app.ready()
  const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload })
  const logInAt = (name: string) => post(`/${name}/token/login`, { username: 'ada', password: PASSWORD })
  return { app, post, logInAt }
}

t.test('R26 H3: what one instance issued is rejected by another with the same logins and keys', async (t) => {
  const { app, post, logInAt } = await openShopAndAdmin(t, await makeCredentials())
  const { token, refresh_token } = (await logInAt('shop')).json<TokenResponse>()
  const statusAt = async (name: string) =>
    (await app.inject({ url: `/${name}/me`, headers: { authorization: `Bearer ${token}` } })).statusCode
  t.equal(await statusAt('admin'), 401)
  t.equal((await post('/admin/token/refresh', { refresh_token })).statusCode, 401)
  t.equal((await post('/admin/token/logout', { refresh_token })).statusCode, 401)
  t.equal(await statusAt('shop'), 200)
  t.equal((await post('/shop/token/refresh', { refresh_token })).statusCode, 200)
})

t.test('R26 H3: a pending login of one instance is not completed by another', async (t) => {
  const { post, logInAt } = await openShopAndAdmin(t, withSecondFactor(await makeCredentials()))
  const { pending } = (await logInAt('shop')).json<{ pending: string }>()
  const complete = async (name: string) =>
    (await post(`/${name}/token/login/second-factor`, { pending, response: '1' })).statusCode
  t.equal(await complete('admin'), 401)
  t.equal(await complete('shop'), 200)
})

async function boot(first: Instance, second: Instance): Promise<void> {
  const app = Fastify()
  try {
    await add(app, 'shop', first)
    await add(app, 'admin', second)
    await app.ready()
  } finally {
    await app.close()
  }
}

t.test('H3: two instances of one issuer and audience do not boot', async (t) => {
  const shop = { credentials: await makeCredentials(), logins: makeLogins(), issuer: 'https://shop.example' }
  await t.rejects(boot(shop, shop), {
    code: 'DRAWBRIDGE_OPTION',
    message:
      /tokenAuth\.issuer or tokenAuth\.audience must differ .* got \["https:\/\/shop\.example","drawbridge"\] twice/
  })
  await t.resolves(boot(shop, { ...shop, audience: 'admin' }))
  await t.resolves(boot(shop, { ...shop, issuer: 'https://admin.example' }))
})

t.test('H3: the users of two stores do not meet in one index of logins', async (t) => {
  const logins = makeLogins()
  const [shop, admin] = [
    { credentials: await makeCredentials(), logins },
    { credentials: await makeCredentials(), logins, audience: 'admin' }
  ]
  await t.rejects(boot(shop, admin), { message: /tokenAuth\.credentials must be the same object/ })
})
