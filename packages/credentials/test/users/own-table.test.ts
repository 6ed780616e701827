import { startPostgres } from '@drawbridge/test-support/servers/postgres'
import { hashSync } from '@node-rs/bcrypt'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import t, { type Test } from 'tap'
import { createCredentials } from '../../src/create-credentials.ts'
import { userStoreCases } from '../../src/testing/index.ts'
import { createKyselyUserStore } from '../../src/users/kysely-user-store.ts'
import type { UserStore } from '../../src/users/user-store.ts'
import type { UsersTable } from '../../src/users/users-table.ts'
import { CHEAP_COST } from '../create-test-dependencies.ts'
import { openSqlite } from '../open-sqlite.ts'

interface Profile {
  readonly name: string
  readonly tenant: string
}

const profile = { name: 'Kim Example', tenant: 'north' }
const columns = {
  id: 'member_no',
  username: 'mail',
  usernameKey: 'mail_key',
  passwordHash: 'pw_hash',
  disabled: 'locked'
}
const table: UsersTable<Profile> = {
  table: 'members',
  columns,
  idType: 'bigint',
  profile: { name: 'full_name', tenant: 'tenant' }
}

const createTable = (id: string, locked: string) => `CREATE TABLE members (
  member_no ${id}, mail text UNIQUE NOT NULL, mail_key text UNIQUE, pw_hash text NOT NULL,
  full_name text NOT NULL, role text NOT NULL DEFAULT 'member', tenant text NOT NULL, locked ${locked})`

const runCases = async (t: Test, store: UserStore<Profile>) => {
  for (const { name, run } of userStoreCases) await t.test(name, () => run(() => store, profile))
}

t.test('a table that SQLite had before', async (t) => {
  const { db, close } = openSqlite()
  t.teardown(close)
  await sql.raw(createTable('INTEGER PRIMARY KEY AUTOINCREMENT', 'INTEGER NOT NULL DEFAULT 0')).execute(db)
  await runCases(t, createKyselyUserStore<Profile>({ db, ...table }))
})

t.test('a user of such a table who has no password gets one, once', async (t) => {
  const { db, close } = openSqlite()
  t.teardown(close)
  const nullable = createTable('INTEGER PRIMARY KEY AUTOINCREMENT', 'INTEGER NOT NULL DEFAULT 0').replace(
    'pw_hash text NOT NULL',
    'pw_hash text'
  )
  await sql.raw(nullable).execute(db)
  const insert =
    "INSERT INTO members (mail, mail_key, full_name, tenant) VALUES ('kim@a.b', 'kim@a.b', 'Kim', 'n')"
  await sql.raw(insert).execute(db)
  const credentials = createCredentials({
    users: createKyselyUserStore<Profile>({ db, ...table }),
    hashing: CHEAP_COST
  })
  const kim = { username: 'kim@a.b', password: 'a bicycle made of rain', address: '192.0.2.1' }
  t.match(await credentials.verify(kim), { detail: 'unusable-hash' })
  const found = await credentials.stampOf(kim)
  const set = { userId: '1', newPassword: kim.password, passwordStamp: found?.passwordStamp }
  t.match(await credentials.setPassword(set), { ok: true, user: { id: '1', username: 'kim@a.b' } })
  t.match(await credentials.setPassword(set), { reason: 'stamp-outdated' })
  t.match(await credentials.verify(kim), { ok: true })
})

t.test('tables that Postgres had before', async (t) => {
  const postgres = await startPostgres()
  if (postgres === null) {
    t.pass('no Postgres', { skip: 'none is installed here: apt-get install postgresql' })
    return
  }
  const pool = new pg.Pool({ connectionString: postgres.url })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  t.teardown(async () => {
    await db.destroy()
    await postgres.stop()
  })
  const ids = {
    bigint: 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    integer: 'serial PRIMARY KEY',
    uuid: 'uuid PRIMARY KEY DEFAULT gen_random_uuid()',
    text: 'text PRIMARY KEY'
  }
  for (const idType of ['bigint', 'integer', 'uuid', 'text'] as const) {
    await t.test(idType, async (t) => {
      await pool.query('DROP TABLE IF EXISTS members')
      await pool.query(createTable(ids[idType], 'boolean NOT NULL DEFAULT false'))
      await runCases(t, createKyselyUserStore<Profile>({ db, ...table, idType }))
    })
  }

  await t.test('numbers that the column cannot have are nobody', async (t) => {
    await pool.query('DROP TABLE members')
    await pool.query(createTable(ids.integer, 'boolean NOT NULL DEFAULT false'))
    const store = createKyselyUserStore<Profile>({ db, ...table, idType: 'integer' })
    for (const id of ['2147483648', '9223372036854775807', '-1', '1.0', '']) {
      t.equal(await store.findById(id), null, id)
      t.equal(await store.replacePasswordHash(id, 'a', 'b'), false, id)
    }
    const bigint = createKyselyUserStore<Profile>({ db, ...table })
    t.equal(await bigint.findById('9223372036854775808'), null)
  })

  await t.test(
    'a member signs in with the old hash, and a registration fills what is named alone',
    async (t) => {
      await pool.query('DROP TABLE members')
      await pool.query(createTable(ids.bigint, 'boolean NOT NULL DEFAULT false'))
      const hash = hashSync('an old password of hers', { cost: 4 })
      await pool.query(
        "INSERT INTO members (mail, mail_key, pw_hash, full_name, tenant) VALUES ('Ada@example.com', 'ada@example.com', $1, 'Ada', 'north')",
        [hash]
      )
      const users = createKyselyUserStore<Profile>({ db, ...table })
      const credentials = createCredentials({ users, hashing: CHEAP_COST })
      const attempt = {
        username: 'ada@EXAMPLE.com',
        password: 'an old password of hers',
        address: '192.0.2.1'
      }
      t.match(await credentials.verify(attempt), { ok: true, user: { id: '1', username: 'Ada@example.com' } })
      const member = { username: 'kim@example.com', password: 'a bicycle made of rain' }
      const forged = { ...profile, role: 'admin', pw_hash: 'x', member_no: 7 }
      t.match(await credentials.register({ ...member, profile: forged }), { ok: true, user: { id: '2' } })
      const { rows } = await pool.query('SELECT full_name, tenant, role FROM members WHERE member_no = 2')
      t.same(rows, [{ full_name: 'Kim Example', tenant: 'north', role: 'member' }])
      // @ts-expect-error -- a registration without the columns of the service does not compile.
      t.match(await credentials.register({ username: '', password: '' }), { reason: 'malformed' })
    }
  )
})

t.test('a wrong option throws at creation, and names it', async (t) => {
  const { db, close } = openSqlite()
  t.teardown(close)
  for (const [options, message] of [
    [{ table: 'members' }, 'kyselyUserStore.columns is missing'],
    [{ ...table, table: 'members as m' }, 'kyselyUserStore.table must be the name of a table'],
    [
      { ...table, columns: { ...columns, id: 'a as b' } },
      'kyselyUserStore.columns.id must be the name of a column'
    ],
    [{ ...table, idType: 'number' }, 'kyselyUserStore.idType must be'],
    [{ ...table, profile: { name: 'a b' } }, 'kyselyUserStore.profile.name must be the name of a column']
  ] as const)
    t.throws(() => createKyselyUserStore({ db, ...options } as never), { code: 'DRAWBRIDGE_OPTION', message })
})
