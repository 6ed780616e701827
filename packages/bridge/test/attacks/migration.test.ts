// Attacks while users are moved from another system: X15 to X21 of docs/security/attacks.md.
import { sessionAuth } from '@drawbridge/session-auth'
import { type SigningKey, tokenAuth, type TokenResponse } from '@drawbridge/token-auth'
import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import signature from 'cookie-signature'
import { MemoryStore } from 'express-session'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { bridge } from '../../src/index.ts'
import { migrations, type OldLogins } from '../../src/migration/index.ts'
import { expressSession } from '../../src/migration/sources/express-session/index.ts'
import { flaskSession } from '../../src/migration/sources/flask/index.ts'
import { deriveKey, signText } from '../../src/migration/sources/flask/signed-text.ts'
import { jwt } from '../../src/migration/sources/jwt/index.ts'
import { makeMoving, type Moving, type MovingOptions } from '../migration/make-migration.ts'
import { makeTokenMigration, OLD_SECRET as TOKEN_SECRET, signOld } from '../migration/make-token-migration.ts'
import { type Jar, OLD_SECRET } from '../migration/old-service.ts'

const OURS = '__Host-drawbridge'
const ok = (body: string) => ({ status: 200, body })
const unauthorized = { status: 401, body: '' }
const PHASES = ['old', 'both', 'new'] as const

type Options = Parameters<typeof makeMoving>[1]

/** A service that users are moved to, from express-session or from Flask; `signInThere` gives the cookie of a new session there. */
async function start(t: Test, kind: 'express' | 'flask', options: Options = {}, more: MovingOptions = {}) {
  const rows = new MemoryStore()
  const moving: { service?: Moving } = {}
  const now = () => moving.service?.clock.now ?? Date.UTC(2027, 0, 1)
  const flask = flaskSession({ secret: OLD_SECRET, cookie: { secure: false }, now })
  const service = await makeMoving(rows, { ...(kind === 'flask' && { from: flask }), ...options }, more)
  moving.service = service
  t.teardown(() => service.close())
  let count = 0
  const signInThere = (user: string): Jar => {
    count += 1
    if (kind === 'flask') {
      const payload = Buffer.from(JSON.stringify({ user_id: user, count })).toString('base64url')
      const text = signText(payload, Math.floor(now() / 1000), deriveKey(OLD_SECRET, 'cookie-session'))
      return new Map([['session', text]])
    }
    rows.set(`sid${count}`, { cookie: { path: '/' }, passport: { user } } as never)
    return new Map([['connect.sid', encodeURIComponent(`s:${signature.sign(`sid${count}`, OLD_SECRET)}`)]])
  }
  /** To a phase, by way of those before it. */
  const enter = async (phase: 'old' | 'both' | 'new' | 'retired') => {
    for (const each of ['both', 'new', 'retired'] as const) {
      if (phase === 'old') return
      await service.moveTo(each, each === 'retired' ? 3_700_000 : 60_000)
      if (each === phase) return
    }
  }
  return { service, rows, signInThere, enter }
}

/** What a thief may have copied of a browser: each of its cookies alone, and all. */
const copiesOf = (jar: Jar): readonly Jar[] => [
  new Map(jar),
  ...[...jar].map(([name, value]) => new Map([[name, value]]))
]

