import { sessionAuth } from '@drawbridge/session-auth'
import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { describeErrors } from '../../src/index.ts'
import { migrations, type OperatorOptions } from '../../src/migration/index.ts'
import { expressSession } from '../../src/migration/sources/express-session/index.ts'
import { browse, type Jar, OLD_SECRET, startOldService, store } from './old-service.ts'

const PASSWORD = 'correct horse battery staple'
const PATH = '/operator/migrations'

/** Ada may operate, bob may not; both have an account in the service that was there before too. */
async function start(t: Test, operator: Partial<OperatorOptions> = {}) {
  const old = await startOldService()
  t.teardown(() => old.close())
  const clock = { now: Date.UTC(2027, 0, 1) }
  const now = () => clock.now
  const users = createMemoryUserStore()
  const credentials = createCredentials({ users, hashing: { memoryKiB: 1024, passes: 1 } })
  const ids = new Map<string, string>()
  for (const username of ['ada', 'bob']) {
    const outcome = await credentials.register({ username, password: PASSWORD })
    if (outcome.ok) ids.set(username, outcome.user.id)
  }
  const logins = createLogins({
    store: createMemoryLoginStore({ now }),
    now,
    getClaims: ({ userId }) => ({ scopes: userId === ids.get('ada') ? ['drawbridge:operator'] : [] })
  })
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(swagger, { openapi: {}, transformObject: describeErrors() })
  await app.register(sessionAuth, {
    credentials,
    logins,
    secret: 'a root secret for tests, 0123456789',
    now,
    idleTimeoutSeconds: 0
  })
  await app.register(migrations, {
    monotonicNow: now,
    wait: async (ms) => {
      clock.now += ms
      await app.migrations.refresh()
    },
    operator: { guard: app.sessionAuth.guard, ...operator },
    migrations: [
      {
        name: 'express',
        from: expressSession({
          secret: OLD_SECRET,
          store: old.sessions as never,
          createSession: ({ username }) => ({ passport: { user: username } }),
          cookie: { secure: false },
          now
        }),
        userOf: ({ userId }) => ({ id: ids.get(userId) ?? '', username: userId })
      }
    ]
  })
  app.get('/me', { onRequest: app.sessionAuth.guard }, ({ principal }) => principal?.username)
  await app.ready()
  const send = async (
    jar: Jar,
    method: 'GET' | 'POST',
    url: string,
    payload?: object,
    site = 'same-origin'
  ) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { 'sec-fetch-site': site, ...(cookie !== '' && { cookie }) }
    const response = await app.inject({ method, url, headers, ...(payload && { payload }) })
    store(jar, [response.headers['set-cookie'] ?? []].flat())
    return response
  }
  const signIn = async (username: string) => {
    const jar: Jar = new Map()
    await send(jar, 'POST', '/session/login', { username, password: PASSWORD })
    return jar
  }
  const signInThere = async (username: string) => {
    const jar: Jar = new Map()
    await browse(jar, `${old.url}/login?user=${username}`, 'POST')
    return jar
  }
  const wait = async () => {
    clock.now += 3_700_000
    await app.migrations.refresh()
  }
  return { app, old, clock, logins, ids, send, signIn, signInThere, wait }
}

const codeOf = (response: { json(): { code: string } }) => response.json().code

t.test(
  'while the other system cannot count its logins, the status leaves that out, and steps are taken',
  async (t) => {
    const { old, send, signIn } = await start(t)
    const ada = await signIn('ada')
    old.sessions.all = (callback: (error: Error) => void) => callback(new Error('its store is down'))
    const list = await send(ada, 'GET', PATH)
    t.equal(list.statusCode, 200)
    t.match(list.json(), { migrations: [{ oldLogins: null, ledByOld: 1 }] })
    const both = await send(ada, 'POST', `${PATH}/express/phase`, { phase: 'both' })
    t.equal(both.statusCode, 200)
    t.match(both.json(), { phase: 'both', oldLogins: null })
  }
)

