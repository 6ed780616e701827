import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import t from 'tap'
import { startPostgres } from '@drawbridge/test-support/servers/postgres'
import { dropLateConnections } from '../src/drop-late-connections.ts'

const postgres = await startPostgres()
const skip = postgres === null ? 'no Postgres here (apt-get install postgresql)' : false
if (postgres !== null) t.teardown(() => postgres.stop())

t.test('L12: a query after one that timed out does not wait behind it', { skip }, async (t) => {
  const owner = new pg.Pool({ connectionString: postgres?.url ?? '', max: 1 })
  // One connection, so that the next query cannot get another one.
  const pool = new pg.Pool({ connectionString: postgres?.url ?? '', max: 1, query_timeout: 3000 })
  const errors: unknown[] = []
  for (const each of [owner, pool]) each.on('error', (error) => errors.push(error))
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: dropLateConnections(pool) }) })
  const lock = await owner.connect()
  t.teardown(async () => {
    lock.release()
    await Promise.all([db.destroy(), owner.end()])
  })
  await lock.query('SELECT pg_advisory_lock(1)')
  const backend = async () =>
    (await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(db)).rows[0]?.pid
  const first = await backend()
  await t.rejects(sql`SELECT pg_advisory_lock(1)`.execute(db), { message: 'Query read timeout' })
  t.not(await backend(), first, 'another connection, and at once')
  const second = await backend()
  await t.rejects(sql`SELECT 1 / 0`.execute(db), { code: '22012' })
  t.equal(await backend(), second, 'a response of the server, though an error, keeps the connection')
  t.strictSame(errors, [])
})