for (const kind of ['express', 'flask'] as const) {
  t.test(
    `X15 a session of ${kind} counts nowhere after a log-out or a change of password, in whatever phase it is replayed`,
    async (t) => {
      for (const phase of PHASES) {
        for (const end of ['log-out', 'password'] as const) {
          const { service, signInThere, enter } = await start(t, kind)
          const [jar, unseen] = [signInThere('ada'), signInThere('ada')]
          await enter(phase)
          t.same(await service.get(0, jar), ok('ada'), phase)
          const copies = copiesOf(jar)
          if (end === 'log-out') t.equal(await service.post(1, jar, '/session/logout'), 200)
          else await service.logins.revokeUser(service.userId('ada'))
          const dead = end === 'password' ? [...copies, unseen] : copies
          const replay = async (when: string) => {
            for (const copy of dead)
              for (const node of [0, 1]) t.same(await service.get(node, new Map(copy)), unauthorized, when)
          }
          await replay(`${end}, ${phase}`)
          if (phase !== 'new') await service.moveTo(phase === 'old' ? 'both' : 'new')
          else await service.moveTo('both')
          await replay(`${end}, ${phase}, a step later`)
          if (end === 'log-out') t.same(await service.get(0, unseen), ok('ada'), 'another device stays')
        }
      }
    }
  )
}

t.test(
  'X15 a token of the other system counts nowhere after a change of password, not even one that names no login',
  async (t) => {
    const { send, exchange, moveTo, nodes, clock } = await makeTokenMigration(t)
    const tokens = [
      signOld({ user_id: 'ada', iat: Math.floor(clock.now / 1000) }),
      signOld({ user_id: 'ada' })
    ]
    const replay = async (status: number, when: string) => {
      for (const token of tokens)
        for (const node of [0, 1] as const) t.equal((await send(node, token)).statusCode, status, when)
    }
    await replay(200, 'before')
    await moveTo('both')
    const responses = await Promise.all(tokens.map((token) => exchange(0, token)))
    await nodes[1].logins.revokeUser('ada')
    await replay(401, 'both')
    for (const response of responses) {
      const { access_token, refresh_token } = response.json<TokenResponse>()
      t.equal((await send(0, access_token)).statusCode, 401)
      const payload = { refresh_token }
      const refreshed = await nodes[0].app.inject({ method: 'POST', url: '/token/refresh', payload })
      t.equal(refreshed.statusCode, 401)
    }
    for (const token of tokens) t.equal((await exchange(1, token)).statusCode, 401)
    await moveTo('new')
    await replay(401, 'new')
    t.equal((await send(0, signOld({ user_id: 'bob' }))).statusCode, 200, 'that of another user counts')
  }
)

t.test(
  'X16 a user who is unknown, disabled or there twice is not migrated, with the same response as for a forged session',
  async (t) => {
    const nobody = [null, undefined] as const
    for (const phase of ['both', 'new'] as const) {
      let user: unknown = null
      const { service, signInThere, enter } = await start(t, 'express', { userOf: () => user as null })
      const jar = signInThere('ada')
      await enter(phase)
      const app = service.nodes[0] as FastifyInstance
      const send = async (value = '') => {
        const { statusCode, body, headers } = await app.inject({
          url: '/me',
          headers: { cookie: `connect.sid=${value}` }
        })
        const { date: _date, ...rest } = headers
        return { statusCode, body, headers: rest }
      }
      const forged = await send('s%3Asid.forged')
      for (const each of nobody) {
        user = each
        t.same(await send(jar.get('connect.sid')), forged, `${phase}: ${each}`)
      }
      t.equal(forged.statusCode, 401)
      // What is no user at all is a fault of the service, and logs nobody out.
      for (const each of [
        [
          { id: '1', username: 'ada' },
          { id: '2', username: 'ada' }
        ],
        {},
        { id: 7, username: 'ada' },
        '1'
      ]) {
        user = each
        t.equal((await send(jar.get('connect.sid'))).statusCode, 503, JSON.stringify(each))
      }
      t.equal(service.storeSpy.counts['adoptions.adopt'] ?? 0, 0, 'nothing was made')
    }
  }
)

/** Counts how often the other system is read. */
function counted(from: OldLogins): OldLogins & { reads: number } {
  const self = {
    ...from,
    reads: 0,
    read: (request: Parameters<OldLogins['read']>[0]) => {
      self.reads += 1
      return from.read(request)
    }
  }
  return self
}