t.test('an operator reads the status, takes steps, and is told what stands in the way', async (t) => {
  const { send, signIn, signInThere, wait } = await start(t)
  const [ada, late] = [await signIn('ada'), await signInThere('bob')]
  const list = await send(ada, 'GET', PATH)
  t.equal(list.statusCode, 200)
  t.match(list.json(), {
    migrations: [
      { name: 'express', phase: 'old', since: null, ledByOld: 1, next: { phase: 'both', obstacle: null } }
    ]
  })
  await wait()
  const both = await send(ada, 'POST', `${PATH}/express/phase`, { phase: 'both' })
  t.match(both.json(), {
    name: 'express',
    phase: 'both',
    by: 'ada',
    isEverywhere: true,
    version: 1,
    next: { phase: 'new', obstacle: 'not before 30 s have passed' }
  })
  const skipped = await send(ada, 'POST', `${PATH}/express/phase`, { phase: 'retired', lose: 9 })
  t.strictSame([skipped.statusCode, codeOf(skipped)], [409, 'DRAWBRIDGE_MIGRATION_STEP'])
  t.match(skipped.json(), { message: /no single step leads to "retired"/ })
  const unknown = await send(ada, 'POST', `${PATH}/laravel/phase`, { phase: 'both' })
  t.match(unknown.json(), { statusCode: 409, message: /there is no migration "laravel", only "express"/ })
  t.same((await send(ada, 'POST', `${PATH}/express/sweep`)).json(), { revokedCount: 0 })
  await send(late, 'GET', '/me')
  await wait()
  await send(ada, 'POST', `${PATH}/express/phase`, { phase: 'new' })
  await wait()
  t.match((await send(ada, 'POST', `${PATH}/express/phase`, { phase: 'retired' })).json(), {
    statusCode: 409,
    message: /1 logins are led by the other system/
  })
  const retired = await send(ada, 'POST', `${PATH}/express/phase`, { phase: 'retired', lose: 1 })
  t.match(retired.json(), { phase: 'retired', ledByOld: 1, next: null })
  t.same((await send(ada, 'POST', `${PATH}/express/sweep`)).json(), { revokedCount: 1 })
  t.match((await send(ada, 'POST', `${PATH}/express/phase`, { phase: 'new' })).json(), { message: /swept/ })
})

t.test('nobody else takes a step: without a login, without the scope, from another page', async (t) => {
  const { app, send, signIn } = await start(t)
  const [ada, bob] = [await signIn('ada'), await signIn('bob')]
  const step = ['POST', `${PATH}/express/phase`, { phase: 'both' }] as const
  t.equal((await send(new Map(), 'GET', PATH)).statusCode, 401)
  t.equal((await send(new Map(), ...step)).statusCode, 401)
  const forbidden = await send(bob, ...step)
  t.strictSame([forbidden.statusCode, codeOf(forbidden)], [403, 'DRAWBRIDGE_INSUFFICIENT_SCOPE'])
  t.equal((await send(bob, 'GET', PATH)).statusCode, 403)
  t.equal((await send(bob, 'POST', `${PATH}/express/sweep`)).statusCode, 403)
  const foreign = await send(ada, ...step, 'cross-site')
  t.strictSame([foreign.statusCode, codeOf(foreign)], [403, 'DRAWBRIDGE_CROSS_ORIGIN'])
  t.equal((await send(ada, 'POST', `${PATH}/express/phase`, { phase: 'newer' })).statusCode, 400)
  t.match(await app.migrations.status('express'), { phase: 'old', version: 0 })
})

t.test('a credential of the other system makes no operator, in any phase', async (t) => {
  const { app, send, signIn, signInThere, wait } = await start(t)
  const [ada, stolen] = [await signIn('ada'), await signInThere('ada')]
  t.equal((await send(stolen, 'GET', PATH)).statusCode, 403, 'passed through')
  for (const phase of ['both', 'new'] as const) {
    await wait()
    await app.migrations.move('express', phase, { by: 'ada' })
    t.equal((await send(stolen, 'GET', '/me')).body, 'ada')
    t.equal((await send(stolen, 'GET', PATH)).statusCode, 403, phase)
    t.equal((await send(ada, 'GET', PATH)).statusCode, 200, phase)
  }
})

