import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import t from 'tap'
import { createCredentials } from '../../src/create-credentials.ts'
import { userStoreCases } from '../../src/testing/index.ts'
import { createUsersTable } from '../../src/users/create-users-table.ts'
import { createKyselyUserStore } from '../../src/users/kysely-user-store.ts'
import { connectSqlite, openSqlite } from '../open-sqlite.ts'
import { spy } from '@drawbridge/test-support/spies/spy'
import { startPostgres } from '@drawbridge/test-support/servers/postgres'

t.test('on SQLite', async (t) => {
  const sqlite = openSqlite()
  t.teardown(sqlite.close)
  await createUsersTable(sqlite.db)
  const store = createKyselyUserStore({ db: sqlite.db })
  for (const { name, run } of userStoreCases) t.test(name, () => run(() => store))

  t.test('users are stored after the file is opened again', async (t) => {
    await store.insert({ username: 'Kim', usernameKey: 'kim', passwordHash: 'h', disabled: false })
    const again = connectSqlite(sqlite.file)
    t.teardown(() => again.destroy())
    await createUsersTable(again)
    t.equal((await createKyselyUserStore({ db: again }).findByUsernameKey('kim'))?.username, 'Kim')
  })

  t.test('of two connections that create the table at the same moment both find it', async (t) => {
    const fresh = openSqlite()
    const second = connectSqlite(fresh.file)
    t.teardown(async () => {
      await second.destroy()
      await fresh.close()
    })
    await Promise.all([createUsersTable(fresh.db), createUsersTable(second)])
    t.equal(await createKyselyUserStore({ db: second }).findById('1'), null)
  })

  t.test('a closed database rejects instead of returning an unknown user', async (t) => {
    const closed = openSqlite()
    const dead = createKyselyUserStore({ db: closed.db })
    await closed.close()
    await t.rejects(dead.findByUsernameKey('kim'))
    await t.rejects(dead.ping())
    await t.rejects(createUsersTable(closed.db))
  })
})

t.test('without a Kysely instance it throws at creation', async (t) => {
  for (const [options, message] of [
    [undefined, /^DRAWBRIDGE_OPTION: kyselyUserStore /],
    [{}, /^DRAWBRIDGE_OPTION: kyselyUserStore\.db is missing$/],
    [{ db: 'sqlite:users.db' }, /^DRAWBRIDGE_OPTION: kyselyUserStore\.db must be an instance of Kysely, got /]
  ] as const) {
    t.throws(() => createKyselyUserStore(options as never), { code: 'DRAWBRIDGE_OPTION', message })
  }
})