t.test('X17 once it is retired, nothing of the other system is read, by whatever request', async (t) => {
  const from = counted(expressSession({ secret: OLD_SECRET, store: new MemoryStore() as never }))
  const { service, signInThere, enter } = await start(t, 'express', { from })
  await enter('new')
  const reads = from.reads
  await service.moveTo('retired', 3_700_000)
  const jar = signInThere('ada')
  for (const node of [0, 1]) t.same(await service.get(node, new Map(jar)), unauthorized)
  t.equal(await service.post(0, new Map(jar), '/others'), 401)
  t.equal(await service.post(0, new Map(jar), '/session/logout'), 200)
  t.equal(await service.post(1, jar, '/session/login', 'ada'), 200)
  t.same(await service.get(1, jar), ok('ada'))
  t.equal(from.reads, reads)
})

t.test('X17 from the day of acceptUntil on no session of the other system is read', async (t) => {
  const rows = new MemoryStore()
  const from = counted(expressSession({ secret: OLD_SECRET, store: rows as never }))
  const day = Date.UTC(2027, 0, 2)
  const { service, signInThere, enter } = await start(t, 'express', { from, acceptUntil: new Date(day) })
  rows.set('sid1', { cookie: { path: '/' }, passport: { user: 'ada' } } as never)
  const jar = signInThere('ada')
  await enter('both')
  const renew = () => Promise.all(service.nodes.map(({ migrations: { refresh } }) => refresh()))
  service.clock.now = day - 1
  await renew()
  const adopted = new Map(jar)
  t.same(await service.get(0, adopted), ok('ada'))
  service.clock.now = day
  await renew()
  const reads = from.reads
  for (const node of [0, 1]) {
    for (const copy of [jar, ...copiesOf(adopted)])
      t.same(await service.get(node, new Map(copy)), unauthorized)
    t.equal(await service.post(node, new Map(jar), '/others'), 401)
  }
  t.equal(from.reads, reads)
})

t.test('X17 from the day of acceptUntil on no token of the other system is read', async (t) => {
  const clock = { now: Date.now() }
  const from = counted(
    jwt({ algorithm: 'HS256', secret: TOKEN_SECRET, userIdClaim: 'user_id', now: () => clock.now })
  )
  const service = await makeTokenMigration(t, { from })
  const old = signOld({ user_id: 'ada' })
  await service.moveTo('both')
  t.equal((await service.send(0, old)).statusCode, 200)
  service.clock.now += 30 * 86_400_000
  for (const { app } of service.nodes) await app.migrations.refresh()
  const { reads } = from
  t.equal((await service.send(0, old)).statusCode, 401)
  t.equal((await service.exchange(1, old)).statusCode, 401)
  t.equal(from.reads, reads)
})

/** Who a request was served as, by each way in which a handler may ask. */
const routes = async (app: FastifyInstance) => {
  app.get('/whole', { onRequest: app.sessionAuth.guard }, ({ principal }) => principal)
  await app.register(async (scope) => {
    await scope.register(app.sessionAuth.sessionData)
    scope.post<{ Body: { username?: string } }>('/note', (request) => {
      request.session.set('note' as never, request.principal?.username as never)
      return {}
    })
    scope.get('/note', async (request) => ({
      username: request.principal?.username,
      note: (request.session as unknown as { note?: string }).note ?? null
    }))
  })
}

