import { hashSync } from '@node-rs/bcrypt'
import pg from 'pg'
import t from 'tap'
import { startPostgres } from '@drawbridge/test-support/servers/postgres'
import { readFileSync } from 'node:fs'
import { createCredentials } from '../../src/create-credentials.ts'
import { userStoreCases } from '../../src/testing/index.ts'
import { CHEAP_COST } from '../create-test-dependencies.ts'
import { addMailKey } from './add-mail-key.ts'
import { createMemberStore } from './members-store.ts'

const guide = readFileSync(new URL('../../../../docs/guides/users-table.md', import.meta.url), 'utf8')
const profile = { full_name: 'Kim Example', tenant: 'north' }
const TABLE = `CREATE TABLE members (
  member_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail text UNIQUE NOT NULL, pw_hash text NOT NULL,
  full_name text NOT NULL, role text NOT NULL DEFAULT 'member', tenant text NOT NULL, locked boolean NOT NULL DEFAULT false)`
const INSERT = 'INSERT INTO members (mail, pw_hash, full_name, tenant) VALUES ($1, $2, $3, $4)'

t.test('the code of the guide is the code that is tested here', async (t) => {
  for (const file of ['members-store.ts', 'add-mail-key.ts'])
    t.ok(guide.includes(readFileSync(new URL(file, import.meta.url), 'utf8').trim()), file)
})

t.test('a table of members that was there before, on Postgres', async (t) => {
  const postgres = await startPostgres()
  if (postgres === null) {
    t.pass('no Postgres', { skip: 'none is installed here: apt-get install postgresql' })
    return
  }
  const pool = new pg.Pool({ connectionString: postgres.url })
  t.teardown(async () => {
    await pool.end()
    await postgres.stop()
  })
  await pool.query(TABLE)
  const hash = hashSync('an old password of hers', { cost: 4 })
  for (const mail of ['Ada@example.com', 'ADA@example.com', 'bob@example.com', 'no\tbody'])
    await pool.query(INSERT, [mail, hash, 'Somebody', 'north'])
  const store = createMemberStore(pool)

  await t.test('without the unique index the contract fails', async (t) => {
    t.same(await addMailKey(pool), [{ mail_key: 'ada@example.com', members: ['1', '2'] }])
    const found = userStoreCases.find(({ name }) => name.startsWith('of many spellings'))
    if (found === undefined) return t.fail('no such case')
    await t.rejects(
      found.run(() => store, profile),
      { code: 'ERR_ASSERTION' }
    )
  })

  await t.test(
    'once the duplicates are resolved there is an index, and the migration has ended',
    async (t) => {
      await pool.query("DELETE FROM members WHERE mail_key LIKE 'abcde%'")
      await pool.query("UPDATE members SET mail = 'ada.2@example.com', mail_key = NULL WHERE member_no = 2")
      t.same(await addMailKey(pool), [])
      t.equal((await store.findByUsernameKey('ada.2@example.com'))?.id, '2')
      await t.rejects(addMailKey(pool), /members_mail_canonical/)
    }
  )

  for (const { name, run } of userStoreCases) await t.test(name, () => run(() => store, profile))

  await t.test('members are found by an index', async (t) => {
    const explain = async (where: string, value: string) => {
      const client = await pool.connect()
      await client.query('SET enable_seqscan = off')
      const { rows } = await client.query(`EXPLAIN SELECT * FROM members WHERE ${where}`, [value])
      client.release(true)
      return JSON.stringify(rows)
    }
    t.match(await explain('member_no = $1', '1'), /Index (Only )?Scan|Bitmap Index Scan/)
    t.match(await explain('mail_key = $1', 'bob@example.com'), /Index Scan/)
    t.match(await explain('member_no::text = $1', '1'), /Seq Scan/, 'a cast would read the whole table')
  })

  await t.test('a member signs in with the old hash, and a new one is registered with a name', async (t) => {
    const credentials = createCredentials({ users: store, hashing: CHEAP_COST })
    const address = '192.0.2.1'
    const attempt = { username: 'ada@EXAMPLE.com', password: 'an old password of hers', address }
    t.match(await credentials.verify(attempt), { ok: true, user: { id: '1', username: 'Ada@example.com' } })
    t.match((await store.findById('1'))?.passwordHash, /^\$argon2id\$/)
    const member = { username: 'kim@example.com', password: 'a bicycle made of rain', profile }
    const registered = await credentials.register(member)
    t.ok(registered.ok)
    const { rows } = await pool.query(
      "SELECT full_name, tenant, role FROM members WHERE mail = 'kim@example.com'"
    )
    t.same(rows, [{ ...profile, role: 'member' }])
    await pool.query('UPDATE members SET locked = true WHERE mail_key = $1', ['kim@example.com'])
    t.match(await credentials.verify({ ...member, address }), { detail: 'disabled' })
    // @ts-expect-error -- a registration without the columns of the service does not compile.
    t.match(await credentials.register({ username: '', password: '' }), { reason: 'malformed' })
  })
})
