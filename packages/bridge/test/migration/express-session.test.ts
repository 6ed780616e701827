import { type LoginEvent, loginsChannel } from '@drawbridge/logins'
import t, { type Test } from 'tap'
import { makeMoving } from './make-migration.ts'
import { browse, type Jar, startOldService } from './old-service.ts'
import type { ForeignMigrationOptions } from '../../src/migration/index.ts'

/** The service that was there before, and the nodes of ours. */
async function start(
  t: Test,
  options: Partial<ForeignMigrationOptions> = {},
  more: Parameters<typeof makeMoving>[2] = {}
) {
  const old = await startOldService()
  const ours = await makeMoving(old.sessions, options, more)
  t.teardown(async () => {
    await ours.close()
    await old.close()
  })
  const signInThere = async (user: string) => {
    const jar: Jar = new Map()
    await browse(jar, `${old.url}/login?user=${user}`, 'POST')
    return jar
  }
  return { old, ours, signInThere }
}

const OURS = '__Host-drawbridge'
const unavailable = { name: 'LoginsUnavailableError' } as Error
const ok = (body: string) => ({ status: 200, body })
const unauthorized = { status: 401, body: '' }

t.test('in the phase old its session is served as it is, and nothing of ours is made', async (t) => {
  const { ours, signInThere } = await start(t)
  const jar = await signInThere('ada')
  t.same(await ours.get(0, jar), ok('ada'))
  t.same([...jar.keys()], ['connect.sid'])
  t.same(await ours.logins.listByUser(ours.userId('ada')), [])
  t.same(await ours.get(0, new Map()), unauthorized)
})

t.test(
  'in the phase both a hundred requests at once on two nodes get one login and one cookie',
  async (t) => {
    const { ours, signInThere } = await start(t)
    const jar = await signInThere('ada')
    await ours.moveTo('both')
    const jars = Array.from({ length: 100 }, (): Jar => new Map(jar))
    const answers = await Promise.all(jars.map((each, at) => ours.get(at % 2, each)))
    t.ok(answers.every(({ status, body }) => status === 200 && body === 'ada'))
    t.equal(new Set(jars.map((each) => each.get(OURS))).size, 1)
    t.equal((await ours.logins.listByUser(ours.userId('ada'))).length, 1)
  }
)

t.test('nobody is logged out on the way there, back, and there again', async (t) => {
  const { old, ours, signInThere } = await start(t)
  const jar = await signInThere('ada')
  const check = async (name: string) => {
    for (const node of [0, 1]) t.same(await ours.get(node, jar), ok('ada'), `${name}, node ${node}`)
  }
  await check('old')
  await ours.moveTo('both')
  await check('both')
  t.same(await browse(jar, `${old.url}/me`), ok('ada'), 'the other system serves it too')
  await ours.moveTo('new')
  await check('new')
  await ours.moveTo('both')
  await check('both again')
  t.same(await browse(jar, `${old.url}/me`), ok('ada'), 'and again')
  await ours.moveTo('old')
  await check('old again')
  await ours.moveTo('both')
  await ours.moveTo('new')
  await check('new again')
  ours.clock.now += 3_600_000
  for (const { migrations } of ours.nodes) await migrations.refresh()
  await check('an hour later')
})

t.test('in the phase new its session is needed no more, and in retired it is worth nothing', async (t) => {
  const { ours, signInThere } = await start(t)
  const [jar, late] = [await signInThere('ada'), await signInThere('ada')]
  await ours.moveTo('both')
  await ours.get(0, jar)
  await ours.moveTo('new')
  await ours.get(0, jar)
  const alone: Jar = new Map([[OURS, jar.get(OURS) as string]])
  t.same(await ours.get(1, alone), ok('ada'))
  await t.rejects(ours.moveTo('retired'), { code: 'DRAWBRIDGE_MIGRATION_STEP', message: /last served at/ })
  ours.clock.now += 3_600_000
  await ours.moveTo('retired')
  t.same(await ours.get(1, late), unauthorized)
})