for (const kind of ['express', 'flask'] as const) {
  t.test(`X18 our session and one of ${kind}, of two users, are never mixed`, async (t) => {
    for (const phase of PHASES) {
      const { service, signInThere, enter } = await start(t, kind, {}, { routes })
      await enter(phase)
      const ours: Jar = new Map()
      t.equal(await service.post(0, ours, '/session/login', 'ada'), 200)
      const own = new Map([[OURS, ours.get(OURS) as string]])
      t.equal(await service.post(0, new Map(ours), '/note'), 200)
      const jar: Jar = new Map([...own, ...signInThere('bob')])
      // In `new` we lead the login of our own sign-in, before that the other system does.
      const leader = phase === 'new' ? 'ada' : 'bob'
      for (const node of [0, 1]) {
        const { body } = await service.get(node, new Map(jar), '/whole')
        t.match(JSON.parse(body), { username: leader, userId: service.userId(leader) }, phase)
      }
      t.same(await service.get(1, jar), ok(leader), phase)
      t.same(await service.get(0, jar), ok(leader), `${phase}: and so it stays`)
      const another: Jar = new Map([...own, ...signInThere('bob')])
      const { body } = await service.get(1, another, '/note')
      t.same(JSON.parse(body), { username: leader, note: leader === 'ada' ? 'ada' : null }, phase)
      t.equal((await service.logins.listByUser(service.userId('ada'))).length, 1, 'no login is lost')
    }
  })
}

t.test('X18 a token of the other system and our session, of two users, are rejected together', async (t) => {
  const { nodes, moveTo } = await makeTokenMigration(t, {
    extend: async (app, { credentials, logins }) => {
      await app.register(sessionAuth, { credentials, logins, secret: 'a root secret for tests, 0123456789' })
      await app.register(bridge)
      app.post('/enter', async (request, reply) => {
        await app.sessionAuth.startSession(request, reply, { user: { id: 'bob', username: 'bob' } })
        return {}
      })
      app.get('/either', { onRequest: app.bridge.guard }, ({ principal }) => principal)
    }
  })
  const { app } = nodes[0]
  const signedIn = await app.inject({
    method: 'POST',
    url: '/enter',
    headers: { 'sec-fetch-site': 'same-origin' }
  })
  const cookie = [signedIn.headers['set-cookie'] ?? []]
    .flat()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
  const send = (user: string) =>
    app.inject({ url: '/either', headers: { cookie, authorization: `Bearer ${signOld({ user_id: user })}` } })
  for (const phase of PHASES) {
    if (phase !== 'old') await moveTo(phase)
    t.match((await send('ada')).json(), { statusCode: 400, code: 'DRAWBRIDGE_TWO_USERS' }, phase)
    t.match((await send('bob')).json(), { userId: 'bob', carrier: 'token' }, phase)
  }
})

t.test('X19 a secret that both systems have is rejected at boot, wherever it stands', async (t) => {
  const shared = 'a secret that both systems have, 0123456789'
  const other = 'another secret of one of the two, 0123456789'
  const key = (text: string): SigningKey =>
    ({ kty: 'oct', kid: text.slice(0, 7), alg: 'HS256', k: Buffer.from(text).toString('base64url') }) as never
  const acceptUntil = new Date(Date.now() + 86_400_000)
  const store = new MemoryStore() as never
  const sources = (secret: string | readonly string[]) => ({
    express: expressSession({ secret, store }),
    flask: flaskSession({ secret }),
    token: jwt({ algorithm: 'HS256', secret }),
    cookie: jwt({ algorithm: 'HS256', secret, cookie: { name: 'token' } })
  })
  const boot = async (from: OldLogins, ours: string | readonly string[], keys: readonly SigningKey[]) => {
    const app = Fastify()
    t.teardown(() => app.close())
    const common = {
      credentials: createCredentials({ users: createMemoryUserStore() }),
      logins: createLogins({ store: createMemoryLoginStore() }),
      secret: ours
    }
    await app.register(sessionAuth, common as never)
    await app.register(tokenAuth, { ...common, keys } as never)
    await app.register(migrations, {
      migrations: [{ name: 'before', from, userOf: () => null, acceptUntil }]
    })
  }
  const rejected = /migrations: the secret of "before" must not be a root secret or a key of ours/
  for (const secret of [shared, [other, shared]]) {
    for (const [name, from] of Object.entries(sources(secret))) {
      for (const ours of [shared, ['a third secret, of ours alone, 01234567', shared]])
        await t.rejects(
          boot(from, ours, [key('a key of ours alone, 0123456789 01234567')]),
          { message: rejected },
          name
        )
      await t.rejects(
        boot(from, 'a third secret, of ours alone, 01234567', [
          key('a key of ours alone, 0123456789 01234567'),
          key(shared)
        ]),
        { message: rejected },
        `${name}, as a key`
      )
    }
  }
  for (const from of Object.values(sources(other)))
    await t.resolves(boot(from, shared, [key('a key of ours alone, 0123456789 01234567')]))
})

