import { MemoryStore } from 'express-session'
import t from 'tap'
import { flaskSession } from '../../src/migration/sources/flask/index.ts'
import { createSealedLogins } from '../../src/migration/sources/index.ts'
import { makeMoving, type Moving } from './make-migration.ts'
import type { Jar } from './old-service.ts'

t.test(
  'two devices of one user that get their Flask sessions back in one second stay signed in',
  async (t) => {
    const moving: { ours?: Moving } = {}
    const from = flaskSession({
      secret: 'the secret of a Flask service, for tests',
      cookie: { secure: false },
      createSession: ({ username }) => ({ user_id: username }),
      now: () => moving.ours?.clock.now ?? 0
    })
    const service = await makeMoving(new MemoryStore(), { from })
    moving.ours = service
    t.teardown(() => service.close())
    await service.moveTo('both')
    await service.moveTo('new')
    const jars: Jar[] = [new Map(), new Map()]
    for (const jar of jars) t.equal(await service.post(0, jar, '/session/login', 'ada'), 200)
    await service.moveTo('both')
    for (const time of ['first', 'second', 'third']) {
      for (const jar of jars) t.same(await service.get(1, jar), { status: 200, body: 'ada' }, time)
    }
    t.equal(new Set(jars.map((jar) => jar.get('session'))).size, 2, 'each has its own')
    const [lost, stays] = jars as [Jar, Jar]
    t.equal(await service.post(0, lost, '/session/logout'), 200)
    t.same(await service.get(0, stays), { status: 200, body: 'ada' }, 'a log-out of one is none of the other')
  }
)

t.test(
  'two devices of one user that sign in within one second are two logins, of which both count there',
  async (t) => {
    // A system of which two logins of one user have the very same credential.
    const from = createSealedLogins({
      in: { name: 'session', secure: false },
      open: (credential) => ({ userId: credential, issuedAt: 0, expiresAt: Date.UTC(2030, 0) }),
      seal: ({ username }) => username
    })
    const service = await makeMoving(new MemoryStore(), { from })
    t.teardown(() => service.close())
    await service.moveTo('both')
    const jars: Jar[] = [new Map(), new Map()]
    for (const jar of jars) t.equal(await service.post(0, jar, '/session/login', 'ada'), 200)
    for (const jar of jars) t.same(await service.get(1, jar), { status: 200, body: 'ada' })
    t.match(await service.nodes[0]?.migrations.status('express'), {
      ledByNew: 1,
      mayOldInstancesStart: false
    })
  }
)

t.test(
  'a credential that is younger than the phase new shows that an old instance is still running',
  async (t) => {
    const from = createSealedLogins({
      in: { name: 'session', secure: false },
      open: (credential) => {
        const [userId, issuedAt] = credential.split('@')
        return { userId, issuedAt: Number(issuedAt), expiresAt: Date.UTC(2030, 0) }
      },
      now: () => Date.UTC(2029, 0)
    })
    const service = await makeMoving(new MemoryStore(), { from })
    t.teardown(() => service.close())
    const present = async () => service.get(0, new Map([['session', `ada@${service.clock.now}`]]))
    const countOf = async () => {
      for (const { migrations } of service.nodes) await migrations.refresh()
      return (await service.nodes[0]?.migrations.status('express'))?.counts.new?.issuedAfterSwitch ?? 0
    }
    await service.moveTo('both')
    await present()
    const before = `ada@${service.clock.now - 1}`
    await service.moveTo('new')
    t.same(await service.get(0, new Map([['session', before]])), { status: 200, body: 'ada' })
    t.equal(await countOf(), 0)
    service.clock.now += 1000
    t.same(await present(), { status: 200, body: 'ada' })
    t.equal(await countOf(), 1)
  }
)