t.test(
  'a log-out here ends it there, and each credential of it is refused everywhere from then on',
  async (t) => {
    for (const phase of ['old', 'both', 'new'] as const) {
      const { old, ours, signInThere } = await start(t)
      const jar = await signInThere('ada')
      if (phase !== 'old') await ours.moveTo('both')
      await ours.get(0, jar)
      if (phase === 'new') {
        await ours.moveTo('new')
        await ours.get(0, jar)
      }
      const copies = [new Map(jar), new Map([...jar].slice(0, 1)), new Map([...jar].slice(1))]
      t.equal(await ours.post(1, jar, '/session/logout'), 200)
      t.same([...jar.keys()], [], `${phase}: the cookies of both are removed`)
      for (const copy of copies) {
        for (const node of [0, 1])
          t.same(await ours.get(node, new Map(copy)), unauthorized, `${phase}: node ${node}`)
        t.equal((await browse(new Map(copy), `${old.url}/me`)).status, 401, `${phase}: there`)
      }
    }
  }
)

t.test('a log-out there ends it here, while the other system leads', async (t) => {
  const { old, ours, signInThere } = await start(t)
  const jar = await signInThere('ada')
  await ours.moveTo('both')
  await ours.get(0, jar)
  const copy = new Map(jar)
  await browse(new Map(jar), `${old.url}/logout`, 'POST')
  for (const node of [0, 1]) t.same(await ours.get(node, new Map(copy)), unauthorized)
  t.same(await ours.logins.listByUser(ours.userId('ada')), [])
})

/** Matches them, and there are no others. */
function exactly(t: Test, events: readonly LoginEvent[], expected: readonly object[]): void {
  t.match(events, expected)
  t.equal(events.length, expected.length, events.map(({ type }) => type).join(', '))
}

t.test('each change has one event, with the side that made it', async (t) => {
  const { old, ours, signInThere } = await start(t)
  const events: LoginEvent[] = []
  const listen = (event: unknown) => void events.push(event as LoginEvent)
  loginsChannel.subscribe(listen)
  t.teardown(() => loginsChannel.unsubscribe(listen))
  const take = () => events.splice(0)
  const jar = await signInThere('ada')
  await ours.moveTo('both')
  for (const node of [0, 1]) await ours.get(node, jar)
  exactly(t, take(), [{ type: 'login-adopted', migration: 'express', carrier: 'session' }])
  const copy = new Map(jar)
  await browse(new Map(jar), `${old.url}/logout`, 'POST')
  t.same(await ours.get(1, copy), unauthorized)
  exactly(t, take(), [
    { type: 'login-revoked', by: 'foreign', reason: 'logged-out-there' },
    { type: 'credential-rejected', reason: 'invalid', carrier: 'session', loginId: String }
  ])
  const again = await signInThere('ada')
  await ours.get(0, again)
  await ours.post(0, new Map(again), '/session/logout')
  exactly(t, take(), [{ type: 'login-adopted' }, { type: 'login-revoked', by: 'user', reason: 'log-out' }])
  const swept = await signInThere('bob')
  await ours.get(0, swept)
  await ours.nodes[0]?.migrations.revokeAdopted('express', { since: new Date(0) })
  exactly(t, take(), [{ type: 'login-adopted' }, { type: 'login-revoked', by: 'admin' }])
})

t.test('a row that a request in flight writes again after the log-out is refused', async (t) => {
  const { old, ours, signInThere } = await start(t)
  const jar = await signInThere('ada')
  await ours.moveTo('both')
  await ours.get(0, jar)
  const copy = new Map(jar)
  const [[sid, row] = ['', '']] = Object.entries(
    (old.sessions as unknown as { sessions: Record<string, string> }).sessions
  )
  await ours.post(0, jar, '/session/logout')
  Object.assign((old.sessions as unknown as { sessions: Record<string, string> }).sessions, { [sid]: row })
  t.same(await browse(new Map(copy), `${old.url}/me`), ok('ada'), 'there it is served')
  for (const node of [0, 1]) t.same(await ours.get(node, new Map(copy)), unauthorized, 'here it is not')
})