/** What requests ask of the store; each node reads the phase and writes its counts once a second besides. */
const asked = ({ calls }: Moving['storeSpy']) =>
  calls.filter((name) => name !== 'adoptions.readPhase' && name !== 'adoptions.addCounts').length

t.test('X20 a flood of made-up credentials reaches neither store, and looks nobody up', async (t) => {
  for (const kind of ['express', 'flask'] as const) {
    let lookedUp = 0
    const userOf = () => {
      lookedUp += 1
      return null
    }
    const { service, rows, signInThere } = await start(t, kind, { userOf })
    const get = rows.get.bind(rows)
    let rowReads = 0
    rows.get = (...args) => {
      rowReads += 1
      return get(...args)
    }
    for (const phase of PHASES) {
      if (phase !== 'old') await service.moveTo(phase)
      const [[name, value] = ['', '']] = [...signInThere('ada')]
      const madeUp = Array.from(
        { length: 500 },
        (_, at) => `${value.slice(0, -6)}${String(at).padStart(6, '0')}`
      )
      const before = asked(service.storeSpy)
      const statuses = await Promise.all(
        madeUp.map(async (each, at) => (await service.get(at % 2, new Map([[name, each]]))).status)
      )
      t.same([...new Set(statuses)], [401], `${kind}, ${phase}`)
      t.equal(asked(service.storeSpy), before, 'our store')
    }
    t.same({ lookedUp, rowReads }, { lookedUp: 0, rowReads: 0 }, kind)
  }
})

t.test('X20 a flood of made-up tokens at the exchange reaches no store', async (t) => {
  const { exchange, send, moveTo, storeSpy } = await makeTokenMigration(t)
  await moveTo('both')
  const good = signOld({ user_id: 'ada' })
  const before = asked(storeSpy)
  for (let at = 0; at < 500; at++) {
    const token = `${good.slice(0, -6)}${String(at).padStart(6, '0')}`
    const { statusCode } = await (at % 2 === 0 ? exchange(0, token) : send(1, token))
    if (statusCode !== 401) t.fail(`${statusCode} for ${token}`)
  }
  t.equal(asked(storeSpy), before)
  t.equal((await exchange(1, good)).statusCode, 200)
  t.ok(asked(storeSpy) > before)
})

const madeOf = (moving: Moving) =>
  Promise.all(['ada', 'bob'].map(async (name) => moving.logins.listByUser(moving.userId(name)))).then(
    (lists) => lists.flat().length
  )

/** One request from an address. */
async function getFrom(
  service: Moving,
  address: string,
  jar: Jar,
  url = '/me',
  method: 'GET' | 'POST' = 'GET'
) {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const app = service.nodes[0] as FastifyInstance
  const headers = { cookie, 'sec-fetch-site': 'same-origin' }
  return app.inject({ url, method, headers, remoteAddress: address })
}