t.test('after a theft the logins that were made since then are revoked, and no others', async (t) => {
  const { app, clock, logins, ids, send, signIn, signInThere, wait } = await start(t)
  const [own, early, late] = [await signIn('bob'), await signInThere('bob'), await signInThere('bob')]
  await wait()
  await app.migrations.move('express', 'both', { by: 'ada' })
  await send(early, 'GET', '/me')
  clock.now += 1000
  const since = new Date(clock.now)
  await send(late, 'GET', '/me')
  t.same(await app.migrations.revokeAdopted('express', { since }), { revokedCount: 1 })
  t.equal((await send(late, 'GET', '/me')).statusCode, 401)
  t.equal((await send(early, 'GET', '/me')).statusCode, 200)
  t.equal((await send(own, 'GET', '/me')).statusCode, 200)
  t.equal((await logins.listByUser(ids.get('bob') ?? '')).length, 2)
  await t.rejects(app.migrations.revokeAdopted('express', { since: new Date('soon') }), TypeError)
})

t.test(
  'after a restore from a backup old credentials from before are refused, unless they have a login',
  async (t) => {
    const { app, clock, send, signIn, signInThere, wait } = await start(t)
    const [ada, taken, late] = [await signIn('ada'), await signInThere('bob'), await signInThere('bob')]
    await wait()
    await app.migrations.move('express', 'both', { by: 'ada' })
    await send(taken, 'GET', '/me')
    const bar = (issuedUpTo: unknown) => send(ada, 'POST', `${PATH}/bar`, { issuedUpTo } as object)
    const early = await bar(clock.now + 1)
    t.strictSame([early.statusCode, codeOf(early)], [409, 'DRAWBRIDGE_MIGRATION_STEP'])
    for (const wrong of ['now', -1, 1.5]) t.equal((await bar(wrong)).statusCode, 400, String(wrong))
    t.same((await bar(clock.now)).json(), { barredUpTo: clock.now })
    t.equal((await send(late, 'GET', '/me')).statusCode, 401)
    t.equal((await send(taken, 'GET', '/me')).statusCode, 200)
    await app.migrations.refresh()
    const { counts } = await app.migrations.status('express')
    t.match(counts.both, { adopted: 1, barred: 1 })
    t.notOk(counts.both?.['rejected.revoked'])
    await t.rejects(app.migrations.barAll({ issuedUpTo: new Date('soon') }), TypeError)
    t.equal((await send(await signIn('bob'), 'POST', `${PATH}/bar`, { issuedUpTo: 0 })).statusCode, 403)
  }
)

t.test('a login says who decides about it', async (t) => {
  const { app, logins, ids, send, signInThere, wait } = await start(t)
  const jar = await signInThere('bob')
  t.same(await app.migrations.findLogin('express', 'none of ours'), {
    phase: 'old',
    ledBy: 'old',
    acceptUntil: null
  })
  await wait()
  await app.migrations.move('express', 'both', { by: 'ada' })
  await send(jar, 'GET', '/me')
  const [login] = await logins.listByUser(ids.get('bob') ?? '')
  t.match(await app.migrations.findLogin('express', login?.id ?? ''), { phase: 'both', ledBy: 'old' })
  await wait()
  await app.migrations.move('express', 'new', { by: 'ada' })
  await send(jar, 'GET', '/me')
  t.match(await app.migrations.findLogin('express', login?.id ?? ''), { phase: 'new', ledBy: 'new' })
})

t.test('the routes are in an OpenAPI document, with what the guard asks for and rejects', async (t) => {
  const { app } = await start(t, { path: '/ops' })
  const { paths } = app.swagger() as unknown as { paths: Record<string, Record<string, object>> }
  t.same(
    Object.keys(paths).filter((path) => path.startsWith('/ops')),
    ['/ops', '/ops/{name}/phase', '/ops/bar', '/ops/{name}/sweep']
  )
  const step = paths['/ops/{name}/phase']?.post as { security: object; responses: object }
  t.same(step.security, [{ session: [] }])
  t.same(Object.keys(step.responses), ['200', '400', '401', '403', '409', '413', '415', '503'])
})

t.test('a guard that is none of ours, and a path that is none, are errors at boot', async (t) => {
  const open = Object.assign(() => undefined, {}) as unknown as FastifyInstance['sessionAuth']['guard']
  await t.rejects(start(t, { guard: open }), /migrations\.operator\.guard must be a guard such as/)
  await t.rejects(start(t, { path: 'ops' }), /migrations\.operator\.path must be a path/)
})
