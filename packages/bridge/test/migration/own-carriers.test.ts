import type { Phase } from '@drawbridge/logins'
import type { TokenResponse } from '@drawbridge/token-auth'
import t, { type Test } from 'tap'
import { migrations } from '../../src/migration/index.ts'
import { makeApp } from '../make-app.ts'

/** A service with both carriers that moves away from one. */
async function start(t: Test, from: 'session' | 'token') {
  const moving = { now: Date.now() }
  const made = await makeApp({
    clock: moving,
    routes: async (app) => {
      await app.register(migrations, {
        monotonicNow: () => moving.now,
        wait: async () => {},
        migrations: [{ name: 'carrier', from }]
      })
    }
  })
  t.teardown(() => made.app.close())
  return {
    ...made,
    /** A phase, or a phase and how many logins may be lost. */
    moveTo: async (...steps: readonly (Phase | readonly [Phase, number])[]) => {
      for (const step of steps) {
        const [phase, lose] = typeof step === 'string' ? [step] : step
        moving.now += 60_000
        await made.app.migrations.refresh()
        await made.app.migrations.move('carrier', phase, { by: 'ada', ...(lose !== undefined && { lose }) })
      }
    }
  }
}

t.test(
  'from cookies to tokens: the login stays one, and from retired on it is served by the token alone',
  async (t) => {
    const { signInByCookie, send, post, moveTo, logins, app } = await start(t, 'session')
    const cookie = await signInByCookie()
    await moveTo('both')
    t.equal((await send({ cookie })).statusCode, 200)
    const exchanged = await post({ cookie }, '/exchange/session-for-token', { refresh_token: true })
    const { access_token: token } = exchanged.json<TokenResponse>()
    const { loginId, userId } = (await send({ token })).json<{ loginId: string; userId: string }>()
    t.same(
      (await logins.listByUser(userId)).map(({ id }) => id),
      [loginId]
    )
    await moveTo('new')
    t.equal((await send({ cookie })).statusCode, 200)
    t.match(await app.migrations.status('carrier'), { phase: 'new', ledByOld: 0, oldLogins: null })
    await t.rejects(app.migrations.barAll({ issuedUpTo: new Date(0) }), {
      message: /no migration from another/
    })
    await app.migrations.refresh()
    await t.rejects(moveTo('retired'), { code: 'DRAWBRIDGE_MIGRATION_STEP', message: /last served/ })
    await moveTo(['retired', 0])
    t.equal((await send({ cookie })).statusCode, 401)
    t.equal((await send({ token })).statusCode, 200)
    await moveTo('new')
    t.equal((await send({ cookie })).statusCode, 200, 'a step back takes nothing away')
  }
)

t.test('in retired no request is served by it, and no sign-in gives it', async (t) => {
  for (const from of ['session', 'token'] as const) {
    const { signInByCookie, signInByToken, send, post, moveTo, app } = await start(t, from)
    await moveTo('both', 'new', 'retired')
    const sign = from === 'session' ? '/session/login' : '/token/login'
    const body = { username: 'ada', password: 'correct horse battery staple' }
    if (from === 'session') {
      t.equal((await post({}, sign, body)).statusCode, 410)
      t.equal((await send({ token: (await signInByToken()).access_token })).statusCode, 200)
    } else {
      t.equal((await post({}, sign, body)).statusCode, 410)
      t.equal((await send({ cookie: await signInByCookie() })).statusCode, 200)
    }
    await app.migrations.refresh()
    await moveTo('new')
    t.equal((await post({}, sign, body)).statusCode, 200, 'a step back brings it back')
  }
})