for (const kind of ['express', 'flask'] as const) {
  t.test(
    `X21 valid sessions of ${kind} that one address presents in great number make only so many logins, and log nobody out`,
    async (t) => {
      for (const phase of ['both', 'new'] as const) {
        const throttle = { adoptionsPerAddress: 3, windowSeconds: 60 }
        const { service, signInThere, enter } = await start(t, kind, { throttle })
        const office = Array.from({ length: 12 }, (_, at) => signInThere(at % 2 === 0 ? 'ada' : 'bob'))
        const check = async (made: number, when: string) => {
          for (const [at, jar] of office.entries()) {
            const { statusCode, body } = await getFrom(service, '192.0.2.1', jar)
            t.same([statusCode, body], [200, at % 2 === 0 ? 'ada' : 'bob'], `${phase}, ${when}: ${at}`)
          }
          t.equal(await madeOf(service), made, `${phase}, ${when}`)
        }
        await enter(phase)
        await check(3, 'at once')
        await check(3, 'again, by those that have a login too')
        t.equal((await getFrom(service, '192.0.2.2', signInThere('ada'))).statusCode, 200)
        t.equal(await madeOf(service), 4, 'another address has a limit of its own')
        // A log-out, and one of all others, of who is served by the other system's session alone.
        const last = office.at(-1) as Jar
        t.equal((await getFrom(service, '192.0.2.1', last, '/session/logout', 'POST')).statusCode, 200)
        t.equal((await getFrom(service, '192.0.2.1', last)).statusCode, 401, `${phase}: logged out`)
        office.pop()
        const spared = office[3] as Jar
        t.equal((await getFrom(service, '192.0.2.1', spared, '/others', 'POST')).statusCode, 200)
        const served = await Promise.all(office.map(async (jar) => getFrom(service, '192.0.2.1', jar)))
        const wanted = office.map((jar, at) => (at % 2 === 0 || jar === spared ? 200 : 401))
        t.same(
          served.map(({ statusCode }) => statusCode),
          wanted,
          `${phase}: the others of bob are revoked, and none of ada`
        )
        await (service.nodes[0] as FastifyInstance).migrations.refresh()
        const { counts, warnings } = await (service.nodes[0] as FastifyInstance).migrations.status('express')
        t.ok((counts[phase]?.throttled ?? 0) > 0)
        t.match(warnings.join('\n'), /one address may have made/)
      }
    }
  )
}

t.test('X21 once the window is over, whoever was served without a login gets one', async (t) => {
  let now = 0
  const credentials = createCredentials({
    users: createMemoryUserStore(),
    closeWithApp: false,
    now: () => now
  })
  const throttle = { adoptionsPerAddress: 1, windowSeconds: 60 }
  const { service, signInThere, enter } = await start(t, 'express', { throttle }, { credentials })
  const [first, second] = [signInThere('ada'), signInThere('bob')]
  await enter('new')
  t.same([await service.get(0, first), await service.get(0, second)], [ok('ada'), ok('bob')])
  t.ok(first.has(OURS))
  t.notOk(second.has(OURS))
  now = 60_000
  t.same(await service.get(0, second), ok('bob'))
  t.ok(second.has(OURS))
})

t.test(
  'X21 valid tokens that one address exchanges in great number give only so many, and are served all the same',
  async (t) => {
    const throttle = { adoptionsPerAddress: 3, windowSeconds: 60 }
    const { exchange, send, moveTo, nodes, clock } = await makeTokenMigration(t, { throttle })
    await moveTo('both')
    const nameless = signOld({ user_id: 'ada' })
    const named = signOld({ user_id: 'bob', iat: Math.floor(clock.now / 1000) })
    const first = await exchange(0, named)
    t.equal(first.statusCode, 200)
    for (let at = 0; at < 20; at++) {
      const response = await exchange(0, nameless)
      if (at < 2) t.equal(response.statusCode, 200)
      else if (response.statusCode !== 429) t.fail(`${at}: ${response.statusCode}`)
    }
    const refused = await exchange(0, nameless)
    t.match(refused.json(), { code: 'DRAWBRIDGE_TOO_MANY_ATTEMPTS' })
    t.match(refused.headers, { 'retry-after': /^[1-9]\d*$/ })
    t.equal((await nodes[0].logins.listByUser('ada')).length, 2)
    const again = await exchange(0, named)
    t.equal(again.json<TokenResponse>().refresh_token, first.json<TokenResponse>().refresh_token, 'a retry')
    for (const token of [nameless, named]) t.equal((await send(0, token)).statusCode, 200)
  }
)