t.test('a sign-in here is one there too, while its instances serve requests', async (t) => {
  const { old, ours } = await start(t)
  await ours.moveTo('both')
  const jar: Jar = new Map()
  t.equal(await ours.post(0, jar, '/session/login', 'bob'), 200)
  t.same(await browse(jar, `${old.url}/me`), ok('bob'))
  t.same(await ours.get(1, jar), ok('bob'))
  const other: Jar = new Map(jar)
  t.equal(await ours.post(1, other, '/session/login', 'ada'), 200)
  t.same(await browse(other, `${old.url}/me`), ok('ada'), 'as who signed in last')
  t.equal((await browse(jar, `${old.url}/me`)).status, 401, 'the replaced one ended')
  t.same(await ours.get(0, jar), unauthorized)
})

t.test('who signs in there as another user is served as that one', async (t) => {
  const { old, ours, signInThere } = await start(t)
  const jar = await signInThere('ada')
  await ours.moveTo('both')
  await ours.get(0, jar)
  await browse(jar, `${old.url}/login?user=bob`, 'POST')
  t.same(await ours.get(0, jar), ok('bob'))
  t.same(await ours.get(1, jar), ok('bob'))
})

t.test('a login that is revoked from a list of devices ends there too', async (t) => {
  const { old, ours, signInThere } = await start(t)
  const jar = await signInThere('ada')
  await ours.moveTo('both')
  await ours.get(0, jar)
  const [login] = await ours.logins.listByUser(ours.userId('ada'))
  await ours.logins.revoke(login?.id ?? '')
  t.equal((await browse(new Map(jar), `${old.url}/me`)).status, 401)
  t.same(await ours.get(1, jar), unauthorized)
})

t.test('after a change of password no session from before is adopted', async (t) => {
  const { ours, signInThere } = await start(t)
  const jar = await signInThere('ada')
  await ours.moveTo('both')
  await ours.logins.revokeUser(ours.userId('ada'))
  t.same(await ours.get(0, jar), unauthorized)
})

t.test(
  'when the user authenticated is not known, and the login ends when the session would have',
  async (t) => {
    const { ours, signInThere } = await start(t, { absoluteTimeoutSeconds: 3600 })
    const jar = await signInThere('ada')
    await ours.moveTo('both')
    const asOf = ours.clock.now
    await ours.get(0, jar)
    const { body } = await ours.get(0, jar, '/principal')
    t.match(JSON.parse(body), { authenticatedAt: 0, expiresAt: asOf + 3_600_000, carrier: 'session' })
  }
)

t.test('who revokes all others keeps the own session, in the phase old too', async (t) => {
  for (const phase of ['old', 'both', 'new'] as const) {
    const { ours, signInThere } = await start(t)
    const [own, other] = [await signInThere('ada'), await signInThere('ada')]
    if (phase !== 'old') await ours.moveTo('both')
    if (phase === 'new') await ours.moveTo('new')
    await ours.get(1, other)
    const before = new Map(own)
    t.equal(await ours.post(0, own, '/others'), 200, phase)
    for (const node of [0, 1]) {
      t.same(await ours.get(node, new Map(before)), ok('ada'), `${phase}: the own session, node ${node}`)
      t.same(await ours.get(node, new Map(own)), ok('ada'), `${phase}: with what it got, node ${node}`)
      t.same(await ours.get(node, new Map(other)), unauthorized, `${phase}: the other one, node ${node}`)
    }
  }
})

t.test('another system that cannot be asked is 503, and logs nobody out', async (t) => {
  const { old, ours, signInThere } = await start(t)
  const jar = await signInThere('ada')
  await ours.moveTo('both')
  await ours.get(0, jar)
  const { get } = old.sessions
  old.sessions.get = (_sid, done) => done(new Error('the store is down'))
  t.equal((await ours.get(0, jar)).status, 503)
  old.sessions.get = get
  t.same(await ours.get(0, jar), ok('ada'))
  await ours.moveTo('new')
  await ours.get(0, jar)
  old.sessions.get = (_sid, done) => done(new Error('the store is down'))
  t.same(await ours.get(0, jar), ok('ada'), 'what we lead does not need it')
})

t.test('users that cannot be looked up are 503 too, and one who is not found is 401', async (t) => {
  let answer: () => Promise<null> = () => Promise.reject(new Error('the table is locked'))
  const { ours, signInThere } = await start(t, { userOf: () => answer() })
  const jar = await signInThere('ada')
  t.equal((await ours.get(0, jar)).status, 503)
  answer = async () => null
  t.equal((await ours.get(0, jar)).status, 401)
  answer = () => Promise.reject(Object.assign(new Error('locked'), { statusCode: 403 }))
  t.equal((await ours.get(0, jar)).status, 403)
})

