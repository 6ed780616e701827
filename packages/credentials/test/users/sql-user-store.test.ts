import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import t from 'tap'
import { userStoreCases } from '../../src/testing/index.ts'
import { migrateUsers } from '../../src/users/migrate-users.ts'
import { createSqlUserStore } from '../../src/users/sql-user-store.ts'
import { connectSqlite, openSqlite } from '../open-sqlite.ts'
import { startPostgres } from '../start-postgres.ts'

t.test('on SQLite', async (t) => {
  const sqlite = openSqlite()
  t.teardown(sqlite.close)
  await migrateUsers(sqlite.db)
  const store = createSqlUserStore({ db: sqlite.db })
  for (const { name, run } of userStoreCases) t.test(name, () => run(() => store))

  t.test('users are there after the file is opened again', async (t) => {
    await store.insert({ username: 'Kim', usernameKey: 'kim', passwordHash: 'h', disabled: false })
    const again = connectSqlite(sqlite.file)
    t.teardown(() => again.destroy())
    await migrateUsers(again)
    t.equal((await createSqlUserStore({ db: again }).findByUsernameKey('kim'))?.username, 'Kim')
  })

  t.test('two connections that migrate a new file at the same moment both find the table', async (t) => {
    const fresh = openSqlite()
    const second = connectSqlite(fresh.file)
    t.teardown(async () => {
      await second.destroy()
      await fresh.close()
    })
    await Promise.all([migrateUsers(fresh.db), migrateUsers(second)])
    t.equal(await createSqlUserStore({ db: second }).findById('1'), null)
  })

  t.test('a closed database rejects, and is not taken for an unknown user', async (t) => {
    const closed = openSqlite()
    const dead = createSqlUserStore({ db: closed.db })
    await closed.close()
    await t.rejects(dead.findByUsernameKey('kim'))
    await t.rejects(dead.ping())
    await t.rejects(migrateUsers(closed.db))
  })
})

t.test('without a Kysely instance it says so when it is made', async (t) => {
  for (const [options, message] of [
    [undefined, /^DRAWBRIDGE_OPTION: sqlUserStore /],
    [{}, /^DRAWBRIDGE_OPTION: sqlUserStore\.db is missing$/],
    [{ db: 'sqlite:users.db' }, /^DRAWBRIDGE_OPTION: sqlUserStore\.db must be an instance of Kysely, got /]
  ] as const) {
    t.throws(() => createSqlUserStore(options as never), { code: 'DRAWBRIDGE_OPTION', message })
  }
})

t.test('on Postgres', async (t) => {
  const postgres = await startPostgres()
  if (postgres === null) {
    t.pass('no Postgres', { skip: 'none is installed here: apt-get install postgresql' })
    return
  }
  const connect = (): Kysely<unknown> =>
    new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: postgres.url, max: 10 }) })
    })
  const db = connect()
  const others = Array.from({ length: 8 }, connect)
  t.teardown(async () => {
    await Promise.all([db, ...others].map((each) => each.destroy()))
    await postgres.stop()
  })

  await t.test('a process that migrates while another is at it waits, and finds the table', async (t) => {
    const [second = db, onlooker = db] = others
    const { waiting } = await db.transaction().execute(async (first) => {
      await migrateUsers(first)
      const waiting = migrateUsers(second)
      const blocked = sql`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`
      while ((await blocked.execute(onlooker)).rows.length === 0);
      return { waiting }
    })
    await t.resolves(waiting)
    await db.schema.dropTable('drawbridge_users').execute()
  })

  await t.test('many processes that migrate at the same moment all find the table', async (t) => {
    await Promise.all([db, ...others].map((each) => migrateUsers(each)))
    await migrateUsers(db)
    t.equal(await createSqlUserStore({ db }).findById('1'), null)
  })

  const store = createSqlUserStore({ db })
  for (const { name, run } of userStoreCases) t.test(name, () => run(() => store))
})