t.test('on Postgres', async (t) => {
  const postgres = await startPostgres()
  if (postgres === null) {
    t.pass('no Postgres', { skip: 'none is installed here: apt-get install postgresql' })
    return
  }
  const connect = (connectionString = postgres.url): Kysely<unknown> =>
    new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString, max: 10 }) })
    })
  const db = connect()
  const others = Array.from({ length: 8 }, () => connect())
  t.teardown(async () => {
    await Promise.all([db, ...others].map((each) => each.destroy()))
    await postgres.stop()
  })

  await t.test('a process that creates the table while another does waits, and finds it', async (t) => {
    const [second = db, onlooker = db] = others
    const { waiting } = await db.transaction().execute(async (first) => {
      await createUsersTable(first)
      const waiting = createUsersTable(second)
      const blocked = sql`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`
      while ((await blocked.execute(onlooker)).rows.length === 0);
      return { waiting }
    })
    await t.resolves(waiting)
    await db.schema.dropTable('drawbridge_users').execute()
  })

  await t.test('many processes that create the table at the same moment all find it', async (t) => {
    await Promise.all([db, ...others].map((each) => createUsersTable(each)))
    await createUsersTable(db)
    t.equal(await createKyselyUserStore({ db }).findById('1'), null)
  })

  await t.test('T20: a role that may create nothing finds the table, also on a standby', async (t) => {
    await sql`CREATE ROLE app LOGIN`.execute(db)
    await sql`REVOKE CREATE ON SCHEMA public FROM PUBLIC`.execute(db)
    await sql`GRANT SELECT, INSERT, UPDATE ON drawbridge_users TO app`.execute(db)
    const asApp = postgres.url.replace('postgres@', 'app@')
    for (const url of [asApp, `${postgres.url}?options=-c%20default_transaction_read_only%3Don`]) {
      const other = connect(url)
      await t.resolves(createUsersTable(other))
      t.equal(await createKyselyUserStore({ db: other }).findById('1'), null)
      await other.destroy()
    }
    await db.schema.dropTable('drawbridge_users').execute()
    const other = connect(asApp)
    await t.rejects(
      createUsersTable(other),
      { code: '42501' },
      'without a table, the right to create one is missing'
    )
    await other.destroy()
    await createUsersTable(db)
  })

  await t.test('T20: while a migration has locked the table, neither boot nor a sign-in waits', async (t) => {
    const other = connect()
    await db.transaction().execute(async (migration) => {
      await sql`LOCK TABLE drawbridge_users IN ACCESS EXCLUSIVE MODE`.execute(migration)
      await t.resolves(createUsersTable(other))
      const users = createKyselyUserStore({ db: other })
      const credentials = createCredentials({ users, userStoreTimeoutMs: 100, throttle: false })
      const attempt = { username: 'kim', password: 'a phrase of some length', address: '192.0.2.1' }
      const signIns = Array.from({ length: 20 }, () => credentials.verify(attempt))
      for (const signIn of await Promise.allSettled(signIns))
        t.match(signIn, { status: 'rejected', reason: { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE' } })
    })
    t.equal(await createKyselyUserStore({ db: other }).findById('1'), null, 'after that it works')
    await other.destroy()
  })

  const store = createKyselyUserStore({ db })
  for (const { name, run } of userStoreCases) t.test(name, () => run(() => store))

  t.test('of two uses of one stamp at the same moment on two nodes, one sets the password', async (t) => {
    const { id = '' } =
      (await store.insert({ username: 'Kim', usernameKey: 'kim', passwordHash: '!', disabled: false })) ?? {}
    let open = (): void => {}
    const gate = new Promise<void>((resolve) => (open = resolve))
    let arrived = 0
    const nodes = others.slice(0, 2).map((other) => {
      const users = spy(createKyselyUserStore({ db: other }))
      // Both have compared the stamp by then.
      users.before('replacePasswordHash', () => {
        if (++arrived === 2) open()
        return gate
      })
      const hashing = { memoryKiB: 1024, passes: 1 }
      return createCredentials({ users: users.store, userStoreTimeoutMs: 60_000, hashing })
    })
    const passwordStamp = (await nodes[0]?.stampOf({ userId: id }))?.passwordStamp
    const outcomes = await Promise.all(
      nodes.map((node, at) =>
        node.setPassword({ userId: id, passwordStamp, newPassword: `a phrase of node number ${at}` })
      )
    )
    t.equal(outcomes.filter(({ ok }) => ok).length, 1)
    t.match(
      outcomes.find(({ ok }) => !ok),
      { reason: 'stamp-outdated' }
    )
    const attempt = { username: 'kim', password: '', address: '192.0.2.1' }
    for (const [at, { ok }] of outcomes.entries()) {
      const signIn = await nodes[0]?.verify({ ...attempt, password: `a phrase of node number ${at}` })
      t.equal(signIn?.ok, ok)
    }
  })

  t.test('a renaming that fails for another reason is not taken for a name that is taken', async (t) => {
    const { id = '' } =
      (await store.insert({ username: 'Max', usernameKey: 'max', passwordHash: '!', disabled: false })) ?? {}
    // Postgres has no NUL in a text.
    await t.rejects(store.rename?.(id, { username: 'a\0b', usernameKey: 'a\0b' }) as Promise<unknown>)
  })
})