t.test('a node that does not know the phase answers 503 to what is not settled', async (t) => {
  const { ours, signInThere } = await start(t)
  const jar = await signInThere('ada')
  ours.storeSpy.down.add('adoptions.readPhase')
  ours.clock.now += 5000
  t.equal((await ours.get(0, jar)).status, 503)
  ours.storeSpy.down.clear()
  await ours.nodes[0]?.migrations.refresh()
  t.same(await ours.get(0, jar), ok('ada'))
})

t.test(
  'a node that does not know the phase rejects who presents no valid credential, as without a migration',
  async (t) => {
    const { old, ours, signInThere } = await start(t)
    const jar = await signInThere('ada')
    await ours.moveTo('both')
    await ours.get(0, jar)
    const [there] = [...jar.keys()] as [string]
    ours.storeSpy.down.add('adoptions.readPhase')
    ours.clock.now += 5000
    const both = (one: string, other: string): Jar =>
      new Map([
        [there, one],
        [OURS, other]
      ])
    const forged = ['s%3Asid.forged', 'forged'] as const
    for (const nobody of [
      new Map(),
      new Map([[there, forged[0]]]),
      new Map([[OURS, forged[1]]]),
      both(...forged)
    ])
      t.same(await ours.get(0, nobody), unauthorized)
    for (const somebody of [new Map(jar), new Map([...jar].slice(0, 1)), new Map([...jar].slice(1))])
      t.equal((await ours.get(0, somebody)).status, 503)
    t.equal((await ours.get(0, both(forged[0], jar.get(OURS) ?? ''))).status, 503)
    const { get } = old.sessions
    old.sessions.get = (_sid, done) => done(new Error('the store is down'))
    t.equal((await ours.get(0, new Map([...jar].slice(0, 1)))).status, 503, 'where it cannot be known')
    t.same(await ours.get(0, new Map()), unauthorized)
    old.sessions.get = get
    const logOut = (cookies: Jar) => ours.post(0, new Map(cookies), '/session/logout')
    t.equal(await logOut(new Map()), 200)
    t.equal(await logOut(new Map([[there, forged[0]]])), 200)
    t.equal(await logOut(new Map([...jar].slice(0, 1))), 503, 'whose login there is not ended')
    ours.storeSpy.down.clear()
    await ours.nodes[0]?.migrations.refresh()
    t.same(await ours.get(0, jar), ok('ada'))
  }
)

t.test('a login that had to make room ends there too, once the other system is back', async (t) => {
  const { old, ours, signInThere } = await start(t)
  const jar = await signInThere('ada')
  await ours.moveTo('both')
  await ours.get(0, jar)
  ours.clock.now += 1
  const user = { id: ours.userId('ada'), username: 'ada' }
  const device = { userAgent: '', address: '' }
  const limits = { idleTimeoutSeconds: 0, absoluteTimeoutSeconds: 3600 }
  const session = { secretHash: 'A'.repeat(43) }
  for (let count = 1; count < 100; count++) await ours.logins.create({ user, device, ...limits, session })
  const { destroy } = old.sessions
  old.sessions.destroy = (_sid, done) => done?.(new Error('the store is down'))
  const one: Jar = new Map()
  t.equal(await ours.post(0, one, '/session/login', 'ada'), 503)
  t.same(await browse(new Map([...jar].slice(0, 1)), `${old.url}/me`), ok('ada'), 'it is still there')
  old.sessions.destroy = destroy
  // The node may have tried again by itself meanwhile, in vain.
  ours.clock.now += 30_000
  await ours.nodes[0]?.migrations.refresh()
  t.equal((await browse(new Map([...jar].slice(0, 1)), `${old.url}/me`)).status, 401)
})

