import signature from 'cookie-signature'
import { MemoryStore } from 'express-session'
import t, { type Test } from 'tap'
import { createRememberedClaims } from '../../src/migration/remembered-claims.ts'
import { expressSession } from '../../src/migration/sources/express-session/index.ts'
import { makeMoving, type Moving } from './make-migration.ts'
import { browse, type Jar, OLD_SECRET, startOldService } from './old-service.ts'

const ok = (body: string) => ({ status: 200, body })
const unauthorized = { status: 401, body: '' }

t.test(
  'what was seen is found by user and key, and the oldest is forgotten when there are many',
  async (t) => {
    const claims = createRememberedClaims(4)
    t.equal(claims.find('ada', 'a'), undefined)
    claims.add('ada', 'a', 'login a')
    claims.add('bob', 'a', 'login b')
    t.equal(claims.find('ada', 'a'), 'login a')
    t.equal(claims.find('bob', 'a'), 'login b', 'another user with the same key')
    t.equal(claims.find('ad', 'aa'), undefined)
    for (let at = 0; at < 3; at++) claims.add('eve', `${at}`, `login ${at}`)
    t.equal(claims.find('eve', '2'), 'login 2')
    t.equal(claims.find('ada', 'a'), undefined)
    claims.add('ada', 'a', 'login a')
    for (let at = 0; at < 20; at++) {
      claims.add('eve', `more ${at}`, 'login')
      t.equal(claims.find('ada', 'a'), 'login a', 'what is used stays')
    }
  }
)

async function start(t: Test) {
  const old = await startOldService()
  const ours = await makeMoving(old.sessions)
  t.teardown(async () => {
    await ours.close()
    await old.close()
  })
  const jar: Jar = new Map()
  await browse(jar, `${old.url}/login?user=ada`, 'POST')
  const calls = async (node: number, presented: Jar) => {
    const before = ours.storeSpy.calls.length
    const outcome = await ours.get(node, presented)
    const asked = ours.storeSpy.calls.slice(before)
    return { outcome, asked: asked.filter((name) => !/readPhase|addCounts|touch/.test(name)) }
  }
  return { old, ours, jar, calls }
}

t.test(
  'an adoption costs one question more than the insert of a sign-in, and each node asks about a claim once',
  async (t) => {
    for (const phase of ['both', 'new'] as const) {
      const { ours, jar, calls } = await start(t)
      await ours.moveTo('both')
      if (phase === 'new') await ours.moveTo('new')
      const alone = () => new Map(jar)
      const first = await calls(0, alone())
      t.same(first, { outcome: ok('ada'), asked: ['adoptions.adopt', 'find'] }, phase)
      const second = await calls(0, alone())
      t.same(second, { outcome: ok('ada'), asked: ['adoptions.find', 'find'] }, `${phase}: again`)
      t.match(await calls(1, alone()), { asked: ['adoptions.adopt', 'find'] }, `${phase}: another node`)
      t.match(await calls(1, alone()), { asked: ['adoptions.find', 'find'] }, `${phase}: and again`)
      await ours.get(0, jar)
      await ours.get(0, new Map(jar))
      if (phase === 'both')
        t.match(await calls(0, new Map(jar)), { asked: ['adoptions.find', 'find'] }, 'with ours beside it')
    }
  }
)

t.test('in the phase old a session is asked about each time, as no login is made', async (t) => {
  const { calls, jar } = await start(t)
  for (let at = 0; at < 2; at++)
    t.same(await calls(0, jar), { outcome: ok('ada'), asked: ['adoptions.findClaim'] })
})

t.test('what a node remembers serves nobody who was logged out or revoked, in whatever phase', async (t) => {
  for (const phase of ['both', 'new'] as const) {
    for (const end of ['log-out', 'revoke', 'revoke user', 'expiry'] as const) {
      const { old, ours, jar } = await start(t)
      await ours.moveTo('both')
      if (phase === 'new') await ours.moveTo('new')
      const alone = () => new Map(jar)
      for (const node of [0, 1]) t.same(await ours.get(node, alone()), ok('ada'))
      const { sessions } = old.sessions as unknown as { sessions: Record<string, string> }
      const rows = { ...sessions }
      const [login] = await ours.logins.listByUser(ours.userId('ada'))
      if (end === 'log-out') t.equal(await ours.post(1, alone(), '/session/logout'), 200)
      if (end === 'revoke') await ours.logins.revoke(login?.id ?? '')
      if (end === 'revoke user') await ours.logins.revokeUser(ours.userId('ada'))
      if (end === 'expiry') {
        ours.clock.now = login?.expiresAt ?? 0
        for (const { migrations } of ours.nodes) await migrations.refresh()
      }
      // As a request in flight there would write it again.
      Object.assign(sessions, rows)
      for (const node of [0, 1]) t.same(await ours.get(node, alone()), unauthorized, `${phase}, ${end}`)
      if (end === 'expiry') continue
      await ours.moveTo(phase === 'both' ? 'old' : 'both')
      for (const node of [0, 1]) t.same(await ours.get(node, alone()), unauthorized, `${phase}, ${end}, back`)
    }
  }
})

t.test('a claim that the store has lost is not what a node goes by', async (t) => {
  const { ours, jar } = await start(t)
  await ours.moveTo('both')
  const alone = () => new Map(jar)
  t.same(await ours.get(0, alone()), ok('ada'))
  const [login] = await ours.logins.listByUser(ours.userId('ada'))
  ours.storeSpy.before('adoptions.find', () => ours.storeSpy.store.remove(login?.id ?? ''))
  t.same(await ours.get(0, alone()), unauthorized, 'removed in the store alone, just before')
})

t.test(
  'a session that outlives its claim gets another login, also where a node remembers the first',
  async (t) => {
    const HOUR = 3_600_000
    const rows = new MemoryStore()
    const moving: { service?: Moving } = {}
    const now = () => moving.service?.clock.now ?? 0
    const from = expressSession({
      secret: OLD_SECRET,
      store: rows as never,
      rolling: true,
      cookie: { secure: false },
      now
    })
    const service = await makeMoving(rows, { from })
    moving.service = service
    t.teardown(() => service.close())
    await service.moveTo('both')
    const cookie = { originalMaxAge: HOUR, expires: new Date(now() + HOUR).toISOString(), path: '/' }
    rows.set('sid', { cookie, passport: { user: 'ada' } } as never)
    const jar: Jar = new Map([['connect.sid', encodeURIComponent(`s:${signature.sign('sid', OLD_SECRET)}`)]])
    for (const node of [0, 1]) t.same(await service.get(node, new Map(jar)), ok('ada'))
    service.clock.now += HOUR
    for (const { migrations } of service.nodes) await migrations.refresh()
    t.same(await service.logins.listByUser(service.userId('ada')), [], 'the login has expired')
    for (const node of [0, 1]) t.same(await service.get(node, new Map(jar)), ok('ada'))
    t.equal((await service.logins.listByUser(service.userId('ada'))).length, 1)
  }
)
