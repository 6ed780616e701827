import { MemoryStore } from 'express-session'
import t from 'tap'
import { flaskSession } from '../../src/migration/sources/flask/index.ts'
import { createSealedLogins } from '../../src/migration/sources/index.ts'
import { makeMoving, type Moving } from './make-migration.ts'
import type { Jar } from './old-service.ts'

t.test(
  'two devices of one user that get their Flask sessions back in one second stay signed in',
  async (t) => {
    let ours: Moving | undefined
    const from = flaskSession({
      secret: 'the secret of a Flask service, for tests',
      cookie: { secure: false },
      createSession: ({ username }) => ({ user_id: username }),
      now: () => ours?.clock.now ?? 0
    })
    const service = await makeMoving(new MemoryStore(), { from })
    ours = service
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