t.test('a step is refused that skips a phase, comes too soon, or would log somebody out', async (t) => {
  const { ours, signInThere } = await start(t)
  const jar = await signInThere('ada')
  const { migrations } = ours.nodes[0] as (typeof ours.nodes)[number]
  const move = (phase: 'both' | 'new' | 'retired', lose?: number) =>
    migrations.move('express', phase, { by: 'ada', ...(lose !== undefined && { lose }) })
  const refused = (message: RegExp) => ({ code: 'DRAWBRIDGE_MIGRATION_STEP', statusCode: 409, message })
  await t.rejects(move('new'), refused(/is "old": no single step leads to "new"/))
  await move('both')
  await t.rejects(move('new'), refused(/try again in 30 s/))
  await ours.get(0, jar)
  await ours.moveTo('new')
  ours.clock.now += 3_600_000
  await t.rejects(ours.moveTo('retired'), refused(/1 logins are led by the other system/))
  t.match(await migrations.status('express'), {
    phase: 'new',
    version: 2,
    ledByOld: 1,
    ledByNew: 0,
    mayOldInstancesStart: false,
    by: 'ada'
  })
  await move('retired', 1)
  t.same(await ours.get(0, jar), unauthorized)
  t.same(await migrations.sweep('express'), { revokedCount: 1 })
  await t.rejects(ours.moveTo('new'), refused(/it was swept/))
})

t.test(
  'a sweep before the end revokes what was ended there and is presented here no more, and nothing else',
  async (t) => {
    const { old, ours, signInThere } = await start(t)
    const [leaver, keeper] = [await signInThere('ada'), await signInThere('bob')]
    const { migrations } = ours.nodes[0] as (typeof ours.nodes)[number]
    await ours.moveTo('both')
    // The response with the cookie of ours is lost.
    await ours.get(0, new Map(leaver))
    await ours.get(0, keeper)
    await browse(leaver, `${old.url}/logout`, 'POST')
    const own: Jar = new Map()
    t.equal(await ours.post(0, own, '/session/login', 'bob'), 200)
    t.match(await migrations.status('express'), { ledByOld: 3 })
    const events: LoginEvent[] = []
    const listen = (event: unknown) => void events.push(event as LoginEvent)
    loginsChannel.subscribe(listen)
    t.teardown(() => loginsChannel.unsubscribe(listen))
    t.same(await migrations.sweep('express'), { revokedCount: 1 })
    t.match(events, [
      { type: 'login-revoked', userId: ours.userId('ada'), by: 'foreign', reason: 'logged-out-there' }
    ])
    await migrations.refresh()
    t.match(await migrations.status('express'), { ledByOld: 2, counts: { both: { endedThere: 1 } } })
    t.same(await ours.logins.listByUser(ours.userId('ada')), [])
    await ours.moveTo('new')
    t.same(await migrations.sweep('express'), { revokedCount: 0 })
    await ours.moveTo('both')
    for (const jar of [keeper, own]) t.same(await ours.get(1, jar), ok('bob'))
    const { get } = old.sessions
    old.sessions.get = (_sid, done) => done(new Error('the store is down'))
    await t.rejects(migrations.sweep('express'), unavailable)
    old.sessions.get = get
    t.same(await migrations.sweep('express'), { revokedCount: 0 })
  }
)

t.test('a phase lasts until no request is left that began in the one before', async (t) => {
  const { ours } = await start(t, {}, { requestTimeoutSeconds: 60 })
  await ours.moveTo('both')
  await t.rejects(ours.moveTo('new', 59_999), { message: /try again in 1 s/ })
  await ours.moveTo('new', 1)
  t.match(await ours.nodes[0]?.migrations.status('express'), { phase: 'new' })
})

t.test('a login that this system gave nothing yet keeps its instances from being started', async (t) => {
  const { old, ours } = await start(t)
  await ours.moveTo('both')
  await ours.moveTo('new')
  const jar: Jar = new Map()
  t.equal(await ours.post(0, jar, '/session/login', 'ada'), 200)
  await ours.moveTo('both')
  const mayStart = async () => (await ours.nodes[0]?.migrations.status('express'))?.mayOldInstancesStart
  t.equal(await mayStart(), false)
  await ours.get(0, jar)
  await ours.get(0, jar)
  ours.clock.now += 30_000
  t.equal(await mayStart(), true)
  t.same(await browse(jar, `${old.url}/me`), ok('ada'))
})
