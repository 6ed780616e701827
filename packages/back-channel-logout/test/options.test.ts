import { createLogins, createMemoryFeed, createMemoryLoginStore, type LoginStore } from '@drawbridge/logins'
import Fastify from 'fastify'
import t from 'tap'
import { backChannelLogout, type BackChannelLogoutOptions } from '../src/index.ts'
import { createSigner, ISSUER, makeService } from './make-service.ts'

t.test('a wrong option is an error that names it', async (t) => {
  const { jwk } = await createSigner()
  const logins = createLogins({ store: createMemoryLoginStore() })
  t.teardown(() => logins.close())
  const provider = { issuer: ISSUER, clientId: 'us', keys: { keys: [jwk] }, userOf: () => null }
  const valid = { logins, providers: [provider] }
  const shared = createLogins({
    store: Object.create(createMemoryLoginStore(), { isShared: { value: true } }) as LoginStore,
    feed: { ...createMemoryFeed(), isShared: true }
  })
  t.teardown(() => shared.close())
  const wrong: ReadonlyArray<readonly [object, RegExp]> = [
    [{ ...valid, logins: {} }, /backChannelLogout\.logins must be/],
    [{ ...valid, providers: [] }, /backChannelLogout\.providers must have one or more/],
    [{ ...valid, providers: [{ ...provider, issuer: '' }] }, /providers\.0\.issuer must have/],
    [{ ...valid, providers: [{ ...provider, clientId: 7 }] }, /providers\.0\.clientId must be/],
    [{ ...valid, providers: [{ ...provider, keys: 'jwks' }] }, /providers\.0\.keys must be the URL/],
    [
      { ...valid, providers: [{ ...provider, keys: 'https://ada:secret@a.example' }] },
      /keys must be the URL/
    ],
    [
      { ...valid, providers: [{ ...provider, keys: { keys: [{ ...jwk, p: 'AQAB' }] } }] },
      /keys must be .* public keys/
    ],
    [{ ...valid, providers: [{ ...provider, algorithms: ['HS256'] }] }, /algorithms\.0 must be of EdDSA/],
    [{ ...valid, providers: [{ ...provider, algorithms: [] }] }, /algorithms must have one or more/],
    [{ ...valid, providers: [{ ...provider, userOf: 'sub' }] }, /userOf must be a function/],
    [{ ...valid, providers: [provider, provider] }, /each have another issuer/],
    [{ ...valid, path: 'logout' }, /backChannelLogout\.path must be a path/],
    [{ ...valid, clockSkewSeconds: 61 }, /backChannelLogout\.clockSkewSeconds must be/],
    [{ ...valid, sessions: {} }, /backChannelLogout\.sessions must be a ProviderSessions/],
    [{ ...valid, logins: shared }, /createRedisProviderSessions\(\{ redis \}\)/],
    [{ ...valid, jwks: 'x' }, /jwks/]
  ]
  for (const [options, message] of wrong) {
    const app = Fastify()
    await t.rejects(
      async () => {
        await app.register(backChannelLogout, options as BackChannelLogoutOptions)
      },
      { code: 'DRAWBRIDGE_OPTION', message } as unknown as Error
    )
    await app.close()
  }
})

t.test('a sign-in can be linked that a provider has signed, and no other', async (t) => {
  const { app, logins, signIn, me } = await makeService(t)
  const cookie = await signIn('ada', { iss: ISSUER, sid: 's1' })
  const [login] = await logins.listByUser('ada')
  const id = login?.id ?? ''
  const { link } = app.backChannelLogout
  await t.rejects(link(id, { iss: 'https://evil.example', sid: 's1' }), {
    name: 'TypeError',
    message: /iss is of no provider/
  })
  for (const sid of ['', 7 as never])
    await t.rejects(link(id, { iss: ISSUER, sid }), { message: /sid must be a text/ })
  await link('a login that is not there', { iss: ISSUER, sid: 's1' })
  t.equal(await me(cookie), 200)
})

t.test('a session whose logins have expired is forgotten', async (t) => {
  const { clock, signIn, logOut } = await makeService(t)
  await signIn('ada', { iss: ISSUER, sid: 's1' })
  clock.now += 13 * 3_600_000
  await signIn('bob', { iss: ISSUER, sid: 's2' })
  t.equal((await logOut({ sid: 's1' })).statusCode, 400)
  t.equal((await logOut({ sid: 's2' })).statusCode, 200)
})
