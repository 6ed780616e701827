import { MemoryStore } from 'express-session'
import signature from 'cookie-signature'
import t from 'tap'
import { flaskSession } from '../../src/migration/sources/flask/index.ts'
import { deriveKey, signText } from '../../src/migration/sources/flask/signed-text.ts'
import { makeMoving, type Moving } from './make-migration.ts'
import { makeTokenMigration, signOld } from './make-token-migration.ts'
import { type Jar, OLD_SECRET } from './old-service.ts'

const DAY = 86_400_000

const statusOf = async ({ nodes }: Pick<Moving, 'nodes'>) => {
  for (const { migrations } of nodes) await migrations.refresh()
  const status = await nodes[0]?.migrations.status('express')
  if (status === undefined) throw new Error('there is no node')
  return status
}

/** A Flask before us whose sessions last 31 days, and a cookie of it. */
async function startFlask(t: { teardown(work: () => Promise<void>): void }) {
  const moving: { service?: Moving } = {}
  const now = () => moving.service?.clock.now ?? Date.UTC(2027, 0, 1)
  const from = flaskSession({ secret: OLD_SECRET, cookie: { secure: false }, now })
  const service = await makeMoving(new MemoryStore(), { from }, { nodeCount: 1 })
  moving.service = service
  t.teardown(() => service.close())
  const sign = (session: object, at = now()): Jar => {
    const payload = Buffer.from(JSON.stringify(session)).toString('base64url')
    const text = signText(payload, Math.floor(at / 1000), deriveKey(OLD_SECRET, 'cookie-session'))
    return new Map([['session', text]])
  }
  return { service, sign }
}

t.test('the status says by when the other system is dead at the latest', async (t) => {
  const { service, sign } = await startFlask(t)
  t.equal((await statusOf(service)).deadAtLatest, null, 'nothing was seen')
  const early = service.clock.now - 10 * DAY
  const [jar, latest] = [sign({ user_id: 'ada' }, early), sign({ user_id: 'bob' })]
  await service.get(0, new Map(jar))
  t.equal((await statusOf(service)).deadAtLatest, early + 31 * DAY)
  await service.get(0, new Map(latest))
  await service.moveTo('both')
  t.equal((await statusOf(service)).deadAtLatest, service.clock.now + 31 * DAY, 'it goes on signing users in')
  await service.moveTo('new')
  const { since, deadAtLatest } = await statusOf(service)
  t.equal(deadAtLatest, (since ?? 0) + 31 * DAY, 'since it was stopped')
  service.clock.now += DAY
  t.equal((await statusOf(service)).deadAtLatest, deadAtLatest, 'and so it stays')
})

t.test('where a session does not say when it expires, it is not known, unless a date is set', async (t) => {
  for (const acceptUntil of [undefined, new Date(Date.UTC(2027, 5, 1))]) {
    const rows = new MemoryStore()
    const service = await makeMoving(rows, acceptUntil && { acceptUntil }, { nodeCount: 1 })
    t.teardown(() => service.close())
    rows.set('sid', { cookie: { path: '/' }, passport: { user: 'ada' } } as never)
    const cookie = encodeURIComponent(`s:${signature.sign('sid', OLD_SECRET)}`)
    t.equal((await service.get(0, new Map([['connect.sid', cookie]]))).status, 200)
    t.equal((await statusOf(service)).deadAtLatest, acceptUntil?.getTime() ?? null)
  }
})

t.test('what is rejected is counted by why', async (t) => {
  const { service, sign } = await startFlask(t)
  const { clock } = service
  const revoked = sign({ user_id: 'ada' })
  const [[, value] = ['', '']] = [...sign({ user_id: 'ada' })]
  const cases: readonly (readonly [string, Jar])[] = [
    ['signature', new Map([['session', `${value}x`]])],
    ['expired', sign({ user_id: 'ada' }, clock.now - 32 * DAY)],
    ['clock', sign({ user_id: 'ada' }, clock.now + DAY)],
    ['malformed', sign({ user_id: { $gt: '' } })],
    ['user', sign({ user_id: 'nobody' })],
    ['revoked', revoked]
  ]
  t.equal(await service.post(0, new Map(revoked), '/session/logout'), 200)
  for (const [reason, jar] of cases) {
    t.equal((await service.get(0, new Map(jar))).status, 401, reason)
    const { counts } = await statusOf(service)
    t.equal(counts.old?.[`rejected.${reason}`], 1, reason)
  }
  const { counts } = await statusOf(service)
  t.same(Object.keys(counts.old ?? {}).toSorted(), cases.map(([reason]) => `rejected.${reason}`).toSorted())
})

t.test('an expired token is told from a forged one, and neither is served', async (t) => {
  const { send, nodes, clock } = await makeTokenMigration(t)
  const at = Math.floor(clock.now / 1000)
  const expired = signOld({ user_id: 'ada', iat: at - 7200, exp: at - 3600 })
  for (const token of [expired, `${expired}x`, signOld({ user_id: 'ada', exp: -1 })])
    t.equal((await send(0, token)).statusCode, 401)
  await nodes[0].app.migrations.refresh()
  const { counts } = await nodes[0].app.migrations.status('seed')
  t.same(counts, { old: { 'rejected.expired': 1, 'rejected.signature': 2 } })
})

t.test('an operator is warned of a user who soon has as many logins as there may be', async (t) => {
  const rows = new MemoryStore()
  const service = await makeMoving(rows, {}, { nodeCount: 1, maxLoginsPerUser: 5 })
  t.teardown(() => service.close())
  await service.moveTo('both')
  const adopt = async (user: string, at: number) => {
    rows.set(`sid${user}${at}`, { cookie: { path: '/' }, passport: { user } } as never)
    const cookie = encodeURIComponent(`s:${signature.sign(`sid${user}${at}`, OLD_SECRET)}`)
    return service.get(0, new Map([['connect.sid', cookie]]))
  }
  await adopt('bob', 0)
  for (let at = 0; at < 3; at++) await adopt('ada', at)
  t.same((await statusOf(service)).warnings, [])
  await adopt('ada', 3)
  t.same((await statusOf(service)).warnings, [
    `the user "ada" (${service.userId('ada')}) has 4 logins of it, of 5 that a user may have (maxLoginsPerUser): each one beyond ` +
      'that signs another one out'
  ])
  await service.logins.revokeUser(service.userId('ada'))
  t.same((await statusOf(service)).warnings, [])
})

t.test(
  'an operator is warned of an instance of the other system that still runs in the phase new',
  async (t) => {
    const { service, sign } = await startFlask(t)
    await service.moveTo('both')
    await service.moveTo('new')
    service.clock.now += 1000
    await service.get(0, sign({ user_id: 'ada' }))
    t.match(await statusOf(service), {
      counts: { new: { issuedAfterSwitch: 1 } },
      warnings: [/an instance of the other system still runs/]
    })
  }
)
